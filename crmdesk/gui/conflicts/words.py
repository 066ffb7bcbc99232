"""Fields of a form and their values, as the screen calls them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crmdesk.domain.edits import AND, CUSTOM, LINES
from crmdesk.domain.follow_ups import Repeat
from crmdesk.domain.sales import OrderLine
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.models.custom_words import field_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.history_words import HistoryWords
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.sales_words import quantity

_TITLES = {
    ("sales_order", LINES): "Lines and total",
    ("payment_method", "kind"): "Way to pay",
    ("follow_up", "repeat"): "Repeats",
    ("follow_up", "detail"): "Detail",
    ("opportunity", "title"): "What it is about",
}
_FOLLOWS_FROM = frozenset({"shipped_at", "delivered_at", "closed_at", "state", "token"})
"""What a field holds besides, and nobody needs to read."""
_CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class EditWords:
    """Says what two people made of a field.

    Attributes:
        words: Of the history; they know people and choices.
        table: Whose fields they are.
    """

    words: HistoryWords
    table: str = "customer"

    @property
    def names(self) -> Names:
        """People and choices."""
        return self.words.names

    def title(self, field: str) -> str:
        """What a field is called; see `domain.edits`."""
        if field.startswith(CUSTOM):
            return self.words.own_field(field.removeprefix(CUSTOM)).title
        first = field.split(AND)[0]
        known = _TITLES.get((self.table, field)) or _TITLES.get((self.table, first))
        return known or self.words.title(self.table, first)

    def value(self, field: str, value: object) -> str:
        """A value of it, "" where there is none."""
        if field.startswith(CUSTOM):
            own = self.words.own_field(field.removeprefix(CUSTOM))
            return field_words(own.kind, str(value))
        attributes = field.split(AND)
        values = value if isinstance(value, tuple) and len(attributes) > 1 else (value,)
        parts = self._parts(dict(zip(attributes, values, strict=True)))
        return ", ".join(filter(None, parts))

    def _parts(self, values: dict[str, object]) -> Iterable[str]:
        currency = str(values.get(_CURRENCY, ""))
        for name, value in values.items():
            if name == "lines" and isinstance(value, tuple):
                yield _lines(value)
            elif name.endswith("_cents") and isinstance(value, int) and currency:
                yield money(value, currency)
            elif isinstance(value, Repeat):
                yield follow_up_words.repeats(value)
            elif name != _CURRENCY and name not in _FOLLOWS_FROM:
                yield self.words.value(self.table, name, value)


def _lines(lines: Iterable[OrderLine]) -> str:
    """What is ordered, e.g. "2 × Chair, 1 × Desk"."""
    return ", ".join(f"{quantity(one.quantity_milli)} × {one.title}" for one in lines)
