"""Whose number it is, was, or is not: what agents say, as steps that can be taken back.

Days are those of this desk's calendar. What is said moves calls whose link rests on the
number alone (`call_links.BY_NUMBER`); a call by account id, or one for which an agent chose
the customer, stays where it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.matches import ClaimKind, MatchRule
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.display import format_number
from crmdesk.store.calls.links import link_on, linked_to, linked_to_nobody
from crmdesk.store.changes import ChangeRecorder, ChangeUndoing, refusals
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.numbers.holders import day_begins, day_ends, local_day
from crmdesk.store.tables import call, customer, customer_number, number_claim

_living_name = select(customer.c.name).where(
    customer.c.id == bindparam("customer_id", type_=customer.c.id.type),
    customer.c.deleted_at.is_(None),
)
# By customer alone: of one number there may be a million rows, of one customer a few.
_rows_of_customer = select(
    customer_number.c.id, customer_number.c.since, customer_number.c.until, customer_number.c.e164
).where(
    customer_number.c.customer_id == bindparam("customer_id", type_=customer.c.id.type),
    customer_number.c.deleted_at.is_(None),
)
_claims_of_number = select(
    number_claim.c.id, number_claim.c.customer_id, number_claim.c.kind
).where(number_claim.c.e164 == bindparam("e164"), number_claim.c.deleted_at.is_(None))
_call = select(call.c.caller_e164, call.c.customer_id, call.c.started_at).where(
    call.c.id == bindparam("call_id", type_=call.c.id.type), call.c.deleted_at.is_(None)
)


class OwnershipWriting(ChangeUndoing):
    """Writes what agents say of numbers. Each step comes back as the change it made."""

    def end_ownership(self, e164: str, customer_id: uuid.UUID, until: date, who: str) -> ChangeSet:
        """The number was a customer's until a day; calls up to it stay theirs.

        Later calls that were linked by the number go to the customer whose it is then, or
        to nobody where that is not known.

        Args:
            e164: With "+".
            customer_id: Whose number it was.
            until: The last day.
            who: Name or extension of the agent.

        Raises:
            UserFacingError: Unknown customer, not their number, a day in the future, or one
                before the number became theirs.
        """
        name = self._name(customer_id)
        self._refuse_future(until)
        open_rows = [row for row in self._rows(e164, customer_id, name) if not _is_over(row, until)]
        for _, since, _ in open_rows:
            if since is not None and since > until:
                raise refusals.ends_before_it_begins(since, until)
        title = f"{format_number(e164)} belonged to {name} until {until.isoformat()}"
        with self.change(ChangeKind.OWNERSHIP, title, who) as change:
            for key, _, _ in open_rows:
                change.update(customer_number, key, {"until": until})
            if until < self._today():
                self._drop_claims(change, e164, ClaimKind.CHOSEN, of=customer_id)
            change.flush()
            self._hand_over(change, e164, customer_id, day_ends(until))
        return change.change

    def deny_number(
        self,
        e164: str | None,
        customer_id: uuid.UUID,
        who: str,
        reason: str = "",
        call_id: uuid.UUID | None = None,
        since: date | None = None,
    ) -> ChangeSet:
        """This customer is not meant when the number calls: "not this person".

        Args:
            e164: With "+"; None to say it of the call alone, which then stays nobody's
                whatever its number says.
            customer_id: Who it is not.
            who: Name or extension of the agent.
            reason: As the agent wrote it.
            call_id: The call it was said of; unlinked whatever linked it.
            since: Also unlink calls from this day on that were linked by the number alone.

        Raises:
            UserFacingError: Unknown customer or call, a day in the future, or neither their
                number nor their call.
        """
        name = self._name(customer_id)
        if since is not None:
            self._refuse_future(since)
        is_their_call = call_id is not None and self._known_call(call_id)[1] == customer_id
        if e164 is not None and not is_their_call:
            self._rows(e164, customer_id, name)
        shown = format_number(e164) if e164 else "This call"
        with self.change(ChangeKind.NOT_THIS_PERSON, f"{shown} is not {name}", who) as change:
            if e164 is not None:
                self._drop_claims(change, e164, ClaimKind.CHOSEN, of=customer_id)
                self._drop_claims(change, e164, ClaimKind.DENIED, of=customer_id)
                _claim(change, e164, customer_id, ClaimKind.DENIED, who, reason)
            if call_id is not None and is_their_call:
                rule = MatchRule.NOTHING if e164 else MatchRule.CHOSEN
                change.update(call, call_id, linked_to_nobody(rule=rule))
            if e164 is not None and since is not None:
                for one in self.linked_calls(e164, customer_id, day_begins(since)):
                    change.update(call, one.id, linked_to_nobody())
        return change.change

    def choose_owner(
        self,
        e164: str | None,
        customer_id: uuid.UUID,
        call_id: uuid.UUID | None,
        who: str,
        *,
        remember: bool = False,
    ) -> ChangeSet:
        """An agent says who is calling.

        Args:
            e164: With "+"; None where the call has no number, then nothing is remembered.
            customer_id: Who it is; need not own the number.
            call_id: The call to link, None to remember only.
            who: Name or extension of the agent.
            remember: Take this customer from now on when the number calls. Earlier choices
                for the number, and a "not this person" of this customer, no longer hold.

        Raises:
            UserFacingError: Unknown customer or call.
        """
        name = self._name(customer_id)
        shown = format_number(e164) if e164 else "A call"
        always = " from now on" if remember and e164 else ""
        title = f"{shown} is {name}{always}"
        with self.change(ChangeKind.CHOICE, title, who) as change:
            if call_id is not None:
                self._choose_call(change, call_id, customer_id, e164)
            if remember and e164:
                self._drop_claims(change, e164, ClaimKind.CHOSEN)
                self._drop_claims(change, e164, ClaimKind.DENIED, of=customer_id)
                _claim(change, e164, customer_id, ClaimKind.CHOSEN, who)
        return change.change

    def forget_choice(self, e164: str, who: str) -> ChangeSet:
        """The choice that is remembered for a number no longer holds; its calls stay.

        Raises:
            UserFacingError: None is remembered.
        """
        title = f"No customer is remembered for {format_number(e164)}"
        with self.change(ChangeKind.CHOICE, title, who) as change:
            if not self._drop_claims(change, e164, ClaimKind.CHOSEN):
                raise refusals.nothing_remembered(format_number(e164))
        return change.change

    def assign_number(
        self,
        e164: str | None,
        raw: str,
        customer_id: uuid.UUID,
        call_id: uuid.UUID | None,
        label: str,
        who: str,
        *,
        extension: str = "",
        since: date | None = None,
    ) -> ChangeSet:
        """Gives a customer a number, and the calls of it that are nobody's.

        Args:
            e164: With "+"; None where the number cannot be read, then it is only kept.
            raw: As it was typed or as it called.
            customer_id: Whose it is.
            call_id: The call it was said of, linked as chosen; None for none.
            label: mobile, work, home, switchboard, fax, other.
            who: Name or extension of the agent.
            extension: Digits behind the number.
            since: First day it is theirs, None for always. Earlier calls stay as they are.

        Raises:
            UserFacingError: Unknown customer or call, no digit in the number, a day in the
                future, or the number is theirs already.
        """
        name = self._name(customer_id)
        text = sanitise_external(raw)
        if not any(map(str.isdigit, e164 or text)):
            raise refusals.no_number()
        if since is not None:
            self._refuse_future(since)
        shown = format_number(e164 or text)
        begins = f" since {since.isoformat()}" if since else ""
        title = f"{shown} belongs to {name}{begins}"
        with self.change(ChangeKind.ASSIGNMENT, title, who) as change:
            is_new = e164 is None or not self._is_theirs(e164, customer_id, since)
            if is_new:
                facts = {"raw": text, "extension": extension, "label": label, "since": since}
                key = {"customer_id": customer_id}
                change.insert(customer_number, {**key, **facts, **number_columns(e164, text)})
            elif call_id is None:
                raise refusals.theirs_already(shown, name)
            if e164 is not None:
                self._drop_claims(change, e164, ClaimKind.DENIED, of=customer_id)
                change.flush()
                self.link_earlier_calls(change, e164, customer_id)
            if call_id is not None:
                self._choose_call(change, call_id, customer_id, e164)
        return change.change

    def link_earlier_calls(self, change: ChangeRecorder, e164: str, customer_id: uuid.UUID) -> int:
        """Links the calls of a number that have no customer, as a part of a change.

        The same calls as `link_number` takes; the number is saved and flushed already.

        Returns:
            How many calls were linked.
        """
        calls = self.calls_to_link(e164, customer_id)
        for one in calls:
            link = linked_to(customer_id, e164)
            change.update(call, one.id, link, expected={"customer_id": None})
        return len(calls)

    # --- parts ------------------------------------------------------------------------------

    def _hand_over(
        self, change: ChangeRecorder, e164: str, customer_id: uuid.UUID, since: datetime
    ) -> None:
        """Calls from a moment on go to whose number it is then."""
        holders = self.holders_of(e164, customer_id)
        for one in self.linked_calls(e164, customer_id, since):
            if customer_id not in holders.on(local_day(one.at)):
                change.update(call, one.id, link_on(holders, e164, one.at))

    def _choose_call(
        self, change: ChangeRecorder, call_id: uuid.UUID, customer_id: uuid.UUID, e164: str | None
    ) -> None:
        digits = self._known_call(call_id)[0] or e164 or ""
        change.update(call, call_id, linked_to(customer_id, digits, MatchRule.CHOSEN))

    def _drop_claims(
        self,
        change: ChangeRecorder,
        e164: str,
        kind: ClaimKind,
        of: uuid.UUID | None = None,
    ) -> int:
        """Removes what was said of a number, by anybody or of one customer."""
        said = self._connection.execute(_claims_of_number, {"e164": e164}).all()
        dropped = [key for key, who, what in said if what == kind and of in {None, who}]
        for key in dropped:
            change.remove(number_claim, key)
        return len(dropped)

    def _is_theirs(self, e164: str, customer_id: uuid.UUID, since: date | None) -> bool:
        """Whether the number is a customer's already, at least from a day on and until now."""
        return any(
            until is None and (begins is None or (since is not None and begins <= since))
            for _, begins, until in self._rows_of_number(e164, customer_id)
        )

    def _rows(self, e164: str, customer_id: uuid.UUID, name: str) -> Sequence[Any]:
        """The customer's rows of a number; refused where there is none."""
        rows = self._rows_of_number(e164, customer_id)
        if not rows:
            raise refusals.not_their_number(format_number(e164), name)
        return rows

    def _rows_of_number(self, e164: str, customer_id: uuid.UUID) -> Sequence[Any]:
        """Key, first and last day."""
        found = self._connection.execute(_rows_of_customer, {"customer_id": customer_id})
        return [row[:3] for row in found if row[3] == e164]

    def _name(self, customer_id: uuid.UUID) -> str:
        found = self._connection.execute(_living_name, {"customer_id": customer_id}).scalar()
        if found is None:
            raise refusals.unknown_customer()
        return str(found)

    def _known_call(self, call_id: uuid.UUID) -> tuple[str | None, uuid.UUID | None, datetime]:
        """Number, customer and beginning of a call."""
        row = self._connection.execute(_call, {"call_id": call_id}).one_or_none()
        if row is None:
            raise refusals.unknown_call()
        return row[0], row[1], row[2]

    def _today(self) -> date:
        return local_day(self._clock())

    def _refuse_future(self, day: date) -> None:
        if day > self._today():
            raise refusals.in_the_future(day)


def _is_over(row: Sequence[Any], until: date) -> bool:
    """Whether a row ended before a day already: an earlier time of the same number."""
    return row[2] is not None and row[2] < until


def _claim(
    change: ChangeRecorder,
    e164: str,
    customer_id: uuid.UUID,
    kind: ClaimKind,
    who: str,
    reason: str = "",
) -> None:
    values = {
        "e164": e164,
        "customer_id": customer_id,
        "kind": kind.value,
        "who": kept_line(who),
        "reason": kept_line(reason),
    }
    change.insert(number_claim, values)
