"""A message as a mail, and one attempt to hand it to a mail server.

RFC 5321 4.2: a reply of 4xx is "try again", 5xx is "never". Where the connection breaks between
the end of the mail and the reply, nobody knows whether it was taken (RFC 1047).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Literal

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Message

TIMEOUT_S = 30.0
_HELLO = "[127.0.0.1]"
"""RFC 5321 4.1.4: an address where a desk has no name; asking for one would ask the network."""
Security = Literal["tls", "starttls", "none"]

_ADDRESS = re.compile(
    r"([^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,64})@([^\s@<>\x00-\x1f\x7f]{1,253})\Z"
)


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
    """

    fate: Fate
    trouble: str = ""
    is_of_account: bool = False


def read_address(text: str) -> tuple[str, str]:
    """Local part and domain of one mail address.

    Raises:
        UserFacingError: It is none that mail can be sent to.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or ".." in text or "." in (found[2][0], found[2][-1]):
        raise UserFacingError(
            f"{text.strip()[:80] or 'Nothing'} is no e-mail address.",
            "Nothing was sent.",
            "Correct the address of the customer, e.g. jane@example.com.",
        )
    return found[1], found[2]


def as_mail(message: Message, account: MailAccount) -> EmailMessage:
    """The mail of a message. Whatever is in it stays in its header or body.

    Raises:
        UserFacingError: An address is none.
    """
    mail = EmailMessage(policy=SMTP)
    local, domain = read_address(account.from_address)
    mail["From"] = Address(_one_line(account.from_name), local, _ascii_domain(domain))
    local, domain = read_address(message.address)
    mail["To"] = Address("", local, _ascii_domain(domain))
    mail["Subject"] = _one_line(message.subject)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    mail.set_content(message.body or "\n")
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def hand_in(
    mail: EmailMessage,
    account: MailAccount,
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> Attempt:
    """Hands one mail to the server. Blocks up to some timeouts; runs in a thread of its own."""
    return _tried(account, context, lambda server: _delivered(server, mail))


def _tried(
    account: MailAccount,
    context: Callable[[], ssl.SSLContext],
    talk: Callable[[smtplib.SMTP], Attempt],
) -> Attempt:
    server: smtplib.SMTP | None = None
    try:
        server = _connected(account, context)
        return talk(server)
    except smtplib.SMTPAuthenticationError:
        return _account_trouble("The mail server refuses this user name and password.")
    except smtplib.SMTPNotSupportedError:
        return _account_trouble("The mail server does not offer what this account is set to.")
    except ssl.SSLCertVerificationError:
        return _account_trouble("The certificate of the mail server cannot be trusted.")
    except (smtplib.SMTPException, OSError) as error:
        return _account_trouble(f"The mail server cannot be reached: {_why(error)}.")
    finally:
        if server is not None:
            _leave(server)


def try_account(
    account: MailAccount, context: Callable[[], ssl.SSLContext] = ssl.create_default_context
) -> str:
    """Connects and logs in, sends nothing; "" where that works, else the trouble in words."""
    return _tried(account, context, lambda _server: Attempt(Fate.SENT)).trouble


def _account_trouble(words: str) -> Attempt:
    return Attempt(Fate.LATER, words, is_of_account=True)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it says {error.smtp_code}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hangs up"
    text = getattr(error, "strerror", None)
    return str(text).lower() if text else type(error).__name__


def _connected(account: MailAccount, context: Callable[[], ssl.SSLContext]) -> smtplib.SMTP:
    host, port = account.host, account.port
    server: smtplib.SMTP
    if account.security == "tls":
        server = smtplib.SMTP_SSL(host, port, _HELLO, timeout=TIMEOUT_S, context=context())
    else:
        server = smtplib.SMTP(host, port, _HELLO, timeout=TIMEOUT_S)
    try:
        server.ehlo_or_helo_if_needed()
        if account.security == "starttls":
            server.starttls(context=context())
            server.ehlo()
        if account.username:
            server.login(account.username, account.password)
    except BaseException:
        _leave(server)
        raise
    return server


def _delivered(server: smtplib.SMTP, mail: EmailMessage) -> Attempt:
    sender, receiver = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    options = ["SMTPUTF8"] if not receiver.isascii() and server.has_extn("smtputf8") else []
    for code, said in _envelope(server, sender, receiver, options):
        if code >= 300:
            return _answer(code, said)
    try:
        code, said = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as error:
        return _answer(error.smtp_code, _bytes(error.smtp_error))
    except (smtplib.SMTPServerDisconnected, OSError):
        return Attempt(Fate.DOUBTFUL, "The connection broke while the mail server took it.")
    return _answer(code, said) if code >= 300 else Attempt(Fate.SENT)


def _envelope(
    server: smtplib.SMTP, sender: str, receiver: str, options: list[str]
) -> list[tuple[int, bytes]]:
    said = [server.mail(sender, options)]
    if said[0][0] < 300:
        said.append(server.rcpt(receiver))
    return said


def _answer(code: int, said: bytes) -> Attempt:
    """What a refusal means; the server's own words are for people, one line of them."""
    words = " ".join(said.decode("utf-8", "replace").split())[:120]
    trouble = f"The mail server says {code} {words}".strip()
    return Attempt(Fate.LATER if 400 <= code < 500 else Fate.REFUSED, trouble)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
