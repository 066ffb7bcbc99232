"""The running desk, as far as sections need it whose steps can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.gui.settings.book import SettingsBook
from crmdesk.matching.numbers import LineRules, line_rules

if TYPE_CHECKING:
    from crmdesk.store import Store


@dataclass(frozen=True)
class SettingsDesk:
    """Where steps are written, and by whom.

    Attributes:
        book: The settings of the running desk.
    """

    book: SettingsBook

    @property
    def store(self) -> Store:
        """The open store."""
        return self.book.core.store

    def rules(self) -> LineRules:
        """How numbers are dialled on the first line."""
        line = next(iter(self.book.settings.lines), None)
        return line_rules(line) if line else LineRules()

    def agent(self) -> str:
        """Who sits here."""
        agent = self.book.settings.agent
        return agent.name or agent.extension
