"""The numbers page: a real check of a real store, a preview, a fix and its undo."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.desk.clinic.report import (
    ClinicReport,
    LineRate,
    Problem,
    Rate,
    Shared,
    SharedNumber,
    report_to_json,
)
from crmdesk.domain.customers import Address, Customer, CustomerKind, PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.jobs.job_view import count_words
from crmdesk.gui.pages.numbers import words
from crmdesk.gui.pages.numbers.page import NumbersPage
from crmdesk.gui.pages.numbers.problem_list import SHARED_KEY
from crmdesk.gui.pictures.scenes_numbers import report as made_report
from crmdesk.store import Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows

BOB = uuid.UUID(int=2)


def fill(writer: Writer) -> None:
    for place, (name, country, raw) in enumerate(
        (
            ("Ann Plus", "DE", "4930 23125 107"),
            ("Bob Region", "GB", "020 7946 0123"),
            ("Eve Word", "DE", "call <b>me</b>"),
        )
    ):
        writer.save_customer(
            Customer(
                id=uuid.UUID(int=place + 1), kind=CustomerKind.PERSON, name=name,
                numbers=(PhoneNumber(raw=raw, e164=None, label="work"),),
                addresses=(
                    Address(kind="home", street="", postcode="", city="", country=country),
                ),
            )
        )  # fmt: skip


@pytest.fixture
def page(windows: Windows) -> Iterator[NumbersPage]:  # noqa: F811
    made = windows.window.pages["numbers"]
    assert isinstance(made, NumbersPage)
    windows.window.show()
    windows.window.show_page("numbers")
    yield made
    windows.window.jobs.stop()


def e164s(windows: Windows) -> set[str | None]:  # noqa: F811
    rows = windows.store.read(lambda reader: reader.stored_numbers((b"", b""), 100)).result()
    return {row.e164 for row in rows}


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def cells(page: NumbersPage) -> list[list[str]]:
    model = page.table.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_check_preview_fix_and_undo(windows: Windows, page: NumbersPage, qtbot: QtBot) -> None:  # noqa: F811
    windows.store.write(fill).result()
    assert page.stack.currentWidget() is page.empty
    assert not page.check.isVisible()
    click(qtbot, page.empty._button)
    assert page.stack.currentWidget() is page.running
    windows.wait(lambda: page.stack.currentWidget() is page.splitter)
    assert [row._title.full_text() for row in page.problems.rows.values()] == [
        "The + is missing",
        "Read in the wrong country",
        "Letters in the number",
        "No call can match on Support line",
    ]
    assert cells(page) == [["Ann Plus", "4930 23125 107", "not read", "+49 30 23125107"]]
    assert page.chosen.text() == "2 numbers ticked"

    click(qtbot, page.show_changes)
    windows.wait(lambda: page.fix.isVisible())
    assert page.title.text() == "2 numbers would change"
    assert page.fix.text() == "Fix 2 numbers"
    assert e164s(windows) == {None}, "a preview changes nothing"

    click(qtbot, page.fix)
    windows.wait(lambda: page.done.isVisible() and not page.jobs.is_running)
    assert page.done.accessibleName() == "2 numbers fixed."
    assert e164s(windows) == {None, "+493023125107", "+442079460123"}
    assert page._report is not None
    assert page._report.fixable == 0, "it looked again"

    click(qtbot, page.done._action)
    windows.wait(lambda: page.done.isVisible() and not page.jobs.is_running)
    assert page.done.accessibleName() == "2 numbers are as before."
    assert e164s(windows) == {None}


def test_the_last_report_comes_back_with_its_date(
    windows: Windows,  # noqa: F811
    page: NumbersPage,
) -> None:
    text = msgspec.json.encode(report_to_json(made_report())).decode()
    windows.store.write(lambda writer: writer.keep_clinic_report(text)).result()
    page._has_asked = False
    page.activate()
    windows.wait(lambda: page.stack.currentWidget() is page.splitter)
    assert "18,240 numbers of 12,006 customers" in page.summary.full_text()
    assert page.summary.full_text().startswith("Checked ")


def test_a_check_goes_on_when_one_leaves_the_page_and_can_be_cancelled(
    windows: Windows,  # noqa: F811
    page: NumbersPage,
) -> None:
    page.check_numbers()
    windows.window.show_page("calls")
    assert windows.window.status._work.full_text().startswith("Checking numbers")
    windows.window.status._cancel.click()
    windows.wait(lambda: not page.jobs.is_running)
    assert not windows.window.status._work.isVisible()
    assert page.stack.currentWidget() is page.empty


def test_a_check_that_fails_says_why(windows: Windows, page: NumbersPage) -> None:  # noqa: F811
    page.show_running()
    page.jobs.failed.emit(UserFacingError("It is full.", "Nothing fits.", "Make room."))
    page.jobs.ended.emit()
    assert page.trouble.accessibleName() == "It is full. Nothing fits. Make room."
    assert page.stack.currentWidget() is page.empty


def test_unticked_kinds_are_not_fixed(page: NumbersPage) -> None:
    page.show_report(made_report())
    assert page.chosen.text() == "1,204 numbers ticked"
    page.problems.rows["missing-plus", ""].tick.setChecked(False)
    assert page.chosen.text() == "392 numbers ticked"
    assert Problem.MISSING_PLUS not in page.problems.wanted()
    for row in page.problems.rows.values():
        row.tick.setChecked(False)
    assert not page.show_changes.isEnabled()


def test_each_problem_shows_its_numbers(page: NumbersPage) -> None:
    report = made_report()
    page.show_report(report)
    for problem in report.problems:
        page.problems.choose((problem.kind.value, problem.line))
        assert page.title.text() == words.PROBLEMS[problem.kind].title
        assert page.table.model.rowCount() == len(problem.examples)
    page.problems.choose((SHARED_KEY, ""))
    assert cells(page)[0][:2] == ["+44 20 7946 0968", "14"]
    assert not page.table._below.isVisible()


def test_an_opened_number_opens_its_customer(windows: Windows, page: NumbersPage) -> None:  # noqa: F811
    windows.store.write(fill).result()
    page.table.opened.emit(str(BOB))
    assert windows.window.stack.currentWidget() is windows.window.pages["customers"]


def test_a_store_without_trouble_says_so(page: NumbersPage) -> None:
    page.show_report(
        ClinicReport(at="2026-11-20T12:00:00+00:00", seconds=0.2, numbers=3, customers=3,
                     region="DE", problems=(), shared=Shared(), since="", rates=())
    )  # fmt: skip
    assert page._below.currentWidget() is page.fine
    assert not page._foot.isVisible()


def test_hostile_names_stay_text(page: NumbersPage) -> None:
    shared = Shared(
        numbers=1, top=(SharedNumber(number="+493023125190", owners=2, names=("<b>x",)),)
    )
    page.show_report(
        ClinicReport(at="2026-11-20T12:00:00+00:00", seconds=0.2, numbers=3, customers=3,
                     region="DE", problems=(), shared=shared, since="", rates=())
    )  # fmt: skip
    assert cells(page)[0][2] == "<b>x …"
    tip = page.table.model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;x" in tip


def test_figures_say_their_base() -> None:
    rate = LineRate(line="de", name="Support", calls=1_034, callers=9,
                    now=Rate(matched=412, several=206, nobody=416),
                    after=Rate(matched=431, several=206, nobody=397))  # fmt: skip
    assert words.rate_line(rate) == "412 of 1,034 calls find one customer"
    assert words.rate_after(rate) == "431 after the fixes, +19"
    fewer = msgspec.structs.replace(rate, after=Rate(matched=400, several=218, nobody=416))
    assert words.rate_after(fewer).startswith("400 after the fixes, -12: more customers")
    assert words.rate_rest(rate) == "206 several or unsure · 416 nobody"


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (JobProgress(), ""),
        (JobProgress(5), "5 numbers"),
        (JobProgress(50, 100, 10.0, 5.0), "50 of 100 numbers · 10 a second · 5 s left"),
    ],
)
def test_progress_in_words(progress: JobProgress, said: str) -> None:
    assert count_words(progress, "numbers") == said
