"""The form of a server: name, address, login, and what is read there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.domain.importing import SourceKind
from crmdesk.gui.pages.imports.server_entry import (
    FORMS,
    SECRET_REF,
    SQLITE,
    answers_of,
    is_asked,
    name_problem,
    options_of,
    problems,
)
from crmdesk.gui.pages.imports.server_fields import AskedField
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.disclosure import Disclosure
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.path_field import PathField
from crmdesk.gui.widgets.secret_field import SecretField

_ROW = 4
_KEPT = "Kept"
_NAME_HINT = (
    "Address, columns and rules are saved under it when you go on to Check; the password goes to"
    " the keyring, or into the encrypted store."
)


class ServerForm(QWidget):
    """The questions for one kind of server.

    Args:
        kind: Which.

    Signals:
        changed: Something was typed or chosen.
    """

    changed = Signal()

    def __init__(self, kind: SourceKind) -> None:
        super().__init__()
        self.kind = kind
        self._own_name, self._taken, self._secret_ref = "", tuple[str, ...](), ""
        self._shows_problems = False
        self.name = line_edit(name="Name of the profile")
        self.name_field = Field("Name", self.name, _NAME_HINT)
        self.fields = {asked.option: AskedField(asked, self) for asked in FORMS[kind]}
        self._lay_out()
        self.name.textChanged.connect(self._changed)
        for field in self.fields.values():
            field.changed.connect(self._changed)
        self._arrange()

    def _lay_out(self) -> None:
        asked = FORMS[self.kind]
        first = _grid([self.fields[one.option] for one in asked if not one.is_more])
        rest = _grid([self.fields[one.option] for one in asked if one.is_more])
        self.more = Disclosure("More", rest)
        self.setLayout(column(self.name_field, first, self.more, spacing=Space.M))

    # --- what is in it --------------------------------------------------------------------------

    def show_profile(
        self, name: str, options: Mapping[str, str], taken: Iterable[str], *, is_new: bool
    ) -> None:
        """Shows a server.

        Args:
            name: Of its profile.
            options: Of the profile.
            taken: The names of all profiles.
            is_new: It is not saved yet.
        """
        self._own_name, self._taken = "" if is_new else name, tuple(taken)
        self._secret_ref = options.get("secret_ref", "")
        self._shows_problems = False
        self.name.setText(name)
        self.name.setReadOnly(not is_new)  # the state of its last run goes by the name
        for option, value in answers_of(self.kind, options).items():
            self.fields[option].set_value(value)
        secret = self._secret()
        if secret is not None:
            secret.setPlaceholderText(_KEPT if self._secret_ref else "")
        rare = [field for field in self.fields.values() if field.asked.is_more]
        self.more.set_open(any(field.value() for field in rare))
        self._arrange()

    def answers(self) -> dict[str, str]:
        """Everything as typed."""
        return {option: field.value() for option, field in self.fields.items()}

    def profile_name(self) -> str:
        """The name as typed."""
        return self.name.text().strip()

    def password(self) -> str:
        """As typed, "" where the one that is kept is meant or none is asked for."""
        answers = self.answers()
        return answers.get("password", "") if is_asked("password", answers) else ""

    def options(self) -> dict[str, str]:
        """As a profile has them; a password is named where there is one."""
        made = options_of(self.answers())
        new = SECRET_REF.format(self.profile_name()) if self.password() else ""
        ref = self._secret_ref or new
        return made | {"secret_ref": ref} if ref and made.get("user") else made

    def offer(
        self, option: str, offered: Iterable[tuple[str, str]], *, must_choose: bool = False
    ) -> None:
        """Lists what the server has for a field."""
        if option in self.fields:
            self.fields[option].offer(offered, must_choose=must_choose)

    # --- right and wrong ------------------------------------------------------------------------

    def check(self) -> bool:
        """Whether everything is there; what is not is said beside its field."""
        self._shows_problems = True
        found = self._show_problems()
        first = next((option for option in self.fields if option in found), "")
        if first:
            if self.fields[first].asked.is_more:
                self.more.set_open(True)
            self.fields[first].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        elif "" in found:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        return not found

    def focus_first(self) -> None:
        """The keyboard where something is missing first."""
        order = [self.fields[asked.option] for asked in FORMS[self.kind]]
        shown = [field for field in order if field.field.isVisibleTo(self)]
        empty = next((f for f in shown if f.asked.form == "text" and not f.value()), shown[0])
        empty.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_option(self, option: str) -> None:
        """The keyboard in one of the fields."""
        if option in self.fields:
            self.fields[option].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _changed(self) -> None:
        self._arrange()
        if self._shows_problems:
            self._show_problems()
        self.changed.emit()

    def _arrange(self) -> None:
        answers = self.answers()
        for option, field in self.fields.items():
            field.field.setVisible(is_asked(option, answers))
            if option == "database" and isinstance(field.editor, PathField):
                field.editor.choose.setVisible(answers["system"] == SQLITE)

    def _show_problems(self) -> dict[str, str]:
        found = problems(self.kind, self.answers())
        for option, field in self.fields.items():
            field.field.set_error(found.get(option, ""))
        name = name_problem(self.profile_name(), self._own_name, self._taken)
        self.name_field.set_error(name)
        return found | ({"": name} if name else {})

    def _secret(self) -> SecretField | None:
        field = self.fields.get("password")
        editor = field.editor if field is not None else None
        return editor if isinstance(editor, SecretField) else None


def _grid(fields: list[AskedField]) -> QWidget:
    """Fields beside each other as far as a row goes."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    grid.setHorizontalSpacing(Space.S)
    grid.setVerticalSpacing(Space.M)
    line = place = 0
    for field in fields:
        width = field.asked.width
        if place + width > _ROW:
            line, place = line + 1, 0
        grid.addWidget(field.field, line, place, 1, width, Qt.AlignmentFlag.AlignTop)
        place += width
    for quarter in range(_ROW):
        grid.setColumnStretch(quarter, 1)
    return made
