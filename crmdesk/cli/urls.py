"""`crmdesk:`, `tel:` and `callto:` URLs, by a strict grammar.

Any web page can open such a URL. So there are two verbs, one shows and the other opens a
dialog; nothing is dialled, and a URL that is not exactly of this form is refused.

    crmdesk:show?n=NUMBER[&name=TEXT][&called=NUMBER]
    crmdesk:dial?n=NUMBER
    tel:NUMBER    callto:NUMBER        (as "dial")

"//" after the colon is allowed. NUMBER: "+", digits and visual separators, or one word such
as "anonymous". Standard library only: a ringing phone waits.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

MAX_BYTES = 512

_OWN = re.compile(r"crmdesk:(?://)?(?P<verb>show|dial)/?\?(?P<query>[!-~]+)", re.IGNORECASE)
_PHONE = re.compile(r"(?:tel|callto):(?://)?(?P<number>[!-~]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9 ().\-/]{1,40}")
_DIALLED = re.compile(r"[+*#]?[0-9 ().\-/*#]{1,40}")
_WORD = re.compile(r"[A-Za-z-]{1,20}")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NAME_MAX = 128


class BadUrlError(ValueError):
    """The URL is not one of ours."""


def parse_url(url: str) -> dict[str, str]:
    """Reads a URL into the fields of a request.

    Raises:
        BadUrlError: With words for people.
    """
    if len(url) > MAX_BYTES or len(url.encode("utf-8", "replace")) > MAX_BYTES:
        raise BadUrlError(f"The URL is longer than {MAX_BYTES} bytes.")
    if own := _OWN.fullmatch(url):
        return _own_request(own["verb"].lower(), own["query"])
    if phone := _PHONE.fullmatch(url):
        number = _decoded(phone["number"].partition(";")[0])
        return {"verb": "dial", "number": _checked(number, _DIALLED)}
    raise BadUrlError("The URL must look like crmdesk:show?n=+49... or tel:+49...")


def _own_request(verb: str, query: str) -> dict[str, str]:
    fields = _fields(query, {"n"} if verb == "dial" else {"n", "name", "called"})
    if verb == "dial":
        return {"verb": "dial", "number": _checked(fields["n"], _DIALLED)}
    request = {"verb": "pop", "number": _checked(fields["n"], _NUMBER, _WORD)}
    if "called" in fields:
        request["called"] = _checked(fields["called"], _NUMBER, _WORD)
    if "name" in fields:
        request["name"] = fields["name"][:_NAME_MAX]
    return request


def _fields(query: str, allowed: set[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if name not in allowed or not equals or name in fields:
            raise BadUrlError("The URL has a part that CRMDesk does not know, or one twice.")
        fields[name] = _cleaned(value) if name == "name" else _decoded(value)
    if "n" not in fields:
        raise BadUrlError("The URL names no number (n=...).")
    return fields


def _cleaned(text: str) -> str:
    """A name, which the caller chose: nothing in it is a reason to keep the pop away."""
    plain = unquote(text, errors="replace")
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())


def _decoded(text: str) -> str:
    if _BROKEN_ESCAPE.search(text):
        raise BadUrlError("The URL has a broken % escape.")
    plain = unquote(text, errors="replace")
    if not plain.isprintable():
        raise BadUrlError("The URL hides control characters.")
    return plain


def _checked(number: str, *forms: re.Pattern[str]) -> str:
    if any(form.fullmatch(number) for form in forms):
        return number
    raise BadUrlError("The URL's number is not a phone number.")
