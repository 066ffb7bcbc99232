"""The pages of a window, each made when somebody first goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from crmdesk.gui.pages.page import Page, PageEntry


class Pages(Mapping[str, Page]):
    """Pages by their id. To make all of them would triple the time until the window is there.

    Args:
        entries: What there is, in the order of the rail.
        make: Makes a page and puts it where it belongs.
    """

    def __init__(self, entries: Sequence[PageEntry], make: Callable[[PageEntry], Page]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._make = make
        self._made: dict[str, Page] = {}

    def __getitem__(self, page_id: str) -> Page:
        """The page; it is made now where it is not there yet."""
        if page_id not in self._made:
            self._made[page_id] = self._make(self._entries[page_id])
        return self._made[page_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, page_id: object) -> bool:
        return page_id in self._entries

    def made(self) -> tuple[Page, ...]:
        """Those that are there: the others will read what is new when they are made."""
        return tuple(self._made.values())

    def id_of(self, page: object) -> str:
        """The id of a page that is there, an empty string for anything else."""
        return next((name for name, made in self._made.items() if made is page), "")
