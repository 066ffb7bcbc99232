"""As what, and where to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QLocale, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from crmdesk.gui.exports.choices import TITLES, FileChoice, Scope, with_ending, wrong_place
from crmdesk.gui.pages.memory import Memory
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.choice_cards import Choice, ChoiceCards
from crmdesk.gui.widgets.fields import Field, check_box, combo_box
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.widgets.path_field import PathField
from crmdesk.gui.widgets.text import label, set_window_title
from crmdesk.sync.export.formats import ExportFormat

_MEMORY = "export"
_TEXTS = {
    ExportFormat.XLSX: ("For Excel and LibreOffice. Up to 1,048,575 rows.", "form"),
    ExportFormat.CSV: ("For every program that reads tables. No limit.", "note"),
    ExportFormat.VCARD: ("For phones, Outlook and other address books.", "users"),
    ExportFormat.JSON_LINES: ("For programs: an object on each line.", "log"),
}
_DELIMITERS = (("Comma", "comma"), ("Semicolon", "semicolon"), ("Tab", "tab"))
_VERSIONS = (("3.0, read by nearly all", "3.0"), ("4.0, the newest", "4.0"))


class SaveField(PathField):
    """The path of a file that is to be written."""

    def open_dialog(self) -> None:
        """Asks for a place, without blocking; a file that is there is asked about later."""
        dialog = QFileDialog(self, self._name, self.path())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(self.set_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class ExportDialog(FittedDialog):
    """Asks for form and place.

    Args:
        scope: What goes out.
        memory: Knows the form and folder of the last time.
        today: For the name of the file.

    Signals:
        wanted: The `FileChoice`, and whether a file that is there is replaced.
    """

    wanted = Signal(object, bool)

    def __init__(self, parent: QWidget | None, scope: Scope, memory: Memory, today: date) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, f"Export {scope.what}")
        self._scope, self._memory = scope, memory
        self.formats = ChoiceCards(
            [Choice(kind, TITLES[kind], *_TEXTS[kind]) for kind in scope.formats()], name="Format"
        )
        self.delimiter = combo_box(_DELIMITERS, name="Between the values")
        self.has_mark = check_box("Excel reads accents right (byte order mark)", checked=True)
        self.version = combo_box(_VERSIONS, name="Version")
        self.place = SaveField("", name="File")
        self._place_field = Field("File", self.place)
        self.export = button("Export", "primary")
        self._remember_last(today)
        self._lay_out()
        self.formats.changed.connect(self._show_format)
        self.place.changed.connect(self._show_state)
        self._show_format()

    def _remember_last(self, today: date) -> None:
        last = self._memory.get(f"{_MEMORY}.format", "")
        if last in self._scope.formats():
            self.formats.choose(last)
        if QLocale().decimalPoint() == ",":  # Excel reads and writes semicolons there
            self.delimiter.setCurrentIndex(self.delimiter.findData("semicolon"))
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        usual = QStandardPaths.writableLocation(documents)
        folder = self._memory.get(f"{_MEMORY}.folder", usual)
        if not Path(folder).is_dir():
            folder = usual if Path(usual).is_dir() else str(Path.home())
        self.place.set_path(str(Path(folder) / self._scope.file_name(today, self.format())))

    def _lay_out(self) -> None:
        self._table = QWidget()
        between = Field("Between the values", self.delimiter)
        self._table.setLayout(column(between, self.has_mark, spacing=Space.M))
        self._cards = Field("Version", self.version)
        self.export.setDefault(True)
        self.export.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        warning = "The file is not encrypted: whoever gets it can read it."
        head = column(
            label(f"Export {self._scope.title}", "lead-strong", wrap=True),
            label(warning, "body", "muted", wrap=True),
            spacing=Space.XS,
        )
        parts = (head, self.formats, self._table, self._cards, self._place_field,
                 row(1, cancel, self.export))  # fmt: skip
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def format(self) -> ExportFormat:
        """The form that is chosen."""
        return ExportFormat(self.formats.value())

    def choice(self) -> FileChoice:
        """What is chosen now."""
        return FileChoice(
            self.format(),
            Path(self.place.path()).expanduser(),
            str(self.delimiter.currentData()),
            self.has_mark.isChecked(),
            str(self.version.currentData()),
        )

    @Slot()
    def _show_format(self) -> None:
        kind = self.format()
        self._table.setVisible(kind is ExportFormat.CSV)
        self._cards.setVisible(kind is ExportFormat.VCARD)
        self.place.set_path(with_ending(self.place.path(), kind))
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        wrong = wrong_place(self.place.path())
        self._place_field.set_error(wrong)
        self.export.setEnabled(not wrong)

    def accept(self) -> None:
        """Starts, after a question where the file is there already."""
        if wrong_place(self.place.path()):
            self._show_state()
            return
        chosen = self.choice()
        if not chosen.place.exists():
            self._start(replace=False)
            return
        question = Question(
            self, "Replace the file", f"{chosen.place.name} is there already.",
            "Its present content is lost if it is replaced.",
            answer="Replace", cancel="Keep it", danger=True,
        )  # fmt: skip
        question.accepted.connect(lambda: self._start(replace=True))
        question.open()

    def _start(self, *, replace: bool) -> None:
        chosen = self.choice()
        self._memory.set(f"{_MEMORY}.format", chosen.format.value)
        self._memory.set(f"{_MEMORY}.folder", str(chosen.place.parent))
        self.wanted.emit(chosen, replace)
        super().accept()
