"""The three views of the log, with how many calls each holds."""

from __future__ import annotations

from crmdesk.gui.pages.calls.reading import COUNT_LIMIT, View
from crmdesk.gui.pages.chip_bar import ChipBar

_TITLES = {View.TODAY: "Today", View.CALL_BACK: "To call back", View.ALL: "All"}


def views_bar() -> ChipBar[View]:
    """Chooses a view."""
    return ChipBar(_TITLES, COUNT_LIMIT)
