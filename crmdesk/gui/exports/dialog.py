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
        scope: What goes out, unless something else of the same customers is chosen.
        memory: Knows the form and folder of the last time.
        today: For the name of the file.

    Signals:
        wanted: The `Scope`, the `FileChoice`, and whether a file that is there is replaced.
    """

    wanted = Signal(object, object, bool)

    def __init__(self, parent: QWidget | None, scope: Scope, memory: Memory, today: date) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scopes = (scope, *scope.others)
        self._scope, self._memory, self._today = scope, memory, today
        self.what = combo_box(
            ((one.several.capitalize(), place) for place, one in enumerate(self._scopes)),
            name="What",
        )
        self._title = label("", "lead-strong", wrap=True)
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
        self.what.currentIndexChanged.connect(self._choose_what)
        self.formats.changed.connect(self._show_format)
        self.place.changed.connect(self._show_state)
        self._show_what()

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
        head = column(self._title, label(warning, "body", "muted", wrap=True), spacing=Space.XS)
        self._what_field = Field("What", self.what)
        self._what_field.setVisible(len(self._scopes) > 1)
        parts = (head, self._what_field, self.formats, self._table, self._cards, self._place_field,
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
    def _choose_what(self) -> None:
        """Orders instead of customers: the file gets their name, unless it has one of its own."""
        before, place = self._scope, Path(self.place.path())
        self._scope = self._scopes[self.what.currentIndex()]
        if place.name == before.file_name(self._today, self.format()):
            name = self._scope.file_name(self._today, self.format())
            self.place.set_path(str(place.with_name(name)))
        self._show_what()

    def _show_what(self) -> None:
        self._title.setText(f"Export {self._scope.title}")
        set_window_title(self, f"Export {self._scope.several}")
        formats = self._scope.formats()
        if self.format() not in formats:
            self.formats.choose(formats[0])
        for card in self.formats.cards:
            card.setVisible(card.choice.value in formats)
        self._show_format()

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
        self.wanted.emit(self._scope, chosen, replace)
        super().accept()
