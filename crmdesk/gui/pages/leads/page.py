"""The page of all open leads: the pipeline with its forecast, and the list below it."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.leads import LeadPlace
from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.records import RecordRef
from crmdesk.gui.exports.choices import Scope
from crmdesk.gui.exports.page_export import PageExport
from crmdesk.gui.models import lead_words
from crmdesk.gui.models.lead_rows import COLUMNS, LeadLine, line
from crmdesk.gui.models.lead_words import UNTIL_TITLES, Until, last_day
from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.leads.pipeline import Pipeline
from crmdesk.gui.pages.leads.reading import Chosen, Leads, read_first, read_next
from crmdesk.gui.pages.page import Page
from crmdesk.gui.pages.row_table import RowTable
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.pieces import rule

_WHOSE = {False: "Everybody's", True: "Mine"}


class LeadsPage(Page):
    """All open leads."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._stage, self._is_mine, self._until = "", False, Until.EVER
        self._next: LeadPlace | None = None
        self._asked = 0
        self.whose: ChipBar[bool] = ChipBar(_WHOSE)
        self.until: ChipBar[Until] = ChipBar(UNTIL_TITLES)
        self.pipeline = Pipeline()
        self.table: RowTable[LeadLine] = RowTable(
            context.memory, "Leads", "leads.columns.2", COLUMNS
        )
        self.empty = EmptyState("star", "")
        self.exports = PageExport(self, self.scope)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        chips = row(spacing=Space.XL)
        chips.addWidget(self.whose, 1)
        chips.addWidget(self.until, 4)
        tip = f"Export these leads  ({shown_key(keys.EXPORT.sequence)})"
        export = icon_button("upload", tip)
        export.clicked.connect(self.exports.ask)
        chips.addWidget(export, 0, Qt.AlignmentFlag.AlignTop)
        top = column(chips, self.pipeline, spacing=Space.M, margin=Space.M)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        whole = column(self.trouble, self.exports.bar, top, rule(), spacing=Space.NONE)
        whole.addWidget(self.stack, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.whose.chosen.connect(self._choose_whose)
        self.until.chosen.connect(self._choose_until)
        self.pipeline.chosen.connect(self.choose_stage)
        self.table.model.more_wanted.connect(self._read_more)
        self.table.opened.connect(self.open_lead)
        bind(self, keys.DOWN, partial(self.table.move_cursor, 1))
        bind(self, keys.UP, partial(self.table.move_cursor, -1))
        bind(self, keys.REFRESH, self.refresh)
        bind(self, keys.CUSTOMER, self._open_customer)
        bind(self, keys.EXPORT, self.exports.ask)

    # --- what the window asks -----------------------------------------------------------

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def opened(self) -> uuid.UUID | None:
        """Leads open at their customer."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Selects a lead, where it is among those that are shown."""
        if key is not None:
            self.table.select(key)

    def settings_changed(self) -> None:
        """People have other names."""
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Reads what changed while another page was in front."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Reads the forecast and the first page."""
        self._asked += 1
        job = partial(read_first, chosen=self.chosen())
        shown = partial(self._show_first, self._asked)
        await_future(self.context.store.read(job), self, shown, self._failed)

    # --- reading ------------------------------------------------------------------------

    def chosen(self) -> Chosen:
        """Which leads are shown."""
        today = times.local(self.context.now()).date()
        owner = self.context.agent() if self._is_mine else None
        return Chosen(self._stage, owner, last_day(self._until, today))

    def scope(self) -> Scope:
        """What an export of the list is of."""
        chosen = self.chosen()
        arguments = ["--open"]
        arguments += [f"--stage={chosen.stage}"] if chosen.stage else []
        arguments += [f"--owner={chosen.owner}"] if chosen.owner else []
        arguments += [f"--expected-by={chosen.until}"] if chosen.until else []
        whose = "your open leads" if chosen.owner else "open leads"
        until = UNTIL_TITLES[self._until].lower()
        title = whose if self._until is Until.EVER else f"{whose}: {until}"
        return Scope("leads", title, tuple(arguments))

    def _read_more(self) -> None:
        job = partial(read_next, chosen=self.chosen(), after=self._next)
        shown = partial(self._show_more, self._asked)
        await_future(self.context.store.read(job), self, shown, self._failed)

    def _failed(self, error: Exception) -> None:
        self.table.model.failed()
        self.show_trouble(error)

    # --- showing ------------------------------------------------------------------------

    def _show_first(self, asked: int, leads: Leads) -> None:
        if asked != self._asked:
            return  # another stage is chosen by now
        self.clear_trouble()
        if leads.forecast is not None:
            words = lead_words.forecast(leads.forecast, leads.lists)
            self.pipeline.show_forecast(words, self._stage)
        self._next = leads.page.next
        current, bar = self.table.current(), self.table.view.verticalScrollBar()
        place = bar.value()
        with QSignalBlocker(self.table):
            self.table.model.reset(self._lines(leads, 0), has_more=self._next is not None)
            if current is not None and self.table.select(current.key):
                bar.setValue(place)
        self._show_list(leads)

    def _show_more(self, asked: int, leads: Leads) -> None:
        if asked == self._asked:
            self._next = leads.page.next
            lines = self._lines(leads, self.table.model.rowCount())
            self.table.model.append(lines, has_more=self._next is not None)

    def _lines(self, leads: Leads, first: int) -> list[LeadLine]:
        names, now = self.context.names(), self.context.now()
        return [
            line(one, place, leads.lists, names, now)
            for place, one in enumerate(leads.page.leads, first)
        ]

    def _show_list(self, leads: Leads) -> None:
        is_empty = self.table.model.rowCount() == 0
        self.empty.set_texts(*self._empty_words(leads))
        shown: QWidget = self.empty if is_empty else self.table
        self.stack.setCurrentWidget(shown)

    def _empty_words(self, leads: Leads) -> tuple[str, str]:
        if self._stage:
            title = leads.lists.title(PicklistKey.LEAD_STAGE, self._stage)
            return f"No lead in “{title}” here.", "Choose all stages."
        if self._until is not Until.EVER:
            return "No lead is expected until then.", "Leads without a day are under “All open”."
        if self._is_mine:
            return "No open lead is yours.", "Leads you own stand here."
        return "No lead is open.", f"{keys.LEAD.sequence} on a customer writes one down."

    # --- doing --------------------------------------------------------------------------

    def _choose_whose(self, is_mine: bool) -> None:
        self._is_mine = is_mine
        self.refresh()

    def _choose_until(self, until: Until) -> None:
        self._until = until
        self.refresh()

    @Slot(str)
    def choose_stage(self, stage: str) -> None:
        """Shows the leads of one stage, "" for all."""
        self._stage = stage
        self.refresh()

    def open_lead(self, chosen: LeadLine) -> None:
        """Opens a lead at its customer."""
        lead = chosen.lead
        ref = RecordRef(TimelineKind.LEAD, lead.id, lead.customer_id)
        self.go_to.emit("customers", ref)

    def _open_customer(self) -> None:
        current = self.table.current()
        if current is not None:
            self.go_to.emit("customers", current.lead.customer_id)
