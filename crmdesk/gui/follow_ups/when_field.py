"""A field for a day and a time, typed or chosen; what was understood stands under it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtWidgets import QCalendarWidget, QMenu, QToolButton, QWidget, QWidgetAction

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.when import When, read_when
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import icon_button, set_icon, shown_key
from crmdesk.gui.widgets.fields import line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_property, set_tone, set_tooltip

_EXAMPLES = "Fri, tomorrow 15:00, in 3 days, 24 Dec"
_OPEN = "Alt+Down"


class WhenField(QWidget):
    """Reads a moment as one types.

    Args:
        now: The clock, aware UTC.
        name: Accessible name.

    Signals:
        changed: Another text stands in it.
    """

    changed = Signal()

    def __init__(self, now: Callable[[], datetime], name: str) -> None:
        super().__init__()
        self._now = now
        self.edit = line_edit(_EXAMPLES, name=name)
        self.edit.textChanged.connect(self._read)
        self.choose = icon_button("calendar", "Choose a day", key=_OPEN)
        set_tooltip(self.choose, "Choose a day", shown_key(_OPEN))
        self.choose.clicked.connect(self.open_calendar)
        self._meaning = label("", "small", "muted", wrap=True)
        self._note = ""
        self._value: When | None = None
        line = row(spacing=Space.XS)
        line.addWidget(self.edit, 1)
        line.addWidget(self.choose)
        items = column(line, spacing=Space.XS)
        items.addWidget(self._meaning)
        self.setLayout(items)
        self.setFocusProxy(self.edit)
        self._read()

    def value(self) -> When | None:
        """What was understood, None for nothing or something that is over."""
        return self._value

    def trouble(self) -> str:
        """Why there is no value; "" where there is one or nothing was typed."""
        return "" if self._value is not None or not self.edit.text().strip() else self.said()

    def said(self) -> str:
        """What stands under the field."""
        return self._meaning.text()

    def set_moment(self, at: datetime) -> None:
        """Shows a moment, as it could be typed."""
        then = times.local(at)
        clock = "" if follow_up_words.is_day(at) else f" {times.clock(at)}"
        self.edit.setText(times.date_text(then.date()) + clock)

    def set_note(self, text: str) -> None:
        """What is said besides, where the moment is understood."""
        self._note = text
        self._tell()

    @Slot()
    def _read(self) -> None:
        now = self._now()
        found = read_when(self.edit.text(), now, OWN_ZONE)
        self._value = found if found is not None and found.at > now else None
        self._is_over = found is not None and self._value is None
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        is_wrong = False
        if self._value is not None:
            text = follow_up_words.meaning(self._value.at, self._now())
            text = f"{text}. {self._note}" if self._note else text
        elif not self.edit.text().strip():
            text = "A day, a time or both."
        else:
            is_wrong = True
            text = "This is over." if self._is_over else f"Not understood. Try {_EXAMPLES}."
        self._meaning.setText(text)
        set_tone(self._meaning, "bad" if is_wrong else "muted")
        set_property(self.edit, "invalid", "true" if is_wrong else "false")
        self.edit.setAccessibleDescription(text)

    @Slot()
    def open_calendar(self) -> None:
        """Opens a month to choose a day from; a time that was typed stays."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month = calendar(self._day(), times.local(self._now()).date())
        month.activated.connect(self._take)
        month.clicked.connect(self._take)
        month.activated.connect(menu.close)
        month.clicked.connect(menu.close)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(month)
        menu.addAction(holder)
        menu.popup(self.edit.mapToGlobal(self.edit.rect().bottomLeft()))
        month.setFocus()

    def _day(self) -> date:
        return times.local(self._value.at if self._value else self._now()).date()

    @Slot(QDate)
    def _take(self, chosen: QDate) -> None:
        clock = ""
        if self._value is not None and self._value.has_time:
            clock = f" {times.clock(self._value.at)}"
        day = date(chosen.year(), chosen.month(), chosen.day())
        self.edit.setText(times.date_text(day) + clock)
        self.edit.setFocus()


def calendar(chosen: date, today: date) -> QCalendarWidget:
    """A month, Monday first; days that are over cannot be chosen."""
    made = QCalendarWidget()
    made.setAccessibleName("Day")
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    made.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    made.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    made.setGridVisible(False)
    made.setDateEditEnabled(False)  # Qt's little box for typed figures has no room for them
    made.setMinimumSize(*Size.CALENDAR)
    for name, icon in (("prevmonth", "arrow-left"), ("nextmonth", "arrow-right")):
        arrow = made.findChild(QToolButton, f"qt_calendar_{name}")
        if isinstance(arrow, QToolButton):
            set_icon(arrow, icon)
    made.setMinimumDate(QDate(today.year, today.month, today.day))
    made.setSelectedDate(QDate(chosen.year, chosen.month, chosen.day))
    return made
