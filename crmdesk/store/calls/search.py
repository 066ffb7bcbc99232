"""Pages of the call log, filtered."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
from sqlalchemy import ColumnElement, bindparam, false, or_, select, tuple_

from crmdesk.domain.call_log import CallFilter, CallPage, CallRow, Place
from crmdesk.store.calls.reading import call_row, call_rows
from crmdesk.store.customers.search import SearchQueries
from crmdesk.store.customers.search_text import number_digits
from crmdesk.store.fold import LAST_CHARACTER, fold
from crmdesk.store.queries import LIST_LIMIT_S
from crmdesk.store.segments.members import MemberConditions
from crmdesk.store.tables import call, call_offer
from crmdesk.store.tables.calls import is_lost

_MOST_CUSTOMERS = 300
_MOST_NUMBERS = 100
_MIN_DIGITS = 3

STRETCH = 2_000
"""Calls that are looked at for one page of a segment: 10 to 50 ms of the reader thread."""

_when = tuple_(call.c.started_at, call.c.id)

_numbers_from = (
    select(call.c.caller_e164)
    .where(call.c.caller_e164 >= bindparam("start"), call.c.caller_e164 < bindparam("end"))
    .distinct()
    .limit(_MOST_NUMBERS)
)


class CallSearchQueries(SearchQueries):
    """Reads pages of the call log."""

    def calls(self, chosen: CallFilter, before: Place | None = None, limit: int = 100) -> CallPage:
        """A page of the call log, newest first.

        Args:
            chosen: Which calls.
            before: `next` of the page before, None for the first.
            limit: Length of the page.

        Raises:
            TookTooLong: Too few calls match for the time a list may take.
        """
        end = self.end_of_calls(chosen, before)
        conditions = [*self._conditions(chosen), *between(before, end)]
        newest = call_rows.where(*conditions).order_by(call.c.started_at.desc(), call.c.id.desc())
        page = newest.limit(limit + 1)
        found = self.within_time_limit(lambda: self._connection.execute(page).all(), LIST_LIMIT_S)
        return page_of_calls(tuple(map(call_row, found)), limit, end)

    def end_of_calls(self, chosen: CallFilter, before: Place | None) -> Place | None:
        """Where a page of a segment's calls ends at the latest; None for the end of the log.

        A segment may have few callers: all calls would be looked at to fill a page.
        """
        if chosen.members is None:
            return None
        days = CallFilter(since=chosen.since, until=chosen.until)
        looked_at = select(call.c.started_at, call.c.id).where(
            call.c.deleted_at.is_(None), *self._conditions(days), *between(before, None)
        )
        last = looked_at.order_by(call.c.started_at.desc(), call.c.id.desc()).offset(STRETCH - 1)
        row = self._connection.execute(last.limit(1)).one_or_none()
        return Place(*row) if row else None

    def _conditions(self, chosen: CallFilter) -> Iterator[ColumnElement[bool]]:
        if chosen.direction:
            yield call.c.direction == chosen.direction
        if chosen.outcomes:
            yield call.c.outcome.in_(chosen.outcomes)
        if chosen.since:
            yield call.c.started_at >= chosen.since
        if chosen.until:
            yield call.c.started_at < chosen.until
        if chosen.missed_only:
            yield is_lost
        if chosen.extension:
            yield _concerns(chosen.extension)
        if chosen.text.strip():
            yield self._about(chosen.text)
        if chosen.members is not None:
            segments = MemberConditions(self._connection, self._desk_id, self._clock)
            yield segments.belongs(call.c.customer_id, chosen.members)

    def _about(self, text: str) -> ColumnElement[bool]:
        """Calls of customers, or from numbers, that are found by the text."""
        digits = number_digits(fold(text))
        customers = [hit.id for hit in self.search(text, _MOST_CUSTOMERS)]
        numbers = self._numbers(digits) if len(digits) >= _MIN_DIGITS else set()
        about: list[ColumnElement[bool]] = []
        if customers:
            about.append(call.c.customer_id.in_(customers))
        if numbers:
            about.append(call.c.caller_e164.in_(numbers))
        return or_(*about) if about else false()

    def _numbers(self, digits: str) -> set[str]:
        """Callers' numbers that begin with the digits, in any country.

        Each calling code is one short range of the index; a search in the middle of all
        numbers would read every call.
        """
        found: set[str] = set()
        for code in ("", *map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE)):
            start = f"+{code}{digits}"
            values = {"start": start, "end": start + LAST_CHARACTER}
            found.update(self._connection.execute(_numbers_from, values).scalars())
        return found


def between(before: Place | None, end: Place | None) -> Iterator[ColumnElement[bool]]:
    """Calls behind one place, and up to another."""
    if before is not None:
        yield _when < (before.at, before.id)
    if end is not None:
        yield _when >= (end.at, end.id)


def page_of_calls(rows: tuple[CallRow, ...], limit: int, end: Place | None) -> CallPage:
    """A page of `limit` rows out of one more; the next one begins behind them, or at the end."""
    if len(rows) <= limit:
        return CallPage(rows, end)
    last = rows[limit - 1].call
    return CallPage(rows[:limit], Place(last.started_at, last.id))


def _concerns(extension: str) -> ColumnElement[bool]:
    offered = select(call_offer.c.id).where(
        call_offer.c.call_id == call.c.id, call_offer.c.extension == extension
    )
    return or_(call.c.answered_by == extension, call.c.agent == extension, offered.exists())
