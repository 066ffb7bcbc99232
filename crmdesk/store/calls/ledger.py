"""The ledger of this desk: what became of each event of the phone lines.

It stays on this desk and keeps its newest lines only; calls are what lasts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select

from crmdesk.domain.ledger import LedgerFilter, LedgerLine, LedgerOutcome, LedgerPage
from crmdesk.store.queries import LIST_LIMIT_S, Queries
from crmdesk.store.tables import ledger_line

LINES_KEPT = 200_000
"""Some days of a busy desk, about 50 MB."""

_MORE_REMOVED = 1_000
"""Lines that are removed at once beyond those that are added."""

_FIELDS = tuple(
    column.name for column in ledger_line.columns if column.name not in {"sequence", "outcome"}
)
_lines = select(
    ledger_line.c.sequence,
    ledger_line.c.outcome,
    *(ledger_line.c[name] for name in _FIELDS),
)
_add = insert(ledger_line)
_ends = select(
    select(func.min(ledger_line.c.sequence)).scalar_subquery(),
    select(func.max(ledger_line.c.sequence)).scalar_subquery(),
)
_counts = select(ledger_line.c.outcome, func.count()).group_by(ledger_line.c.outcome)
_prune = delete(ledger_line).where(ledger_line.c.sequence <= bindparam("oldest"))


class LedgerQueries(Queries):
    """Reads the ledger."""

    def ledger(
        self, chosen: LedgerFilter, before: int | None = None, limit: int = 100
    ) -> LedgerPage:
        """A page of the ledger, newest first.

        Args:
            chosen: Which lines.
            before: `next` of the page before, None for the first.
            limit: Length of the page.

        Raises:
            TookTooLong: Too few lines match for the time a list may take.
        """
        conditions = list(_conditions(chosen))
        if before is not None:
            conditions.append(ledger_line.c.sequence < before)
        newest = _lines.where(*conditions).order_by(ledger_line.c.sequence.desc())
        page = newest.limit(limit + 1)
        found = self.within_time_limit(lambda: self._connection.execute(page).all(), LIST_LIMIT_S)
        lines = tuple(map(_line, found[:limit]))
        return LedgerPage(lines, lines[-1].sequence if len(found) > limit else None)

    def ledger_counts(self, since: datetime | None = None) -> dict[LedgerOutcome, int]:
        """How many lines there are of each outcome; read from an index alone.

        Args:
            since: Only lines of then or later, aware.
        """
        counted = _counts if since is None else _counts.where(ledger_line.c.at >= since)
        rows = self._connection.execute(counted)
        return {LedgerOutcome(outcome): count for outcome, count in rows}


class LedgerWriting(Queries):
    """Writes the ledger."""

    def add_ledger(self, lines: Sequence[LedgerLine]) -> None:
        """Adds lines, in order, and removes the oldest beyond `LINES_KEPT`.

        Args:
            lines: Their sequences are not read; the store counts on.
        """
        if not lines:
            return
        self._connection.execute(_add, [_values(line) for line in lines])
        first, last = self._connection.execute(_ends).one()
        # Only so many at once: the call that rings next is written by the same thread.
        oldest = min(last - LINES_KEPT, first + len(lines) + _MORE_REMOVED)
        if oldest >= first:
            self._connection.execute(_prune, {"oldest": oldest})


def _values(line: LedgerLine) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(line, name) for name in _FIELDS}
    return {**values, "outcome": line.outcome.value}


def _line(row: Sequence[Any]) -> LedgerLine:
    sequence, outcome, *fields = row
    values: dict[str, Any] = dict(zip(_FIELDS, fields, strict=True))
    return LedgerLine(sequence=sequence, outcome=LedgerOutcome(outcome), **values)


def _conditions(chosen: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    if chosen.outcomes:
        yield ledger_line.c.outcome.in_([outcome.value for outcome in chosen.outcomes])
    if chosen.call_id is not None:
        yield ledger_line.c.call_id == chosen.call_id
    if chosen.since is not None:
        yield ledger_line.c.at >= chosen.since
    if chosen.until is not None:
        yield ledger_line.c.at < chosen.until
    if chosen.text.strip():
        yield _holds(chosen.text.strip())


def _holds(text: str) -> ColumnElement[bool]:
    """Words as typed, in any case; numbers however they are written."""
    written = [ledger_line.c.words.icontains(text, autoescape=True)]
    digits = "".join(filter(str.isdigit, text)).lstrip("0")
    if digits and not any(map(str.isalpha, text)):
        written.append(ledger_line.c.digits.contains(digits, autoescape=True))
        written.append(ledger_line.c.extension.contains(digits, autoescape=True))
    return or_(*written)
