"""Section "Service levels": what was promised for which tickets, and when work is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox

from crmdesk.domain.business_time import WorkCalendar, why_never_open
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.gui.models.work_times import calendar_words, policy_words
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.calendar_dialog import CalendarDialog
from crmdesk.gui.settings.item_list import ItemList
from crmdesk.gui.settings.policy_dialog import PolicyDialog
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.step_desk import SettingsDesk
from crmdesk.gui.settings.zone import own_zone
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.due_preview import preview
from crmdesk.gui.tickets.reading import people
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.fields import combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import joined, label, set_tone

if TYPE_CHECKING:
    from crmdesk.store import Reader

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Read:
    """What the section shows."""

    levels: ServiceLevels
    lists: Picklists
    people: tuple[str, ...]


def _read(reader: Reader) -> _Read:
    return _Read(reader.service_levels(), reader.picklists(), reader.ticket_people())


class ServiceLevelsSection(Section):
    """Policies in the order in which they are asked, and the calendars they count by."""

    title = "Service levels"
    icon = "clock"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book,
            "How soon tickets are answered and solved, in working time. The first level that is"
            " meant for a ticket holds; open tickets follow every change.",
        )
        self._desk = SettingsDesk(book)
        self.steps = NumberSteps(self._desk, self)
        self._known = _Read(ServiceLevels(), Picklists(), ())
        self._make_parts()
        self._connect()
        self._show(self._known)

    def _make_parts(self) -> None:
        self.undo_bar = UndoBar(self.steps)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.up = button("Up", icon="up", tip=f"Asked earlier  ({keys.MOVE_UP.sequence})")
        self.down = button("Down", icon="down", tip=f"Asked later  ({keys.MOVE_DOWN.sequence})")
        self.policies = ItemList(
            "Service levels",
            "clock",
            ("Nothing is promised yet.", "Tickets have no due times. Add… makes the first level."),
            self.up,
            self.down,
        )
        self.calendars = ItemList(
            "Working hours",
            "calendar",
            ("No working hours yet.", "Without them service levels count round the clock."),
        )
        self.kind, self.priority = combo_box((), name="Kind"), combo_box((), name="Priority")
        self.due = label("", "body", "muted", wrap=True)
        trial = column(SectionHeader("Try it", "play"), spacing=Space.S)
        trial.addLayout(row(self.kind, self.priority, 1))
        trial.addWidget(self.due)
        for part in (self.trouble, self.undo_bar, self.policies):
            self.body.addWidget(part)
        self.body.addLayout(trial)
        self.body.addWidget(self.calendars)

    def _connect(self) -> None:
        self.policies.add.clicked.connect(self._add_policy)
        self.policies.edit.clicked.connect(self._edit_policy)
        self.policies.remove.clicked.connect(self._remove_policy)
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))
        for key, step in ((keys.MOVE_UP, -1), (keys.MOVE_DOWN, 1)):
            made = QShortcut(QKeySequence(key.sequence), self.policies)
            made.activated.connect(partial(self._move, step))
        self.calendars.add.clicked.connect(self._add_calendar)
        self.calendars.edit.clicked.connect(self._edit_calendar)
        self.calendars.remove.clicked.connect(self._remove_calendar)
        for choice in (self.kind, self.priority):
            choice.currentIndexChanged.connect(self._show_due)
        self.steps.done.connect(self.read)
        self.steps.undone.connect(self.read)
        self.steps.failed.connect(self._failed)

    def enter(self) -> None:
        """Reads the levels: colleagues change them too."""
        self.read()

    @Slot()
    def read(self, *_what: object) -> None:
        """Reads everything anew."""
        self.trouble.hide()
        await_future(self._desk.store.read(_read), self, self._show, self._failed)

    # --- showing ----------------------------------------------------------------------------

    def _show(self, known: _Read) -> None:
        self._known = known
        levels, lists = known.levels, known.lists
        self.policies.show_cells([_policy_cell(one, levels, lists) for one in levels.policies])
        self.calendars.show_cells([_calendar_cell(one) for one in levels.calendars])
        _offer(self.kind, lists, PicklistKey.TICKET_KIND)
        _offer(self.priority, lists, PicklistKey.TICKET_PRIORITY)
        self._show_due()

    @Slot()
    def _show_due(self) -> None:
        kind, priority = self.kind.currentData() or "", self.priority.currentData() or ""
        text, tone = preview(self._known.levels, kind, priority, "", times.utc_now())
        self.due.setText(text)
        set_tone(self.due, tone)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    # --- policies ---------------------------------------------------------------------------

    def _policy(self) -> SlaPolicy | None:
        return _at(self._known.levels.policies, selected_row(self.policies.view))

    @Slot()
    def _add_policy(self) -> None:
        self._ask_policy(None)

    @Slot()
    def _edit_policy(self) -> None:
        if (policy := self._policy()) is not None:
            self._ask_policy(policy)

    def _ask_policy(self, policy: SlaPolicy | None) -> None:
        known = self._known
        names = people(known.people, self.book.settings)
        now = times.utc_now()
        dialog = PolicyDialog(self.window(), known.levels, known.lists, names, now, policy)
        dialog.chosen.connect(self._keep_policy)
        dialog.open()

    def _keep_policy(self, policy: SlaPolicy) -> None:
        kept = [policy if one.id == policy.id else one for one in self._known.levels.policies]
        self._save_policies(kept if policy in kept else [*kept, policy])

    @Slot()
    def _remove_policy(self) -> None:
        if (policy := self._policy()) is not None:
            self._save_policies([one for one in self._known.levels.policies if one != policy])

    def _move(self, step: int) -> None:
        place = selected_row(self.policies.view)
        policies = list(self._known.levels.policies)
        if not (0 <= place < len(policies) and 0 <= place + step < len(policies)):
            return
        policies.insert(place + step, policies.pop(place))
        select_row(self.policies.view, place + step)
        self._save_policies(policies)

    def _save_policies(self, policies: Sequence[SlaPolicy]) -> None:
        who = self._desk.agent()
        self.steps.do(lambda writer: writer.save_policies(policies, who))

    # --- calendars --------------------------------------------------------------------------

    def _calendar(self) -> WorkCalendar | None:
        return _at(self._known.levels.calendars, selected_row(self.calendars.view))

    @Slot()
    def _add_calendar(self) -> None:
        self._ask_calendar(None)

    @Slot()
    def _edit_calendar(self) -> None:
        if (calendar := self._calendar()) is not None:
            self._ask_calendar(calendar)

    def _ask_calendar(self, calendar: WorkCalendar | None) -> None:
        dialog = CalendarDialog(self.window(), own_zone(), calendar)
        dialog.chosen.connect(self._keep_calendar)
        dialog.open()

    def _keep_calendar(self, calendar: WorkCalendar) -> None:
        who = self._desk.agent()
        self.steps.do(lambda writer: writer.save_calendar(calendar, who))

    @Slot()
    def _remove_calendar(self) -> None:
        calendar, who = self._calendar(), self._desk.agent()
        if calendar is not None:
            key = calendar.id
            self.steps.do(lambda writer: writer.remove_calendar(key, who))


def _at(items: Sequence[Item], place: int) -> Item | None:
    return items[place] if 0 <= place < len(items) else None


def _policy_cell(policy: SlaPolicy, levels: ServiceLevels, lists: Picklists) -> Cell:
    words = policy_words(policy, levels, lists)
    tone = "text" if policy.is_active else "muted"
    return Cell(policy.name, words, tone=tone, icon="clock", tip=joined((policy.name, words)))


def _calendar_cell(calendar: WorkCalendar) -> Cell:
    words = calendar_words(calendar)
    is_empty = bool(why_never_open(calendar))
    icon, tone = ("warning", "warn") if is_empty else ("calendar", "muted")
    tip = joined((calendar.name, words))
    return Cell(calendar.name, words, icon=icon, icon_tone=tone, tip=tip)


def _offer(choice: QComboBox, lists: Picklists, key: PicklistKey) -> None:
    """Offers the choices of a picklist; what is chosen stays."""
    present = choice.currentData()
    with QSignalBlocker(choice):
        choice.clear()
        for one in lists.offered(key):
            choice.addItem(one.title, one.key)
        choice.setCurrentIndex(max(choice.findData(present or "normal"), 0))
