"""The chips over a timeline: which kinds of entries are shown."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.choice_menu import open_choices
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.focus import OneTabStop
from crmdesk.gui.widgets.pieces import chip_button, set_chip
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import set_tooltip

_K = TimelineKind
ALL = "All"
GROUPS: tuple[tuple[str, tuple[TimelineKind, ...]], ...] = (
    ("Calls", (_K.CALL,)),
    ("Notes", (_K.NOTE,)),
    ("E-mails", (_K.EMAIL, _K.MESSAGE)),
    ("Visits", (_K.VISIT,)),
    ("Web forms", (_K.WEB_FORM,)),
    ("Tickets", (_K.TICKET,)),
    ("Orders", (_K.ORDER,)),
    ("Payments", (_K.PAYMENT, _K.RECEIPT)),
    ("Surveys", (_K.SURVEY,)),
    ("Follow-ups", (_K.FOLLOW_UP,)),
    ("Consents", (_K.CONSENT,)),
    ("Leads", (_K.LEAD,)),
)
"""The chips, and the kinds each lets through."""


class KindChips(QWidget):
    """Any number of chips may be pressed; none pressed is all kinds.

    Chips of kinds that a customer has no entries of are folded into "More".

    Signals:
        changed: Other kinds are chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Kinds of entries")
        self.chips = {title: self._chip(title) for title in (ALL, *(name for name, _ in GROUPS))}
        set_tooltip(self.chips[ALL], "Everything that happened")
        self.more = chip_button("More")
        set_tooltip(self.more, "Kinds that there is nothing of yet")
        self.more.clicked.connect(self._offer_more)
        self._there: frozenset[TimelineKind] = frozenset(TimelineKind)
        parts = [*self.chips.values(), self.more]
        self.setLayout(flow(*parts, spacing=Space.XS))
        OneTabStop(self, parts)
        self._mark()

    def _chip(self, title: str) -> QPushButton:
        made = chip_button(title)
        made.setCheckable(True)
        made.clicked.connect(partial(self._press, title))
        return made

    def kinds(self) -> tuple[TimelineKind, ...]:
        """The kinds that are chosen; empty for all."""
        return tuple(
            kind for title, kinds in GROUPS if self.chips[title].isChecked() for kind in kinds
        )

    def show_there(self, kinds: Collection[TimelineKind]) -> None:
        """Shows the chips of these kinds, and those that are chosen."""
        self._there = frozenset(kinds)
        self._mark()

    def clear(self) -> None:
        """All kinds again; nothing is told."""
        for chip in self.chips.values():
            chip.setChecked(False)
        self._mark()

    def _press(self, title: str) -> None:
        if title == ALL:
            self.clear()
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        self.chips[ALL].setChecked(not self.kinds())
        for title, chip in self.chips.items():
            set_chip(chip, title, "accent" if chip.isChecked() else "neutral")
        for title, kinds in GROUPS:
            chip = self.chips[title]
            set_shown(chip, chip.isChecked() or not self._there.isdisjoint(kinds))
        set_shown(self.more, bool(self._folded()))

    def _folded(self) -> list[str]:
        return [title for title, _ in GROUPS if self.chips[title].isHidden()]

    def _offer_more(self) -> None:
        open_choices(self.more, [(title, title) for title in self._folded()], "", self._choose)

    def _choose(self, title: str) -> None:
        self.chips[title].setChecked(True)
        self._press(title)
        self.chips[title].setFocus()
