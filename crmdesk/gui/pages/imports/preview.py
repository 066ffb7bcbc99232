"""Three customers as they will be, beside the mapping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models.names import language_name
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import avatar
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import ElidedLabel, joined, label
from crmdesk.matching.display import format_number
from crmdesk.sync.columns.targets import CUSTOM

if TYPE_CHECKING:
    from crmdesk.sync.reading.record import BadRecord, Draft

_MOST_LINES = 9


class PreviewCard(QFrame):
    """One customer or record, or why a row cannot become one.

    Args:
        title: Name or number.
        under: A second line, "" for none.
        facts: Icon, text and tone of each further line.
        icon: Stands for the record; "" for a customer, who has an avatar.
    """

    def __init__(
        self, title: str, under: str, facts: Sequence[tuple[str, str, str]], icon: str = ""
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        name = ElidedLabel(title, "strong")
        second = ElidedLabel(under, "small", "muted")
        set_shown(second, bool(under))
        sign = icon_label(icon, "muted", Size.AVATAR_SMALL) if icon else None
        head = row(sign or avatar(title, size="small"), spacing=Space.S)
        head.addLayout(column(name, second, spacing=Space.NONE), 1)
        items = column(head, spacing=Space.XS, margin=Space.M)
        for icon, text, tone in facts[:_MOST_LINES]:
            items.addLayout(_fact(icon, text, tone))
        self.setLayout(items)
        said = "; ".join(text for _, text, _ in facts)
        self.setAccessibleName(f"{title}. {under}. {said}")


def _fact(icon: str, text: str, tone: str) -> QHBoxLayout:
    made = row(spacing=Space.S)
    made.addSpacing((Size.AVATAR_SMALL - Size.ICON) // 2)
    made.addWidget(icon_label(icon, tone if tone != "text" else "muted"), 0,
                   Qt.AlignmentFlag.AlignTop)  # fmt: skip
    made.addSpacing((Size.AVATAR_SMALL - Size.ICON) // 2)
    made.addWidget(wrapped(text, "small", tone), 1)
    return made


class Preview(QWidget):
    """The first customers; made anew whenever the mapping changes."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = Picklists()
        self.cards: list[PreviewCard] = []
        self._items = column(spacing=Space.S)
        self.setLayout(self._items)

    def show_drafts(self, drafts: Sequence[Draft | BadRecord]) -> None:
        """Shows others."""
        self.show_cards([_card(draft, self.lists) for draft in drafts])

    def show_cards(self, cards: Sequence[PreviewCard]) -> None:
        """Shows cards that are made already."""
        clear(self._items)
        self.cards = list(cards)
        for card in self.cards:
            self._items.addWidget(card)
        if not cards:
            self._items.addWidget(label("There is no row to show.", "body", "muted", wrap=True))


def _card(draft: Draft | BadRecord, lists: Picklists) -> PreviewCard:
    from crmdesk.sync.reading.record import BadRecord  # late: it brings SQLAlchemy

    if isinstance(draft, BadRecord):
        title = draft.title or f"Row {draft.place}"
        return PreviewCard(title, "Cannot be used", [("warning", draft.reason, "warn")])
    return PreviewCard(draft.name, joined((draft.company, draft.role)), _facts(draft, lists))


def _facts(draft: Draft, lists: Picklists) -> list[tuple[str, str, str]]:
    facts = [("warning", text, "warn") for text in draft.why]
    facts += [("phone", number_words(number, lists), "text") for number in draft.numbers]
    facts += [("mail", email.address, "text") for email in draft.emails]
    for home in draft.addresses:
        town = " ".join(part for part in (home.postcode, home.city) if part)
        facts.append(("home", joined((home.street, town, home.country), ", "), "text"))
    facts += [("info", text, "muted") for text in (_about(draft, lists), _keys(draft)) if text]
    facts += [
        ("info", f"{key.removeprefix(CUSTOM)}: {value}", "muted")
        for key, value in draft.custom.items()
    ]
    if draft.note:
        facts.append(("note", draft.note, "muted"))
    return facts


def number_words(number: PhoneNumber, lists: Picklists) -> str:
    """A number as it will be matched, with its kind, and what cannot be read as it stands."""
    label = lists.title(PicklistKey.NUMBER_LABEL, number.label)
    if number.e164 is None:
        return joined((number.raw, label, "not read as a number"))
    extension = f" ext. {number.extension}" if number.extension else ""
    return joined((f"{format_number(number.e164)}{extension}", label))


def _about(draft: Draft, lists: Picklists) -> str:
    since = f"customer since {draft.customer_since:%d %b %Y}" if draft.customer_since else ""
    return joined(
        (
            draft.kind.value.capitalize() if draft.kind.value == "company" else "",
            lists.title(PicklistKey.CUSTOMER_STATUS, draft.status or ""),
            lists.title(PicklistKey.SEGMENT, draft.segment),
            language_name(draft.language, lists) if draft.language else "",
            since,
            "do not call" if draft.do_not_call else "",
            f"of {draft.owner}" if draft.owner else "",
        )
    )


def _keys(draft: Draft) -> str:
    account = f"customer number {draft.account_id}" if draft.account_id else ""
    external = f"id {draft.external_id}" if draft.external_id else ""
    return joined((account, external))
