"""What else is known of the customer."""

from __future__ import annotations

from crmdesk.domain.customers import Customer
from crmdesk.gui.pages.customers.blocks.block import Block, fact
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.widgets.text import isolate


class DetailsBlock(Block):
    """Account, source, since when."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Details", "user")

    def show_value(self, _value: None, view: CustomerView) -> None:
        """Shows the details of a customer."""
        facts = [fact(name, isolate(value)) for name, value in _details(view.customer) if value]
        if facts:
            self.fill(*facts)
        else:
            self.fill_empty("No account and no source yet. E adds them.")


def _details(customer: Customer) -> list[tuple[str, str]]:
    since = f"{customer.customer_since:%d %b %Y}" if customer.customer_since else ""
    return [
        ("Account", customer.account_id),
        ("Found us by", customer.source),
        ("Customer since", since),
    ]
