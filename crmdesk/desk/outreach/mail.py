"""A message as a mail; the account it goes out by, and what an attempt to send it came to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Literal

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Message

Security = Literal["tls", "starttls", "none"]

_ADDRESS = re.compile(
    r"([^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,64})@([^\s@<>\x00-\x1f\x7f]{1,253})\Z"
)
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z|\[[0-9A-Fa-f.:]+\]\Z")
"""What may stand behind the @ once it is written in ASCII: a name, or an address in brackets."""
_LONGEST_ADDRESS = 254
"""RFC 5321 4.5.3.1.3, without the angle brackets."""


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Where mails are handed in.

    Attributes:
        security: tls from the first byte (port 465), starttls (587), or none.
        username: "" where the server asks for none.
        from_name, from_address: Who the mails are from.
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    username: str = ""
    password: str = ""
    from_name: str = ""
    from_address: str = ""

    def __repr__(self) -> str:
        return f"MailAccount({self.host}:{self.port})"


class Fate(StrEnum):
    """What became of an attempt."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt.

    Attributes:
        trouble: Why it was not sent, in words; "" where it was.
        is_of_account: Whether no other mail would fare better: a wrong password, no server.
        is_final: Whether the account fares no better later either, until somebody changes it.
    """

    fate: Fate
    trouble: str = ""
    is_of_account: bool = False
    is_final: bool = False


def read_address(text: str) -> tuple[str, str]:
    """Local part and domain of one mail address, the domain in ASCII.

    Raises:
        UserFacingError: It is none that mail can be sent to.
    """
    found = _ADDRESS.fullmatch(text.strip())
    is_odd = found is None or ".." in text or not text.strip().isprintable()
    domain = "" if found is None or is_odd else _ascii_domain(found[2])
    if found is None or not domain or len(found[1]) + 1 + len(domain) > _LONGEST_ADDRESS:
        raise UserFacingError(
            f"{text.strip()[:80] or 'Nothing'} is no e-mail address.",
            "Nothing was sent.",
            "Correct the address, e.g. jane@example.com.",
        )
    return found[1], domain


def _ascii_domain(domain: str) -> str:
    """The domain as the network has it, "" where it cannot be one."""
    try:
        written = domain if domain.startswith("[") else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return written if _DOMAIN.fullmatch(written) else ""


def as_mail(message: Message, account: MailAccount) -> EmailMessage:
    """The mail of a message. Whatever is in it stays in its header or body.

    Raises:
        UserFacingError: An address is none, or the text is none that a mail can carry.
    """
    mail = EmailMessage(policy=SMTP)
    sender, receiver = read_address(account.from_address), read_address(message.address)
    try:
        mail["From"] = Address(_one_line(account.from_name), *sender)
        mail["To"] = Address("", *receiver)
        mail["Subject"] = _one_line(message.subject)
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = message.message_id
        mail.set_content(message.body or "\n")
        mail.as_bytes()
    except ValueError as error:
        raise UserFacingError(
            "The text has characters that no mail can carry.",
            "Nothing was sent.",
            "Write it again without them.",
        ) from error
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split())
