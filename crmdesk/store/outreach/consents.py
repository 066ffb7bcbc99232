"""What customers allow: each yes and no stays, the latest one holds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.outreach import Channel, Consent
from crmdesk.store.changes import ChangeUndoing
from crmdesk.store.columns import Key
from crmdesk.store.customers.merge_places import MergeQueries
from crmdesk.store.queries import Queries
from crmdesk.store.tables import consent

_MOST = 500
_ONE_INSTANT = timedelta(milliseconds=1)
"""Words of one instant are a microsecond apart, in the order they came."""
_CHANNELS = frozenset(map(str, Channel))
_CHANNEL_WORDS = {
    Channel.PHONE: "by phone",
    Channel.EMAIL: "by e-mail",
    Channel.SMS: "by text message",
    Channel.POST: "by post",
    Channel.MESSENGER: "by messenger",
}

_rows = select(
    consent.c.id,
    consent.c.customer_id,
    consent.c.at,
    consent.c.channel,
    consent.c.purpose,
    consent.c.is_given,
    consent.c.source,
    consent.c.wording,
    consent.c.who,
    consent.c.call_id,
).where(consent.c.deleted_at.is_(None))
_one = _rows.where(consent.c.id == bindparam("wanted", type_=Key))
_of_customer = _rows.where(consent.c.customer_id == bindparam("customer_id", type_=Key)).order_by(
    consent.c.at.desc(), consent.c.is_given, consent.c.id.desc()
)
"""Newest first. Of one instant, as two merged customers may have it, the no holds."""
_all = _of_customer.limit(_MOST)
_latest = _of_customer.where(
    consent.c.channel == bindparam("channel"), consent.c.purpose == bindparam("purpose")
).limit(1)


class ConsentQueries(Queries):
    """Reads consents."""

    def consent(self, consent_id: uuid.UUID) -> Consent | None:
        """One of them; None where it was taken back."""
        row = self._connection.execute(_one, {"wanted": consent_id}).one_or_none()
        return _value(row) if row is not None and row.channel in _CHANNELS else None

    def consent_history(self, customer_id: uuid.UUID) -> tuple[Consent, ...]:
        """Every yes and no of a customer, newest first."""
        rows = self._connection.execute(_all, {"customer_id": customer_id})
        return tuple(_value(row) for row in rows if row.channel in _CHANNELS)

    def consents(self, customer_id: uuid.UUID) -> tuple[Consent, ...]:
        """What holds now: the latest of each channel and purpose, newest first."""
        latest: dict[tuple[Channel, str], Consent] = {}
        for one in self.consent_history(customer_id):
            latest.setdefault((one.channel, one.purpose), one)
        return tuple(latest.values())

    def may_send(self, customer_id: uuid.UUID, channel: Channel, purpose: str) -> bool:
        """Whether the customer said yes to it, and has not said no since.

        Purpose "" is an answer to what the customer asked: that needs no consent.
        """
        if not purpose:
            return True
        asked = {"customer_id": customer_id, "channel": channel.value, "purpose": purpose}
        row = self._connection.execute(_latest, asked).one_or_none()
        return bool(row is not None and row.is_given)


class ConsentWriting(ChangeUndoing, MergeQueries, ConsentQueries):
    """Writes consents."""

    def record_consents(self, said: Sequence[Consent], who: str) -> ChangeSet:
        """Adds what a customer said; nothing that was said before is changed.

        What is said now comes after everything that was said: also after what a clock that was
        ahead dated into the future.

        Args:
            said: At least one, with keys that are not in the store.
            who: Name or extension of the agent.

        Raises:
            UserFacingError: The customer was removed.
        """
        theirs = [replace(one, customer_id=self.living_customer(one.customer_id)) for one in said]
        with self.change(ChangeKind.CONSENT, _title(said), who) as change:
            for one in theirs:
                change.flush()  # of the same words the ones before count too
                change.insert(consent, _columns(replace(one, at=self._said_at(one))), one.id)
        return change.change

    def _said_at(self, one: Consent) -> datetime:
        asked = {
            "customer_id": one.customer_id, "channel": one.channel.value, "purpose": one.purpose
        }  # fmt: skip
        latest = self._connection.execute(_latest, asked).one_or_none()
        if latest is None or one.at > latest.at:
            return one.at
        is_of_before = one.at + _ONE_INSTANT < latest.at <= self._clock()
        at: datetime = one.at if is_of_before else latest.at + timedelta(microseconds=1)
        return at


def _title(said: Sequence[Consent]) -> str:
    first = said[0]
    verb = "given" if first.is_given else "withdrawn"
    more = f" and {len(said) - 1} more" if len(said) > 1 else ""
    return f"Consent {verb}: {kept_line(first.purpose)}, {_CHANNEL_WORDS[first.channel]}{more}"


def _columns(one: Consent) -> dict[str, Any]:
    return {
        "customer_id": one.customer_id,
        "at": one.at,
        "channel": one.channel.value,
        "purpose": kept_line(one.purpose),
        "is_given": one.is_given,
        "source": kept_line(one.source),
        "wording": kept_text(one.wording),
        "who": kept_line(one.who),
        "call_id": one.call_id,
    }


def _value(row: Any) -> Consent:  # noqa: ANN401  a row has no type of its own
    key, customer_id, at, channel, purpose, is_given, *rest = row
    return Consent(key, customer_id, at, Channel(channel), purpose, bool(is_given), *rest)
