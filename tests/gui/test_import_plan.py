"""All rows of a plan, page by page; and what a crash left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.domain.importing import ImportSummary, RowAction, RowPlan
from crmdesk.gui.pages.imports.answers import Outcome, row_from_line
from crmdesk.gui.pages.imports.outcome_view import OutcomeView
from crmdesk.gui.pages.imports.plan_pages import PAGE, PlanPages
from crmdesk.gui.pages.imports.work_folder import WorkFolder, all_folders, remove_left_over
from crmdesk.sync.planning.json_form import row_to_json
from tests.gui.desk_fixtures import themed, wait  # noqa: F401

NEW, BAD = RowAction.CREATE, RowAction.BAD


def line(place: int, action: RowAction, title: str = "") -> str:
    plan = RowPlan(place, action, title or f"Person {place}")
    return json.dumps(row_to_json(plan)) + "\n"


def write_plan(file: Path, rows: int, every: int) -> dict[RowAction, int]:
    """Every nth row is bad, the rest is new."""
    kinds = [BAD if place % every == 0 else NEW for place in range(1, rows + 1)]
    file.write_text("".join(line(i, kind) for i, kind in enumerate(kinds, 1)), "utf-8")
    return {action: kinds.count(action) for action in RowAction}


@pytest.fixture
def pages(qapp: QApplication) -> Iterator[PlanPages]:
    parent = QObject()
    made = PlanPages(parent)
    yield made
    made.stop()
    parent.deleteLater()


def test_rows_beyond_the_first_come_page_by_page(
    pages: PlanPages, qtbot: QtBot, tmp_path: Path
) -> None:
    counts = write_plan(tmp_path / "plan", 12_000, 100)
    assert pages.begin(tmp_path / "plan", (BAD, NEW), {BAD: 50, NEW: 50}, counts)
    places: list[int] = []
    more = True
    while more:
        with qtbot.waitSignal(pages.page, timeout=20_000) as got:
            pages.ask()
        rows, more = got.args
        assert len(rows) <= PAGE
        places += [row.place for row in rows]
    bad = [i for i in range(1, 12_001) if i % 100 == 0]
    new = [i for i in range(1, 12_001) if i % 100]
    assert places == [*bad[50:], *new[50:]]


def test_nothing_beyond_is_nothing_to_read(pages: PlanPages, tmp_path: Path) -> None:
    counts = write_plan(tmp_path / "plan", 10, 2)
    assert not pages.begin(tmp_path / "plan", (NEW,), {NEW: 5}, counts)
    assert not pages.begin(tmp_path / "nowhere", (NEW,), {}, counts)
    pages.ask()


def test_a_plan_that_ends_early_ends(pages: PlanPages, qtbot: QtBot, tmp_path: Path) -> None:
    counts = write_plan(tmp_path / "plan", 10, 2)
    (tmp_path / "plan").write_text(line(1, NEW) + "\x00garbage\n" + line(3, NEW), "utf-8")
    pages.begin(tmp_path / "plan", (BAD, NEW), {}, counts)
    with qtbot.waitSignal(pages.page, timeout=20_000) as got:
        pages.ask()
    rows, more = got.args
    assert [row.place for row in rows] == [1, 3]
    assert not more


def test_a_title_cannot_pass_for_a_kind() -> None:
    evil = line(7, NEW, 'x", "action": "bad"')
    assert f'"action": "{BAD.value}"' not in evil
    row = row_from_line(evil.encode())
    assert row is not None
    assert row.action is NEW
    assert row_from_line(b"[1]") is None
    assert row_from_line(b"\xff") is None


def test_the_table_grows_as_one_scrolls(
    qtbot: QtBot,
    themed: None,  # noqa: F811
    wait: Callable[[Callable[[], bool]], None],  # noqa: F811
    tmp_path: Path,
) -> None:
    write_plan(tmp_path / "plan", 1_000, 4)
    first = [RowPlan(i, NEW, f"Person {i}") for i in range(1, 70) if i % 4][:50]
    view = OutcomeView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    summary = ImportSummary(records=1_000, created=750, bad=250)
    view.show_outcome("x", Outcome(summary, tuple(first)), tmp_path / "plan")
    view.show_kind(NEW)
    view.show()
    assert view.about.text() == "750 rows"
    view.table.scrollToBottom()
    wait(lambda: view.model.rowCount() == 50 + PAGE)
    while view.model.canFetchMore(view.table.rootIndex()):
        before = view.model.rowCount()
        view.table.scrollToBottom()
        wait(lambda before=before: view.model.rowCount() > before)  # type: ignore[misc]
    assert view.model.rowCount() == 750
    assert view.model.index(749, 2).data() == "Person 999"
    view.show_kind(BAD)
    assert view.about.text() == "250 rows"
    view.forget()


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_is_this_users_alone_and_goes(crmdesk_home: Path) -> None:
    folder = WorkFolder()
    place = folder.place
    assert place.parent == all_folders()
    if os.name == "posix":
        assert place.stat().st_mode & 0o077 == 0
    assert remove_left_over() == 0, "its program runs"
    assert place.is_dir()
    folder.remove()
    assert not all_folders().exists()


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_what_a_killed_program_left_goes_at_the_next_start(crmdesk_home: Path) -> None:
    code = (
        "from crmdesk.gui.pages.imports.work_folder import WorkFolder\n"
        "import time\n"
        "place = WorkFolder(); (place.place / 'bad-rows.csv').write_text('Jane Doe')\n"
        "print(place.place, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        place = Path(child.stdout.readline().decode().strip())
        assert (place / "bad-rows.csv").exists()
        assert remove_left_over() == 0, "it still runs"
        os.kill(child.pid, signal.SIGKILL)
    assert (place / "bad-rows.csv").exists()
    assert remove_left_over() == 1
    assert not place.exists()
