"""Leads by keyboard in the real window: written down, moved, won, lost, and the pipeline."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.planning import Picklists, Situation
from crmdesk.gui.leads.lead_dialog import LeadDialog, LostDialog
from crmdesk.gui.models.lead_rows import COLUMNS, line
from crmdesk.gui.models.lead_words import Until
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.blocks.leads import LeadsBlock
from crmdesk.gui.pages.customers.records.lead_view import LeadView
from crmdesk.gui.pages.leads.page import LeadsPage
from crmdesk.gui.sales import steps
from crmdesk.settings.model import Settings
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import jane
from tests.gui.sales_hands import SHIFT, SalesHands, words

DAY = timedelta(days=1)


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    return SalesHands(windows, qtbot, jane(status=CustomerStatus.LEAD, source="Trade fair"))


def the_lead(hands: SalesHands) -> Lead:
    found: tuple[Lead, ...] = hands.read(lambda reader: reader.leads_of(hands.customer.id))
    return found[0]


def status(hands: SalesHands) -> CustomerStatus:
    found: CustomerStatus = hands.read(lambda reader: reader.customer(hands.customer.id).status)
    return found


def written(hands: SalesHands) -> LeadView:
    """A lead, written down by keyboard."""
    dialog = hands.ask(LeadDialog, Qt.Key.Key_L, SHIFT)
    hands.type("20 desks")
    assert dialog.source.currentData() == "", "how this lead came about nobody said yet"
    dialog.value.input.setFocus()
    hands.type("9.780,50")
    dialog.expected.input.setFocus()
    hands.type("in 20 days")
    hands.save()
    view = hands.view(LeadView)
    hands.desk.wait(lambda: view.lead is not None)
    view.setFocus()
    return view


def test_a_lead_is_written_down_moved_and_won_and_its_customer_is_one(hands: SalesHands) -> None:
    view = written(hands)
    lead = the_lead(hands)
    assert (lead.value_cents, lead.currency, lead.stage) == (978_050, "EUR", "new")
    assert lead.expected_on == (now() + 20 * DAY).astimezone().date()
    assert "Won makes Jane Doe an active customer" in words(view)
    hands.press(Qt.Key.Key_S)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    hands.desk.wait(lambda: the_lead(hands).stage == "talking")
    hands.desk.wait(lambda: "30 %, as its stage says" in words(view))
    hands.press(Qt.Key.Key_W)
    hands.desk.wait(lambda: the_lead(hands).state is LeadState.WON)
    assert status(hands) is CustomerStatus.ACTIVE
    hands.desk.wait(lambda: "is a customer since" in words(view))
    hands.undo()
    hands.desk.wait(lambda: the_lead(hands).state is LeadState.OPEN)
    assert status(hands) is CustomerStatus.LEAD


def test_a_lost_lead_says_why(hands: SalesHands) -> None:
    view = written(hands)
    dialog = hands.ask(LostDialog, Qt.Key.Key_L)
    dialog.reason.setCurrentIndex(dialog.reason.findData("Price"))
    hands.save()
    hands.desk.wait(lambda: the_lead(hands).state is LeadState.LOST)
    hands.desk.wait(lambda: ": Price" in words(view))
    block = hands.page.findChild(LeadsBlock)
    assert block is not None
    assert "Lost on" in words(block)


def test_a_lead_is_edited_and_wrong_figures_are_refused(hands: SalesHands) -> None:
    view = written(hands)
    dialog = hands.ask(LeadDialog, Qt.Key.Key_E, SHIFT)
    for field, wrong in (
        (dialog.percent, "120"),
        (dialog.value.input, "much"),
        (dialog.expected.input, "31.2."),
        (dialog.title, " "),
    ):
        before = field.text()
        field.setText(wrong)
        assert not dialog.save_button.isEnabled()
        field.setText(before)
    dialog.percent.setText("75 %")
    dialog.next_step.setText("Send the offer")
    hands.save()
    hands.desk.wait(lambda: the_lead(hands).percent == 75)
    hands.desk.wait(lambda: "75 %, its own figure" in words(view))
    assert the_lead(hands).stage == "new"


def test_what_the_company_wants_to_know_of_a_lead_has_to_be_there(hands: SalesHands) -> None:
    required = {
        Situation.NEW_LEAD: frozenset({"value", "next_step"}),
        Situation.LOST_LEAD: frozenset({"lost_reason"}),
    }
    book = hands.desk.window.context.plan
    book.take(replace(book.value, required=required))
    dialog = hands.ask(LeadDialog, Qt.Key.Key_L, SHIFT)
    hands.type("20 desks")
    assert not dialog.save_button.isEnabled()
    assert "Value (needed)" in words(dialog)
    dialog.value.input.setText("100")
    assert not dialog.save_button.isEnabled()
    dialog.next_step.setText("Call back")
    assert dialog.save_button.isEnabled()
    dialog.reject()
    asked = LostDialog(None, "20 desks", book.lists, is_required=True)
    hands.qtbot.addWidget(asked)
    assert not asked.save_button.isEnabled()
    asked.reason.setCurrentIndex(1)
    assert asked.save_button.isEnabled()


@pytest.fixture
def page(hands: SalesHands) -> LeadsPage:
    """The pipeline on three open leads and one that is won."""
    one = Lead(uuid.uuid4(), hands.customer.id, now(), "Desks", "offer", value_cents=100_000,
               expected_on=now().date(), owner="Alice Adler")  # fmt: skip
    leads = (
        one,
        replace(one, id=uuid.uuid4(), title="Chairs", stage="new", owner="Ben",
                expected_on=now().date() + 800 * DAY),
        replace(one, id=uuid.uuid4(), title="Lamps", stage="new", expected_on=None, owner="Ben"),
        replace(one, id=uuid.uuid4(), title="Gone", stage="won", state=LeadState.WON),
    )  # fmt: skip
    for lead in leads:
        hands.write(steps.add_lead(lead, "Ben"))
    hands.desk.window.show_page("leads")
    made = hands.desk.window.pages["leads"]
    assert isinstance(made, LeadsPage)
    hands.desk.wait(lambda: bool(shown(made)))
    return made


def shown(page: LeadsPage) -> list[str]:
    return [line.lead.title for line in page.table.model.lines()]


def test_the_pipeline_counts_weighs_and_filters(hands: SalesHands, page: LeadsPage) -> None:
    wait_for = hands.desk.wait
    assert shown(page) == ["Desks", "Chairs", "Lamps"]
    everything = page.pipeline.tiles[""].accessibleName()
    assert everything == "All stages, 3 leads, 3,000.00 EUR, weighted 800.00 EUR"
    page.pipeline.tiles["new"].click()
    wait_for(lambda: shown(page) == ["Chairs", "Lamps"])
    assert page.pipeline.tiles["new"].isChecked()
    page.until.choose(Until.YEAR)
    wait_for(lambda: shown(page) == [])
    page.pipeline.tiles[""].click()
    wait_for(lambda: shown(page) == ["Desks"])
    page.until.choose(Until.EVER)
    page.whose.choose(True)
    wait_for(lambda: shown(page) == ["Desks"])
    assert page.pipeline.tiles[""].accessibleName().startswith("All stages, 1 lead,")


def test_enter_opens_a_lead_at_its_customer(hands: SalesHands, page: LeadsPage) -> None:
    page.activate()
    hands.press(Qt.Key.Key_J)
    hands.press(Qt.Key.Key_Return)
    view = hands.view(LeadView)
    hands.desk.wait(lambda: view.lead is not None)
    assert view.lead is not None
    assert view.lead.title in {"Desks", "Chairs"}


def test_when_the_next_step_is_due_has_a_column_of_its_own() -> None:
    start = now()
    lead = Lead(
        uuid.uuid4(), uuid.uuid4(), start, "20 desks", "new",
        next_step="Ask who decides, and when", next_step_at=start - 3 * DAY,
    )  # fmt: skip
    names = [one.title for one in COLUMNS]
    made = line(lead, 0, Picklists(), Names(Settings()), start)
    told = dict(zip(names, made.cells, strict=True))
    assert told["Next step"].text == "Ask who decides, and when"
    assert (told["Step due"].text, told["Step due"].tone) == ("overdue 3 d", "bad")
    open_one = line(replace(lead, next_step_at=None), 0, Picklists(), Names(Settings()), start)
    assert dict(zip(names, open_one.cells, strict=True))["Step due"].text == "–"
