"""First step: what was found out about the file, to be seen and changed, and its first rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.gui.pages.imports.calm_combo import CalmCombo, calm_combo
from crmdesk.gui.pages.imports.first_rows import FirstRows
from crmdesk.gui.pages.imports.holdings import HOLDINGS
from crmdesk.gui.pages.imports.words import KINDS, counted
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, icon_label
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.scrolling import clear, scroll_area
from crmdesk.gui.widgets.text import label
from crmdesk.sync.profile_targets import CUSTOMERS

_ENCODINGS: Final = (
    ("UTF-8", "utf-8"), ("Windows, western Europe (cp1252)", "cp1252"),
    ("Western Europe (ISO 8859-15)", "iso8859-15"), ("Mac, western Europe", "mac-roman"),
    ("Windows, central Europe (cp1250)", "cp1250"), ("Windows, Cyrillic (cp1251)", "cp1251"),
    ("Windows, Greek (cp1253)", "cp1253"), ("Windows, Turkish (cp1254)", "cp1254"),
    ("DOS, western Europe (cp850)", "cp850"), ("UTF-16", "utf-16-le"),
    ("Japanese (Shift JIS)", "shift_jis"), ("Chinese (GB 18030)", "gb18030"),
)  # fmt: skip
_CHOICES: Final[dict[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "encoding": ("Encoding", _ENCODINGS),
    "delimiter": (
        "Between the values",
        (("Semicolon  ;", ";"), ("Comma  ,", ","), ("Tab", "tab"), ("Pipe  |", "|")),
    ),
    "header": (
        "Names of the columns",
        (("None: there are no names", "none"),
         *((f"In line {line}", str(line)) for line in range(1, 21))),
    ),
    "sheet": ("Sheet", ()),
    "dates": (
        "Dates",
        (("Day first (31.12.2024)", "dmy"), ("Month first (12/31/2024)", "mdy"),
         ("Year first (2024-12-31)", "ymd"), ("Leave as text", "text")),
    ),
    "short_rows": (
        "Rows that end early",
        (("Are bad rows", "bad"), ("Are filled up", "fill")),
    ),
}  # fmt: skip
"""What can be changed, in this order: title and choices."""

_KINDS: Final = tuple(
    (KINDS[kind], kind.value)
    for kind in (SourceKind.CSV, SourceKind.XLSX, SourceKind.VCARD, SourceKind.JSON_LINES)
)

_HOLDS: Final = "The file holds"
_NO_ROWS = (
    "No rows in this file",
    "There are names of columns, or nothing at all, but no row below them. Choose another sheet or"
    " header line at the left, or another file.",
)


class FileStep(QWidget):
    """Facts and first rows.

    Signals:
        holds_changed: What the rows are, as somebody chose.
        option_changed: Name of an option and what somebody set.
        other_wanted: Another file.
    """

    holds_changed = Signal(str)
    option_changed = Signal(str, str)
    other_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.combos: dict[str, CalmCombo] = {}
        self._facts = column(spacing=Space.M)
        self.rows = FirstRows("First rows of the file")
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        content.setLayout(column(self._facts, 1, margin=Space.L))
        left = scroll_area(content, name="What the file is")
        left.setMinimumWidth(Size.SIDE_PANEL)
        right = QWidget()
        rows = column(self.rows, spacing=Space.NONE)
        rows.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        right.setLayout(rows)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([Size.SIDE_PANEL, 3 * Size.FIELD])
        self.setLayout(column(self.splitter, spacing=Space.NONE))

    def show_file(
        self,
        name: str,
        facts: SourceFacts,
        rows: Sequence[SourceRecord],
        holds: str = CUSTOMERS,
    ) -> None:
        """Shows what a look at the file found, and what its rows are taken for."""
        self._show_facts(name, facts, holds)
        if rows:
            self.rows.show_rows(facts, rows)
        else:
            self.rows.show_nothing(*_NO_ROWS)

    def focus_first(self) -> None:
        """The keyboard on the rows."""
        self.rows.focus_rows()

    def _show_facts(self, name: str, facts: SourceFacts, holds: str) -> None:
        clear(self._facts)
        self.combos = {}
        self._facts.addWidget(SectionHeader("The file", "form"))
        title = wrapped(name, "strong")
        count = counted(facts.records, "row") if facts.records is not None else ""
        about = [KINDS[facts.kind], counted(len(facts.columns), "column"), count]
        kind = label(", ".join(filter(None, about)), "body", "muted", wrap=True)
        self._facts.addLayout(column(title, kind, spacing=Space.HAIR))
        other = button("Another file…")
        other.clicked.connect(self.other_wanted)
        self._facts.addLayout(row(other, 1))
        self._add_holding(facts.kind, holds)
        for option in _CHOICES:
            if option in facts.details:
                self._add_choice(option, facts)
        self._add_kind(facts.kind)
        if facts.notes:
            self._facts.addSpacing(Space.S)
            self._facts.addWidget(SectionHeader("Good to know", "info"))
        for note in facts.notes:
            self._add_note(note)

    def _add_holding(self, kind: SourceKind, holds: str) -> None:
        """Which rows they are; an address book holds customers."""
        if kind is SourceKind.VCARD:
            return
        made = calm_combo(((one.title, one.key) for one in HOLDINGS.values()), name=_HOLDS)
        made.setCurrentIndex(made.findData(holds))
        made.activated.connect(lambda _place: self.holds_changed.emit(str(made.currentData())))
        self.combos["holds"] = made
        self._facts.addWidget(Field(_HOLDS, made))

    def _add_choice(self, option: str, facts: SourceFacts) -> None:
        title, choices = _CHOICES[option]
        value = facts.details[option]
        named = facts.details.get(f"{option}s", "")
        listed = [*choices, *((each, each) for each in named.split("/") if each)]
        if value not in {known for _, known in listed}:
            listed.insert(0, (value, value))
        made = calm_combo(listed, name=title)
        made.setCurrentIndex(made.findData(value))
        made.activated.connect(partial(self._chosen, option, made))
        self.combos[option] = made
        self._facts.addWidget(Field(title, made))

    def _add_kind(self, kind: SourceKind) -> None:
        """What the file is, where its content misleads: it is rarely wrong, so it comes last."""
        made = calm_combo(_KINDS, name="Kind of file")
        made.setCurrentIndex(made.findData(kind.value))
        made.activated.connect(partial(self._chosen, "kind", made))
        self.combos["kind"] = made
        self._facts.addWidget(Field("Kind of file", made))

    def _add_note(self, text: str) -> None:
        line = row(spacing=Space.S)
        line.addWidget(icon_label("dot", "faint"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(wrapped(text, "small", "muted"), 1)
        self._facts.addLayout(line)

    def _chosen(self, option: str, combo: CalmCombo, _place: int) -> None:
        self.option_changed.emit(option, str(combo.currentData()))
