"""Adding or editing one phone line, with its test beside the form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.settings.line_entry import LineEntry, entry_of, line_of
from crmdesk.gui.settings.line_form import LineForm
from crmdesk.gui.settings.line_test import LineTest
from crmdesk.gui.settings.regions import guessed_region
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, Question
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import set_window_title
from crmdesk.settings.model import LineSettings, Settings

if TYPE_CHECKING:
    from crmdesk.desk.runtime import Runtime
    from crmdesk.settings.secrets import SecretVault

_SYSTEMS = (
    ("Asterisk or FreePBX", "asterisk"),
    ("A softphone that starts a program", "softphone"),
    ("Simulated calls", "simulator"),
)
_WIDTH, _HEIGHT = Size.DIALOG + Size.SIDE_LIST // 4, 2 * Size.SIDE_LIST + Space.XXL


class LineDialog(QDialog):
    """Edits a line; `accepted_line` carries it and the password typed, "" for the kept one.

    Args:
        settings: What holds now.
        line: The line to edit, None for a new one.
        vault: Where its password is.
        with_test: Start with the test.

    Signals:
        accepted_line: `LineSettings` and password; call `accept` or `show_error` then.
    """

    accepted_line = Signal(object, str)

    def __init__(
        self,
        parent: QWidget | None,
        runtime: Runtime,
        settings: Settings,
        line: LineSettings | None,
        vault: SecretVault | None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._line, self._vault = settings, line, vault
        set_window_title(self, f"Phone line {line.name}" if line else "New phone line")
        self._make_parts(runtime)
        self._lay_out()
        self._fill()
        self._connect()

    def _make_parts(self, runtime: Runtime) -> None:
        kept = self._vault.name if self._vault and self._line and self._line.secret_ref else ""
        self.system = combo_box(_SYSTEMS, name="Kind of phone system")
        self.form = LineForm(kept_in=kept)
        self.test = LineTest(runtime)
        self.test.button.setText("Test the connection")
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.save = button("Save", "primary")
        self.save.setDefault(True)
        self.cancel = button("Cancel")

    def _lay_out(self) -> None:
        content = QWidget()
        system = Field("Kind", self.system)
        parts = column(self.trouble, system, self.form, rule(), self.test, 1)
        parts.setSpacing(Space.L)
        parts.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        content.setLayout(parts)
        self._scroll = scroll_area(content, name="Phone line")
        bar = QWidget()
        bar.setProperty("kind", "surface")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setLayout(row(1, self.cancel, self.save, margin=Space.L))
        self.setLayout(column(self._scroll, rule(), bar, spacing=Space.NONE))
        self.resize(_WIDTH, _HEIGHT)

    def _fill(self) -> None:
        if self._line is not None:
            entry = entry_of(self._line)
        else:
            known = next((line.region for line in self._settings.lines if line.region), "")
            entry = LineEntry(region=known or guessed_region())
        self.system.setCurrentIndex(self.system.findData(entry.system))
        self.form.set_entry(entry)
        self._before = self.form.entry()
        self._show_test()
        self.form.focus_first()

    def _connect(self) -> None:
        self.system.currentIndexChanged.connect(self._system_chosen)
        self.test.button.clicked.disconnect()
        self.test.button.clicked.connect(self.run_test)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.reject)

    # --- doing ---------------------------------------------------------------------------

    @Slot()
    def run_test(self) -> None:
        """Tries out what is typed."""
        if self.form.check():
            agent = self._settings.agent
            self.test.run(self._made(), self._secret(), agent.extension)
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.maximum())

    def show_error(self, error: UserFacingError) -> None:
        """The line could not be saved; nothing typed is lost."""
        self.save.setEnabled(True)
        self.trouble.tell_error(error)
        self.trouble.show()
        self._scroll.verticalScrollBar().setValue(0)

    def reject(self) -> None:
        """Asks before what was typed is lost."""
        if self.form.entry() == self._before:
            self._leave()
            return
        question = Question(
            self,
            "Unsaved changes",
            "Save the changes to this line?",
            "They have not been saved yet.",
            answer="Save",
            cancel="Throw away",
        )
        question.accepted.connect(self._save)
        question.rejected.connect(self._leave)
        question.open()

    def accept(self) -> None:
        """The line is saved."""
        self.test.stop()
        super().accept()

    @Slot()
    def _leave(self) -> None:
        self.test.stop()
        super().reject()

    @Slot()
    def _save(self) -> None:
        if self.form.check():
            self.save.setEnabled(False)
            self.accepted_line.emit(self._made(), self.form.entry().secret)

    @Slot(int)
    def _system_chosen(self, _index: int) -> None:
        self.form.set_system(self.system.currentData())
        self._show_test()

    def _show_test(self) -> None:
        self.test.stop()
        self.test.setVisible(self.system.currentData() != "softphone")

    def _made(self) -> LineSettings:
        taken = {line.id for line in self._settings.lines}
        entry = replace(self.form.entry(), secret="")
        return line_of(entry, taken, self._line)

    def _secret(self) -> _Secret:
        ref = self._line.secret_ref if self._line else ""
        return _Secret(self.form.entry().secret, ref, self._vault)


class _Secret:
    """The password as typed, else the one that is kept; asking may block."""

    def __init__(self, typed: str, ref: str, vault: SecretVault | None) -> None:
        self._typed, self._ref, self._vault = typed, ref, vault

    def __call__(self) -> str:
        if self._typed or not self._ref or self._vault is None:
            return self._typed
        return self._vault.get(self._ref) or ""
