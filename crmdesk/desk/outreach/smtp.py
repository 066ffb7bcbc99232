"""One attempt to hand a mail to a mail server, in bounded time and memory.

RFC 5321 4.2: a reply of 2xx is yes, 4xx "try again", 5xx "never". Where the connection breaks
between the end of the mail and the reply, nobody knows whether it was taken (RFC 1047).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from typing import BinaryIO

from crmdesk.desk.outreach.brake import Brake
from crmdesk.desk.outreach.connecting import connect
from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount

TIMEOUT_S = 30.0
LIMIT_S = 90.0
"""The whole conversation; a usual one takes seconds."""
_HELLO = "[127.0.0.1]"
"""RFC 5321 4.1.4: an address where a desk has no name; asking for one would ask the network."""
_MOST_LINES, _LONGEST_LINE = 100, 2_048
"""Of one reply; RFC 5321 4.5.3.1.5 wants 512 bytes a line."""

Context = Callable[[], ssl.SSLContext]


class _Client(smtplib.SMTP):
    """The client of the standard library, which believes a server neither length nor pace."""

    def __init__(self, account: MailAccount, context: Context, brake: Brake) -> None:
        super().__init__(local_hostname=_HELLO, timeout=TIMEOUT_S)
        self._host = account.host  # whose certificate STARTTLS has to show
        self._wrapping = context() if account.security == "tls" else None
        self._brake = brake

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = connect(host, port, timeout, self._brake)
        try:
            self._brake.watch(connection)
            if self._wrapping is None:
                return connection
            return self._wrapping.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """One reply: its code, and its lines.

        Raises:
            SMTPServerDisconnected: It hung up, or this is no reply.
        """
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        said: list[bytes] = []
        for _ in range(_MOST_LINES):
            line = self._line(self.file)
            said.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(said)
        self.close()
        raise smtplib.SMTPServerDisconnected("a reply without end")

    def _line(self, replies: BinaryIO) -> bytes:
        try:
            line = replies.readline(_LONGEST_LINE)
        except OSError:
            self.close()
            raise
        if not line.endswith(b"\n") or not line[:3].isdigit():
            self.close()
            raise smtplib.SMTPServerDisconnected("no reply" if line else "hung up")
        return line


def hand_in(
    mail: EmailMessage,
    account: MailAccount,
    context: Context = ssl.create_default_context,
    brake: Brake | None = None,
) -> Attempt:
    """Hands one mail to the server. Blocks, up to `LIMIT_S`; runs in a thread of its own.

    Args:
        mail: From `mail.as_mail`.
        account: Where it is handed in.
        context: Makes what checks the server's certificate.
        brake: Whoever holds it may end this, as long as the mail is not on its way.
    """
    held = brake or Brake(LIMIT_S)
    return _tried(account, context, held, lambda server: _delivered(server, mail, held))


def try_account(account: MailAccount, context: Context = ssl.create_default_context) -> str:
    """Connects and logs in, sends nothing; "" where that works, else the trouble in words."""
    held = Brake(LIMIT_S)
    return _tried(account, context, held, lambda _server: Attempt(Fate.SENT)).trouble


def _tried(
    account: MailAccount, context: Context, brake: Brake, talk: Callable[[_Client], Attempt]
) -> Attempt:
    server: _Client | None = None
    with brake:
        try:
            server = _Client(account, context, brake)
            _connect(server, account, context)
            return talk(server)
        except Exception as error:  # noqa: BLE001  no reply of a server ends the outbox
            return _trouble_of(error)
        finally:
            if server is not None:
                _leave(server)


def _trouble_of(error: Exception) -> Attempt:
    """What an error before the mail was on its way means."""
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code) if 400 <= code < 500:
            return _account_trouble(f"The mail server cannot check the password now ({code}).")
        case smtplib.SMTPAuthenticationError():
            return _for_good("The mail server refuses this user name and password.")
        case smtplib.SMTPNotSupportedError():
            return _for_good("The mail server does not offer what this account is set to.")
        case ssl.SSLCertVerificationError():
            return _for_good("The certificate of the mail server cannot be trusted.")
        case smtplib.SMTPException() | OSError():
            return _account_trouble(f"The mail server cannot be reached: {_why(error)}.")
        case UnicodeError():
            return _for_good("The mail account has characters that no mail server takes.")
        case _:
            return _account_trouble(f"The mail could not be sent: {type(error).__name__}.")


def _account_trouble(words: str) -> Attempt:
    return Attempt(Fate.LATER, words, is_of_account=True)


def _for_good(words: str) -> Attempt:
    return Attempt(Fate.LATER, words, is_of_account=True, is_final=True)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it says {error.smtp_code}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hangs up"
    text = getattr(error, "strerror", None)
    return str(text).lower() if text else type(error).__name__


def _connect(server: _Client, account: MailAccount, context: Context) -> None:
    code, said = server.connect(account.host, account.port)
    if not _is_yes(code):
        raise smtplib.SMTPConnectError(code, said)
    server.ehlo_or_helo_if_needed()
    if account.security == "starttls":
        server.starttls(context=context())
        server.ehlo()
    if account.username:
        _log_in(server, account.username, account.password)


def _log_in(server: _Client, user: str, password: str) -> None:
    if (user + password).isascii():
        server.login(user, password)
        return
    # The standard library takes ASCII only; RFC 4616 has user and password in UTF-8.
    token = b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = server.docmd("AUTH", f"PLAIN {token}")
    if not _is_yes(code):
        raise smtplib.SMTPAuthenticationError(code, said)


def _delivered(server: _Client, mail: EmailMessage, brake: Brake) -> Attempt:
    sender, receiver = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    wants_utf8 = not (sender + receiver).isascii()
    if wants_utf8 and not server.has_extn("smtputf8"):
        return _not_in_ascii(sender)
    for code, said in _envelope(server, sender, receiver, ["SMTPUTF8"] if wants_utf8 else []):
        if not _is_yes(code):
            return _answer(code, said)
    content = mail.as_bytes()
    brake.commit()
    try:
        code, said = server.data(content)
    except smtplib.SMTPDataError as error:  # it did not even want to see the mail
        return _answer(error.smtp_code, _bytes(error.smtp_error))
    except (smtplib.SMTPServerDisconnected, OSError):
        return Attempt(Fate.DOUBTFUL, "The connection broke while the mail server took it.")
    if _is_yes(code) or code >= 400:
        return Attempt(Fate.SENT) if _is_yes(code) else _answer(code, said)
    return Attempt(Fate.DOUBTFUL, f"The mail server took it and answered {code}.")


def _envelope(
    server: _Client, sender: str, receiver: str, options: list[str]
) -> list[tuple[int, bytes]]:
    said = [server.mail(sender, options)]
    if _is_yes(said[0][0]):
        said.append(server.rcpt(receiver))
    return said


def _not_in_ascii(sender: str) -> Attempt:
    words = "The mail server takes no address with such letters."
    return Attempt(Fate.REFUSED, words) if sender.isascii() else _for_good(words)


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _answer(code: int, said: bytes) -> Attempt:
    """What a refusal means; the server's own words are for people, one line of them."""
    words = " ".join(said.decode("utf-8", "replace").split())[:120]
    trouble = f"The mail server says {code} {words}".strip()
    return Attempt(Fate.REFUSED if code >= 500 else Fate.LATER, trouble)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _leave(server: _Client) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
