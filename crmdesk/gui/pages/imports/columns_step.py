"""Second step: what each column becomes, the rules, and three rows as they will be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import SourceFacts, SourceRecord
from crmdesk.domain.planning import Picklists
from crmdesk.gui.pages.imports.calm_combo import calm_combo
from crmdesk.gui.pages.imports.column_rows import ColumnRows, headings
from crmdesk.gui.pages.imports.holdings import is_of_records, says_whose
from crmdesk.gui.pages.imports.preview import Preview
from crmdesk.gui.pages.imports.record_cards import record_cards
from crmdesk.gui.pages.imports.record_rules import RecordRules
from crmdesk.gui.pages.imports.rules import RulesPanel
from crmdesk.gui.pages.imports.saved import LAST_USED, names_for
from crmdesk.gui.pages.imports.trial import Reading, try_rows
from crmdesk.gui.pages.imports.words import counted
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import SectionHeader, rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import ElidedLabel, label
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile

_GUESSED = "As guessed from the file"
_PREVIEW_PAUSE_MS = 60


class ColumnsStep(QWidget):
    """The mapping.

    Args:
        line_region: Country of the first phone line, in words, "" for none.
        reading: How numbers are read on that line.

    Signals:
        changed: Whether one may go on is another thing now.
        save_wanted: Somebody wants to keep the mapping under a name.
        failed: A `UserFacingError`.
    """

    changed = Signal()
    save_wanted = Signal()
    failed = Signal(object)

    def __init__(self, line_region: str, reading: Callable[[], Reading]) -> None:
        super().__init__()
        self._reading = reading
        self._facts: SourceFacts | None = None
        self._first: Sequence[SourceRecord] = ()
        self._base = ImportProfile()
        self._guessed = ImportProfile()
        self.rows = ColumnRows()
        self.rules = RulesPanel(line_region)
        self.record_rules = RecordRules(line_region)
        self.preview = Preview()
        self.note = Banner("warn", closable=False)
        self.note.hide()
        self.profile_choice = calm_combo(((_GUESSED, ""),), name="Saved profile")
        self.profile_choice.setMinimumWidth(Size.FIELD)
        self.save = button("Save as profile…", "quiet")
        self.fixed = label("", "strong")
        self.mapped = ElidedLabel("", "small", "muted")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PREVIEW_PAUSE_MS)
        self._soon.timeout.connect(self._show_preview)
        self._lay_out()
        self._connect()

    def set_lists(self, lists: Picklists) -> None:
        """The company's choices, for what is shown from now on."""
        self.rows.lists = self.preview.lists = lists

    def _lay_out(self) -> None:
        title = label("Profile", "small-strong", "muted")
        top = row(title, self.profile_choice, self.save, self.fixed)
        top.addStretch(1)
        top.addWidget(self.mapped)
        top.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        area = scroll_area(self.rows, name="Columns")
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        left = QWidget()
        left.setLayout(column(headings(), rule(), area, spacing=Space.NONE))
        left.setMinimumWidth(Size.DIALOG)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self._side())
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([3 * Size.FIELD, Size.SIDE_LIST])
        whole = column(top, rule(), self.note, spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)

    def _side(self) -> QWidget:
        shown = column(SectionHeader("As they will be", "user"), self.preview, spacing=Space.S)
        content = QWidget()
        rules = column(self.rules, self.record_rules, spacing=Space.NONE)
        content.setLayout(column(shown, rules, 1, spacing=Space.XL, margin=Space.L))
        made = scroll_area(content, name="Preview and rules")
        made.setMinimumWidth(Size.SIDE_PANEL)
        return made

    def _connect(self) -> None:
        self.rows.changed.connect(self._changed)
        self.rules.changed.connect(self._changed)
        self.record_rules.changed.connect(self._changed)
        self.profile_choice.activated.connect(self._choose_profile)
        self.save.clicked.connect(self.save_wanted)

    # --- a source -------------------------------------------------------------------------------

    def show_source(
        self,
        facts: SourceFacts,
        first: Sequence[SourceRecord],
        profile: ImportProfile,
        saved: str = "",
    ) -> None:
        """Shows the columns of a file or a server.

        Args:
            facts: What was found out.
            first: The first records.
            profile: What the columns become, as guessed or saved.
            saved: Name of the profile it is all saved under, "" lets one choose.
        """
        self._facts, self._first, self._guessed = facts, first, profile
        self.rules.set_usual_source(profile.source_name, saved or "Told from the columns")
        self.show_names(names_for(profile.holds))
        self.fixed.setText(saved)
        self.fixed.setVisible(bool(saved))
        self.profile_choice.setVisible(not saved)
        self.save.setVisible(not saved)
        self._show_profile(profile, fresh=True)

    def set_name(self, saved: str) -> None:
        """The profile of a server is called something else."""
        if self.rules.usual_source == self.fixed.text():
            self.rules.set_usual_source(saved, saved)
        self.fixed.setText(saved)

    def choose(self, name: str) -> None:
        """Shows a saved profile, as if it was chosen."""
        self.profile_choice.setCurrentIndex(max(0, self.profile_choice.findData(name)))
        self._choose_profile()

    def show_names(self, names: Sequence[str], chosen: str = "") -> None:
        """Shows which profiles there are."""
        self.profile_choice.clear()
        self.profile_choice.addItem(_GUESSED, "")
        for name in names:
            shown = "As the last time" if name == LAST_USED else name
            self.profile_choice.addItem(shown, name)
        self.profile_choice.setCurrentIndex(max(0, self.profile_choice.findData(chosen)))

    def profile(self) -> ImportProfile:
        """What is chosen."""
        mapped = msgspec.structs.replace(
            self._base, columns=self.rows.mapping(), picklists=self.rows.picklists()
        )
        values = self.record_rules.values() if self._of_records() else self.rules.values(mapped)
        return msgspec.structs.replace(mapped, **values)

    def _of_records(self) -> bool:
        return is_of_records(self._base.holds)

    def may_go_on(self) -> bool:
        """Whether any column says who or how to reach them; of records, whose they are."""
        targets = list(filter(None, self.rows.mapping().values()))
        return says_whose(targets) if self._of_records() else bool(targets)

    def focus_first(self) -> None:
        """The keyboard on the first column's choice."""
        self.rows.focus_first()

    @Slot()
    def _choose_profile(self) -> None:
        name = str(self.profile_choice.currentData() or "")
        try:
            chosen = profiles.load(name) if name else self._guessed
            new = profiles.fit(chosen, self._facts.columns) if name and self._facts else ()
        except UserFacingError as error:
            self.profile_choice.setCurrentIndex(0)
            self.failed.emit(error)
            return
        kept = msgspec.structs.replace(chosen, options=self._guessed.options)
        self._show_profile(kept)
        if new:
            names = ", ".join(new[:5])
            self.note.tell(f"The profile does not know {counted(len(new), 'column')}: {names}.",
                           "They are left out unless you say what they become.")  # fmt: skip
            self.note.show()

    def _show_profile(self, profile: ImportProfile, *, fresh: bool = False) -> None:
        self._base = profile
        self.note.hide()
        if fresh and self._facts is not None:
            self.rows.show_columns(self._facts, self._first, profile)
        else:
            self.rows.show_profile(profile)
        self.rules.setVisible(not self._of_records())
        self.record_rules.setVisible(self._of_records())
        shown = self.record_rules if self._of_records() else self.rules
        shown.show_profile(profile)
        self._changed()

    @Slot()
    def _changed(self) -> None:
        mapping = self.rows.mapping()
        used = sum(map(bool, mapping.values()))
        self.mapped.set_full_text(f"{used} of {counted(len(mapping), 'column')} used")
        if not self._of_records():
            self.rules.show_fields(self.profile())
        self._soon.start()
        self.changed.emit()

    @Slot()
    def _show_preview(self) -> None:
        if self._facts is None:
            return
        made, columns, rows = self.profile(), self._facts.columns, self._first
        if self._of_records():
            lists, region = self.preview.lists, self._reading().region
            self.preview.show_cards(record_cards(made, columns, rows, lists, region))
        else:
            self.preview.show_drafts(try_rows(made, columns, rows, self._reading()))
