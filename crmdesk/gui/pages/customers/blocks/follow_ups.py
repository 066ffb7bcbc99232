"""What was promised to the customer, and what is to be done next."""

from __future__ import annotations

from crmdesk.gui.pages.customers.blocks.block import Block, item
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.widgets import times


class FollowUpsBlock(Block):
    """The open follow-up that is due first."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Follow-ups", "follow-up")

    def show_value(self, _value: None, view: CustomerView) -> None:
        """Shows the next follow-up of a customer."""
        first = view.story.next_follow_up
        if first is None:
            self.fill_empty("Nothing promised, nothing due.")
            return
        noted = f"noted {times.ago(first.at, view.now)}"
        self.fill(item(first.text, noted, first.tone or "muted"))
