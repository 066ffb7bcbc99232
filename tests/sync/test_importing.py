"""Whole imports into a real store: what is made, found again, changed, and taken back."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import (
    ImportSummary,
    RowAction,
    RowPlan,
    SourceColumn,
    SourceFacts,
    SourceKind,
    SourceRecord,
)
from crmdesk.store import Store, keys, open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.sync import importing
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.importing import ImportOrder, ImportResult, guessed_profile, run_import
from crmdesk.sync.profile import ImportProfile, Merge, ProfileError
from crmdesk.sync.reading import ahead as reading_ahead

JANE = {"Name": "Jane Hansen", "Handy": "0171 39 20 012", "Ort": "Berlin", "Firma": "Hansen GmbH"}
JOHN = {"Name": "John Brown", "Telefon": "030 23125 102", "E-Mail": "john@example.com"}


class Rows:
    """A source in memory."""

    size = 0
    position = 0

    def __init__(self, *rows: dict[str, str]) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row))
        self._rows = [tuple(row.get(name, "") for name in names) for row in rows]
        samples = [tuple(filter(None, values))[:5] for values in zip(*self._rows, strict=True)]
        columns = tuple(map(SourceColumn, names, samples))
        self.facts = SourceFacts(SourceKind.CSV, columns)

    def records(self) -> Iterator[SourceRecord]:
        for place, values in zip(count(2), self._rows, strict=False):
            yield SourceRecord(place, values)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


def bring_in(
    store: Store, *rows: dict[str, str], profile: ImportProfile | None = None, **more: Any
) -> ImportResult:
    source = Rows(*rows)
    profile = profile or guessed_profile(source.facts)
    order = ImportOrder(source, profile, "Import of x.csv", "Ann", region="DE", **more)
    return run_import(store, order, lambda *_: None)


def counts(summary: ImportSummary) -> tuple[int, int, int, int, int]:
    return summary.created, summary.updated, summary.same, summary.skipped, summary.bad


def who(store: Store, e164: str) -> list[str]:
    return sorted(owner.name for owner in store.read(lambda r: r.by_e164(e164)).result())


def whole(store: Store, e164: str) -> Customer:
    (owner,) = store.read(lambda r: r.by_e164(e164)).result()
    found = store.read(lambda r: r.customer(owner.customer_id)).result()
    assert found is not None
    return found


def customers(store: Store) -> int:
    return len(store.read(lambda r: r.customers(limit=500)).result().customers)


def test_a_file_comes_in_and_its_company_with_it(store: Store) -> None:
    result = bring_in(store, JANE, JOHN)
    assert counts(result.summary) == (2, 0, 0, 0, 0)
    assert customers(store) == 3
    jane = whole(store, "+491713920012")
    assert (jane.company_name, jane.addresses[0].city) == ("Hansen GmbH", "Berlin")
    company = store.read(lambda r: r.customer(jane.company_id)).result()
    assert company is not None
    assert company.kind is CustomerKind.COMPANY
    assert store.read(lambda r: r.search("23125102")).result()[0].name == "John Brown"


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    rows = (
        JANE, JOHN, {"Name": "Only Name"}, {"Firma": "Nord AG"}, {"Telefon": "030 23125 107"},
        {"Name": "Jane Hansen", "Telefon": "030 23125 101", "Firma": "Hansen GmbH"},
        {"Firma": "Hansen GmbH", "Telefon": "030 23125 100", "Ort": "Kiel"},
    )  # fmt: skip
    bring_in(store, *rows)
    before = customers(store)
    again = bring_in(store, *rows)
    assert counts(again.summary)[:2] == (0, 0)
    assert again.summary.batch is None
    assert customers(store) == before
    assert len(store.read(lambda r: r.changes(kinds=[ChangeKind.IMPORT])).result().changes) == 1


def test_only_what_changed_is_changed(store: Store) -> None:
    bring_in(store, JANE, JOHN)
    again = bring_in(store, {**JANE, "Ort": "Kiel"}, JOHN)
    assert counts(again.summary) == (0, 1, 1, 0, 0)
    (row,) = (row for row in again.rows if row.action is RowAction.UPDATE)
    assert [(c.field, c.before, c.after) for c in row.changes] == [("addresses", "Berlin", "Kiel")]
    assert [each.city for each in whole(store, "+491713920012").addresses] == ["Kiel"]


def test_undo_takes_everything_back(store: Store) -> None:
    bring_in(store, JOHN)
    second = bring_in(store, JANE, {**JOHN, "Sprache": "de", "Handy": "0171 39 20 077"})
    assert counts(second.summary) == (1, 1, 0, 0, 0)
    assert second.summary.batch is not None
    undo_in_parts(store, second.summary.batch, "Ann")
    assert customers(store) == 1
    assert who(store, "+491713920012") == []
    assert who(store, "+491713920077") == []
    assert whole(store, "+493023125102").language == ""


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    rows = (JANE, JOHN, {**JANE, "Telefon": "030 23125 109"}, {"Ort": "Berlin"})
    dry = bring_in(store, *rows, is_dry=True)
    assert customers(store) == 0
    real = bring_in(store, *rows)

    def said(result: ImportResult) -> list[object]:
        return [(row.place, row.action, row.why, row.changes) for row in result.rows]

    assert said(dry) == said(real)
    assert dry.summary.batch is None


def test_records_of_one_person_become_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "AT_ONCE", 1)  # far from each other in a large file
    more = {**JANE, "Telefon": "030 23125 109", "E-Mail": "jane@example.com"}
    result = bring_in(store, JANE, JOHN, more, JANE)
    assert [row.action.value for row in result.rows] == ["create", "create", "update", "skip"]
    assert result.rows[2].why[0] == "same number +491713920012 as record 2"
    assert {n.e164 for n in whole(store, "+493023125109").numbers} == {
        "+491713920012",
        "+493023125109",
    }
    assert store.read(lambda r: r.search("jane@example")).result()[0].name == "Jane Hansen"
    assert result.summary.batch is not None
    undo_in_parts(store, result.summary.batch, "Ann")
    assert customers(store) == 0
    assert who(store, "+493023125109") == []


def test_a_shared_line_is_no_duplicate(store: Store) -> None:
    line = {"Telefon": "030 23125 100"}
    result = bring_in(
        store,
        {"Name": "Jane Hansen", **line}, {"Name": "John Hansen", **line},
        {"Name": "J. Hansen", **line}, {"Firma": "Hansen", **line},
    )  # fmt: skip
    assert [row.action.value for row in result.rows] == ["create"] * 4
    assert "Jane Hansen" in result.rows[1].maybe
    assert who(store, "+493023125100") == ["Hansen", "J. Hansen", "Jane Hansen", "John Hansen"]


def test_a_family_with_one_mobile_phone_stays_two_people(store: Store) -> None:
    handy = {"Handy": "0171 39 20 012"}
    bring_in(store, {"Name": "Jane Hansen", **handy})
    result = bring_in(store, {"Name": "John Hansen", **handy}, {"Name": "Jane Petersen", **handy})
    assert [row.action.value for row in result.rows] == ["create", "same"]


def test_ids_say_who_it_is(store: Store) -> None:
    bring_in(store, {"ID": "7", "Name": "Jane Hansen"}, {"ID": "8", "Name": "Jane Hansen"})
    result = bring_in(
        store, {"ID": "7", "Name": "Jane Petersen"}, {"ID": "8", "Name": "Jane Hansen"}
    )
    assert [row.action.value for row in result.rows] == ["update", "same"]
    assert result.rows[0].why == ("same id 7",)


def test_two_customer_numbers_are_two_customers(store: Store) -> None:
    result = bring_in(
        store, {"Kundennr": "1", **JANE}, {"Kundennr": "2", **JANE}, {"Kundennr": "1", **JANE}
    )
    assert [row.action.value for row in result.rows] == ["create", "create", "skip"]


def test_ids_of_another_program_are_others(store: Store) -> None:
    bring_in(store, {"ID": "7", "Name": "Jane Hansen"})
    result = bring_in(store, {"ID": "7", "Name": "Peter Kern", "Ort": "Kiel"})
    assert counts(result.summary) == (1, 0, 0, 0, 0)


def test_bad_records_go_to_a_file_and_the_rest_comes_in(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "bad.csv"
    source = Rows(JANE, {"Ort": "=cmd|'/c calc'!A1"}, JOHN)
    profile = guessed_profile(source.facts)
    with BadRowsFile(place, [column.name for column in source.facts.columns]) as bad:
        order = ImportOrder(source, profile, "x", region="DE", bad=bad)
        result = run_import(store, order, lambda *_: None)
    assert counts(result.summary) == (2, 0, 0, 0, 1)
    assert result.summary.bad_file == str(place)
    with place.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["record"] == "3"
    assert row["why not imported"].startswith("no name")
    assert row["Ort"] == "'=cmd|'/c calc'!A1"


def test_numbers_of_cards_are_masked_in_the_file_of_bad_records(tmp_path: Path) -> None:
    place = tmp_path / "bad.csv"
    place.touch(0o644)
    with BadRowsFile(place, ["Name", "Note"]) as bad:
        bad.add(1, "no name", ["", "paid by phone 4111 1111 1111 1111"])
    assert "4111 1111 1111" not in place.read_text("utf-8")
    assert "•••• 1111" in place.read_text("utf-8")
    if os.name == "posix":
        assert place.stat().st_mode & 0o077 == 0


def test_no_bad_record_no_file(store: Store, tmp_path: Path) -> None:
    with BadRowsFile(tmp_path / "bad.csv", ["Name"]) as bad:
        assert bring_in(store, JANE, bad=bad).summary.bad_file == ""
    assert not (tmp_path / "bad.csv").exists()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Merge.KEEP, {"+491713920012"}),
        (Merge.FILL, {"+491713920012"}),
        (Merge.ADD, {"+491713920012", "+493023125109"}),
        (Merge.OVERWRITE, {"+493023125109"}),
    ],
)
def test_merge_rules_of_numbers(store: Store, rule: Merge, expected: set[str]) -> None:
    columns = {"Id": "account_id", "Name": "name", "T": "number"}
    profile = ImportProfile(columns=columns, merge={"numbers": rule})
    bring_in(store, {"Id": "1", "Name": "Jane Hansen", "T": "0171 3920012"}, profile=profile)
    bring_in(store, {"Id": "1", "Name": "Jane Hansen", "T": "030 23125 109"}, profile=profile)
    (found,) = store.read(lambda r: r.known_by_account(["1"])).result()["1"]
    customer = store.read(lambda r: r.customer(found.customer_id)).result()
    assert customer is not None
    assert {number.e164 for number in customer.numbers} == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(Merge.KEEP, "Silver"), (Merge.FILL, "Silver"), (Merge.OVERWRITE, "Gold")],
)
def test_merge_rules_of_a_field(store: Store, rule: Merge, expected: str) -> None:
    columns = {"Name": "name", "T": "number_mobile", "S": "segment"}
    profile = ImportProfile(columns=columns, merge={"segment": rule})
    row = {"Name": "Jane Hansen", "T": "0171 3920012"}
    bring_in(store, {**row, "S": "Silver"}, profile=profile)
    bring_in(store, {**row, "S": "Gold"}, profile=profile)
    bring_in(store, {**row, "S": ""}, profile=profile)  # an empty cell takes nothing away
    assert whole(store, "+491713920012").segment == expected


def test_a_weak_match_does_not_rename(store: Store) -> None:
    bring_in(store, {"Name": "Jane Hansen", "Handy": "0171 3920012"})
    result = bring_in(store, {"Name": "J. Hansen", "Handy": "0171 3920012"})
    assert counts(result.summary) == (0, 0, 1, 0, 0)


def test_what_a_profile_does_not_do_is_left_out(store: Store) -> None:
    columns = {"Name": "name", "Handy": "number_mobile", "Ort": "city", "Firma": "company"}
    bring_in(store, JANE)
    only_new = ImportProfile(columns=columns, updates=False)
    result = bring_in(store, {**JANE, "Ort": "Kiel"}, profile=only_new)
    assert counts(result.summary) == (0, 0, 0, 1, 0)
    no_new = ImportProfile(columns={"Name": "name"}, creates=False)
    result = bring_in(store, {"Name": "Somebody Else"}, profile=no_new)
    assert counts(result.summary) == (0, 0, 0, 1, 0)


def test_fields_of_ones_own_and_notes(store: Store) -> None:
    profile = ImportProfile(
        columns={"Name": "name", "H": "number", "S": "custom:Shoe", "N": "note"}
    )
    row = {
        "Name": "Jane Hansen",
        "H": "0171 3920012",
        "S": "41",
        "N": "likes\ntea 4111 1111 1111 1111",
    }
    result = bring_in(store, row, profile=profile)
    jane = whole(store, "+491713920012")
    assert store.read(lambda r: r.custom_values(jane.id)).result() == {"Shoe": "41"}
    assert [one.key for one in store.read(lambda r: r.custom_fields()).result()] == ["Shoe"]
    (note,) = store.read(lambda r: r.timeline(jane.id)).result().entries
    assert "tea" in note.detail
    assert "4111 1111" not in note.detail
    assert any("1 card number was" in text for text in result.summary.notes)
    assert counts(bring_in(store, row, profile=profile).summary) == (0, 0, 1, 0, 0)


def test_cancelling_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "AT_ONCE", 10)
    rows = [{"Name": f"Jane Number{n}", "Telefon": f"030 23125 {n:03d}"} for n in range(100)]

    class EnoughError(Exception):
        pass

    calls = count()

    def progress(*_: object) -> None:
        if next(calls) == 4:
            raise EnoughError

    source = Rows(*rows)
    order = ImportOrder(source, guessed_profile(source.facts), "x", region="DE")
    with pytest.raises(EnoughError):
        run_import(store, order, progress)
    assert customers(store) == 0
    assert store.read(lambda r: r.changes()).result().changes == () or all(
        change.undone_at for change in store.read(lambda r: r.changes()).result().changes
    )
    assert counts(bring_in(store, *rows).summary) == (100, 0, 0, 0, 0)


def test_a_million_times_the_same_number_in_small(store: Store) -> None:
    rows = [{"Name": f"Person {n} Kern{n}", "Telefon": "030 23125 100"} for n in range(300)]
    result = bring_in(store, *rows)
    assert counts(result.summary) == (300, 0, 0, 0, 0)
    assert all(len(row.maybe) <= 20 for row in result.rows)
    # The store tells only some of those who have it; the others are found by their name, too.
    again = bring_in(store, *rows)
    assert again.summary.created == 0


def test_missing_columns_are_named(store: Store) -> None:
    profile = ImportProfile(columns={"Name": "name", "Mobile": "number_mobile"})
    with pytest.raises(ProfileError, match=r'no column "Mobile"\. New in the file: "Handy"'):
        bring_in(store, {"Name": "A B", "Handy": "1"}, profile=profile)


def test_only_one_large_change_at_a_time(store: Store) -> None:
    def progress(*_: object) -> None:
        with pytest.raises(UserFacingError):
            bring_in(store, JOHN)

    source = Rows(JANE)
    order = ImportOrder(source, guessed_profile(source.facts), "x", region="DE")
    assert counts(run_import(store, order, progress).summary) == (1, 0, 0, 0, 0)


def test_every_row_is_told(store: Store) -> None:
    told: list[RowPlan] = []
    add: Callable[[RowPlan], None] = told.append
    rows = [{"Name": f"Jane Number{n}", "Telefon": f"030 23125 {n:03d}"} for n in range(120)]
    result = bring_in(store, *rows, each_row=add, is_dry=True)
    assert len(told) == 120
    assert all(row.changes for row in told)
    assert len(result.rows) == importing.EXAMPLES


def test_people_of_the_desk_are_found(store: Store) -> None:
    import uuid

    mine = Customer(
        uuid.uuid4(), CustomerKind.PERSON, "Jane Hansen",
        numbers=(PhoneNumber("0171 3920012", "+491713920012", "mobile"),),
    )  # fmt: skip
    store.write(lambda writer: writer.create_customer(mine, "Ann")).result()
    result = bring_in(store, {**JANE, "E-Mail": "jane@example.com"})
    assert counts(result.summary) == (0, 1, 0, 0, 0)
    jane = whole(store, "+491713920012")
    assert (jane.id, jane.company_name, jane.emails[0].address) == (
        mine.id, "Hansen GmbH", "jane@example.com",
    )  # fmt: skip


def test_contacts_that_share_the_number_of_their_company_stay_apart(store: Store) -> None:
    columns = {"Id": "account_id", "Name": "name", "Firma": "company"}
    profile = ImportProfile(columns=columns)
    for name in ("Anna Weiss", "Bernd Roth", "Anna Weiss"):
        bring_in(store, {"Id": "7", "Name": name, "Firma": "Weiss GmbH"}, profile=profile)
    found = store.read(lambda r: r.known_by_account(["7"])).result()["7"]
    assert len({one.customer_id for one in found}) == 2
