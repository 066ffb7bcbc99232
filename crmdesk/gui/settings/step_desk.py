"""The running desk, as far as sections need it whose steps can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.gui.settings.book import SettingsBook

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

    def agent(self) -> str:
        """Who sits here."""
        agent = self.book.settings.agent
        return agent.name or agent.extension
