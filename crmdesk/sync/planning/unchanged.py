"""Records that say what the store has already: most of a source that is brought in again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from crmdesk.store.importing.facts import FactQueries
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.reading.drafts import Draft
from crmdesk.sync.reading.facts import Facts

Place = tuple[int, str]
"""Of a record: its place in the source and its id."""

_SALUTATION, _EMAILS, _CUSTOM = 5, 14, 16
"""Where in the facts they stand."""


def place_of(draft: Draft) -> Place:
    """What tells a record from the others of its piece."""
    return draft.place, draft.external_id


def unchanged(
    queries: FactQueries, drafts: Sequence[Draft], facts: Sequence[Facts], profile: ImportProfile
) -> dict[Place, uuid.UUID]:
    """The records of which the store has all that they say, and the customers they mean.

    Who changed since they were brought in, by hand or otherwise, is not among them: it is the
    store as it is now that a record is compared with.

    Args:
        queries: Asks the store.
        drafts: Some records.
        facts: Of each of them; none where it has to be looked at in any case.
        profile: With the name of the source.
    """
    asked = {draft.external_id: None for draft, own in zip(drafts, facts, strict=True) if own}
    known = queries.facts_by_ref(profile.source_name, asked) if asked else {}
    found: dict[Place, uuid.UUID] = {}
    for draft, own in zip(drafts, facts, strict=True):
        one = known.get(draft.external_id) if own else None
        if one is not None and _says_nothing_new(own, one[1]):
            found[place_of(draft)] = one[0]
    return found


def _says_nothing_new(said: Facts, stored: Sequence[str | None]) -> bool:
    """Whether a customer has all that a record says, written alike and in the same order."""
    for place, text in enumerate(said[:_CUSTOM]):
        have = stored[place] or ""
        if place == _EMAILS:
            have = have.lower()
        if text != have and (text or place == _SALUTATION):
            return False
    own_fields = stored[_CUSTOM] or ""
    return all(text in own_fields for text in said[_CUSTOM:])
