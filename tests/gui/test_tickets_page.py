"""The list of all tickets in the real window, and what is told of clocks that run out."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.domain.sla import SlaPolicy
from crmdesk.domain.tickets import (
    NewTicket,
    TicketEntryKind,
    TicketNews,
    TicketStatus,
    TicketTarget,
)
from crmdesk.gui.pages.customers.records.ticket_view import TicketRecordView
from crmdesk.gui.pages.tickets.page import TicketsPage
from crmdesk.gui.pages.tickets.reading import View
from crmdesk.gui.tickets.notices import concerning
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import SETTINGS, Windows, now
from tests.gui.opened_customer import jane, opened

URGENT = SlaPolicy(uuid.UUID(int=4), "Urgent", priority="urgent", resolution_minutes=30)
USUAL = SlaPolicy(uuid.UUID(int=3), "Usual", resolution_minutes=480)


@pytest.fixture
def page(windows: Windows) -> TicketsPage:  # noqa: F811
    """The page on six tickets of one customer."""
    customer = jane()

    def fill(writer: Any) -> None:
        writer.save_customer(customer)
        writer.save_policies((URGENT, USUAL), "Dana")
        for number in range(3):
            new = NewTicket(customer.id, "question", f"Question {number}", owner="Alice Adler")
            writer.open_ticket(new, "Ben")
        writer.open_ticket(NewTicket(customer.id, "complaint", "Burnt", "urgent"), "Ben")
        for status in (TicketStatus.WAITING, TicketStatus.SOLVED):
            key = uuid.uuid4()
            writer.open_ticket(NewTicket(customer.id, "request", f"Is {status}"), "Ben", key)
            writer.set_ticket_status(key, status, "Ben")

    windows.store.write(fill).result()
    windows.window.show_page("tickets")
    made = windows.window.pages["tickets"]
    assert isinstance(made, TicketsPage)
    windows.wait(lambda: bool(shown(made)))
    return made


def shown(page: TicketsPage) -> list[str]:
    return [line.row.ticket.subject for line in page.table.model.lines()]


def test_what_is_due_first_stands_on_top_and_what_waits_at_the_end(page: TicketsPage) -> None:
    subjects = shown(page)
    assert subjects[0] == "Burnt"
    assert subjects[-1] == "Is waiting"
    assert len(subjects) == 5
    first = page.table.model.lines()[0]
    assert "Solution due in" in first.cells[0].text
    assert "Complaint" in first.spoken


def test_views_kinds_and_text_filter_the_list(windows: Windows, page: TicketsPage) -> None:  # noqa: F811
    page.views.choose(View.MINE)
    windows.wait(lambda: len(shown(page)) == 3)
    page.views.choose(View.UNASSIGNED)
    windows.wait(lambda: shown(page) == ["Burnt", "Is waiting"])
    page.views.choose(View.SOLVED)
    windows.wait(lambda: shown(page) == ["Is solved"])
    page.views.choose(View.BREACHED)
    windows.wait(lambda: page.stack.currentWidget() is page.empty)
    assert "Every promise was kept so far." in page.empty._title.text()
    page.views.choose(View.OPEN)
    page.kind.setCurrentIndex(page.kind.findData("complaint"))
    windows.wait(lambda: shown(page) == ["Burnt"])
    page.kind.setCurrentIndex(0)
    page.search.setText("question 1")
    page.search.returnPressed.emit()
    windows.wait(lambda: shown(page) == ["Question 1"])
    page.search.setText("xylophone")
    page.search.returnPressed.emit()
    windows.wait(lambda: page.stack.currentWidget() is page.empty)


def test_enter_opens_the_ticket_at_its_customer_and_back_comes_back(
    windows: Windows,  # noqa: F811
    page: TicketsPage,
    qtbot: QtBot,
) -> None:
    page.activate()
    qtbot.keyClick(page.table.view, Qt.Key.Key_J)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    card = windows.window.customers().card
    windows.wait(lambda: isinstance(card.record.view, TicketRecordView))
    assert card.record.view.ticket.subject == "Burnt"
    windows.window.go_back()
    windows.wait(page.isVisible)


def test_a_long_list_is_read_page_by_page(windows: Windows, page: TicketsPage) -> None:  # noqa: F811
    customer = windows.store.read(lambda r: r.customers(limit=1)).result().customers[0].id

    def fill(writer: Any) -> None:
        for number in range(130):
            writer.open_ticket(NewTicket(customer, "question", f"More {number}"), "Ben")

    windows.store.write(fill).result()
    page.refresh()
    windows.wait(lambda: len(shown(page)) == 100)
    bar = page.table.view.verticalScrollBar()
    windows.wait(lambda: bar.maximum() > bar.value())
    bar.setValue(bar.maximum())
    windows.wait(lambda: len(shown(page)) == 135)
    assert len(set(shown(page))) == 135


def _news(**facts: Any) -> TicketNews:
    known = {
        "ticket_id": uuid.uuid4(), "customer_id": uuid.uuid4(), "number": "1042",
        "subject": "Burnt", "owner": "", "kind": TicketEntryKind.BREACH,
        "target": TicketTarget.RESOLUTION, "due_at": now() - timedelta(hours=1),
    }  # fmt: skip
    return TicketNews(**{**known, **facts})


def test_only_what_concerns_the_agent_is_told() -> None:
    own, nobodys, others = _news(owner="1001"), _news(), _news(owner="Ben")
    escalated = _news(owner="Ben", escalated_to="Alice Adler")
    assert concerning((own, nobodys, others, escalated), SETTINGS) == (own, nobodys, escalated)


def test_a_breach_is_told_in_a_quiet_line_that_opens_the_ticket(
    windows: Windows,  # noqa: F811
) -> None:
    customer, key = jane(), uuid.uuid4()
    opened(windows, customer)
    new = NewTicket(customer.id, "complaint", "Burnt")
    windows.store.write(lambda w: w.open_ticket(new, "Ben", key)).result()
    windows.bridge.tickets_due((_news(ticket_id=key, customer_id=customer.id),))
    notice = windows.window.status._notice
    windows.wait(notice.isVisible)
    assert "Ticket 1042: solution overdue 1 h" in notice.accessibleName()
    notice.click()
    card = windows.window.customers().card
    windows.wait(lambda: isinstance(card.record.view, TicketRecordView))
    assert not notice.isVisible()
    windows.bridge.tickets_due((_news(), _news()))
    windows.wait(notice.isVisible)
    notice.click()
    windows.wait(windows.window.pages["tickets"].isVisible)
    assert QApplication.activeModalWidget() is None


def test_the_list_is_exported_as_it_is_filtered(windows: Windows, page: TicketsPage) -> None:  # noqa: F811
    page.views.choose(View.MINE)
    page.kind.setCurrentIndex(page.kind.findData("question"))
    windows.wait(lambda: len(shown(page)) == 3)
    scope = page.scope()
    assert scope.arguments == ("--owner=Alice Adler", "--kind=question")
    assert page.exports.ask() is not None
