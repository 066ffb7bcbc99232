"""How numbers are read, who is the same customer, and what becomes of fields both sides have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QToolButton, QWidget

from crmdesk.gui.pages.imports.calm_combo import CalmCombo, calm_combo
from crmdesk.gui.pages.imports.words import MATCHES, MERGES, UNKNOWNS, field_title, merge_fields
from crmdesk.gui.settings.regions import regions
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.disclosure import Disclosure
from crmdesk.gui.widgets.fields import Field, check_box, line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tooltip
from crmdesk.sync.profile import ImportProfile, MatchBy, Merge, Unknown, rules_for

_EVERYBODY: Final = "Everybody"
_UNKNOWN_HINT: Final = "Such as a status that nobody gave a meaning."
_SOURCE_HINT: Final = "Its ids are its own: 7 in the shop is not 7 in the address book."
DATES: Final = (("As the column tells", ""), ("Day first", "dmy"), ("Month first", "mdy"))


class MatchRow(QFrame):
    """One way to find the same customer."""

    def __init__(self, match: MatchBy) -> None:
        super().__init__()
        title, text = MATCHES[match]
        self.match = match
        self.switch = check_box(title)
        self.switch.setAccessibleDescription(text)
        set_tooltip(self.switch, text)
        self.up = self._mover("up", "Earlier", keys.MOVE_UP)
        self.down = self._mover("down", "Later", keys.MOVE_DOWN)
        self.setLayout(row(self.switch, 1, self.up, self.down, spacing=Space.NONE))

    def _mover(self, icon: str, words: str, key: keys.Key) -> QToolButton:
        made = icon_button(icon, f"{words}: {MATCHES[self.match][0]}")
        set_tooltip(made, words, shown_key(key.sequence))
        return made


class MatchList(QWidget):
    """The ways in the order in which they are tried.

    Signals:
        changed: Another order, or one more or less.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = {match: MatchRow(match) for match in MATCHES}
        self._order = list(MATCHES)
        self._items = column(spacing=Space.NONE)
        self.setLayout(self._items)
        for match, made in self.rows.items():
            made.switch.toggled.connect(self.changed)
            made.up.clicked.connect(partial(self.move_match, match, -1))
            made.down.clicked.connect(partial(self.move_match, match, 1))
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind(self, keys.MOVE_UP, partial(self._move_focused, -1), context)
        bind(self, keys.MOVE_DOWN, partial(self._move_focused, 1), context)
        self._arrange()

    def value(self) -> tuple[MatchBy, ...]:
        """Those that are on, in their order."""
        return tuple(match for match in self._order if self.rows[match].switch.isChecked())

    def set_value(self, wanted: Sequence[MatchBy]) -> None:
        """Shows others; those that are off stand at the end."""
        self._order = [*wanted, *(match for match in MATCHES if match not in wanted)]
        for match, made in self.rows.items():
            made.switch.setChecked(match in wanted)
        self._arrange()

    def move_match(self, match: MatchBy, step: int) -> None:
        """Moves one by a place."""
        place = self._order.index(match)
        if 0 <= place + step < len(self._order):
            self._order.insert(place + step, self._order.pop(place))
            self._arrange()
            self.changed.emit()

    def _move_focused(self, step: int) -> None:
        for match, made in self.rows.items():
            if any(part.hasFocus() for part in (made.switch, made.up, made.down)):
                self.move_match(match, step)
                return

    def _arrange(self) -> None:
        for place, match in enumerate(self._order):
            made = self.rows[match]
            self._items.removeWidget(made)
            self._items.insertWidget(place, made)
            made.up.setEnabled(place > 0)
            made.down.setEnabled(place < len(self._order) - 1)


