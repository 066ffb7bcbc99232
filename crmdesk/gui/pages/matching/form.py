"""The rules as a form: the ladder, its figures, and when somebody is linked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crmdesk.gui.pages.matching.rungs import CalmSpinBox, RungList
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label
from crmdesk.settings.model import MatchingSettings

_LADDER_HINT: Final = "The first rung that finds somebody decides."
_LINK_FROM: Final = (
    "Points to be linked without a question",
    "The one owner of a number has 800, one of several 400, and more for what speaks for them.",
)
_LEAD: Final = ("Points ahead of the next one", "Whoever is less far ahead is only offered.")
_LINES: Final = "Country, area code and prefixes belong to the phone line."


class RuleForm(QWidget):
    """Shows rules and takes other ones.

    Signals:
        changed: Something was typed or moved.
        lines_wanted: Somebody asks for the settings of the lines.
    """

    changed = Signal()
    lines_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rungs = RungList()
        self.link_from = CalmSpinBox("link_from", _LINK_FROM[0])
        self.lead = CalmSpinBox("lead", _LEAD[0])
        self.lines = button("Phone lines…", "link")
        self.lines.clicked.connect(self.lines_wanted)
        for box in (self.link_from, self.lead):
            box.setSingleStep(50)
            box.valueChanged.connect(self._changed)
        self.rungs.changed.connect(self._changed)
        self._is_filling = False
        self._lay_out()

    def _lay_out(self) -> None:
        ladder = column(
            SectionHeader("Ladder"),
            label(_LADDER_HINT, "small", "muted", wrap=True),
            self.rungs,
            spacing=Space.XS,
        )
        linking = column(
            SectionHeader("Linking"),
            _figure(self.link_from, *_LINK_FROM),
            _figure(self.lead, *_LEAD),
            spacing=Space.M,
        )
        lines = column(
            SectionHeader("Reading numbers"),
            label(_LINES, "small", "muted", wrap=True),
            row(self.lines, 1),
            spacing=Space.XS,
        )
        self.setLayout(column(ladder, linking, lines, 1, spacing=Space.XL, margin=Space.L))

    def set_rules(self, rules: MatchingSettings) -> None:
        """Shows rules; nobody is told."""
        self._is_filling = True
        self.rungs.set_ladder(rules.ladder)
        for name, box in self._figures().items():
            box.setValue(getattr(rules, name))
        self._is_filling = False

    def rules(self) -> MatchingSettings:
        """What is shown."""
        figures = {name: box.value() for name, box in self._figures().items()}
        return MatchingSettings(ladder=self.rungs.ladder(), **figures)

    def _figures(self) -> dict[str, CalmSpinBox]:
        rows = self.rungs.rows
        of_rungs = {"suffix_digits": rows["suffix"].figure, "block_digits": rows["block"].figure}
        known = {name: box for name, box in of_rungs.items() if box is not None}
        return {**known, "link_from": self.link_from, "lead": self.lead}

    def _changed(self) -> None:
        if not self._is_filling:
            self.changed.emit()


def _figure(box: CalmSpinBox, title: str, hint: str) -> QWidget:
    """A figure at the right of what it means."""
    made = QWidget()
    heading = label(title, "body")
    heading.setBuddy(box)
    box.setAccessibleDescription(hint)
    texts = column(heading, label(hint, "small", "muted", wrap=True), spacing=Space.HAIR)
    items = row(spacing=Space.M)
    items.addLayout(texts, 1)
    items.addWidget(box)
    made.setLayout(items)
    return made
