"""A lead, opened: how far it is, what it is worth, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.planning import PicklistKey, Situation
from crmdesk.gui.leads.lead_dialog import LostDialog
from crmdesk.gui.leads.opening import edit_lead, win_lead
from crmdesk.gui.models import lead_words, sales_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import Said, Step
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.sale_view import SaleView
from crmdesk.gui.sales import pieces, steps
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import shown_key
from crmdesk.gui.widgets.choice_menu import open_choices
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip_button, rule
from crmdesk.gui.widgets.text import isolate, set_tooltip

_TONES = {LeadState.WON: "good", LeadState.LOST: "warn"}


class LeadView(SaleView):
    """Shows one lead after the other."""

    def __init__(self, desk: CustomerDesk) -> None:
        actions = {
            keys.SALE_EDIT: self.edit,
            keys.SALE_STAGE: self.choose_stage,
            keys.LEAD_WON: self.win,
            keys.LEAD_LOST: self.lose,
        }
        self.lead: Lead | None = None
        super().__init__(desk, actions)
        self.stage: QWidget = self

    def title(self, value: Lead) -> str:
        """What it is about."""
        return f"Lead: {value.title}"

    def show_value(self, value: Lead, view: CustomerView) -> None:
        """Shows a lead."""
        self.lead = value
        self.fill(self._parts(value, view))

    def _parts(self, lead: Lead, view: CustomerView) -> Iterator[QWidget]:
        lists, is_open = view.names.lists, lead_words.is_open(lead)
        yield self._head(lead, view)
        yield pieces.steps(self._stations(lead, view))
        yield self._buttons(lead)
        if is_open:
            yield pieces.said(lead_words.next_step(lead, view.now), "strong")
        conversion = self._conversion(lead, view)
        if conversion:
            yield wrapped(conversion, "small", "muted")
        yield rule()
        value = money(lead.value_cents, lead.currency) if lead.value_cents else "not known"
        expected = lead_words.expected(lead, view.now).text if is_open else ""
        likely = f"{lead_words.percent(lead, lists)} %"
        own = "its own figure" if lead.percent is not None else "as its stage says"
        yield pieces.facts(
            (
                ("Value", value),
                ("How likely", f"{likely}, {own}" if is_open else ""),
                ("Expected", expected.removeprefix("Expected ")),
                ("Owner", view.names.anybody(lead.owner) or "nobody yet"),
                ("How they found us", lists.title(PicklistKey.SOURCE, lead.source)),
                ("Written down", sales_words.day_of(lead.at)),
            )
        )

    def _head(self, lead: Lead, view: CustomerView) -> QWidget:
        made = QWidget()
        self.stage = stage = chip_button(*lead_words.stage(lead, view.names.lists))
        set_tooltip(stage, keys.SALE_STAGE.text, shown_key(keys.SALE_STAGE.sequence))
        stage.clicked.connect(self.choose_stage)
        head = row(spacing=Space.S)
        head.addWidget(wrapped(lead.title, "lead-strong"), 1)
        head.addWidget(stage)
        closing = lead_words.closing(lead, view.names.lists)
        tone = _TONES.get(lead.state, "text")
        icon = "check-circle" if lead.state is LeadState.WON else "close"
        made.setLayout(column(head, pieces.said(Said(closing, tone, icon), "strong")))
        return made

    def _stations(self, lead: Lead, view: CustomerView) -> Iterator[Step]:
        """The stages up to its own, then those to come; how it ended where it has."""
        lists = view.names.lists
        stages = lead_words.stages(lists, LeadState.OPEN)
        place = next((i for i, one in enumerate(stages) if one.key == lead.stage), -1)
        is_open = lead_words.is_open(lead)
        for at, one in enumerate(stages):
            is_reached = at <= place or lead.state is LeadState.WON
            tone = "accent" if is_open and at == place else "good"
            percent = f"{one.percent} %" if one.percent is not None else ""
            yield Step(one.title, percent, is_reached, tone)
        if not is_open:
            tone = "good" if lead.state is LeadState.WON else "warn"
            when = sales_words.day_of(lead.closed_at) if lead.closed_at else ""
            yield Step(lead_words.stage(lead, lists)[0], when, True, tone)

    def _buttons(self, lead: Lead) -> QWidget:
        stage = pieces.key_button("Change stage", keys.SALE_STAGE, self.choose_stage)
        edit = pieces.key_button("Edit", keys.SALE_EDIT, self.edit)
        if not lead_words.is_open(lead):
            return pieces.buttons(stage, edit)
        won = pieces.key_button("Won", keys.LEAD_WON, self.win, "primary")
        won.setAutoDefault(False)
        lost = pieces.key_button("Lost", keys.LEAD_LOST, self.lose)
        return pieces.buttons(won, lost, stage, edit)

    def _conversion(self, lead: Lead, view: CustomerView) -> str:
        """What winning it does to whose it is."""
        customer = view.customer
        name = isolate(customer.name)
        if lead_words.is_open(lead) and customer.status is CustomerStatus.LEAD:
            return f"Won makes {name} an active customer; calls, notes and all else stay with them."
        if lead.state is LeadState.WON and customer.customer_since:
            since = sales_words.day(customer.customer_since)
            return f"{name} is a customer since {since}."
        return ""

    # --- doing ------------------------------------------------------------------------------

    def edit(self) -> None:
        """Asks what is new of it."""
        if self.lead is not None:
            edit_lead(self.desk, self.lead)

    def choose_stage(self) -> None:
        """A menu of all stages, won and lost too."""
        if self.lead is not None:
            lists = self.desk.context.plan.lists
            offered = lists.offered(PicklistKey.LEAD_STAGE, self.lead.stage)
            choices = [(one.title, one.key) for one in offered]
            open_choices(self.stage, choices, self.lead.stage, self._move)

    def _move(self, stage: str) -> None:
        lists = self.desk.context.plan.lists
        meaning = lists.choice(PicklistKey.LEAD_STAGE, stage).meaning
        if meaning == LeadState.LOST.value:
            self._ask_why(stage)
        elif meaning == LeadState.WON.value:
            self._win(stage)
        else:
            self._write(stage)

    def win(self) -> None:
        """It came off: asks for what is missing."""
        self._end(LeadState.WON, self._win)

    def lose(self) -> None:
        """It did not come off: asks why."""
        self._end(LeadState.LOST, self._ask_why)

    def _end(self, state: LeadState, end: Callable[[str], None]) -> None:
        lead = self.lead
        stages = lead_words.stages(self.desk.context.plan.lists, state)
        if lead is not None and lead_words.is_open(lead) and stages:
            end(stages[0].key)

    def _win(self, stage: str) -> None:
        if self.lead is not None:
            win_lead(self.desk, self.lead, stage)

    def _ask_why(self, stage: str) -> None:
        if self.lead is not None:
            plan = self.desk.context.plan.value
            needed = plan.is_required(Situation.LOST_LEAD, "lost_reason")
            title, lists = self.lead.title, plan.picklists
            dialog = LostDialog(self.window(), title, lists, is_required=needed)
            dialog.chosen.connect(partial(self._write, stage))
            dialog.open()

    def _write(self, stage: str, reason: str = "") -> None:
        if self.lead is not None:
            self.do(steps.move_lead(self.lead.id, stage, self.who(), reason))
