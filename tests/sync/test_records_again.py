"""What was exported of customers comes back: nothing twice, nothing changed, nothing lost."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.importing import SourceColumn
from crmdesk.domain.text import multi_line, sanitise_external
from crmdesk.store import Store, keys, open_store
from crmdesk.store.changes.values import journaled
from crmdesk.store.tables import order_line
from crmdesk.sync.cells.words import is_empty
from crmdesk.sync.export.formats import ExportError, ExportFormat
from crmdesk.sync.export.record_columns import titles_of
from crmdesk.sync.export.records import Which, export_records
from crmdesk.sync.export.run import export_customers
from crmdesk.sync.export.writing import Target
from crmdesk.sync.importing import ImportOrder, guessed_profile, run_import
from crmdesk.sync.records.guessing import guess_cells, guessed_records
from crmdesk.sync.records.importing import RecordOrder, RecordResult, import_records
from crmdesk.sync.records.kinds import NO_COLUMNS, SHAPES, CellKind, RecordKind, own_cells
from crmdesk.sync.sources import open_source

ANNA = Customer(uuid.UUID(int=7), CustomerKind.PERSON, "Anna Groß", account_id="K-7")
BOB = Customer(uuid.UUID(int=8), CustomerKind.PERSON, "Bob Stone")
FORMATS = (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.JSON_LINES)
ORDER = (RecordKind.ORDERS, RecordKind.INVOICES, RecordKind.PAYMENTS, RecordKind.TICKETS,
         RecordKind.SURVEYS, RecordKind.FOLLOW_UPS, RecordKind.LEADS, RecordKind.NOTES)  # fmt: skip

ODD = ["=1+1", "+49 30 23125101", "-", "n/a", "1,5", "0012", "3/4/2024", "yes", "@home",
       "Zoë “Weiß”; x\ty", "山田", "שלום", "a,b;c|d", "1E5", "null", "2026-01-02"]  # fmt: skip
# An apostrophe before figures is a spreadsheet's own mark of a text, and does not come back.
free = (
    st.one_of(st.sampled_from(ODD), st.text(max_size=30))
    .map(sanitise_external)
    .filter(lambda text: not text.startswith("'"))
)
texts = free.filter(lambda text: not is_empty(text))
"""What stands for nothing ("n/a") is nothing but where people write what they want."""

named = free.filter(bool)
long_texts = st.lists(texts, max_size=3).map(
    lambda lines: multi_line("\n".join(f"Said: {line}" for line in lines), 10_000)
)
# 25 October 2026 in Berlin has one hour twice, 29 March lacks one.
TWICE = datetime(2026, 10, 24, 23, tzinfo=UTC)
moments = st.one_of(
    st.integers(631_152_000, 3_786_912_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    st.integers(0, 4 * 3600).map(lambda s: TWICE + timedelta(seconds=s, microseconds=s)),
)
maybe_moments = st.none() | moments
days = st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1))
cents = st.integers(-(10**11), 10**11)
currencies = st.sampled_from(["EUR", "USD", "CHF", "JPY"])


def choices(kind: RecordKind, key: str) -> st.SearchStrategy[str]:
    cell = next(cell for cell in own_cells(kind) if cell.key == key)
    return st.sampled_from(sorted(set(cell.words.values())))


def row_of(kind: RecordKind) -> st.SearchStrategy[dict[str, Any]]:
    """Any row of a table, as forms and imports can have written it."""
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for cell in own_cells(kind):
        if cell.is_line or cell.key in NO_COLUMNS:
            continue
        made: st.SearchStrategy[Any] = free if cell.key == SHAPES[kind].name else texts
        if cell.kind is CellKind.LONG:
            made = long_texts
        elif cell.kind is CellKind.MONEY:
            made = cents
        elif cell.kind is CellKind.MOMENT:
            made = maybe_moments
        elif cell.kind is CellKind.DAY:
            made = days
        elif cell.kind is CellKind.COUNT:
            made = st.none() | st.integers(0, 100)
        elif cell.words:
            made = choices(kind, cell.key)
        elif cell.picklist:
            made = st.just("")
        parts[cell.key] = made
    return st.fixed_dictionaries({**parts, **OVER[kind]})


OVER: dict[RecordKind, dict[str, st.SearchStrategy[Any]]] = {
    RecordKind.TICKETS: {"at": moments, "subject": named},
    RecordKind.ORDERS: {"at": moments, "currency": currencies, "number": named},
    RecordKind.INVOICES: {"at": moments, "currency": currencies, "number": named},
    RecordKind.PAYMENTS: {"at": moments, "currency": currencies},
    RecordKind.SURVEYS: {"at": moments, "scale": st.just("nps"), "score": st.integers(0, 10)},
    RecordKind.FOLLOW_UPS: {"at": moments, "due_at": moments, "title": named,
                            "repeats": st.sampled_from(["", "FREQ=WEEKLY;INTERVAL=2"])},
    RecordKind.LEADS: {"at": moments, "currency": currencies, "title": named},
    RecordKind.NOTES: {"at": moments, "title": named},
}  # fmt: skip
lines = st.lists(
    st.fixed_dictionaries(
        {"title": named, "sku": texts, "quantity_milli": st.integers(-9_999, 10**7),
         "unit_cents": cents, "total_cents": cents}
    ),
    max_size=3,
)  # fmt: skip


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this system cannot be set")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def made(place: Path) -> Store:
    return open_store(place, keys.DEMO_KEY)


def fill(store: Store, rows: dict[RecordKind, list[dict[str, Any]]]) -> None:
    """Rows of two customers; invoices know an order, payments an invoice."""

    def write(writer: Any) -> None:
        with writer.change(ChangeKind.NOTE, "made up", "Ann") as change:
            known: dict[RecordKind, list[uuid.UUID]] = {}
            for kind in ORDER:
                known[kind] = []
                for place, row in enumerate(rows[kind]):
                    more = _links(kind, place, known)
                    line_rows = row.pop("lines", [])
                    whose = (ANNA, BOB)[place % 2].id
                    key = change.insert(
                        journaled(SHAPES[kind].table).table, {**row, **more, "customer_id": whose}
                    )
                    known[kind].append(key)
                    for at, line in enumerate(line_rows):
                        change.insert(order_line, {**line, "order_id": key, "position": at})

    for one in (ANNA, BOB):
        store.write(lambda w, one=one: w.save_customer(one)).result()
    store.write(write).result()


def _links(
    kind: RecordKind, place: int, known: dict[RecordKind, list[uuid.UUID]]
) -> dict[str, Any]:
    before = {RecordKind.INVOICES: ("order_id", RecordKind.ORDERS),
              RecordKind.PAYMENTS: ("invoice_id", RecordKind.INVOICES)}  # fmt: skip
    if kind not in before:
        return {}
    column, other = before[kind]
    return {column: known[other][place] if place < len(known[other]) else None}


def written(store: Store, kind: RecordKind, form: ExportFormat, folder: Path) -> Path:
    place = folder / f"{kind}.{form.ending}"
    target = Target(form, place, replace=True)
    export_records(store, kind, target, lambda *_: None, Which())
    return place


def bring(store: Store, kind: RecordKind, file: Path) -> RecordResult:
    with open_source(file) as source:
        profile = guessed_records(kind, source.facts)
        order = RecordOrder(source, profile, OWN_ZONE, "Import", "Ann", "DE")
        return import_records(store, order, lambda *_: None)


def figures(result: RecordResult) -> tuple[int, ...]:
    one = result.summary
    return one.created, one.updated, one.same, one.skipped, one.bad


def told(result: RecordResult) -> list[Any]:
    return [(row.title, row.why, row.changes) for row in result.rows if row.action != "same"]


def contents(store: Store, kind: RecordKind) -> list[Any]:
    """All that cells can say, moments to the second, without keys."""
    columns = [cell.key for cell in own_cells(kind)
               if not cell.is_line and cell.key not in NO_COLUMNS]  # fmt: skip
    page = store.read(lambda r: r.exported_records(SHAPES[kind].table, None, 500)).result()
    return sorted(
        repr(([_plain(one.values[name]) for name in columns], one.account_id,
              [replace(line, id=None) for line in one.lines],
              one.values.get("invoice_number"), one.values.get("order_number")))
        for one in page.records
    )  # fmt: skip


def _plain(value: object) -> object:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                                 HealthCheck.data_too_large])  # fmt: skip
@given(data=st.data())
def test_records_come_back_as_they_were(
    form: ExportFormat, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("again")
    some = {kind: st.lists(row_of(kind), min_size=1, max_size=4) for kind in ORDER}
    rows = {kind: data.draw(made, str(kind)) for kind, made in some.items()}
    for row in rows[RecordKind.ORDERS]:
        row["lines"] = data.draw(lines)
    for place, row in enumerate(rows[RecordKind.INVOICES]):
        row["number"] += f" {place}"
    for row, invoice in zip(rows[RecordKind.PAYMENTS], rows[RecordKind.INVOICES], strict=False):
        row["currency"] = invoice["currency"]
    with made(folder / "x.db") as store, made(folder / "other.db") as other:
        fill(store, rows)
        people = folder / f"people.{form.ending}"
        export_customers(store, Target(form, people), lambda *_: None)
        with open_source(people) as source:
            order = ImportOrder(source, guessed_profile(source.facts), "Import", "Ann")
            run_import(other, order, lambda *_: None)
        for kind in ORDER:
            count = len(rows[kind])
            file = written(store, kind, form, folder)
            again = bring(store, kind, file)
            assert told(again) == []
            assert figures(again) == (0, 0, count, 0, 0)
            first = bring(other, kind, file)
            assert figures(first) == (count, 0, 0, 0, 0), told(first)
            second = bring(other, kind, file)
            assert told(second) == []
        for kind in set(ORDER) - {RecordKind.INVOICES, RecordKind.TICKETS}:
            there, here = contents(other, kind), contents(store, kind)
            assert [one for one in there if one not in here] == []


def test_titles_of_a_table_are_the_cells_of_an_import() -> None:
    for kind in RecordKind:
        guessed = guess_cells(kind, [SourceColumn(title) for title in titles_of(kind)])
        for cell in own_cells(kind):
            assert guessed[cell.title] == cell.key
        assert guessed["Customer number"] == "customer_account"
        assert guessed["Customer id"] == "customer_external_id"
        assert guessed["Id"] == "external_id"
        used = [cell for cell in guessed.values() if cell]
        assert len(used) == len(own_cells(kind)) + 3


def test_records_are_no_address_book(tmp_path: Path) -> None:
    with made(tmp_path / "x.db") as store:
        target = Target(ExportFormat.VCARD, tmp_path / "x.vcf")
        for kind in RecordKind:
            with pytest.raises(ExportError, match="are no address book"):
                export_records(store, kind, target, lambda *_: None, Which())
    assert not (tmp_path / "x.vcf").exists()
