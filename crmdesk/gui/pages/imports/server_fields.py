"""The fields of the form of a server: made from what is asked, read and written alike."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from crmdesk.gui.pages.imports.calm_combo import CalmCombo, calm_combo
from crmdesk.gui.pages.imports.server_entry import Asked
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.fields import Field, check_box, line_edit, text_edit
from crmdesk.gui.widgets.path_field import PathField
from crmdesk.gui.widgets.secret_field import SecretField

_QUERY_HEIGHT = 4 * Size.ROW
_CERTIFICATES = "Certificates (*.pem *.crt *.cer);;All files (*)"
_YES = "yes"


class AskedField(QObject):
    """One field, with its title and what is wrong with it.

    Signals:
        changed: Something else is in it.
    """

    changed = Signal()

    def __init__(self, asked: Asked, parent: QObject) -> None:
        super().__init__(parent)
        self.asked = asked
        self.editor = _MAKERS[asked.form](asked)
        has_title = not isinstance(self.editor, QCheckBox)
        self.field = Field(asked.title if has_title else "", self.editor, asked.hint)
        self._connect()

    def _connect(self) -> None:
        editor = self.editor
        if isinstance(editor, PathField):
            editor.changed.connect(self.changed)
        elif isinstance(editor, QComboBox):
            editor.currentTextChanged.connect(self.changed)
        elif isinstance(editor, QCheckBox):
            editor.toggled.connect(self.changed)
        elif isinstance(editor, QLineEdit | QPlainTextEdit):
            editor.textChanged.connect(self.changed)

    def value(self) -> str:
        """What is in it; a password as it stands, all else without blanks around it."""
        editor = self.editor
        if isinstance(editor, SecretField):
            return editor.text()
        if isinstance(editor, PathField):
            return editor.path()
        if isinstance(editor, QCheckBox):
            return _YES if editor.isChecked() else ""
        if isinstance(editor, QComboBox):
            return _chosen(editor)
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText().strip()
        return editor.text().strip() if isinstance(editor, QLineEdit) else ""

    def set_value(self, value: str) -> None:
        """Shows another one; a choice without one shows its first."""
        editor = self.editor
        if isinstance(editor, PathField):
            editor.set_path(value)
        elif isinstance(editor, QCheckBox):
            editor.setChecked(value == _YES)
        elif isinstance(editor, QComboBox):
            _choose(editor, value)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(value)
        elif isinstance(editor, QLineEdit):
            editor.setText(value)

    def offer(self, offered: Iterable[tuple[str, str]], *, must_choose: bool = False) -> None:
        """Lists what the server has, (value, title); what is in the field stays."""
        editor = self.editor
        if isinstance(editor, QComboBox):
            before, line = self.value(), editor.lineEdit()
            if line is not None:
                line.setPlaceholderText("Choose one" if must_choose else self.asked.sample)
            editor.blockSignals(True)
            editor.clear()
            for value, title in offered:
                editor.addItem(title, value)
            _choose(editor, before)
            editor.blockSignals(False)


def _chosen(editor: QComboBox) -> str:
    """The value of the entry that was chosen, else what was typed."""
    text = editor.currentText()
    place = editor.findText(text)
    return str(editor.itemData(place)) if place >= 0 else text.strip()


def _choose(editor: QComboBox, value: str) -> None:
    place = editor.findData(value)
    if editor.isEditable():
        editor.setCurrentIndex(place)
        editor.setEditText(editor.itemText(place) if place >= 0 else value)
    else:
        editor.setCurrentIndex(max(0, place))


def _text(asked: Asked) -> QWidget:
    return line_edit(asked.sample, name=asked.title)


def _secret(asked: Asked) -> QWidget:
    return SecretField(name=asked.title)


def _choice(asked: Asked) -> QWidget:
    return calm_combo(asked.choices, name=asked.title)


def _offered(asked: Asked) -> CalmCombo:
    made = calm_combo((), name=asked.title)
    made.setEditable(True)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    editor = made.lineEdit()
    if editor is not None:
        editor.setPlaceholderText(asked.sample)
        editor.setAccessibleName(asked.title)
    return made


def _file(asked: Asked) -> QWidget:
    kinds = _CERTIFICATES if asked.option == "ca_file" else ""
    return PathField(asked.sample, name=asked.title, kinds=kinds)


def _lines(asked: Asked) -> QWidget:
    made = text_edit(asked.sample, name=asked.title)
    made.setFixedHeight(_QUERY_HEIGHT)
    return made


def _box(asked: Asked) -> QWidget:
    return check_box(asked.title)


_MAKERS = {
    "text": _text,
    "secret": _secret,
    "choice": _choice,
    "offered": _offered,
    "file": _file,
    "lines": _lines,
    "box": _box,
}
