"""The main window with real pages on a real store, by keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.store_health import StoreHealth, StoreState
from crmdesk.gui.help.viewer import ORDER, HelpViewer, topics
from crmdesk.gui.main_window.history import History, Visit
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.page import all_pages
from crmdesk.gui.shortcuts import keys as key_list
from crmdesk.gui.shortcuts.sheet import ShortcutSheet
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.widgets.text import ElidedLabel
from tests.gui.desk_fixtures import big, demo, many_customers, themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import SETTINGS, Windows, desk_windows, now

WIDE = 380
"""Wider than the finder is at first."""
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def focus() -> QWidget:
    """What has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_search_customer_note_and_back_by_keyboard_alone(big: Windows, qtbot: QtBot) -> None:  # noqa: F811
    window, page = big.window, big.window.customers()
    found = big.store.read(lambda reader: reader.customers(limit=90)).result().customers
    hit = next(one for one in reversed(found) if one.name.isascii())  # keyClicks knows no others
    qtbot.keyClick(focus(), Qt.Key.Key_Slash)
    assert focus() is big.calls.search
    qtbot.keyClick(focus(), Qt.Key.Key_2, CTRL)
    assert window.stack.currentWidget() is page
    assert focus() is page.finder.search
    qtbot.keyClicks(focus(), hit.name)
    big.wait(lambda: shown_names(page)[:1] == [hit.name])
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    big.wait(lambda: page.stack.currentWidget() is page.card)
    assert page.card.header._name.full_text() == hit.name
    opened = page.opened()
    assert opened is not None
    qtbot.keyClick(focus(), Qt.Key.Key_N)
    assert focus() is page.card.note.edit
    qtbot.keyClicks(focus(), "Wants the jncke offer")
    qtbot.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    big.wait(lambda: page.card.note.text() == "")
    big.wait(lambda: "Wants the jncke offer" in timeline_texts(page))
    qtbot.keyClick(focus(), Qt.Key.Key_Left, ALT)
    qtbot.keyClick(focus(), Qt.Key.Key_Left, ALT)
    assert window.stack.currentWidget() is big.calls
    written = big.store.read(lambda reader: reader.timeline(opened, limit=1)).result().entries[0]
    assert written.who == "Alice Adler"


def shown_names(page: CustomersPage) -> list[object]:
    model = page.finder.model
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def timeline_texts(page: CustomersPage) -> list[object]:
    model = page.card.timeline.model
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def test_back_and_forward_return_to_what_was_open(demo: Windows) -> None:  # noqa: F811
    hits = demo.store.read(lambda reader: reader.customers(limit=2)).result().customers
    page = demo.window.customers()
    for hit in hits:
        demo.window.open_customer(hit.id)
        demo.wait(lambda hit=hit: page.card.header._name.full_text() == hit.name)
    demo.window.go_back()
    demo.wait(lambda: page.card.header._name.full_text() == hits[0].name)
    demo.window.go_forward()
    demo.wait(lambda: page.card.header._name.full_text() == hits[1].name)
    assert not demo.window.top.forward.isEnabled()


def test_history_forgets_what_lay_ahead() -> None:
    history = History()
    for name in "abc":
        history.visit(Visit(name))
    history.back()
    history.back()
    history.visit(Visit("d"))
    assert not history.can_go_forward
    assert history.back() == Visit("a")
    assert history.back() is None
    assert history.current == Visit("a")


def test_page_and_columns_are_remembered(tmp_path, wait, themed) -> None:  # noqa: F811
    with desk_windows(tmp_path, wait) as first:
        first.window.show_page("customers")
        first.calls.table.view.horizontalHeader().resizeSection(4, 133)
        first.window.customers().splitter.setSizes([400, 700])
        first.window.customers().splitter.splitterMoved.emit(400, 1)
        assert first.window.customers().splitter.sizes()[0] > WIDE
        first.window.close()
    with desk_windows(tmp_path, wait) as second:
        assert second.window.stack.currentWidget() is second.window.customers()
        assert second.calls.table.view.horizontalHeader().sectionSize(4) == 133
        assert second.window.customers().splitter.sizes()[0] > WIDE


