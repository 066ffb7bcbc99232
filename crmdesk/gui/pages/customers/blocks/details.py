"""What else is known of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.customers import Customer, CustomerStory
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.custom_words import filled
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.blocks.block import Block, fact
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.widgets.text import isolate

if TYPE_CHECKING:
    from crmdesk.store import Reader


def read(reader: Reader, story: CustomerStory, _now: datetime) -> Mapping[str, str]:
    """What the company's own fields hold, by key."""
    return reader.custom_values(story.customer.id)


class DetailsBlock(Block):
    """Account, source, since when, and what the company asks besides."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Details", "user")

    def show_value(self, value: Mapping[str, str], view: CustomerView) -> None:
        """Shows the details of a customer; fields of the company's own as they are called now."""
        known = [pair for pair in _details(view.customer, view.names) if pair[1]]
        own = filled(self.desk.context.plan.value.fields, value)
        facts = [fact(name, isolate(text)) for name, text in (*known, *own)]
        if facts:
            self.fill(*facts)
        else:
            self.fill_empty("No account and no source yet. E adds them.")


def _details(customer: Customer, names: Names) -> list[tuple[str, str]]:
    since = f"{customer.customer_since:%d %b %Y}" if customer.customer_since else ""
    return [
        ("Account", customer.account_id),
        ("Found us by", names.choice(PicklistKey.SOURCE, customer.source)),
        ("Customer since", since),
    ]
