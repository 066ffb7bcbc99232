"""One attempt to hand a mail to a mail server, in bounded time and memory.

RFC 5321 4.2: a reply of 2xx is yes, 4xx "try again", 5xx "never". Where the connection breaks
between the end of the mail and the reply, nobody knows whether it was taken (RFC 1047).
"""

from __future__ import annotations

import contextlib
import re
import select
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage

from crmdesk.desk.outreach.brake import Brake
from crmdesk.desk.outreach.connecting import connect
from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount

TIMEOUT_S = 30.0
LIMIT_S = 90.0
"""The whole conversation; a usual one takes seconds."""
_HELLO = "[127.0.0.1]"
"""RFC 5321 4.1.4: an address where a desk has no name; asking for one would ask the network."""
AFTER_MAIL_S = 300.0
"""Until a mail that was sent is answered: a server may look through it first (RFC 5321
4.5.3.2.6 wants ten minutes)."""
_MOST_LINES, _LONGEST_LINE = 100, 2_048
"""Of one reply; RFC 5321 4.5.3.1.5 wants 512 bytes a line."""
_AFTER_CODE = {b" ", b"-", b""}
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_GO_ON = 354

Context = Callable[[], ssl.SSLContext]


class _Client(smtplib.SMTP):
    """The client of the standard library, which believes a server neither length nor pace.

    It reads by itself: nothing may be waiting when a command is sent, or an answer given before
    it was asked for would be taken for the answer to something else.
    """

    def __init__(self, account: MailAccount, context: Context, brake: Brake) -> None:
        super().__init__(local_hostname=_HELLO, timeout=TIMEOUT_S)
        self._host = account.host  # whose certificate STARTTLS has to show
        self._wrapping = context() if account.security == "tls" else None
        self._brake = brake
        self._read = b""

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

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Sends a command, where the server waits for one."""
        self.expect_silence()
        super().putcmd(cmd, args)

    def expect_silence(self) -> None:
        """Raises SMTPServerDisconnected where the server said more than it was asked for."""
        waits = bool(self._read)
        if isinstance(self.sock, ssl.SSLSocket):
            waits = waits or self.sock.pending() > 0
        elif self.sock is not None:
            waits = waits or bool(select.select([self.sock], [], [], 0)[0])
        if waits:
            self.close()
            raise smtplib.SMTPServerDisconnected("it speaks out of turn")

    def getreply(self) -> tuple[int, bytes]:
        """One reply: its code, and its lines.

        Raises:
            SMTPServerDisconnected: It hung up, or this is no reply.
        """
        lines: list[bytes] = []
        while len(lines) < _MOST_LINES:
            lines.append(self._line())
            if lines[-1][:3] != lines[0][:3] or lines[-1][3:4] not in _AFTER_CODE:
                break
            if lines[-1][3:4] != b"-":
                return int(lines[0][:3]), b"\n".join(line[4:].strip() for line in lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("no reply")

    def _line(self) -> bytes:
        while b"\n" not in self._read:
            found = self._receive() if len(self._read) < _LONGEST_LINE else b""
            if not found:
                self.close()
                raise smtplib.SMTPServerDisconnected("no whole line")
            self._read += found
        line, _, self._read = self._read.partition(b"\n")
        if not line[:3].isdigit():
            self.close()
            raise smtplib.SMTPServerDisconnected("no reply")
        return line.rstrip(b"\r")

    def _receive(self) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        try:
            return self.sock.recv(_LONGEST_LINE)
        except OSError:
            self.close()
            raise

    def deliver(self, content: bytes) -> tuple[int, bytes]:
        """Sends a mail after "go on", and waits for what becomes of it (RFC 5321 4.5.2)."""
        self.expect_silence()
        whole = _LEADING_DOT.sub(b"..", content)
        end = b".\r\n" if whole.endswith(b"\r\n") else b"\r\n.\r\n"
        self.send(whole + end)
        if self.sock is not None:
            self.sock.settimeout(AFTER_MAIL_S)
        return self.getreply()

    def leave(self) -> None:
        """Says good-bye and waits for no answer."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.putcmd("quit")
        self.close()


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
                server.leave()


def _trouble_of(error: Exception) -> Attempt:
    """What an error before the mail was on its way means."""
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code) if 400 <= code < 500:
            return _account_trouble(f"The mail server cannot check the password now ({code}).")
        case smtplib.SMTPAuthenticationError():
            return _for_good("The mail server refuses this user name and password.")
        case smtplib.SMTPNotSupportedError():
            return _account_trouble("The mail server does not offer what this account is set to.")
        case ssl.SSLCertVerificationError():  # also in the net of a hotel, for an hour
            return _account_trouble("The certificate of the mail server cannot be trusted.")
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
    if isinstance(error, ConnectionAbortedError):
        return "it was broken off"
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
        server.expect_silence()  # what came with the answer was not sent by who has the key
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
    content = mail.as_bytes()
    try:
        refused = _asked(server, sender, receiver, ["SMTPUTF8"] if wants_utf8 else [])
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        # At this mail, after a login that went well: others may fare better.
        return Attempt(Fate.LATER, f"The mail server did not take it: {_why(error)}.")
    if refused is not None:
        return refused
    brake.commit(AFTER_MAIL_S)
    try:
        code, said = server.deliver(content)
    except (smtplib.SMTPServerDisconnected, OSError):
        return Attempt(Fate.DOUBTFUL, "The connection broke while the mail server took it.")
    if _is_yes(code) or code >= 400:
        return Attempt(Fate.SENT) if _is_yes(code) else _answer(code, said)
    return Attempt(Fate.DOUBTFUL, f"The mail server took it and answered {code}.")


def _asked(server: _Client, sender: str, receiver: str, options: list[str]) -> Attempt | None:
    """Why the server does not want to see the mail, None where it does."""
    for code, said in _envelope(server, sender, receiver, options):
        if not _is_yes(code):
            return _answer(code, said)
    code, said = server.docmd("DATA")
    return None if code == _GO_ON else _answer(code, said)


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