def test_line_health_is_a_word_and_its_remedy_a_tooltip(windows: Windows) -> None:  # noqa: F811
    health = LineHealth(
        "support", "Berlin <b>", LineState.REFUSED, now(), "Wrong password.", "Enter it again."
    )
    windows.bridge.line_health_changed(health)
    strip = windows.window.top.lines
    windows.wait(lambda: "support" in strip._marks)
    mark = strip._marks["support"]
    assert mark._word.text() == "refused"
    assert "Berlin &lt;b&gt;" in mark.toolTip()
    assert "Enter it again." in mark.toolTip()
    assert "no phone line is connected" in windows.window.status._agent.full_text()


def test_store_trouble_and_waiting_calls_stand_in_the_status_line(windows: Windows) -> None:  # noqa: F811
    status = windows.window.status
    assert status._store.text() == "store ok"
    health = StoreHealth(StoreState.FULL, "crmdesk.db", True, "0001", "Disk full.", "Free space.")
    windows.bridge.store_health_changed(health)
    windows.wait(lambda: status._store.text() == "disk is full")
    assert "Free space." in status._store.toolTip()
    status.show_waiting(1)
    assert status._waiting.text() == "1 call waits to be saved"
    status.show_work("Importing, 2,000 a second", 0.5)
    assert status._progress.value() == 50
    assert status._cancel.isVisible()
    status.show_work("")
    assert not status._progress.isVisible()


def test_light_and_dark_change_at_run_time(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    with qtbot.waitSignal(windows.window.theme_chosen) as chosen:
        windows.window.toggle_theme()
    assert chosen.args == ["dark"]
    assert theme().palette.is_dark
    assert windows.window.top._theme.property("iconName") == "sun"


def test_question_mark_and_f1_open_keys_and_help(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    windows.calls.activate()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_Question)
    sheet = windows.dialog(ShortcutSheet)
    shown = {label.text() for label in sheet.findChildren(QWidget) if hasattr(label, "text")}
    assert {key.text for key in key_list.ALL} <= shown
    sheet.reject()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_F1)
    windows.dialog(HelpViewer).reject()


def test_paragraphs_of_the_help_stand_apart(windows: Windows) -> None:  # noqa: F811
    windows.window.show_help()
    viewer = windows.window.findChild(HelpViewer)
    assert viewer is not None
    block, gaps = viewer.page.document().begin(), []
    while block.isValid():
        gaps.append(block.blockFormat().bottomMargin())
        block = block.next()
    assert len(gaps) > 3
    assert min(gaps) > 0


def test_a_letter_typed_into_a_field_is_no_command(demo: Windows, qtbot: QtBot) -> None:  # noqa: F811
    page = demo.window.customers()
    demo.window.show_page("customers")
    demo.wait(lambda: page.finder.model.rowCount() > 0)
    page.focus_search()
    qtbot.keyClicks(page.finder.search, "jkne/?")
    assert page.finder.search.text() == "jkne/?"
    assert page._opened is None


def test_no_two_keys_of_one_place_are_the_same() -> None:
    everywhere = [k for k in key_list.ALL if k.section in {"Everywhere", "In lists"}]
    for section in ("On a customer", "On a call"):
        here = [k for k in key_list.ALL if k.section == section] + everywhere
        sequences = [text for key in here for text in (key.sequence, *key.others)]
        assert len(sequences) == len(set(sequences))


def test_everything_that_can_be_used_has_an_accessible_name(demo: Windows) -> None:  # noqa: F811
    hit = demo.store.read(lambda reader: reader.customers(limit=1)).result().customers[0]
    demo.window.open_customer(hit.id)
    page = demo.window.customers()
    demo.wait(lambda: page.stack.currentWidget() is page.card)
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit)
    inside = [w for w in demo.window.findChildren(QWidget) if isinstance(w, kinds)]
    seen = [w for w in inside if w.isVisible() and not _belongs_to_qt(w)]
    assert len(seen) > 20
    assert [w for w in seen if not (w.accessibleName() or w.text())] == []


