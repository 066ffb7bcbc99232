"""The columns of the source, each with its first values and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from crmdesk.domain.importing import SourceColumn, SourceFacts, SourceRecord
from crmdesk.domain.planning import Picklists
from crmdesk.gui.pages.imports.holdings import is_of_records
from crmdesk.gui.pages.imports.picklist import Picklist, has_words
from crmdesk.gui.pages.imports.target_choice import CHOICE_WIDTH, TargetButton, TargetPopup
from crmdesk.gui.pages.imports.trial import words_of
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tone
from crmdesk.sync.columns.targets import CUSTOM, NOTHING
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.profile_targets import CUSTOMERS, is_many

NAME_WIDTH = Size.FIELD - 2 * Space.XXL
_EMPTY = "no values in the first rows"


class ColumnRow(QFrame):
    """One column.

    Args:
        column_of_source: Its name and first values.
        words: Its different words, for a picklist.
        lists: The company's choices.
        holds: What the rows are.

    Signals:
        changed: Its target or the meaning of a word.
        choice_wanted: The list of targets shall open.
    """

    changed = Signal()
    choice_wanted = Signal(object)

    def __init__(
        self,
        column_of_source: SourceColumn,
        words: tuple[str, ...],
        lists: Picklists,
        holds: str = CUSTOMERS,
    ) -> None:
        super().__init__()
        self._lists, self._holds = lists, holds
        self.name = column_of_source.name
        self._words = words
        self.picklist: Picklist | None = None
        self._title = ElidedLabel(self.name, "strong")
        self._title.setFixedWidth(NAME_WIDTH)
        samples = "  ·  ".join(column_of_source.samples)
        values = ElidedLabel(samples or _EMPTY, "body", "muted" if samples else "faint")
        self.button = TargetButton(self.name, holds)
        self.button.clicked.connect(partial(self.choice_wanted.emit, self))
        self._values = values
        head = row(self._title, spacing=Space.M)
        head.addWidget(values, 1)
        head.addWidget(self.button)
        head.setContentsMargins(Space.L, Space.XS, Space.L, Space.XS)
        self._below = column(spacing=Space.NONE)
        self._below.setContentsMargins(Space.L, Space.NONE, Space.L, Space.NONE)
        items = column(head, self._below, rule(), spacing=Space.NONE)
        self.setLayout(items)

    @property
    def target(self) -> str:
        """What it becomes."""
        return self.button.target

    def set_target(self, target: str, meanings: Mapping[str, str]) -> None:
        """Shows what it becomes, and its words where they can be given a meaning."""
        if target != self.button.target or self.picklist is None:
            self._show_words(target, meanings)
        self.button.set_target(target)
        set_tone(self._title, "text" if target else "muted")

    def choose(self, target: str) -> None:
        """Somebody chose what it becomes."""
        if target != self.target:
            self.set_target(target, {})
            self.changed.emit()

    def _show_words(self, target: str, meanings: Mapping[str, str]) -> None:
        clear(self._below)
        self.picklist = None
        if not is_of_records(self._holds) and has_words(target) and self._words:
            self.picklist = Picklist(target, self._words, meanings, self._lists)
            self.picklist.changed.connect(self.changed)
            self._below.addWidget(self.picklist)


class ColumnRows(QWidget):
    """All columns.

    Signals:
        changed: The mapping is another one.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lists = Picklists()
        self.rows: list[ColumnRow] = []
        self._waiting: ColumnRow | None = None
        self.popup = TargetPopup(self)
        self.popup.chosen.connect(self._chosen)
        self._items = column(spacing=Space.NONE)
        self.setLayout(self._items)

    def show_columns(
        self, facts: SourceFacts, first: Sequence[SourceRecord], profile: ImportProfile
    ) -> None:
        """Shows the columns of another file, with what they become in a profile."""
        clear(self._items)
        self.rows = []
        self.popup.holds = profile.holds
        for place, each in enumerate(facts.columns):
            made = ColumnRow(each, words_of(place, each, first), self.lists, profile.holds)
            made.changed.connect(self.changed)
            made.choice_wanted.connect(self._open)
            self.rows.append(made)
            self._items.addWidget(made)
        self._items.addStretch(1)
        self.show_profile(profile)

    def show_profile(self, profile: ImportProfile) -> None:
        """Shows another mapping of the same columns."""
        for made in self.rows:
            target = profile.columns.get(made.name, NOTHING)
            made.set_target(target, profile.picklists.get(target, {}))

    def mapping(self) -> dict[str, str]:
        """Column to target."""
        return {made.name: made.target for made in self.rows}

    def picklists(self) -> dict[str, dict[str, str]]:
        """Target to words and meanings that somebody chose."""
        lists: dict[str, dict[str, str]] = {}
        for made in self.rows:
            meanings = made.picklist.meanings() if made.picklist is not None else {}
            if meanings:
                lists.setdefault(made.target, {}).update(meanings)
        return lists

    def focus_first(self) -> None:
        """The keyboard on the first choice."""
        if self.rows:
            self.rows[0].button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, wanted: ColumnRow) -> None:
        self._waiting = wanted
        own = {made.target for made in self.rows if made.target.startswith(CUSTOM)}
        self.popup.open_below(wanted.button, wanted.name, wanted.target, own)

    def _chosen(self, target: str) -> None:
        """A target that takes one column leaves the column it was given to before."""
        wanted = self._waiting
        if wanted is None:
            return
        may_repeat = target == NOTHING or is_many(target, self.popup.holds)
        for other in self.rows:
            if not may_repeat and other is not wanted and other.target == target:
                other.set_target(NOTHING, {})
        wanted.choose(target)
        wanted.button.setFocus(Qt.FocusReason.PopupFocusReason)


def headings() -> QWidget:
    """What stands above the columns."""
    name = label("Column", "small-strong", "muted")
    name.setFixedWidth(NAME_WIDTH)
    values = label("First values", "small-strong", "muted")
    becomes = label("Becomes", "small-strong", "muted")
    becomes.setFixedWidth(CHOICE_WIDTH)
    made = QWidget()
    head = row(name, spacing=Space.M)
    head.addWidget(values, 1)
    head.addWidget(becomes)
    head.setContentsMargins(Space.L, Space.S, Space.L + Size.SCROLL_BAR, Space.S)
    made.setLayout(head)
    return made
