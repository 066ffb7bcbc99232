"""Exporting what a list shows: the dialog, a real program beside the window, the line after it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from crmdesk.domain.follow_ups import FollowUpKind
from crmdesk.gui.exports.choices import (
    FileChoice,
    Scope,
    command_of,
    done_words,
    with_ending,
    wrong_place,
)
from crmdesk.gui.exports.dialog import ExportDialog
from crmdesk.gui.exports.page_export import KIND, PageExport
from crmdesk.gui.pages.calls.page import CallsPage
from crmdesk.gui.pages.calls.reading import Shown, View, shown_scope
from crmdesk.gui.pages.due.page import DuePage, Whose
from crmdesk.gui.pages.due.reading import Chosen
from crmdesk.gui.pages.due.reading import View as DueView
from crmdesk.gui.pages.due.scope import shown_scope as due_scope
from crmdesk.gui.pages.leads.page import LeadsPage
from crmdesk.gui.widgets.messages import Question
from crmdesk.sync.export.formats import ExportFormat
from tests.gui.desk_fixtures import demo, themed, wait  # noqa: F401
from tests.gui.desk_windows import Windows

CUSTOMERS = Scope("customers", "all customers")


@pytest.fixture
def desk(demo: Windows, tmp_path: Path) -> Iterator[Windows]:  # noqa: F811
    demo.window.memory.set("export.folder", str(tmp_path))
    demo.window.show()
    yield demo
    demo.window.jobs.stop()


def asked(exports: PageExport) -> ExportDialog:
    dialog = exports.ask()
    assert dialog is not None
    return dialog


def rows_of(place: Path) -> list[dict[str, str]]:
    text = place.read_text(encoding="utf-8-sig")
    delimiter = ";" if ";" in text.partition("\r\n")[0] else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_what_a_search_shows_goes_out(
    desk: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.window.customers()
    desk.window.show_page("customers")
    page.finder.look_for("hansen")
    dialog = asked(page.exports)
    dialog.formats.choose(ExportFormat.CSV)
    assert dialog.place.path().endswith(".csv")
    dialog.export.click()
    desk.wait(lambda: not page.exports.bar.isHidden())
    [place] = tmp_path.glob("customers-*.csv")
    names = [row["Name"] for row in rows_of(place)]
    assert names
    assert all("hansen" in name.lower() for name in names)
    assert page.exports.bar.text() == done_words(CUSTOMERS, len(names), str(place))
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page.exports.bar.open_folder.click()
    assert opened == [str(tmp_path)]


def test_a_file_that_is_there_is_asked_about(desk: Windows, tmp_path: Path) -> None:
    page = desk.window.customers()
    desk.window.show_page("customers")
    dialog = asked(page.exports)
    dialog.formats.choose(ExportFormat.JSON_LINES)
    place = Path(dialog.place.path())
    place.write_text("mine")
    dialog.export.click()
    question = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Question))
    assert place.read_text() == "mine"
    question.accept()
    desk.wait(lambda: not page.exports.bar.isHidden())
    assert len(place.read_text(encoding="utf-8").splitlines()) >= 60


def test_calls_of_a_view_go_out(desk: Windows, tmp_path: Path) -> None:
    page = desk.window.pages["calls"]
    assert isinstance(page, CallsPage)
    desk.window.show_page("calls")
    page.views.choose(View.ALL)
    dialog = asked(page.exports)
    assert ExportFormat.VCARD not in [card.choice.value for card in dialog.formats.cards]
    dialog.formats.choose(ExportFormat.CSV)
    dialog.export.click()
    assert desk.window.jobs.of_kind(KIND) is not None
    assert page.exports.ask() is None, "one at a time"
    assert "still running" in page.trouble.accessibleName()
    desk.wait(lambda: not page.exports.bar.isHidden())
    assert rows_of(next(iter(tmp_path.glob("calls-*.csv"))))


def test_a_cancelled_export_leaves_no_file(desk: Windows, tmp_path: Path) -> None:
    page = desk.window.customers()
    desk.window.show_page("customers")
    asked(page.exports).export.click()
    assert desk.window.status._work.full_text().startswith("Exporting customers")
    desk.window.status._cancel.click()
    desk.wait(lambda: desk.window.jobs.of_kind(KIND) is None)
    assert page.exports.bar.isHidden()
    assert [path for path in tmp_path.iterdir() if "customers-" in path.name] == []


def test_a_place_that_is_none_cannot_be_exported_to(desk: Windows) -> None:
    dialog = asked(desk.window.customers().exports)
    dialog.place.set_path("/no/such/folder/c.csv")
    assert not dialog.export.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog.reject()


def test_the_last_form_is_chosen_again(desk: Windows) -> None:
    desk.window.memory.set("export.format", "vcard")
    dialog = asked(desk.window.customers().exports)
    assert dialog.choice().format is ExportFormat.VCARD
    assert dialog.place.path().endswith(".vcf")
    dialog.reject()


def test_every_list_has_its_command(desk: Windows) -> None:
    titles = {command.title: command for command in desk.window.commands()}
    titles["Export calls"].run()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ExportDialog))
    assert dialog.windowTitle().startswith("Export calls")
    dialog.reject()
    assert "Export customers" in titles


def test_orders_of_the_customers_that_are_found_go_out(desk: Windows, tmp_path: Path) -> None:
    page = desk.window.customers()
    desk.window.show_page("customers")
    page.finder.look_for("hansen")
    dialog = asked(page.exports)
    dialog.formats.choose(ExportFormat.VCARD)
    dialog.what.setCurrentIndex(dialog.what.findText("Orders"))
    assert dialog.windowTitle().startswith("Export orders")
    assert dialog.format() is ExportFormat.XLSX, "orders are no address book"
    dialog.formats.choose(ExportFormat.CSV)
    assert Path(dialog.place.path()).name.startswith("orders-")
    dialog.export.click()
    assert desk.window.status._work.full_text().startswith("Exporting orders")
    desk.wait(lambda: not page.exports.bar.isHidden())
    [place] = tmp_path.glob("orders-*.csv")
    customers = {row["Customer"] for row in rows_of(place)}
    assert customers
    assert all("hansen" in name.lower() for name in customers)
    assert " orders are in orders-" in page.exports.bar.text()


@pytest.mark.parametrize(
    ("page_id", "name", "title"),
    [("due", "follow_ups", "Export what is due: everything"), ("leads", "leads", "open leads")],
)
def test_lists_of_what_is_due_and_of_leads_go_out(
    desk: Windows, tmp_path: Path, page_id: str, name: str, title: str
) -> None:
    page = desk.window.pages[page_id]
    assert isinstance(page, DuePage | LeadsPage)
    desk.window.show_page(page_id)
    if isinstance(page, DuePage):
        page.whose.setCurrentIndex(page.whose.findData(Whose.ALL))
    desk.wait(lambda: page.table.model.rowCount() > 0)
    dialog = asked(page.exports)
    assert title in dialog._title.text()
    dialog.formats.choose(ExportFormat.JSON_LINES)
    dialog.export.click()
    desk.wait(lambda: not page.exports.bar.isHidden())
    [place] = tmp_path.glob(f"{name}-*.jsonl")
    shown = [one for one in page.table.model.lines() if getattr(one, "call", None) is None]
    assert len(place.read_text("utf-8").splitlines()) >= len(shown) > 0


def test_views_of_what_is_due_as_filters() -> None:
    now = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
    chosen = Chosen(DueView.OVERDUE, "Ann", FollowUpKind.PROMISE, "desk")
    scope = due_scope(chosen, "Overdue", now)
    assert scope.arguments == (
        "--open", "--text=desk", f"--due-before={now.isoformat()}", "--owner=Ann", "--kind=promise",
    )  # fmt: skip
    calls = due_scope(Chosen(DueView.CALLS), "Missed calls", now)
    assert (calls.what, calls.arguments) == ("calls", ("--to-call-back",))


def test_words_of_the_command_line() -> None:
    scope = Scope("customers", "", ("--text=-x",))
    csv_file = FileChoice(ExportFormat.CSV, Path("/a b/c.csv"), "tab", has_mark=True)
    assert command_of(scope, csv_file, replace=True) == (
        "export", "customers", "--format=csv", "--out=/a b/c.csv", "--text=-x",
        "--delimiter=tab", "--bom", "--force",
    )  # fmt: skip
    card = FileChoice(ExportFormat.VCARD, Path("/c.vcf"), vcard_version="4.0")
    assert command_of(CUSTOMERS, card, replace=False)[-1] == "--vcard-version=4.0"


def test_views_of_calls_as_filters() -> None:
    now = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
    assert shown_scope(Shown(View.ALL), now) == Scope("calls", "all calls")
    back = shown_scope(Shown(View.CALL_BACK, "han"), now)
    assert back.title == "calls to call back that match “han”"
    assert back.arguments == ("--text=han", "--to-call-back")
    [since] = shown_scope(Shown(View.TODAY), now).arguments
    assert datetime.fromisoformat(since.removeprefix("--since=")) <= now


def test_names_and_places(tmp_path: Path) -> None:
    assert CUSTOMERS.file_name(date(2026, 6, 15), ExportFormat.VCARD) == "customers-2026-06-15.vcf"
    assert with_ending("/a/b.csv", ExportFormat.XLSX) == "/a/b.xlsx"
    assert with_ending("/a/b.txt", ExportFormat.XLSX) == "/a/b.txt"
    assert wrong_place(str(tmp_path / "c.csv")) == ""
    for place in ("", "c.csv", str(tmp_path), str(tmp_path / "no" / "c.csv")):
        assert wrong_place(place)
    assert done_words(CUSTOMERS, 1, "/a/c.csv") == "1 customer is in c.csv."
