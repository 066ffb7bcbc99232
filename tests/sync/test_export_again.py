"""What was exported comes back: nobody twice, and nothing changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.store import Store, keys, open_store
from crmdesk.sync.export.formats import ExportFormat, FormatOptions
from crmdesk.sync.export.run import export_customers
from crmdesk.sync.export.writing import Target
from crmdesk.sync.importing import ImportOrder, ImportResult, guessed_profile, run_import
from crmdesk.sync.sources import open_source
from tests.sync.exported import JANE, number
from tests.sync.import_runs import counts, names


def customer(
    n: int, name: str, kind: CustomerKind = CustomerKind.PERSON, **more: object
) -> Customer:
    return Customer(uuid.UUID(int=100 + n), kind, name, **more)  # type: ignore[arg-type]


COMPANY = customer(1, "Weber, Klein & Partner", CustomerKind.COMPANY)
EVERYBODY = (
    COMPANY,
    replace(JANE, company_id=COMPANY.id, company_name=COMPANY.name),
    customer(2, "Nord AG", CustomerKind.COMPANY),
    customer(3, "Süd", CustomerKind.COMPANY, account_id="0"),
    customer(4, "Hansen, Jane"),
    customer(5, "Thomas Kern"),
    customer(6, "Thomas Kern"),
    customer(7, "Herr Doe", salutation="Herr Doe"),
    customer(8, "Kim Lee Kim", language="de-AT", segment="A, B"),
    customer(9, "=1+1", role="-", owner="@x"),
    customer(10, "+493023125111", numbers=(number("+493023125111"),)),
    customer(11, "J. Doe", numbers=(number("+493023125100"), number("+493023125101", "fax"))),
    customer(12, "Jane Doe", numbers=(number("+493023125100"),)),
    customer(13, "John Doe", numbers=(number("+493023125100"), PhoneNumber("12 ab", None))),
    customer(14, "Ann Miller", emails=(Email("info@example.com"), Email("Ann@example.org"))),
    customer(15, "Bea Miller", emails=(Email("info@example.com"),)),
    customer(16, "Cy Miller", addresses=(
        Address("billing", "Am Hafen 1", "10115", "Berlin", "DE"),
        Address("home", "", "", "Kiel", ""),
        Address("other", "Weg 2\nHinterhaus", "24103", "Kiel", "DE"),
    )),
    customer(18, "Di", customer_since=date(2020, 2, 29)),
    customer(17, "  Zoë   Weiß "),
    customer(19, "Prof. Dr. Jane Doe-Smith, MBA"),
    customer(20, "山田 太郎"),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "other.db", keys.DEMO_KEY) as opened:
        yield opened


def save(store: Store) -> None:
    for one in EVERYBODY:
        store.write(lambda writer, one=one: writer.save_customer(one)).result()


def written(store: Store, place: Path, kind: str, style: FormatOptions) -> Path:
    target = Target(ExportFormat(kind), place / f"out.{kind}", style, replace=True)
    export_customers(store, target, lambda *_: None)
    return place / f"out.{kind}"


def bring_in(store: Store, file: Path, **more: bool) -> ImportResult:
    with open_source(file) as source:
        profile = guessed_profile(source.facts)
        order = ImportOrder(source, profile, "Import", "Ann", region="DE", **more)  # type: ignore[arg-type]
        return run_import(store, order, lambda *_: None)


def whole(store: Store) -> dict[uuid.UUID, Customer]:
    ids = [one.id for one in EVERYBODY]
    found = store.read(lambda reader: reader.whole_customers(ids)).result()
    return {key: one.customer for key, one in found.items()}


FORMS = pytest.mark.parametrize(
    ("kind", "style"),
    [
        ("csv", FormatOptions()),
        ("csv", FormatOptions(delimiter=";", has_mark=True)),
        ("xlsx", FormatOptions()),
        ("jsonl", FormatOptions()),
        ("vcard", FormatOptions(vcard_version="3.0")),
        ("vcard", FormatOptions(vcard_version="4.0")),
    ],
)


@FORMS
def test_it_changes_nothing_where_it_comes_from(
    store: Store, tmp_path: Path, kind: str, style: FormatOptions
) -> None:
    save(store)
    before = whole(store)
    file = written(store, tmp_path, kind, style)
    for _ in range(2):
        result = bring_in(store, file)
        told = [(row.title, row.why, row.changes) for row in result.rows if row.action != "same"]
        assert told == []
        assert counts(result) == (0, 0, len(EVERYBODY), 0, 0)
        assert result.summary.batch is None
    assert whole(store) == before


@FORMS
def test_it_comes_into_another_store_once(
    store: Store, other: Store, tmp_path: Path, kind: str, style: FormatOptions
) -> None:
    save(store)
    file = written(store, tmp_path, kind, style)
    assert bring_in(other, file).summary.bad == 0
    brought = names(other)
    assert len(brought) == len(EVERYBODY)
    again = bring_in(other, file)
    told = [(row.title, row.why, row.changes) for row in again.rows if row.action != "same"]
    assert told == []
    assert again.summary.batch is None
    assert names(other) == brought


def test_another_store_may_have_more_columns_the_next_time(
    store: Store, other: Store, tmp_path: Path
) -> None:
    save(store)
    bring_in(other, written(store, tmp_path, "csv", FormatOptions()))
    more = tuple(number(f"+4930231252{n:02}") for n in range(9))
    grown = replace(EVERYBODY[5], numbers=more)
    store.write(lambda writer: writer.save_customer(grown)).result()
    again = bring_in(other, written(store, tmp_path, "csv", FormatOptions()))
    assert counts(again)[:2] == (0, 1)


def test_a_cell_that_somebody_changed_is_all_that_changes(store: Store, tmp_path: Path) -> None:
    save(store)
    file = written(store, tmp_path, "csv", FormatOptions())
    file.write_text(
        file.read_text("utf-8").replace("Nord AG,company", "Nordic AG,company"), "utf-8"
    )
    result = bring_in(store, file)
    assert counts(result)[:3] == (0, 1, len(EVERYBODY) - 1)
    assert whole(store)[EVERYBODY[2].id].name == "Nordic AG"
