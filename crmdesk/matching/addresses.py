"""Takes the number out of what surrounds it: display names, SIP and tel addresses.

RFC 3261 section 25.1 (`name-addr`), RFC 3966 (`tel:` and its parameters). Only the shape is
read here; what the number means is `numbers.py`'s matter.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

_SCHEME = re.compile(r"(?:sips?|tel|callto):(?://)?", re.IGNORECASE)
_QUOTED_NAME = re.compile(r'\s*"(?:[^"\\]|\\.)*"')
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Address(NamedTuple):
    """A number as an address names it.

    Attributes:
        user: The number's text, percent escapes undone.
        host: What follows the "@", without port and parameters; "" where there is none.
        extension: From ";ext=".
        context: From ";phone-context=", only where it is a number with "+".
        steps: What was taken away, for the "why" sheet.
    """

    user: str
    host: str = ""
    extension: str = ""
    context: str = ""
    steps: tuple[str, ...] = ()


def parse_address(text: str) -> Address | None:
    """Reads a plain number, `tel:` or SIP address, with or without a display name.

    Returns:
        None where it is malformed: two "@", a control character hidden in an escape.
    """
    inner = _without_name(text)
    bare = inner.strip()
    scheme = _SCHEME.match(bare)
    rest = bare[scheme.end() :] if scheme else bare
    user, at, host = rest.partition("@")
    if "@" in host:
        return None
    user, *parameters = user.split(";")
    plain = _unescaped(user.partition(":")[0] if at else user.partition("?")[0])
    if plain is None:
        return None
    steps = ("taken from an address",) if (scheme or at or inner is not text) else ()
    return _with_parameters(plain, _host(host), parameters, steps)


def _without_name(text: str) -> str:
    """What stands between the angle brackets, else the text itself."""
    if "<" not in text:
        return text
    quoted = _QUOTED_NAME.match(text)
    opening = text.find("<", quoted.end() if quoted else 0)
    closing = text.find(">", opening)
    return text[opening + 1 : closing] if 0 <= opening < closing else text


def _host(text: str) -> str:
    return re.split(r"[;:?>]", text, maxsplit=1)[0].strip()


def _unescaped(text: str) -> str | None:
    if "%" not in text:
        return text
    plain = unquote(text, errors="replace")
    return None if _CONTROL.search(plain) else plain


def _with_parameters(
    user: str, host: str, parameters: list[str], steps: tuple[str, ...]
) -> Address:
    if not parameters:
        return Address(user, host, steps=steps)
    known: dict[str, str] = {}
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        known.setdefault(name.strip().lower(), _unescaped(value.strip()) or "")
    context = known.get("phone-context", "")
    return Address(
        user=user,
        host=host,
        extension=re.sub(r"[\s().-]", "", known.get("ext", "")),
        context=context if context.startswith("+") else "",
        steps=steps,
    )
