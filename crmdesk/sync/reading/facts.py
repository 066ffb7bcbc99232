"""A record as texts: what the store has of its customer where nothing of it changed."""

from __future__ import annotations

import msgspec

from crmdesk.domain.customers import CustomerKind, PhoneNumber
from crmdesk.sync.planning import same_name
from crmdesk.sync.profile import ImportProfile, MatchBy
from crmdesk.sync.reading.drafts import Draft
from crmdesk.sync.reading.record_keys import own_id, spoken

Facts = tuple[str, ...]
"""As `store.importing.facts.StoredFacts` has them, "" for what a record does not say; each own
field by itself at the end. None at all where texts do not decide what becomes of a record."""


def facts_of(draft: Draft, profile: ImportProfile) -> Facts:
    """The texts of a record that is a person's, known by an id of its source first of all."""
    is_by_id = profile.match_by[:1] == (MatchBy.EXTERNAL_ID,) and draft.external_id
    if not is_by_id or draft.kind is not CustomerKind.PERSON or not draft.names_itself:
        return ()
    if draft.note or own_id(draft.external_id) or _contradicts_itself(draft):
        return ()
    return (
        draft.kind.value,
        draft.name,
        draft.role,
        draft.account_id,
        draft.language,
        draft.salutation,
        draft.source,
        draft.status.value if draft.status else "",
        draft.segment,
        draft.customer_since.isoformat() if draft.customer_since else "",
        "" if draft.do_not_call is None else str(int(draft.do_not_call)),
        draft.owner,
        draft.company,
        ",".join(map(_number, draft.numbers)),
        ",".join(_array(email.address.lower()) for email in draft.emails),
        ",".join(
            _array(each.street, each.postcode, each.city, each.country) for each in draft.addresses
        ),
        *(_array(key, value) for key, value in draft.custom.items()),
    )


def _contradicts_itself(draft: Draft) -> bool:
    """Whether a name is not even like itself: "Herr und Frau Hansen" are two."""
    name = spoken(draft)
    return not same_name.can_be_renamed(name, name)


def _number(number: PhoneNumber) -> str:
    if number.e164 is None:
        return _array("", number.raw)
    return _array(number.e164, number.extension)


def _array(*texts: str) -> str:
    return msgspec.json.encode(texts).decode()
