"""An export from the store to a file: read in pages, written as it comes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TypeVar

from crmdesk.domain.call_log import (
    CALL_BACK_DAYS,
    CallFilter,
    CallPage,
    CallRow,
    Place,
    is_about,
)
from crmdesk.domain.exporting import CustomerRecord, ExportPage, ExportPlace
from crmdesk.domain.segments import Group
from crmdesk.domain.tickets import TicketFilter, TicketPage, TicketPlace, TicketRow
from crmdesk.store import Reader, Store
from crmdesk.sync.export import call_columns, ticket_columns
from crmdesk.sync.export.columns import Cell, CustomerColumns, widths_of
from crmdesk.sync.export.csv_file import CsvFile
from crmdesk.sync.export.formats import ExportError, ExportFormat, FormatOptions
from crmdesk.sync.export.jsonl_file import JsonLinesFile, customer_object
from crmdesk.sync.export.place import standard_output, whole_file
from crmdesk.sync.export.vcard_file import VcardFile
from crmdesk.sync.export.xlsx_file import XlsxFile

PAGE = 500
"""Customers read at a time, some 2 MB and 50 ms."""

_HELD = 4 * PAGE
"""Up to so many are looked at to find out how many columns they need; for more the store is."""

_MOST_CALL_BACKS = 10_000

Row = TypeVar("Row")
Progress = Callable[[int, int | None, str], None]
"""Done, of how many (None where nobody knows), what is being done."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes, and as what.

    Attributes:
        place: The file, None for standard output.
        replace: Whether a file that is there may be replaced.
    """

    format: ExportFormat
    place: Path | None
    options: FormatOptions = field(default_factory=FormatOptions)
    replace: bool = False

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The stream to write to; what fails in it leaves no file."""
        if self.place is None:
            return standard_output(sys.stdout.buffer)
        return whole_file(self.place, replace=self.replace)


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export wrote.

    Attributes:
        place: The file, "" for standard output.
        notes: What a person should know, e.g. "2 former numbers were left out".
    """

    rows: int
    place: str
    format: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """Who fulfils a rule.

    Attributes:
        zone: Where a day begins.
    """

    rule: Group
    zone: tzinfo


def export_customers(
    store: Store,
    target: Target,
    progress: Progress,
    words: str = "",
    members: Members | None = None,
) -> ExportSummary:
    """Writes all customers that a search for the words finds; all there are for "".

    Args:
        store: Where they are.
        target: Where they go.
        progress: May raise to stop; then there is no file.
        words: As typed into a search.
        members: Instead of a search, all who fulfil a rule.

    Raises:
        ExportError: The file cannot be written, or the customers do not fit into it.
    """
    began = time.monotonic()
    if members is None:
        of = store.read(lambda reader: reader.count_exported(words)).result()
        found = _customers(store, words)
    else:
        of, found = None, _members(store, members)
    records = _counted(found, of, progress)
    with target.open() as out:
        match target.format:
            case ExportFormat.VCARD:
                rows, notes = _cards(out, target.options.vcard_version, records)
            case ExportFormat.JSON_LINES:
                rows, notes = _objects(out, _customer_objects(records)), ()
            case _:
                rows, notes = _customer_table(store, out, target, records)
    return _summary(target, rows, began, notes)


def export_calls(
    store: Store,
    target: Target,
    progress: Progress,
    chosen: CallFilter,
    *,
    to_call_back: bool = False,
) -> ExportSummary:
    """Writes all calls of a filter, newest first.

    Args:
        store: Where they are.
        target: Where they go.
        progress: May raise to stop; then there is no file.
        chosen: Which calls.
        to_call_back: Instead of the log, those whose caller nobody has talked to since; of
            the filter only the text counts.

    Raises:
        ExportError: As `export_customers`, and for a card: calls are none.
    """
    if target.format is ExportFormat.VCARD:
        raise ExportError(
            "Calls are no address book.", "Nothing was written.", "Choose csv, xlsx or jsonl."
        )
    began = time.monotonic()
    of = None if to_call_back else store.read(lambda reader: reader.count_calls(chosen)).result()
    found = _call_backs(store, chosen.text) if to_call_back else _calls(store, chosen)
    calls = _counted(found, of, progress)
    with target.open() as out:
        if target.format is ExportFormat.JSON_LINES:
            rows = _objects(out, map(call_columns.call_object, calls))
        else:
            cells = map(call_columns.call_cells, calls)
            rows = _table(out, target, "Calls", call_columns.TITLES, cells)
    return _summary(target, rows, began, ())


def export_tickets(
    store: Store, target: Target, progress: Progress, chosen: TicketFilter
) -> ExportSummary:
    """Writes all tickets of a filter, what is due first on top.

    Args:
        store: Where they are.
        target: Where they go.
        progress: May raise to stop; then there is no file.
        chosen: Which tickets.

    Raises:
        ExportError: As `export_customers`, and for a card: tickets are none.
    """
    if target.format is ExportFormat.VCARD:
        raise ExportError(
            "Tickets are no address book.", "Nothing was written.", "Choose csv, xlsx or jsonl."
        )
    began = time.monotonic()
    tickets = _counted(_tickets(store, chosen), None, progress)
    with target.open() as out:
        if target.format is ExportFormat.JSON_LINES:
            rows = _objects(out, map(ticket_columns.ticket_object, tickets))
        else:
            cells = map(ticket_columns.ticket_cells, tickets)
            rows = _table(out, target, "Tickets", ticket_columns.TITLES, cells)
    return _summary(target, rows, began, ())


def _summary(target: Target, rows: int, began: float, notes: tuple[str, ...]) -> ExportSummary:
    place = str(target.place) if target.place else ""
    seconds = round(time.monotonic() - began, 1)
    return ExportSummary(rows, place, target.format.value, seconds, notes)


# --- reading ----------------------------------------------------------------------------------


def _customers(store: Store, words: str) -> Iterator[CustomerRecord]:
    return _read_ahead(store, partial(_page_of_customers, words))


def _read_ahead(
    store: Store, read: Callable[[ExportPlace | None, Reader], ExportPage]
) -> Iterator[CustomerRecord]:
    """The next page is read while this one is written."""
    waiting = store.read(partial(read, None))
    while True:
        page = waiting.result()
        if page.next is not None:
            waiting = store.read(partial(read, page.next))
        yield from page.records
        if page.next is None:
            return


def _members(store: Store, members: Members) -> Iterator[CustomerRecord]:
    condition = store.read(lambda r: r.rule_condition(members.rule, members.zone)).result()
    return _read_ahead(store, lambda after, reader: reader.exported_members(condition, after, PAGE))


def _page_of_customers(words: str, after: ExportPlace | None, reader: Reader) -> ExportPage:
    return reader.exported_customers(words, after, PAGE)


def _calls(store: Store, chosen: CallFilter) -> Iterator[CallRow]:
    waiting = store.read(partial(_page_of_calls, chosen, None))
    while True:
        page = waiting.result()
        if page.next is not None:
            waiting = store.read(partial(_page_of_calls, chosen, page.next))
        yield from page.rows
        if page.next is None:
            return


def _page_of_calls(chosen: CallFilter, before: Place | None, reader: Reader) -> CallPage:
    return reader.exported_calls(chosen, before, PAGE)


def _tickets(store: Store, chosen: TicketFilter) -> Iterator[TicketRow]:
    now = datetime.now(UTC)
    waiting = store.read(partial(_page_of_tickets, chosen, now, None))
    while True:
        page = waiting.result()
        if page.next is not None:
            waiting = store.read(partial(_page_of_tickets, chosen, now, page.next))
        yield from page.rows
        if page.next is None:
            return


def _page_of_tickets(
    chosen: TicketFilter, now: datetime, after: TicketPlace | None, reader: Reader
) -> TicketPage:
    return reader.tickets(chosen, now, after, PAGE)


def _call_backs(store: Store, text: str) -> Iterator[CallRow]:
    since = datetime.now(UTC) - timedelta(days=CALL_BACK_DAYS)
    rows = store.read(partial(_lost, since)).result()
    return (row for row in rows if is_about(row, text))


def _lost(since: datetime, reader: Reader) -> tuple[CallRow, ...]:
    return reader.missed_to_call_back(since, _MOST_CALL_BACKS)


def _counted(rows: Iterator[Row], of: int | None, progress: Progress) -> Iterator[Row]:
    """The same rows; tells each of them, and there it can be stopped."""
    progress(0, of, "writing")
    for done, row in enumerate(rows, start=1):
        yield row
        progress(done, max(of, done) if of is not None else None, "writing")


# --- writing ----------------------------------------------------------------------------------


def _objects(out: BinaryIO, values: Iterator[dict[str, object]]) -> int:
    file, count = JsonLinesFile(out), 0
    for count, value in enumerate(values, start=1):  # noqa: B007
        file.write(value)
    return count


def _customer_objects(records: Iterator[CustomerRecord]) -> Iterator[dict[str, object]]:
    today = _today()
    return (customer_object(record, today) for record in records)


def _cards(
    out: BinaryIO, version: str, records: Iterator[CustomerRecord]
) -> tuple[int, tuple[str, ...]]:
    file, count = VcardFile(out, version, _today()), 0
    for count, record in enumerate(records, start=1):  # noqa: B007
        file.write(record)
    if not file.left_out:
        return count, ()
    return count, (f"Numbers that are no longer the customer's, left out: {file.left_out:,}.",)


def _customer_table(
    store: Store, out: BinaryIO, target: Target, records: Iterator[CustomerRecord]
) -> tuple[int, tuple[str, ...]]:
    held: list[CustomerRecord] = []
    for record in records:
        held.append(record)
        if len(held) == _HELD:
            break
    custom = store.read(lambda reader: reader.custom_titles()).result()
    is_all = len(held) < _HELD
    widths = widths_of(held) if is_all else store.read(lambda reader: reader.widths()).result()
    columns = CustomerColumns(widths, _today(), custom)
    cells = map(columns.row, chain(held, records))
    rows = _table(out, target, "Customers", columns.titles, cells)
    if not columns.left_out:
        return rows, ()
    return rows, (f"Addresses for which there was no column: {columns.left_out:,}.",)


def _table(
    out: BinaryIO,
    target: Target,
    title: str,
    titles: tuple[str, ...],
    rows: Iterator[list[Cell]],
) -> int:
    is_book = target.format is ExportFormat.XLSX
    file = XlsxFile(out, title) if is_book else CsvFile(out, target.options)
    count = 0
    with file:
        file.begin(titles)
        for count, cells in enumerate(rows, start=1):
            if file.most_rows is not None and count > file.most_rows:
                raise _too_many(file.most_rows)
            file.write(cells)
    return count


def _too_many(most: int) -> ExportError:
    return ExportError(
        f"A sheet of a workbook holds {most:,} rows under its titles, and there are more.",
        "Nothing was written.",
        "Export fewer with a filter, or choose csv or jsonl, which have no limit.",
    )


def _today() -> date:
    return datetime.now().astimezone().date()
