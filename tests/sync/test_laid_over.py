"""Records that are laid over who is there: rules, notes, one customer several times in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.importing import FieldChange
from crmdesk.store import Store, keys, open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.sync.planning import planned
from crmdesk.sync.profile import ImportProfile, Merge, ProfileError, checked
from tests.sync.import_runs import actions, bring_in, counts, customer, everybody, names

ROW = {"Name": "Jane Doe", "Handy": "0171 39 20 012"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


def profile(**merge: Merge) -> ImportProfile:
    columns = {
        "Nr": "account_id", "Name": "name", "Handy": "number_mobile", "Segment": "segment",
        "Sprache": "language", "Notiz": "note", "Firma": "company", "Ort": "city",
        "Schuh": "custom:Schuh",
    }  # fmt: skip
    return ImportProfile(columns=columns, merge=dict(merge))


def bring(store: Store, *rows: dict[str, str], **merge: Merge) -> object:
    whole = [{name: row.get(name, "") for name in profile().columns} for row in rows]
    return bring_in(store, *whole, profile=profile(**merge))


def notes(store: Store) -> list[str]:
    jane = customer(store, "Jane Doe")
    page = store.read(lambda r: r.timeline(jane.id)).result()
    return sorted(entry.title for entry in page.entries)


def imports(store: Store) -> int:
    return len(store.read(lambda r: r.changes(kinds=[ChangeKind.IMPORT])).result().changes)


# --- notes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Merge.KEEP, ["likes tea"]),
        (Merge.FILL, ["likes tea"]),
        (Merge.ADD, ["likes coffee", "likes tea"]),
    ],
)
def test_rules_of_notes(store: Store, rule: Merge, expected: list[str]) -> None:
    for text in ("likes tea", "likes coffee", "likes tea", "likes coffee"):
        bring(store, {**ROW, "Notiz": text}, note=rule)
    assert notes(store) == expected


def test_a_note_comes_where_there_is_none(store: Store) -> None:
    bring(store, ROW)
    result = bring(store, {**ROW, "Notiz": "likes tea"}, note=Merge.FILL)
    assert result.rows[0].changes == (FieldChange("note", "", "likes tea"),)
    assert notes(store) == ["likes tea"]


def test_an_added_note_is_taken_back(store: Store) -> None:
    bring(store, ROW)
    result = bring(store, {**ROW, "Notiz": "likes tea"}, note=Merge.ADD)
    undo_in_parts(store, result.summary.batch, "Ann")
    assert notes(store) == []
    bring(store, {**ROW, "Notiz": "likes tea"}, note=Merge.ADD)
    assert notes(store) == ["likes tea"]


def test_notes_of_several_records_of_somebody_new(store: Store) -> None:
    rows = [{**ROW, "Notiz": text} for text in ("likes tea", "likes coffee", "likes tea")]
    bring(store, *rows, note=Merge.ADD)
    assert notes(store) == ["likes coffee", "likes tea"]
    assert bring(store, *rows, note=Merge.ADD).summary.batch is None


def test_no_note_takes_the_place_of_another() -> None:
    with pytest.raises(ProfileError, match="no other note's place"):
        checked(profile(note=Merge.OVERWRITE))


# --- one customer several times -----------------------------------------------------------------

SILVER = {**ROW, "Segment": "Silver"}
GOLD = {**ROW, "Segment": "Gold", "Sprache": "de", "Ort": "Kiel", "Firma": "Nord AG", "Schuh": "41"}


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize(
    ("rule", "segment"),
    [(Merge.OVERWRITE, "Gold"), (Merge.FILL, "Silver"), (Merge.KEEP, "Silver")],
)
def test_later_records_are_laid_over_earlier_ones(
    store: Store, rule: Merge, segment: str, *, is_known: bool
) -> None:
    if is_known:
        bring(store, SILVER)
    result = bring(store, SILVER, GOLD, GOLD, segment=rule)
    assert actions(result) == ["same" if is_known else "create", "update", "skip"]
    told = {change.field: (change.before, change.after) for change in result.rows[1].changes}
    if rule is Merge.OVERWRITE:
        assert told["segment"] == ("Silver", "Gold")
    assert told["language"] == ("", "de")
    assert result.rows[1].why == ("same number +491713920012 as record 2",)
    jane = customer(store, "Jane Doe")
    assert (jane.segment, jane.language, jane.company_name) == (segment, "de", "Nord AG")
    assert [each.city for each in jane.addresses] == ["Kiel"]
    assert store.read(lambda r: r.custom_values(jane.id)).result() == {"Schuh": "41"}
    assert [hit.name for hit in store.read(lambda r: r.search("jane nord ag")).result()] == [
        "Jane Doe"
    ]


def test_records_that_contradict_each_other_change_nothing_the_second_time(store: Store) -> None:
    rows = [SILVER, {**ROW, "Segment": "Gold"}]
    bring(store, *rows)
    again = bring(store, *rows)
    assert again.summary.batch is None
    assert again.summary.created == 0
    assert customer(store, "Jane Doe").segment == "Gold"
    assert imports(store) == 1


def test_it_is_the_same_in_a_dry_run(store: Store) -> None:
    def told(*, is_dry: bool) -> list[object]:
        whole = [{name: row.get(name, "") for name in profile().columns} for row in (SILVER, GOLD)]
        result = bring_in(store, *whole, profile=profile(), is_dry=is_dry)
        return [(row.place, row.action, row.why, row.changes) for row in result.rows]

    assert told(is_dry=True) == told(is_dry=False)


def test_a_record_that_comes_much_later_adds_how_to_reach_somebody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned, "HELD_CUSTOMERS", 3)
    others = [{"Name": f"P{n} Kern", "Handy": f"0171 39 20 1{n:02}"} for n in range(9)]
    last = {"Nr": "", **ROW, "Segment": "Gold", "Handy": "0171 39 20 012 / 0171 39 20 077"}
    for _ in range(2):
        result = bring(store, SILVER, *others, last)
        jane = customer(store, "Jane Doe")
        assert [number.e164 for number in jane.numbers] == ["+491713920012", "+491713920077"]
        assert jane.segment == "Silver"
        assert len(everybody(store)) == 10
    assert result.summary.batch is None


def test_changes_of_many_customers_are_all_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned, "HELD_CUSTOMERS", 3)
    rows = [{"Name": f"P{n} Kern", "Handy": f"0171 39 20 1{n:02}"} for n in range(9)]
    bring(store, *rows)
    gold = [{**row, "Segment": "Gold"} for row in rows]
    assert counts(bring(store, *gold)) == (0, 9, 0, 0, 0)
    assert {one.segment for one in everybody(store)} == {"Gold"}
    assert bring(store, *gold).summary.batch is None


def test_a_file_of_one_customer_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "HELD_CUSTOMERS", 3)
    rows = [{**ROW, "Segment": f"S{n}"} for n in range(500)]
    result = bring(store, *rows)
    assert counts(result) == (1, 499, 0, 0, 0)
    assert names(store) == ["Jane Doe"]
    assert customer(store, "Jane Doe").segment == "S499"
    assert bring(store, *rows).summary.batch is None


# --- nothing changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", list(Merge))
def test_a_second_time_nothing_is_journaled(store: Store, rule: Merge) -> None:
    fields = ("numbers", "addresses", "emails") if rule is Merge.ADD else ("numbers", "segment")
    merge = dict.fromkeys(fields, rule)
    rows = [SILVER, GOLD, {**ROW, "Name": "John Roe", "Handy": "0171 39 20 077", "Nr": "7"}]
    bring(store, *rows, **merge)
    first = customer(store, "Jane Doe")
    again = bring(store, *rows, **merge)
    assert again.summary.batch is None
    assert imports(store) == 1
    assert customer(store, "Jane Doe") == first
