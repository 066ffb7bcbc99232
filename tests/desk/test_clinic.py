"""The number clinic: what is wrong with a number, what it should be, and what that is worth."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.desk.clinic import fixes as clinic_fixes
from crmdesk.desk.clinic.diagnosis import Clinic, Finding, Fix
from crmdesk.desk.clinic.fixes import (
    NothingToUndo,
    fix_numbers,
    planned_fixes,
    preview,
    undo_fix,
)
from crmdesk.desk.clinic.report import (
    FIXABLE,
    ClinicReport,
    Problem,
    Rate,
    report_from_json,
    report_from_text,
    report_to_json,
)
from crmdesk.desk.clinic.run import run_clinic
from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.changes import ChangeState
from crmdesk.domain.customers import Address, Customer, CustomerKind, PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.stored_numbers import StoredNumber
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.plan_checks import is_costly, is_valid
from crmdesk.matching.ranges import InternalRanges
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Store, Writer, keys, open_store
from crmdesk.store.errors import StoreFull
from crmdesk.store.numbers.columns import number_columns

LINE = LineRules("DE", "30", "", InternalRanges.parse(("1001-1199",)))
SETTINGS = Settings(
    lines=(LineSettings(id="de", name="Support", region="DE", internal=("1001-1199",)),)
)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stored(raw: str, e164: str | None = None, country: str = "DE", **more: str) -> StoredNumber:
    columns = number_columns(e164, raw)
    return StoredNumber(
        key=b"k" * 16, customer=b"c" * 16, raw=raw, e164=e164, national=columns["national"] or "",
        extension=more.get("extension", ""), region=columns["region"] or "",
        label=more.get("label", "work"), country=country, name="Jane Doe", kind="person",
        company=None,
    )  # fmt: skip


def findings(number: StoredNumber) -> list[Finding]:
    return Clinic({"de": LINE}, LineRules("DE")).look_at(number)


def first(number: StoredNumber) -> Finding:
    return findings(number)[0]


@pytest.mark.parametrize(
    ("raw", "e164", "country", "problem", "fix"),
    [
        ("4930 23125 144", None, "DE", Problem.MISSING_PLUS, Fix("+493023125144", "")),
        ("33 1 99 00 12 34", None, "", Problem.WRONG_REGION, None),  # also Potsdam
        ("020 7946 0123", None, "GB", Problem.WRONG_REGION, Fix("+442079460123", "")),
        ("01 99 00 40 12", None, "FR", Problem.WRONG_REGION, Fix("+33199004012", "")),
        ("030 23125 101 x123", None, "DE", Problem.EXTENSION, Fix("+493023125101", "123")),
        (
            "(202) 555-0142 ext. 7",
            "+12025550142",
            "US",
            Problem.EXTENSION,
            Fix("+12025550142", "7"),
        ),
        ("1-202-555-CALL", None, "US", Problem.LETTERS, Fix("+12025552255", "")),
        ("ask for Priya", None, "GB", Problem.LETTERS, None),
        ("Tel. 030 23125 101", None, "DE", Problem.LETTERS, None),
        ("442079460123", None, "DE", Problem.WRONG_REGION, None),  # London, or a German area
        ("202 555 0143", "+492025550143", "US", Problem.WRONG_REGION, None),  # both are numbers
        ("12-34", None, "DE", Problem.UNREADABLE, None),
        ("anonymous", None, "DE", Problem.UNREADABLE, None),
        ("112", None, "DE", Problem.SHORT, None),
    ],
)
def test_what_is_wrong_and_what_it_should_be(
    raw: str, e164: str | None, country: str, problem: Problem, fix: Fix | None
) -> None:
    found = first(stored(raw, e164, country))
    assert (found.problem, found.fix) == (problem, fix), found
    assert found.why.endswith(".")


@pytest.mark.parametrize(
    ("raw", "e164", "country"),
    [
        ("+493023125101", "+493023125101", "DE"),
        ("+49 (0)30 23125-101", "+493023125101", "DE"),
        ("030 / 23125 101", "+493023125101", "DE"),
        ("+44 20 7946 0123", "+442079460123", "DE"),
        ("0044 20 7946 0123", "+442079460123", "DE"),
    ],
)
def test_nothing_is_wrong(raw: str, e164: str, country: str) -> None:
    assert findings(stored(raw, e164, country)) == []


def test_an_extension_that_was_split_off_is_well() -> None:
    assert findings(stored("030 23125 101 x12", "+493023125101", extension="12")) == []


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("664 (siehe Akte)", "too few digits to be compared"),
        ("Tel. 030/23125-776 privat", "by its last digits at most"),
    ],
)
def test_why_no_call_matches_what_is_no_number(raw: str, why: str) -> None:
    (found,) = (each for each in findings(stored(raw)) if each.problem is Problem.UNREACHABLE)
    assert why in found.why


def test_an_internal_extension_is_never_made_a_number_of_the_town() -> None:
    found = findings(stored("1005"))
    assert [finding.problem for finding in found] == [Problem.UNREACHABLE]
    assert found[0].line == "de"
    assert "internal" in found[0].why


def test_short_digits_are_not_completed_with_the_area_code_of_the_line() -> None:
    found = first(stored("23125 10"))
    assert (found.problem, found.fix) == (Problem.WRONG_REGION, None)
    assert "area code" in found.why


def test_where_numbers_are_always_whole_none_lacks_an_area_code() -> None:
    assert first(stored("202 555 0143", None, "US")).fix == Fix("+12025550143", "")
    assert first(stored("1 99 00 40 12", None, "FR")).fix == Fix("+33199004012", "")


def test_a_number_stored_with_its_country_code_but_no_plus_meets_no_call() -> None:
    found = findings(stored("4930 23125 144"))
    assert [finding.problem for finding in found] == [Problem.MISSING_PLUS, Problem.UNREACHABLE]


def test_an_unread_number_whose_digits_a_call_shows_is_reachable() -> None:
    found = findings(stored("020 7946 0123", None, "GB"))
    assert [finding.problem for finding in found] == [Problem.WRONG_REGION]


def test_premium_numbers_are_told() -> None:
    number = stored("+499001234567", "+499001234567")
    assert [finding.problem for finding in findings(number)] == [Problem.COSTLY]
    assert not is_costly("+493023125101", "DE", "3023125101")
    assert not is_costly("+80012345678", "", "12345678")


@given(st.text(max_size=80), st.sampled_from(["DE", "GB", "US", "XX", ""]))
def test_any_text_is_looked_at_and_each_fix_is_proved(raw: str, country: str) -> None:
    for finding in findings(stored(raw, None, country)):
        if finding.fix is not None:
            assert is_valid(finding.fix.e164)
            assert normalise(finding.fix.e164, LineRules()).e164 == finding.fix.e164
            assert finding.problem in FIXABLE


# --- a whole store --------------------------------------------------------------------------------


def person(name: str, country: str, *numbers: tuple[str, str | None, str]) -> Customer:
    return Customer(
        id=uuid.uuid5(uuid.NAMESPACE_DNS, name),
        kind=CustomerKind.PERSON,
        name=name,
        numbers=tuple(PhoneNumber(raw=raw, e164=e164, label=label) for raw, e164, label in numbers),
        addresses=(Address(kind="home", street="", postcode="", city="", country=country),),
    )


PEOPLE = (
    person("Ann Plus", "DE", ("4930 23125 107", None, "work")),
    person("Bob Region", "GB", ("020 7946 0123", None, "work")),
    person("Cy Extension", "DE", ("030 23125 101 x123", "+493023125101", "work")),
    person("Dee Letters", "US", ("1-202-555-CALL", None, "work")),
    person("Eve Word", "DE", ("call mobile", None, "work")),
    person("Fay Fax", "DE", ("+493023125188", "+493023125188", "fax")),
    person("Gus Twice", "DE", ("+493023125189", "+493023125189", "work"),
           ("030 23125189", "+493023125189", "home")),
    person("Ida One", "DE", ("+493023125190", "+493023125190", "home")),
    person("Jon Two", "DE", ("+493023125190", "+493023125190", "home")),
)  # fmt: skip


def fill(writer: Writer) -> None:
    for one in PEOPLE:
        writer.save_customer(one)
    for place, raw in enumerate(
        ("+493023125107", "+493023125107", "+493023125190", "+493023125777", "+493023125189")
    ):
        call = Call(
            id=uuid.UUID(int=place + 1), line_id="de", direction=Direction.INBOUND,
            started_at=NOW - timedelta(days=place), caller_raw=raw,
        )  # fmt: skip
        writer.save_call(call, raw)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        opened.write(fill).result()
        yield opened


def quiet(_done: int, _of: int | None, _note: str) -> None:
    """Nobody looks."""


def report_of(store: Store, line_id: str = "") -> ClinicReport:
    return run_clinic(store, SETTINGS, NOW, quiet, line_id=line_id)


def numbers_in(store: Store) -> dict[str, tuple[str | None, str]]:
    rows = store.read(lambda reader: reader.stored_numbers((b"", b""), 1_000)).result()
    return {f"{row.name} {row.raw}": (row.e164, row.extension) for row in rows}


def test_a_report_counts_each_problem(store: Store) -> None:
    report = report_of(store)
    counts = {(p.kind, p.line): (p.count, p.fixable) for p in report.problems}
    assert counts == {
        (Problem.MISSING_PLUS, ""): (1, 1),
        (Problem.WRONG_REGION, ""): (1, 1),
        (Problem.EXTENSION, ""): (1, 1),
        (Problem.LETTERS, ""): (2, 1),
        (Problem.UNREACHABLE, "de"): (3, 0),
        (Problem.DUPLICATE, ""): (1, 0),
        (Problem.FAX_ONLY, ""): (1, 0),
    }
    assert (report.numbers, report.customers, report.fixable) == (10, 9, 4)
    assert report.shared.numbers == 1
    assert report.shared.top[0].number == "+493023125190"
    assert set(report.shared.top[0].names) == {"Ida One", "Jon Two"}
    plus = report.problems[0].examples[0]
    assert (plus.name, plus.raw, plus.after) == ("Ann Plus", "4930 23125 107", "+493023125107")


def test_the_predicted_rate_is_what_the_fixes_then_bring(store: Store) -> None:
    before = report_of(store).rates
    assert [(rate.line, rate.name, rate.calls, rate.callers) for rate in before] == [
        ("de", "Support", 5, 4)
    ]
    # The unread number is suggested by its last digits, so its two calls are unsure.
    assert before[0].now == Rate(matched=1, several=3, nobody=1)
    fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "Alice")
    after = report_of(store).rates
    assert after[0].now == before[0].after == Rate(matched=3, several=1, nobody=1)


def test_a_report_of_one_line_and_of_a_line_nobody_called(store: Store) -> None:
    assert [rate.line for rate in report_of(store, line_id="de").rates] == ["de"]
    later = run_clinic(store, SETTINGS, NOW + timedelta(days=365), quiet)
    assert later.rates == ()


def test_progress_goes_up_to_the_end_and_may_stop_the_work(store: Store) -> None:
    told: list[tuple[int, int | None]] = []
    run_clinic(store, SETTINGS, NOW, lambda done, of, _note: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]

    def stop(done: int, _of: int | None, _note: str) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        run_clinic(store, SETTINGS, NOW, stop)


def test_the_report_goes_through_json_and_stays_in_the_store(store: Store) -> None:
    report = report_of(store)
    assert report_from_json(report_to_json(report)) == report
    assert store.read(lambda reader: reader.clinic_report()).result() == ""
    for text in ("{}", "first", "second"):
        store.write(partial(_keep, text)).result()
    assert store.read(lambda reader: reader.clinic_report()).result() == "second"
    assert report_from_text("second") is None
    assert report_from_text("{}") is None


def _keep(text: str, writer: Writer) -> None:
    writer.keep_clinic_report(text)


def test_a_preview_changes_nothing(store: Store) -> None:
    before = numbers_in(store)
    plan = preview(planned_fixes(store, SETTINGS, FIXABLE, quiet), 2)
    assert plan.count == 4
    assert len(plan.rows) == 2
    assert numbers_in(store) == before


def test_a_fix_is_one_step_and_is_taken_back_as_one(store: Store) -> None:
    before = numbers_in(store)
    plan = fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "Alice")
    assert (plan.fixed, plan.skipped) == (4, 0)
    assert plan.change is not None
    assert (plan.change.who, plan.change.rows) == ("Alice", 4)
    now = numbers_in(store)
    assert now["Ann Plus 4930 23125 107"] == ("+493023125107", "")
    assert now["Bob Region 020 7946 0123"] == ("+442079460123", "")
    assert now["Cy Extension 030 23125 101 x123"] == ("+493023125101", "123")
    assert now["Dee Letters 1-202-555-CALL"] == ("+12025552255", "")
    assert now.keys() == before.keys(), "what was written stays"
    owners = store.read(lambda reader: reader.by_e164("+442079460123")).result()
    assert [owner.name for owner in owners] == ["Bob Region"]
    change, result = undo_fix(store, None, "Alice", quiet)
    assert (change.id, result.restored, result.kept) == (plan.change.id, 4, 0)
    assert numbers_in(store) == before
    with pytest.raises(NothingToUndo):
        undo_fix(store, None, "Alice", quiet)


def test_only_the_kinds_that_are_asked_for_are_fixed(store: Store) -> None:
    plan = fix_numbers(store, planned_fixes(store, SETTINGS, {Problem.LETTERS}, quiet), "")
    assert plan.counts == {Problem.LETTERS: 1}
    assert numbers_in(store)["Ann Plus 4930 23125 107"] == (None, "")


def test_nothing_to_fix_leaves_no_step(store: Store) -> None:
    fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "")
    again = fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "")
    assert (again.fixed, again.change) == (0, None)


def test_a_number_somebody_changed_meanwhile_is_left_alone(store: Store) -> None:
    pages = list(planned_fixes(store, SETTINGS, {Problem.MISSING_PLUS}, quiet))
    changed = person("Ann Plus", "DE", ("+493023125108", "+493023125108", "work"))
    store.write(lambda writer: writer.save_customer(changed)).result()
    plan = fix_numbers(store, pages, "")
    assert (plan.fixed, plan.skipped) == (0, 1)
    assert "Ann Plus +493023125108" in numbers_in(store)


def test_a_fix_that_is_cancelled_half_way_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clinic_fixes, "AT_ONCE", 20)
    many = 50
    with open_store(tmp_path / "many.db", keys.DEMO_KEY) as store:

        def fill_many(writer: Writer) -> None:
            for place in range(many):
                raw = f"4930 23125 {place:04}"
                writer.save_customer(person(f"P{place}", "DE", (raw, None, "work")))

        store.write(fill_many).result()

        def pages() -> Iterator[list[object]]:
            yield [fix for page in planned_fixes(store, SETTINGS, FIXABLE, quiet) for fix in page]
            raise KeyError("cancelled")

        with pytest.raises(KeyError):
            fix_numbers(store, pages(), "Alice")  # type: ignore[arg-type]
        assert all(e164 is None for e164, _ in numbers_in(store).values())
        plan = fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "Alice")
        assert plan.fixed == many
        assert undo_fix(store, None, "Alice", quiet)[1].restored == many


def _half_fixed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the second part of a fix on, nothing can be written."""
    written: list[object] = []
    real = Writer.fix_numbers

    def fix(writer: Writer, *values: object) -> None:
        if written:
            raise StoreFull
        written.append(values)
        real(writer, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(clinic_fixes, "AT_ONCE", 2)
    monkeypatch.setattr(Writer, "fix_numbers", fix)


def test_a_full_disk_says_that_the_fixed_ones_are_as_they_were(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = numbers_in(store)
    _half_fixed(store, monkeypatch)
    with pytest.raises(UserFacingError, match=r"is full\. The numbers .* as they were again\."):
        fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "Alice")
    assert numbers_in(store) == before


def test_a_disk_too_full_to_take_back_says_how_it_is_done_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = numbers_in(store)
    with monkeypatch.context() as patched:
        _half_fixed(store, patched)

        def full(*_: object, **__: object) -> None:
            raise StoreFull

        patched.setattr(Writer, "begin_undo", full)
        with pytest.raises(UserFacingError) as told:
            fix_numbers(store, planned_fixes(store, SETTINGS, FIXABLE, quiet), "Alice")
    left = store.read(lambda r: r.unfinished_changes()).result()
    assert [(change.state, change.rows) for change in left] == [(ChangeState.OPEN, 2)]
    assert told.value.meaning.startswith("2 numbers are changed for now")
    assert f"crmdesk numbers undo {left[0].id}" in told.value.remedy
    # Nobody is at it any more: it is taken back, though it was never finished.
    assert undo_fix(store, left[0].id, "Alice", quiet)[1].restored == 2
    assert numbers_in(store) == before
