"""The values of one record by what they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crmdesk.domain.text import sanitise_external
from crmdesk.store.fold import fold
from crmdesk.sync.cells.words import is_empty, word_set

TEXT_CHARS = 256
_EMPTY_WORD_CHARS = 20


class RecordCells:
    """The values of one record by target.

    Args:
        values: Of the record.
        places: Target to its columns.
        picklists: Target to folded words and what they mean.

    Attributes:
        unknown: What stands in it and nobody knows.
    """

    __slots__ = ("_picklists", "_places", "unknown", "values")

    def __init__(
        self,
        values: Sequence[str],
        places: Mapping[str, list[int]],
        picklists: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.values = values
        self._places = places
        self._picklists = picklists
        self.unknown: list[str] = []

    def at(self, index: int) -> str:
        """A cell, "" where there is none or it says that nothing is known."""
        if not 0 <= index < len(self.values):
            return ""
        value = self.values[index]
        if len(value) > _EMPTY_WORD_CHARS:
            return value
        if not value or value.lower() in word_set("empty"):
            return ""
        is_odd = not value.isalnum()
        return "" if is_odd and is_empty(value) else value

    def word(self, target: str) -> str:
        """The cell of a target that takes one column, made safe, as the source has it."""
        places = self._places.get(target)
        if not places:
            return ""
        value = self.at(places[0])
        if not value and target == "do_not_call":  # "x" is a yes there
            value = self.values[places[0]]
        return sanitise_external(value) if value else ""

    def label_word(self, index: int, target: str) -> str:
        """The word for a kind of number or address, through the picklist of its target."""
        word, known = self.at(index), self._picklists.get(target)
        return (known.get(fold(word)) if known and word else "") or word

    def choice(self, target: str) -> str:
        """What the profile's picklist makes of the cell, "" where it knows nothing of it."""
        known = self._picklists.get(target)
        return known.get(fold(self.word(target)), "") if known else ""

    def text(self, target: str, limit: int = TEXT_CHARS) -> str:
        """The same through the picklist; what is not in it stays as it is."""
        places = self._places.get(target)
        if not places:
            return ""
        value = self.at(places[0])
        if not value:
            return ""
        if self._picklists and (chosen := self.choice(target)):
            return chosen
        if value.isascii() and value.isprintable() and "  " not in value:
            return value.strip()[:limit]  # most cells: nothing in them is to be made safe
        return sanitise_external(value, limit)

    def text_at(self, index: int, target: str, limit: int = TEXT_CHARS) -> str:
        """The cell of one of several columns of a target, through its picklist."""
        value = self.at(index)
        if not value:
            return ""
        known = self._picklists.get(target)
        if known and (chosen := known.get(fold(value), "")):
            return chosen
        if value.isascii() and value.isprintable() and "  " not in value:
            return value.strip()[:limit]
        return sanitise_external(value, limit)

    def texts(self, target: str) -> Iterator[str]:
        """The cells of a target that takes several columns."""
        return filter(None, map(self.at, self._places.get(target, ())))
