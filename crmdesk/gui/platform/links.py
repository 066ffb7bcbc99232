"""The only way out for links: what is opened, and what never is."""

from __future__ import annotations

from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

ALLOWED = frozenset({"https", "mailto", "tel"})
"""Schemes that show something or ask somebody; files, shares and scripts run."""


def may_open(link: str) -> bool:
    """Whether a link is of a scheme that is opened, and says plainly where it goes."""
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in ALLOWED:
        return False
    is_plain = not url.userInfo()  # https://bank.example@evil.example/
    return is_plain and (url.scheme().lower() != "https" or bool(url.host()))


def open_link(link: str) -> bool:
    """Opens a link in the program the system has for it; False where it may not, or has none."""
    return may_open(link) and QDesktopServices.openUrl(QUrl(link, QUrl.ParsingMode.StrictMode))


def mail_link(address: str, subject: str, body: str) -> str:
    """A link that opens a new mail in the mail program (RFC 6068)."""
    url = QUrl()
    url.setScheme("mailto")
    url.setPath(address)
    parts = {"subject": subject, "body": body.replace("\r\n", "\n").replace("\n", "\r\n")}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in parts.items() if text)
    url.setQuery(query, QUrl.ParsingMode.StrictMode)
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