def _belongs_to_qt(widget: QWidget) -> bool:
    """The clear button of a field, the corner of a table: not ours to name."""
    return isinstance(widget.parent(), QLineEdit) or type(widget) is QAbstractButton


@pytest.mark.parametrize(
    "name",
    [
        '<img src="file:///tmp/x.png">',
        "<table><tr><td width=99999>",
        "<script>x</script>",
        '<h1 style="font-size:400pt">VERIFIED</h1>',
        "+49 30 \u202e4321",
        "A" * 5_000,
        "a & b &amp; &c",
        "שלום עולם — 山田太郎",
    ],
)
def test_hostile_names_are_shown_as_they_are_and_change_no_size(
    windows: Windows,  # noqa: F811
    name: str,
) -> None:
    width = windows.window.width()
    customer = replace(blank(now(), "+493023125200"), name=name, company_name=name, segment="VIP")
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    windows.window.open_customer(customer.id)
    page = windows.window.customers()
    windows.wait(lambda: page.stack.currentWidget() is page.card)
    windows.wait(lambda: page.finder.model.rowCount() == 1)
    assert page.card.header._name.full_text() == name
    assert page.card.header._name.textFormat() is Qt.TextFormat.PlainText
    assert page.finder.model.data(page.finder.model.index(0, 0)) == name
    assert windows.window.width() == width
    assert windows.window.minimumSizeHint().width() <= width
    for label in windows.window.findChildren(ElidedLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_settings_are_asked_for_and_names_follow_them(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    with qtbot.waitSignal(windows.window.settings_wanted):
        qtbot.keyClick(focus(), Qt.Key.Key_Comma, CTRL)
    windows.core.settings = structs.replace(
        SETTINGS, agent=structs.replace(SETTINGS.agent, name="Zoë")
    )
    windows.window.settings_changed()
    assert "Zoë" in windows.window.status._agent.full_text()


def test_the_built_in_softphone_stays_when_settings_change(windows: Windows) -> None:  # noqa: F811
    ready = LineHealth("softphone", "Softphone", LineState.READY, now())
    windows.window.news.line_health(ready)
    windows.window.settings_changed()  # as a change of the theme does
    assert "softphone" in windows.window.top.lines._marks
    assert "softphone" in windows.window.news._lines


def test_f1_opens_what_is_said_of_the_page_and_no_title_is_cut(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    windows.window.show_page("tickets")
    qtbot.keyClick(windows.window, Qt.Key.Key_F1)
    viewer = windows.dialog(HelpViewer)
    assert isinstance(viewer, HelpViewer)
    titles = [topic.title for topic in topics()]
    assert viewer.list.currentIndex().data() == "Tickets and service levels"
    assert titles[:2] == ["Getting started", "Keys"]
    assert viewer.list.sizeHintForColumn(0) <= viewer.list.viewport().width()
    viewer.reject()


def test_every_page_has_its_help_and_every_help_its_place() -> None:
    stems = {topic.path.stem for topic in topics()}
    assert stems == set(ORDER)
    assert {entry.help for entry in all_pages()} <= stems


def test_the_sheet_of_keys_fits_the_screen_and_scrolls(windows: Windows) -> None:  # noqa: F811
    windows.window.show_shortcuts()
    sheet = windows.dialog(ShortcutSheet)
    assert sheet.height() <= sheet.screen().availableGeometry().height()
    area = sheet.findChild(QScrollArea)
    assert area is not None
    content = area.widget()
    assert content.width() <= area.viewport().width()
    reached = area.viewport().height() + area.verticalScrollBar().maximum()
    assert reached >= content.height()
    sheet.reject()


def test_all_keys_are_in_the_sheet() -> None:
    known = {one for one in vars(key_list).values() if isinstance(one, key_list.Key)}
    assert known <= set(key_list.ALL)
