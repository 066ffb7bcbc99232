"""What else is known of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import Customer, CustomerStory
from crmdesk.domain.edits import CUSTOM
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.custom_words import filled
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.blocks.block import Block, fact
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.widgets.buttons import action
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
        known = [one for one in _details(view.customer, view.names) if one[1]]
        fields = self.desk.context.plan.value.fields
        own = [(*pair, CUSTOM + one.key) for one in fields for pair in filled([one], value)]
        facts = [self._fact(*one) for one in (*known, *own)]
        if facts:
            self.fill(*facts)
        else:
            self.fill_empty("No account and no source yet. E adds them.")

    def _fact(self, name: str, text: str, about: str) -> QWidget:
        """A fact whose menu leads to its history."""
        made = fact(name, isolate(text))
        history = action(made, "History of this field", icon="log")
        history.triggered.connect(partial(self.desk.show_history, about))
        made.addAction(history)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return made


def _details(customer: Customer, names: Names) -> list[tuple[str, str, str]]:
    """Title, value and field."""
    since = f"{customer.customer_since:%d %b %Y}" if customer.customer_since else ""
    return [
        ("Account", customer.account_id, "customer.account_id"),
        ("Found us by", names.choice(PicklistKey.SOURCE, customer.source), "customer.source"),
        ("Customer since", since, "customer.customer_since"),
    ]
