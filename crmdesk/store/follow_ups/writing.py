"""Writes what is to be done. Every step is a change that can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind, FollowUpOutcome
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.repeats import moved_along, next_due, repeat_text
from crmdesk.store.audit.clashes import edited_fields, of_fields
from crmdesk.store.audit.history import HistoryQueries
from crmdesk.store.changes import ChangeRecorder, ChangeUndoing
from crmdesk.store.customers.merge_places import MergeQueries
from crmdesk.store.follow_ups.queries import FollowUpQueries
from crmdesk.store.ids import new_id
from crmdesk.store.tables import follow_up

_WORDS = {
    FollowUpKind.FOLLOW_UP: "Follow-up",
    FollowUpKind.PROMISE: "Promise",
    FollowUpKind.APPOINTMENT: "Appointment",
    FollowUpKind.CALL_BACK: "Call-back",
}
_ENDED = {
    FollowUpOutcome.KEPT: "done",
    FollowUpOutcome.LATE: "done late",
    FollowUpOutcome.BROKEN: "not kept",
    FollowUpOutcome.CANCELLED: "cancelled",
}
_LONGEST_TITLE = 200
_EARLIEST, _LATEST = 1900, 2200
_REACHED = "a call"
"""Who ended a call-back where a talk did."""


class FollowUpWriting(ChangeUndoing, FollowUpQueries, HistoryQueries, MergeQueries):
    """Writes follow-ups."""

    def add_follow_ups(self, new: tuple[FollowUp, ...], who: str) -> ChangeSet:
        """Adds some, e.g. all promises of one note, as one step.

        Args:
            new: Their keys are not in the store yet; at least one.
            who: Name or extension of the agent.

        Raises:
            UserFacingError: The customer was removed, or a day is none to do something on.
        """
        made = f"{_WORDS[new[0].kind]} made: {kept_line(new[0].title)}"
        theirs = [replace(one, customer_id=self.living_customer(one.customer_id)) for one in new]
        with self.change(ChangeKind.FOLLOW_UP, made, who) as change:
            for one in theirs:
                change.insert(follow_up, _columns(one), one.id)
        return change.change

    def edit_follow_up(self, base: FollowUp, edited: FollowUp, who: str) -> ChangeSet:
        """Writes what was changed of it.

        Args:
            base: What the form began with.
            edited: What it holds.
            who: Name or extension of the agent.

        Raises:
            ConflictingEditsError: Somebody else changed the same; see `domain.edits.settled`.
            UserFacingError: It is gone, or somebody ended it meanwhile.
        """
        mine = edited_fields(self, base, edited, self._still_open(base.id))
        with self.change(ChangeKind.FOLLOW_UP, _title(edited, "changed"), who) as change:
            values = of_fields(_columns(edited), mine)
            if edited.series_id != base.series_id:  # follows from the day, and is no field
                values["series_id"] = edited.series_id
            change.update(follow_up, base.id, values)
        return change.change

    def finish_follow_up(
        self, follow_up_id: uuid.UUID, outcome: FollowUpOutcome, who: str, zone: tzinfo
    ) -> ChangeSet:
        """Ends one; of what repeats, the next time is there at once unless it was cancelled.

        Args:
            follow_up_id: Which.
            outcome: KEPT becomes LATE where it was due before now.
            who: Name or extension of the agent.
            zone: Whose clock repetitions keep their time of day on.

        Raises:
            UserFacingError: It is gone, or somebody ended it meanwhile.
        """
        now, one = self._clock(), self._still_open(follow_up_id)
        if outcome is FollowUpOutcome.KEPT and one.is_overdue(now):
            outcome = FollowUpOutcome.LATE
        with self.change(ChangeKind.FOLLOW_UP, _title(one, _ENDED[outcome]), who) as change:
            ended = {"done_at": now, "done_by": kept_line(who), "outcome": outcome.value}
            change.update(follow_up, one.id, ended, expected={"done_at": None})
            if outcome is not FollowUpOutcome.CANCELLED:
                self._add_next(change, one, now, zone)
        return change.change

    def settle_call_backs(
        self, zone: tzinfo, customer_id: uuid.UUID | None = None
    ) -> tuple[ChangeSet, ...]:
        """Ends the call-backs of customers somebody has talked with since, one step each.

        Args:
            zone: As for `finish_follow_up`.
            customer_id: Only of this one, None for all.
        """
        return tuple(
            self.finish_follow_up(one.id, FollowUpOutcome.KEPT, _REACHED, zone)
            for one in self.call_backs_of_reached(customer_id)
        )

    def _add_next(
        self, change: ChangeRecorder, done: FollowUp, now: datetime, zone: tzinfo
    ) -> None:
        if done.repeat is None or not self.living([done.customer_id]):
            return
        series = done.series_id or done.id
        first = self.follow_up(series) or done
        due = next_due(done.repeat, first.due_at, max(done.due_at, now), zone)
        if due is None or due.year > _LATEST:
            return
        # The first one says when to remind: this one's reminder may have been put off.
        remind = first if first.remind_at and first.remind_at <= first.due_at else None
        following = replace(
            done,
            id=new_id(now),
            at=now,
            due_at=due,
            ends_at=due + (done.ends_at - done.due_at) if done.ends_at else None,
            remind_at=(
                moved_along(remind.remind_at, remind.due_at, due, zone)
                if remind is not None and remind.remind_at is not None
                else due
            ),
            series_id=series,
            call_id=None,
        )
        change.insert(follow_up, _columns(following), following.id)

    def _still_open(self, follow_up_id: uuid.UUID) -> FollowUp:
        found = self.follow_up(follow_up_id)
        if found is None:
            raise UserFacingError(
                "This follow-up is no longer in the store.",
                "Nothing was changed.",
                "Read the list again; its history shows who removed it.",
            )
        if found.done_at is not None:
            raise UserFacingError(
                f"{found.done_by or 'Somebody'} ended this follow-up meanwhile.",
                "Nothing was changed.",
                "Take that step back in the list of changes, or make a new one.",
            )
        return found


def _title(one: FollowUp, what: str) -> str:
    return " ".join(filter(None, (f"{_WORDS[one.kind]}: {kept_line(one.title)}", what)))


def _columns(one: FollowUp) -> Mapping[str, Any]:
    for moment in (one.due_at, one.ends_at, one.remind_at):
        if moment is not None and not _EARLIEST <= moment.year <= _LATEST:
            raise UserFacingError(
                f"The year {moment.year} is no year for something to do.",
                "Nothing was saved.",
                f"Choose a day between {_EARLIEST} and {_LATEST}.",
            )
    return {
        "customer_id": one.customer_id,
        "at": one.at,
        "kind": one.kind.value,
        "title": kept_line(one.title, _LONGEST_TITLE),
        "who": kept_line(one.who),
        "owner": kept_line(one.owner),
        "due_at": one.due_at,
        "ends_at": one.ends_at,
        "place": kept_line(one.place, _LONGEST_TITLE),
        "detail": kept_text(one.detail),
        "remind_at": one.remind_at or one.due_at,
        "repeats": repeat_text(one.repeat),
        "series_id": one.series_id,
        "call_id": one.call_id,
        "e164": one.e164,
    }
