"""What is counted about the customer."""

from __future__ import annotations

from crmdesk.gui.models.customer_words import figures
from crmdesk.gui.pages.customers.blocks.block import Block, fact
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView


class FiguresBlock(Block):
    """Orders and satisfaction."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Figures", "chart")

    def show_value(self, _value: None, view: CustomerView) -> None:
        """Shows the figures of a customer."""
        self.fill(*(fact(name, value) for name, value in figures(view.story)))
