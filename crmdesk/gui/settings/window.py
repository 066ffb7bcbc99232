"""The settings window: sections at the left, one of them open. It is not modal."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QPushButton, QScrollArea, QStackedWidget, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth
from crmdesk.gui.bridge import Bridge, connect_queued
from crmdesk.gui.settings.about import AboutSection
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.changes import ChangesSection
from crmdesk.gui.settings.choices import LookSection, PopSection
from crmdesk.gui.settings.ignored import IgnoredSection
from crmdesk.gui.settings.lines import LinesSection
from crmdesk.gui.settings.me import MeSection
from crmdesk.gui.settings.messages import MessagesSection
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.segments import SegmentsSection
from crmdesk.gui.settings.service_levels import ServiceLevelsSection
from crmdesk.gui.settings.store_section import StoreSection
from crmdesk.gui.settings.surveys import SurveysSection
from crmdesk.gui.settings.your_data.section import YourDataSection
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import CELL, Cell, CellDelegate
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import Banner, Question
from crmdesk.gui.widgets.pieces import rule, upright_rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import label, set_window_title

_WIDTH, _HEIGHT = 860, 600
_NOT_KEPT = "This is a demo: changes hold until it ends."
_RETURN = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_LIST_WIDTH = Size.FIELD - Space.XXL


class SettingsWindow(QDialog):
    """Everything that can be set.

    Args:
        book: The settings of the running desk.
        bridge: Tells the health of the lines.

    Signals:
        store_changed: A change was taken back: whoever shows customers or calls reads again.
        plan_changed: The company's plan is another one.
        section_shown: The title of the section that was opened.
    """

    store_changed = Signal()
    plan_changed = Signal()
    section_shown = Signal(str)

    def __init__(
        self,
        book: SettingsBook,
        bridge: Bridge | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Settings")
        self.setWindowFlag(Qt.WindowType.WindowMinimizeButtonHint)
        self.book = book
        self.me = MeSection(self.book)
        self.lines = LinesSection(self.book)
        self.changes = ChangesSection(self.book)
        self.data = YourDataSection(self.book)
        self.sections: list[Section] = [
            self.me,
            self.lines,
            PopSection(self.book),
            IgnoredSection(self.book),
            self.data,
            ServiceLevelsSection(self.book),
            MessagesSection(self.book),
            SurveysSection(self.book),
            SegmentsSection(self.book),
            self.changes,
            LookSection(self.book),
            StoreSection(self.book),
            AboutSection(self.book),
        ]
        self._make_parts()
        self._lay_out()
        self._connect(bridge)
        self._show_state()
        self.show_section(0)

    def _make_parts(self) -> None:
        self._model = QStandardItemModel(self)
        for section in self.sections:
            item = QStandardItem(section.title)
            item.setData(Cell(section.title, icon=section.icon), CELL)
            self._model.appendRow(item)
        self.list = list_view(self._model, name="Sections of the settings")
        self.list.setItemDelegate(CellDelegate(self.list))
        self.list.setFrameShape(self.list.Shape.NoFrame)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._stack = QStackedWidget()
        for section in self.sections:
            self._stack.addWidget(_page(section))
        self._state = label("", "small", "muted")
        self.close_button = button("Close")
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+W"), self).activated.connect(self.reject)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setProperty("kind", "surface")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(_LIST_WIDTH)
        side.setLayout(column(self.list, margin=Space.S))
        bar = QWidget()
        bar.setProperty("kind", "surface")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setLayout(row(self._state, 1, self.close_button, margin=Space.L))
        page = column(self.trouble, self._stack, spacing=Space.NONE)
        right = column(page, rule(), bar, spacing=Space.NONE)
        self.setLayout(row(side, upright_rule(), right, spacing=Space.NONE))
        self.resize(_WIDTH, _HEIGHT)

    def _connect(self, bridge: Bridge | None) -> None:
        self.list.selectionModel().currentChanged.connect(self._section_chosen)
        self.book.changed.connect(self._refresh)
        self.book.saved.connect(self._saved)
        self.book.failed.connect(self._failed)
        self.changes.taken_back.connect(self.store_changed)
        self.data.plan_changed.connect(self.plan_changed)
        for section in self.sections:
            section.waiting_changed.connect(self._show_state)
        if bridge is not None:
            connect_queued(bridge.line_health_changed_signal, self._health_changed)

    # --- sections ------------------------------------------------------------------------

    def show_section(self, place: int) -> None:
        """Opens a section by its place, from 0."""
        self.list.setCurrentIndex(self._model.index(place, 0))
        self.list.setFocus()

    def show_section_called(self, title: str) -> None:
        """Opens a section by its title, the first where there is none of it."""
        titles = [section.title for section in self.sections]
        self.show_section(titles.index(title) if title in titles else 0)

    def show_lines(self) -> None:
        """Opens the phone lines; a click on a line's health comes here."""
        self.show_section(self.sections.index(self.lines))

    def show_changes(self) -> None:
        """Opens the list of changes; the palette comes here."""
        self.show_section(self.sections.index(self.changes))

    @Slot(QModelIndex, QModelIndex)
    def _section_chosen(self, now: QModelIndex, before: QModelIndex) -> None:
        if before.isValid():
            self.sections[before.row()].leave()
        self._stack.setCurrentIndex(now.row())
        self.sections[now.row()].enter()
        self.section_shown.emit(self.sections[now.row()].title)

    # --- saving --------------------------------------------------------------------------

    @Slot()
    def _refresh(self) -> None:
        for section in self.sections:
            section.refresh()
        self._show_state()

    @Slot()
    def _saved(self) -> None:
        self.trouble.hide()
        self._show_state()

    @Slot(object)
    def _failed(self, error: UserFacingError) -> None:
        self.trouble.tell_error(error)
        self.trouble.show()
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        waits = self.book.is_saving or any(section.is_waiting() for section in self.sections)
        kept = "Changes are saved as you make them." if self.book.is_kept else _NOT_KEPT
        self._state.setText("Saving…" if waits else kept)

    @Slot(object)
    def _health_changed(self, _health: LineHealth) -> None:
        self.lines.refresh()

    # --- leaving -------------------------------------------------------------------------

    def wrong_values(self) -> list[str]:
        """What is typed and cannot be saved, by section."""
        return [section.title for section in self.sections if section.has_wrong_value()]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Return presses the button that has the focus: there is no default button here.

        Qt's own would press the default button of a dialog that the same Return opened.
        """
        if event.key() not in _RETURN:
            super().keyPressEvent(event)
        elif isinstance(focused := self.focusWidget(), QPushButton):
            focused.click()

    def reject(self) -> None:
        """Esc, Close and the title bar: saves what waits; asks before something typed is lost.

        Qt's own close event comes here too, and closes only where this hides the window.
        """
        if self.wrong_values() and not self._may_lose:
            self._ask_to_lose()
            return
        self._leave_sections()
        super().reject()

    _may_lose = False

    def _ask_to_lose(self) -> None:
        question = Question(
            self,
            "Settings",
            "Close without saving?",
            f"Under {', '.join(self.wrong_values())} something typed cannot be saved as it is.",
            "Stay to correct it.",
            answer="Close",
            cancel="Stay",
            danger=True,
        )
        question.accepted.connect(self._close_anyway)
        question.open()

    @Slot()
    def _close_anyway(self) -> None:
        self._may_lose = True
        self.reject()

    def _leave_sections(self) -> None:
        for section in self.sections:
            section.leave()


def _page(section: Section) -> QScrollArea:
    content = QWidget()
    content.setLayout(column(section, margin=Space.XL))
    return scroll_area(content, name=section.title)
