"""The fields of the mail account: checked as one types, tried before they are relied on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.desk.outreach.mail import read_address
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.secret_field import SecretField
from crmdesk.settings.model import MailSettings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

SECRET_REF = "mail"  # noqa: S105  a name, no password
"""Name under which the vault keeps the password."""

_SECURITY = (
    ("Encrypted after the first word (STARTTLS)", "starttls"),
    ("Encrypted from the start (TLS)", "tls"),
    ("Not encrypted: only a server on this computer", "none"),
)
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class TypedMail:
    """The account as it is typed.

    Attributes:
        secret: A new password, "" to keep the one there is.
    """

    mail: MailSettings
    secret: str


class MailFields(QWidget):
    """Fields of a `MailSettings`.

    Signals:
        changed: Something was typed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.host = line_edit("e.g. smtp.example.com", name="Mail server")
        self.port = line_edit("587", name="Port")
        self.security = combo_box(_SECURITY, name="Encryption")
        self.username = line_edit("as the mail server knows you", name="User")
        self.secret = SecretField(name="Password of the mail account")
        self.from_name = line_edit("e.g. Hansen Logistics, Service", name="Sender's name")
        self.from_address = line_edit("e.g. service@example.com", name="Sender's address")
        self._port = Field("Port", self.port)
        self._address = Field("Sender's address", self.from_address)
        self._host = Field(
            "Mail server",
            self.host,
            "Empty: messages are opened in the mail program of each agent.",
        )
        self.setLayout(
            column(
                _beside(self._host, self._port),
                Field("Encryption", self.security),
                row(Field("User", self.username), Field("Password", self.secret), spacing=Space.L),
                row(Field("Sender's name", self.from_name), self._address, spacing=Space.L),
                spacing=Space.M,
            )
        )
        for edit in self._edits():
            edit.textEdited.connect(self._typed)
        self.security.activated.connect(self._security_chosen)

    def _edits(self) -> tuple[QLineEdit, ...]:
        return (
            self.host, self.port, self.username, self.secret, self.from_name, self.from_address,
        )  # fmt: skip

    def set_mail(self, mail: MailSettings, kept_in: str) -> None:
        """Shows an account; `kept_in` names the vault that has its password."""
        self.host.setText(mail.host)
        self.port.setText(str(mail.port))
        self.security.setCurrentIndex(self.security.findData(mail.security))
        self.username.setText(mail.username)
        self.from_name.setText(mail.from_name)
        self.from_address.setText(mail.from_address)
        self.secret.clear()
        has_one = bool(mail.secret_ref and kept_in)
        self.secret.setPlaceholderText(f"Kept in {kept_in}; type to replace it" if has_one else "")
        self._check()

    def typed(self, before: MailSettings) -> TypedMail | None:
        """What is typed, None where something of it is wrong."""
        if not self._check():
            return None
        secret = self.secret.text()
        values: dict[str, Any] = {
            "host": self.host.text().strip(),
            "port": int(self.port.text().strip() or 0) or _PORTS[self.security.currentData()],
            "security": self.security.currentData(),
            "username": self.username.text().strip(),
            "from_name": self.from_name.text().strip(),
            "from_address": self.from_address.text().strip(),
            "secret_ref": SECRET_REF if secret else before.secret_ref,
        }
        try:
            return TypedMail(msgspec.convert(values, MailSettings), secret)
        except msgspec.ValidationError:
            self._host.set_error("Only the name of the server, e.g. smtp.example.com.")
            return None

    @Slot()
    def _typed(self) -> None:
        self._check()
        self.changed.emit()

    @Slot()
    def _security_chosen(self) -> None:
        if self.port.text().strip() in {"", *map(str, _PORTS.values())}:
            self.port.setText(str(_PORTS[self.security.currentData()]))
        self._typed()

    def _check(self) -> bool:
        """Says beside each field what is wrong with it."""
        port = self.port.text().strip()
        port_is_right = not port or (port.isascii() and port.isdecimal() and 0 < int(port) < 65536)
        self._port.set_error("" if port_is_right else "From 1 to 65535.")
        self._host.set_error("")
        address_is_right = self._address_is_right()
        return port_is_right and address_is_right

    def _address_is_right(self) -> bool:
        text = self.from_address.text().strip()
        if not text and not self.host.text().strip():
            self._address.set_error("")
            return True
        try:
            read_address(text)
        except UserFacingError as error:
            if text:
                self._address.set_error(error.what)
            else:
                self._address.ask("Who the messages are from.")
            return False
        self._address.set_error("")
        return True


def _beside(*fields: Field) -> QHBoxLayout:
    """Fields on one line, however many lines the words under each have."""
    made = row(spacing=Space.L)
    for field in fields:
        made.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return made