class MergeRules(QWidget):
    """What becomes of each field that the file fills, where the customer has one already.

    Signals:
        changed: Another rule.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.combos: dict[str, CalmCombo] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setSpacing(Space.XS)
        self._grid.setColumnStretch(0, 1)
        self.setLayout(self._grid)

    def show_fields(self, fields: Sequence[str], profile: ImportProfile) -> None:
        """Shows the rules for these fields."""
        if tuple(fields) != tuple(self.combos):
            clear(self._grid)
            self.combos = {}
            for place, field in enumerate(fields):
                self._add(place, field)
        for field, combo in self.combos.items():
            combo.blockSignals(True)
            combo.setCurrentIndex(combo.findData(profile.rule(field)))
            combo.blockSignals(False)

    def _add(self, place: int, field: str) -> None:
        rules = [rule for rule in MERGES if rule in rules_for(field)]
        title = field_title(field)
        name = f"Where a customer has it already: {title}"
        made = calm_combo([(MERGES[rule], rule) for rule in rules], name=name)
        made.currentIndexChanged.connect(self.changed)
        self._grid.addWidget(ElidedLabel(title), place, 0)
        self._grid.addWidget(made, place, 1)
        self.combos[field] = made

    def changes(self, profile: ImportProfile) -> dict[str, Merge]:
        """The rules that are not the usual ones."""
        usual = msgspec.structs.replace(profile, merge={})
        chosen = {field: Merge(combo.currentData()) for field, combo in self.combos.items()}
        return {field: rule for field, rule in chosen.items() if rule is not usual.rule(field)}


class RulesPanel(QWidget):
    """All rules.

    Args:
        line_region: Country of the first phone line, in words, "" where there is none.

    Signals:
        changed: Any of them.
    """

    changed = Signal()

    def __init__(self, line_region: str) -> None:
        super().__init__()
        self.usual_source = ""
        self._segments: tuple[str, ...] = ()
        self._make_widgets(line_region)
        self._lay_out()
        for signal in (
            self.region.currentIndexChanged, self.area.textChanged,
            self.dates.currentIndexChanged, self.matches.changed, self.merges.changed,
            self.creates.toggled, self.updates.toggled, self.unknown.currentIndexChanged,
            self.source_name.textChanged, self.segment.currentIndexChanged,
        ):  # fmt: skip
            signal.connect(self._changed)

    def _make_widgets(self, line_region: str) -> None:
        usual = f"As on the phone line ({line_region})" if line_region else "None"
        choices = ((usual, ""), *regions())
        self.region = calm_combo(choices, name="Country of numbers without one")
        self.area = line_edit("none", name="Area code of numbers without one")
        self.dates = calm_combo(DATES, name="Order of day and month in dates")
        self.matches = MatchList()
        self.merges = MergeRules()
        unknowns = [(text, value) for value, text in UNKNOWNS.items()]
        self.unknown = calm_combo(unknowns, name="Words that mean nothing here")
        self.source_name = line_edit(name="Name of the other program")
        self.creates = check_box("Add customers who are new", checked=True)
        self.updates = check_box("Change customers who are there", checked=True)
        self.segment = calm_combo(((_EVERYBODY, ""),), name="Change only customers of")

    def _lay_out(self) -> None:
        numbers = column(
            SectionHeader("How values are read", "phone"),
            Field("Country of numbers without one", self.region),
            Field("Their area code", self.area),
            Field("Dates", self.dates),
            Field("Words that mean nothing here", self.unknown, _UNKNOWN_HINT),
            spacing=Space.S,
        )
        first = label("The first that finds somebody holds.", "small", "muted", wrap=True)
        same = column(
            SectionHeader("Who is the same customer", "users"), first, self.matches,
            Field("Name of the other program", self.source_name, _SOURCE_HINT), spacing=Space.XS,
        )  # fmt: skip
        self.merge_part = Disclosure("Where both have a value", self.merges)
        known = column(
            SectionHeader("Customers who are there", "edit"),
            self.creates, self.updates, Field("Change only customers of", self.segment),
            self.merge_part, spacing=Space.XS,
        )  # fmt: skip
        self.setLayout(column(numbers, same, known, spacing=Space.XL))

    def set_usual_source(self, name: str, shown: str) -> None:
        """What the other program is called where nobody says, and how that is shown."""
        self.usual_source = name
        self.source_name.setPlaceholderText(shown)

    def show_profile(self, profile: ImportProfile) -> None:
        """Shows the rules of a profile."""
        self.blockSignals(True)
        self.region.setCurrentIndex(max(0, self.region.findData(profile.region)))
        self.area.setText(profile.area_code)
        self.dates.setCurrentIndex(max(0, self.dates.findData(profile.date_order)))
        self.unknown.setCurrentIndex(max(0, self.unknown.findData(profile.unknown)))
        is_usual = profile.source_name == self.usual_source
        self.source_name.setText("" if is_usual else profile.source_name)
        self.matches.set_value(profile.match_by)
        self.creates.setChecked(profile.creates)
        self.updates.setChecked(profile.updates)
        self._show_segments(profile.segment)
        self.show_fields(profile)
        self.blockSignals(False)

    def set_segments(self, names: Sequence[str]) -> None:
        """Which segments there are."""
        self._segments = tuple(names)
        self.segment.blockSignals(True)
        self._show_segments(str(self.segment.currentData() or ""))
        self.segment.blockSignals(False)

    def _show_segments(self, chosen: str) -> None:
        """A segment that is gone stays chosen: nobody is changed before that is known."""
        names = dict.fromkeys((*self._segments, *((chosen,) if chosen else ())))
        self.segment.clear()
        self.segment.addItem(_EVERYBODY, "")
        for name in names:
            self.segment.addItem(name, name)
        self.segment.setCurrentIndex(max(0, self.segment.findData(chosen)))

    def show_fields(self, profile: ImportProfile) -> None:
        """Shows merge rules for what the columns fill now."""
        self.merges.show_fields(merge_fields(profile.columns.values()), profile)

    def values(self, profile: ImportProfile) -> dict[str, Any]:
        """What is chosen, as fields of a profile."""
        return {
            "region": self.region.currentData(),
            "area_code": self.area.text().strip(),
            "date_order": self.dates.currentData(),
            "unknown": Unknown(self.unknown.currentData()),
            "source_name": self.source_name.text().strip() or self.usual_source,
            "match_by": self.matches.value(),
            "merge": self.merges.changes(profile),
            "creates": self.creates.isChecked(),
            "updates": self.updates.isChecked(),
            "segment": str(self.segment.currentData() or ""),
        }

    def _changed(self) -> None:
        self.matches.setEnabled(self.updates.isChecked() or self.creates.isChecked())
        self.merge_part.setEnabled(self.updates.isChecked())
        self.segment.setEnabled(self.updates.isChecked())
        self.changed.emit()
