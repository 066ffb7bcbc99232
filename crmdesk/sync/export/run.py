"""Exports of customers and calls: read in pages, written as it comes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import BinaryIO

from crmdesk.domain.call_log import (
    CALL_BACK_DAYS,
    CallFilter,
    CallRow,
    Place,
    is_about,
)
from crmdesk.domain.exporting import CustomerRecord, ExportPlace
from crmdesk.domain.segments import Members
from crmdesk.store import Reader, Store
from crmdesk.sync.export import call_columns
from crmdesk.sync.export.columns import CustomerColumns, widths_of
from crmdesk.sync.export.formats import ExportFormat
from crmdesk.sync.export.jsonl_file import customer_object
from crmdesk.sync.export.pages import read_ahead
from crmdesk.sync.export.vcard_file import VcardFile
from crmdesk.sync.export.writing import (
    PAGE,
    ExportSummary,
    Progress,
    Target,
    counted,
    refuse_cards,
    summary_of,
    write_objects,
    write_table,
)

_HELD = 4 * PAGE
"""Up to so many are looked at to find out how many columns they need; for more the store is."""

_MOST_CALL_BACKS = 10_000

Found = tuple[Sequence[CustomerRecord], ExportPlace | None]


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
    records = counted(found, of, progress)
    with target.open() as out:
        match target.format:
            case ExportFormat.VCARD:
                rows, notes = _cards(out, target.options.vcard_version, records)
            case ExportFormat.JSON_LINES:
                rows, notes = write_objects(out, _customer_objects(records)), ()
            case _:
                rows, notes = _customer_table(store, out, target, records)
    return summary_of(target, rows, began, notes)


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
            the filter only text and segment count.

    Raises:
        ExportError: As `export_customers`, and for a card: calls are none.
    """
    refuse_cards(target, "calls")
    began = time.monotonic()
    of = None if to_call_back else store.read(lambda reader: reader.count_calls(chosen)).result()
    found = _call_backs(store, chosen) if to_call_back else _calls(store, chosen)
    calls = counted(found, of, progress)
    with target.open() as out:
        if target.format is ExportFormat.JSON_LINES:
            rows = write_objects(out, map(call_columns.call_object, calls))
        else:
            cells = map(call_columns.call_cells, calls)
            rows = write_table(out, target, "Calls", call_columns.TITLES, cells)
    return summary_of(target, rows, began, ())


# --- reading ----------------------------------------------------------------------------------


def _customers(store: Store, words: str) -> Iterator[CustomerRecord]:
    return chain.from_iterable(read_ahead(store, partial(_page_of_customers, words)))


def _members(store: Store, members: Members) -> Iterator[CustomerRecord]:
    condition = store.read(lambda r: r.rule_condition(members.rule, members.zone)).result()

    def read(after: ExportPlace | None, reader: Reader) -> Found:
        page = reader.exported_members(condition, after, PAGE)
        return page.records, page.next

    return chain.from_iterable(read_ahead(store, read))


def _page_of_customers(words: str, after: ExportPlace | None, reader: Reader) -> Found:
    page = reader.exported_customers(words, after, PAGE)
    return page.records, page.next


def _calls(store: Store, chosen: CallFilter) -> Iterator[CallRow]:
    return chain.from_iterable(read_ahead(store, partial(_page_of_calls, chosen)))


def _page_of_calls(
    chosen: CallFilter, before: Place | None, reader: Reader
) -> tuple[Sequence[CallRow], Place | None]:
    page = reader.exported_calls(chosen, before, PAGE)
    return page.rows, page.next


def _call_backs(store: Store, chosen: CallFilter) -> Iterator[CallRow]:
    since = datetime.now(UTC) - timedelta(days=CALL_BACK_DAYS)
    rows = store.read(partial(_lost, since, chosen)).result()
    return (row for row in rows if is_about(row, chosen.text))


def _lost(since: datetime, chosen: CallFilter, reader: Reader) -> tuple[CallRow, ...]:
    rows = reader.missed_to_call_back(since, _MOST_CALL_BACKS)
    return reader.calls_of(rows, chosen.members)


# --- writing ----------------------------------------------------------------------------------


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
    rows = write_table(out, target, "Customers", columns.titles, cells)
    if not columns.left_out:
        return rows, ()
    return rows, (f"Addresses for which there was no column: {columns.left_out:,}.",)


def _today() -> date:
    return datetime.now().astimezone().date()
