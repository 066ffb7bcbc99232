"""What can be done from anywhere: the commands of the palette."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crmdesk.gui.main_window.rail import page_key
from crmdesk.gui.pages.calls.page import CallsPage
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.tickets.page import TicketsPage
from crmdesk.gui.palette.commands import Command
from crmdesk.gui.shortcuts import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmdesk.gui.main_window.window import MainWindow
    from crmdesk.gui.pages.page import PageEntry


def _export(window: MainWindow, page_id: str) -> None:
    """Asks how to export what the list of a page shows."""
    window.show_page(page_id)
    page = window.pages[page_id]
    if isinstance(page, CustomersPage | CallsPage | TicketsPage):
        page.exports.ask()


def window_commands(window: MainWindow, entries: Sequence[PageEntry]) -> tuple[Command, ...]:
    """The commands of a window with these pages."""
    pages = tuple(
        Command(f"Go to {entry.title.lower()}", entry.icon, page_key(entry, place).sequence,
                partial(window.show_page, entry.id))
        for place, entry in enumerate(entries)
    )  # fmt: skip
    return (
        *pages,
        Command("New customer", "user-add", keys.NEW.sequence, window.show_new_customer),
        Command(
            "Import customers from a file or a server",
            "download",
            "",
            partial(window.show_page, "imports"),
        ),
        Command("Export customers", "upload", "", partial(_export, window, "customers")),
        Command("Export calls", "upload", "", partial(_export, window, "calls")),
        Command("Export tickets", "upload", "", partial(_export, window, "tickets")),
        Command("Export what is due", "upload", "", partial(_export, window, "due")),
        Command("Export leads", "upload", "", partial(_export, window, "leads")),
        Command("Settings", "settings", keys.SETTINGS.sequence, window.settings_wanted.emit),
        Command("Changes: take something back", "refresh", "", window.changes_wanted.emit),
        Command("Light or dark", "moon", keys.THEME.sequence, window.toggle_theme),
        Command("Keys", "keyboard", keys.SHORTCUTS.sequence, window.show_shortcuts),
        Command("Help", "help", keys.HELP.sequence, window.show_help),
    )
