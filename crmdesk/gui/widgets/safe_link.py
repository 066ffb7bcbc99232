"""The one way in which an address from outside is opened (threat model, row 14).

Only `https`, `mailto` and `tel`; never a file, a share or a script, never an address that hides
its host behind a name. The host is shown before anything is opened.
"""

from __future__ import annotations

from urllib.parse import quote

from PySide6.QtCore import QMessageLogContext, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from crmdesk.gui.widgets.messages import Question

_LONGEST = 2_000
_LONGEST_MAIL = 100_000
_WITHOUT_HOST = frozenset({"mailto", "tel"})


def safe_url(text: str, longest: int = _LONGEST) -> QUrl | None:
    """The address, None where it is none or none that may be opened."""
    plain = text.strip()
    if not plain or len(plain) > longest or any(not char.isprintable() for char in plain):
        return None
    url = QUrl(plain, QUrl.ParsingMode.StrictMode)
    if not url.isValid():
        return None
    if url.scheme() in _WITHOUT_HOST:
        return url if url.path() and not url.host() else None
    is_plain_host = bool(url.host()) and not url.userInfo()
    return url if url.scheme() == "https" and is_plain_host else None


def shown_host(url: QUrl) -> str:
    """What is opened, in the letters it is sent in: look-alikes stand as "xn--"."""
    if url.scheme() in _WITHOUT_HOST:
        return url.path()
    return bytes(QUrl.toAce(url.host()).data()).decode("ascii", "replace")


def mail_url(address: str, subject: str, body: str) -> str:
    """An address that opens a new mail in the mail program (RFC 6068)."""
    parts = {"subject": subject, "body": "\r\n".join(body.splitlines())}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in parts.items() if text)
    return f"mailto:{quote(address, safe='@')}?{query}".rstrip("?")


def open_mail(address: str, subject: str, body: str) -> bool:
    """Opens a new mail in the mail program; False where there is none, or it is too long."""
    url = safe_url(mail_url(address, subject, body), _LONGEST_MAIL)
    return url is not None and _open(url)


def _open(url: QUrl) -> bool:
    """Asks the system to open it; what Qt says of a failure would show who was written what."""

    def tell(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        if url.scheme() not in words and before is not None:
            before(kind, context, words)

    before = qInstallMessageHandler(tell)
    try:
        return QDesktopServices.openUrl(url)
    finally:
        qInstallMessageHandler(before)


def ask_to_open(parent: QWidget, text: str) -> Question | None:
    """Asks whether to open an address; None where it is none that may be opened."""
    url = safe_url(text)
    if url is None:
        return None
    question = Question(
        parent,
        "Open an address",
        f"Open {shown_host(url)}?",
        text.strip(),
        "It opens in another program.",
        answer="Open",
        cancel="Cancel",
    )
    question.accepted.connect(lambda: _open(url))
    question.open()
    return question
