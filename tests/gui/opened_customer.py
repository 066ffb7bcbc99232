"""A customer, opened on the customers page."""

from __future__ import annotations

from dataclasses import replace

from crmdesk.domain.customers import Customer, Email, PhoneNumber
from crmdesk.gui.models.timeline_items import EntryItem
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.pages.customers.page import CustomersPage
from tests.gui.desk_windows import Windows, now


def jane(**facts: object) -> Customer:
    """A person with a number and an e-mail."""
    made = replace(
        blank(now()),
        name="Jane Doe",
        numbers=(PhoneNumber("030 23125 100", "+493023125100", "work"),),
        emails=(Email("jane@example.com"),),
        segment="Gold",
        language="de-AT",
    )
    return replace(made, **facts)


def opened(desk: Windows, customer: Customer) -> CustomersPage:
    """Saves and opens a customer."""
    desk.store.write(lambda writer: writer.save_customer(customer)).result()
    page = desk.window.customers()
    desk.window.open_customer(customer.id)
    desk.wait(lambda: page.card.header._name.full_text() == customer.name)
    return page


def entries(page: CustomersPage) -> list[str]:
    """Titles or texts of the entries that are shown."""
    model = page.card.timeline.model
    items = [model.item(row) for row in range(model.rowCount())]
    return [i.entry.title or i.entry.detail for i in items if isinstance(i, EntryItem)]
