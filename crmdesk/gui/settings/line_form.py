"""The form of a phone line: one widget for the wizard and for the settings window."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from crmdesk.gui.settings.line_entry import LineEntry, problems, with_tls
from crmdesk.gui.settings.manager_conf import HIDDEN, manager_lines
from crmdesk.gui.settings.regions import regions
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.copy_block import CopyBlock
from crmdesk.gui.widgets.disclosure import Disclosure
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.path_field import PathField
from crmdesk.gui.widgets.secret_field import SecretField
from crmdesk.gui.widgets.text import label

POP_CHOICES: Final = (
    ("As soon as it rings", "ringing"),
    ("When I answer", "answer"),
    ("Only when I ask", "asked"),
)
_PASTE_HINT: Final = (
    "For the file manager.conf; on FreePBX for manager_custom.conf, with [general](+) as the "
    'first line. Then run: asterisk -rx "manager reload". The copy holds the password.'
)
_SOFTPHONE_COMMAND: Final = "crmdesk pop NUMBER --name NAME"
_SOFTPHONE_HINT: Final = (
    "Let your softphone start this program when a call comes in, with its own placeholders for "
    "the number and the name. MicroSIP: cmdCallRing in MicroSIP.ini. 3CX: Settings, Integration. "
    "Zoiper Pro: Automation."
)
_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "name": ("Name of this line", "e.g. Office", ""),
    "host": ("Phone system", "pbx.example.com", "Its name or address in your network."),
    "port": ("Port", "", ""),
    "username": ("Manager user", "crmdesk", ""),
    "area_code": ("Area code", "e.g. 30", "For numbers without one."),
    "internal": ("Extensions", "e.g. 1001-1199", "Calls among them are internal."),
    "line_prefix": (
        "Line prefix",
        "e.g. 0",
        "Digits before outside numbers.",
    ),
    "dial_context": ("Dialling context", "from-internal", "Where click to dial starts."),
    "phone_system": (
        "Name of the phone system",
        "",
        "Only where several desks reach it under different addresses: the same name on each.",
    ),
}
"""Title, placeholder and hint of the fields with text."""


class LineForm(QWidget):
    """Edits a `LineEntry`; errors appear beside the field as one types.

    Args:
        with_name: Show the name of the line (the wizard chooses one itself).
        kept_in: Where the password is kept already, "" where there is none.

    Signals:
        changed: Something was typed or chosen.
    """

    changed = Signal()

    def __init__(self, *, with_name: bool = True, kept_in: str = "") -> None:
        super().__init__()
        self._kept_in = kept_in
        self._entry = LineEntry()
        self._is_filling = False
        self._shows_missing = False
        self._make_fields()
        self._lay_out(with_name)
        self._connect()
        self.set_entry(self._entry)

    # --- making ---------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.texts: dict[str, QLineEdit] = {
            name: line_edit(placeholder, name=title)
            for name, (title, placeholder, _) in _TEXTS.items()
        }
        self.fields: dict[str, Field] = {
            name: Field(title, self.texts[name], hint) for name, (title, _, hint) in _TEXTS.items()
        }
        kept = f"Kept in {self._kept_in}; type to replace it" if self._kept_in else ""
        self.secret = SecretField(kept, name="Password of the manager user")
        self.fields["secret"] = Field("Password", self.secret)
        self.tls = check_box("Encrypted connection (TLS)")
        self.tls_ca = PathField(
            "The system's own",
            name="Certificate to trust",
            kinds="Certificates (*.pem *.crt *.cer);;All files (*)",
        )
        self.fields["tls_ca"] = Field(
            "Certificate to trust",
            self.tls_ca,
            "The CA file (PEM) of the phone system, where it made its certificate itself.",
        )
        self._plain = label(
            "Without encryption everybody in this network can read who calls.", "small", "warn",
            wrap=True,
        )  # fmt: skip
        self.region = combo_box([("Not set", ""), *regions()], name="Country of the line")
        self.fields["region"] = Field("Country", self.region, "For numbers without +.")
        self.pop_when = combo_box(POP_CHOICES, name="When the card appears")
        self.fields["pop_when"] = Field("Show the card", self.pop_when)
        self.pop_internal = check_box("Also for internal calls")
        for combo in (self.region, self.pop_when):
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(16)

    def _lay_out(self, with_name: bool) -> None:
        self._connection = self._make_connection()
        self._softphone = self._make_softphone()
        self.more = Disclosure("More", self._make_more())
        parts = column(spacing=Space.L)
        parts.addWidget(self.fields["name"])
        if not with_name:  # in its place all the same: without a parent it would be a window
            self.fields["name"].hide()
        for part in (self._connection, self._softphone, self._make_numbers(), self.more):
            parts.addWidget(part)
        self.setLayout(parts)

    def _make_connection(self) -> QWidget:
        place = _grid((self.fields["host"], 3), (self.fields["port"], 1))
        login = _grid((self.fields["username"], 1), (self.fields["secret"], 1))
        paste = QWidget()
        self.paste = CopyBlock("", name="Lines for manager.conf", copied=self._lines_to_copy)
        paste.setLayout(
            column(label(_PASTE_HINT, "small", "muted", wrap=True), self.paste, spacing=Space.S)
        )
        self.lines = Disclosure("Lines for manager.conf", paste)
        made = QWidget()
        parts = column(place, self.tls, self._plain, self.fields["tls_ca"], spacing=Space.M)
        parts.addLayout(login)
        parts.addWidget(self.lines)
        made.setLayout(parts)
        return made

    def _make_softphone(self) -> QWidget:
        made = QWidget()
        self.command = CopyBlock(_SOFTPHONE_COMMAND, name="Command for the softphone")
        hint = label(_SOFTPHONE_HINT, "body", "muted", wrap=True)
        made.setLayout(column(hint, self.command, spacing=Space.S))
        return made

    def _make_numbers(self) -> QWidget:
        made = QWidget()
        upper = _grid((self.fields["region"], 1), (self.fields["area_code"], 1))
        lower = _grid((self.fields["internal"], 1), (self.fields["pop_when"], 1))
        made.setLayout(column(upper, lower, spacing=Space.M))
        return made

    def _make_more(self) -> QWidget:
        made = QWidget()
        upper = _grid((self.fields["line_prefix"], 1), (self.fields["dial_context"], 1))
        parts = column(upper, self.fields["phone_system"], self.pop_internal, spacing=Space.M)
        made.setLayout(parts)
        return made

    def _connect(self) -> None:
        for edit in (*self.texts.values(), self.secret):
            edit.textChanged.connect(self._typed)
        self.tls_ca.changed.connect(self._typed)
        self.region.currentIndexChanged.connect(self._typed)
        self.pop_when.currentIndexChanged.connect(self._typed)
        self.pop_internal.toggled.connect(self._typed)
        self.tls.toggled.connect(self._tls_toggled)

    # --- values ----------------------------------------------------------------------------

    def entry(self) -> LineEntry:
        """What is typed and chosen now."""
        texts = {name: edit.text() for name, edit in self.texts.items()}
        return replace(
            self._entry,
            **texts,  # type: ignore[arg-type]
            secret=self.secret.text(),
            tls=self.tls.isChecked(),
            tls_ca=self.tls_ca.path(),
            region=self.region.currentData(),
            pop_when=self.pop_when.currentData(),
            pop_internal=self.pop_internal.isChecked(),
        )

    def set_entry(self, entry: LineEntry) -> None:
        """Fills the form."""
        self._entry, self._is_filling = entry, True
        for name, edit in self.texts.items():
            edit.setText(getattr(entry, name))
        self.secret.setText(entry.secret)
        self.tls.setChecked(entry.tls)
        self.tls_ca.set_path(entry.tls_ca)
        self.region.setCurrentIndex(max(0, self.region.findData(entry.region)))
        self.pop_when.setCurrentIndex(self.pop_when.findData(entry.pop_when))
        self.pop_internal.setChecked(entry.pop_internal)
        self._is_filling = False
        self._shows_missing = False
        self._show_parts()
        self._show_problems()

    def set_system(self, system: str) -> None:
        """Changes the kind of phone system; what was typed stays."""
        self._entry = replace(self._entry, system=system)  # type: ignore[arg-type]
        self._show_parts()
        self._show_problems()

    def check(self) -> bool:
        """Shows everything that is wrong or missing; True where nothing is.

        The focus goes to the first field that needs it.
        """
        self._shows_missing = True
        found = self._show_problems()
        first = next((name for name in self.fields if name in found), None)
        if first is not None:
            if first in {"line_prefix", "dial_context", "phone_system"}:
                self.more.set_open(True)
            self.fields[first].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return not found

    def focus_first(self) -> None:
        """Puts the cursor into the first field that can be seen."""
        fields = (self.fields[name] for name in ("name", "host", "region"))
        first = next(field for field in fields if field.isVisibleTo(self))
        first.editor.setFocus(Qt.FocusReason.TabFocusReason)

    # --- following -----------------------------------------------------------------------

    @Slot()
    def _typed(self) -> None:
        if not self._is_filling:
            self._show_problems()
            self.changed.emit()

    @Slot(bool)
    def _tls_toggled(self, tls: bool) -> None:
        if not self._is_filling:
            self.texts["port"].setText(with_tls(self.entry(), tls=tls).port)
            self._show_parts()
            self._typed()

    def _show_parts(self) -> None:
        system, tls = self._entry.system, self.tls.isChecked()
        self._connection.setVisible(system == "asterisk")
        self._softphone.setVisible(system == "softphone")
        self.fields["dial_context"].setVisible(system == "asterisk")
        self.fields["phone_system"].setVisible(system == "asterisk")
        self.fields["tls_ca"].setVisible(tls)
        self._plain.setVisible(not tls)

    def _show_problems(self) -> dict[str, str]:
        entry = self.entry()
        found = problems(
            entry, complete=self._shows_missing, needs_secret=not self._kept_in
        )  # fmt: skip
        for name, field in self.fields.items():
            field.set_error(found.get(name, ""))
        self.paste.set_text(self._lines(HIDDEN if entry.secret else ""))
        return found

    def _lines(self, secret: str) -> str:
        entry = self.entry()
        return manager_lines(entry.username.strip(), secret, port=entry.port, tls=entry.tls)

    def _lines_to_copy(self) -> str:
        return self._lines(self.secret.text())


def _grid(*parts: tuple[Field, int]) -> QGridLayout:
    """Fields beside each other, aligned at the top, with shares of the width."""
    grid = QGridLayout()
    grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    grid.setHorizontalSpacing(Space.M)
    for place, (field, share) in enumerate(parts):
        grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(place, share)
    return grid
