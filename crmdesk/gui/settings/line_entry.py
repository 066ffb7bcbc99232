"""What is typed into the form of a phone line, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from crmdesk.settings.model import LineSettings, PhoneSystem, PopWhen

TLS_PORT: Final = "5039"
PLAIN_PORT: Final = "5038"
SECRET_REF: Final = "line-{}"  # noqa: S105  the name of a secret, not one

_PORT_MAX = 65535
_HOST_MAX = 253
_NAME_MAX = 200
_DIGITS_MAX = 16
_BLANK = re.compile(r"[\x00-\x20\x7f]")
_RANGE = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")
_HOST_WITH_PORT = re.compile(r"[^:]+:[0-9]+")


@dataclass(frozen=True, slots=True)
class LineEntry:
    """The form as typed; texts may be anything.

    Attributes:
        secret: "" leaves the one that is kept as it is.
        internal: Ranges, separated by commas or blanks.
    """

    name: str = ""
    system: PhoneSystem = "asterisk"
    enabled: bool = True
    host: str = ""
    port: str = TLS_PORT
    tls: bool = True
    tls_ca: str = ""
    username: str = ""
    secret: str = field(default="", repr=False)
    phone_system: str = ""
    region: str = ""
    area_code: str = ""
    line_prefix: str = ""
    internal: str = ""
    pop_when: PopWhen = "ringing"
    pop_internal: bool = False
    dial_context: str = "from-internal"


def entry_of(line: LineSettings) -> LineEntry:
    """What the form shows for a line that is set up."""
    return LineEntry(
        name=line.name,
        system=line.system,
        enabled=line.enabled,
        host=line.host,
        port=str(line.port),
        tls=line.tls,
        tls_ca=line.tls_ca,
        username=line.username,
        phone_system=line.phone_system,
        region=line.region,
        area_code=line.area_code,
        line_prefix=line.line_prefix,
        internal=", ".join(line.internal),
        pop_when=line.pop_when,
        pop_internal=line.pop_internal,
        dial_context=line.dial_context,
    )


def line_of(
    entry: LineEntry, taken: Collection[str] = (), base: LineSettings | None = None
) -> LineSettings:
    """The line an entry without problems describes.

    Args:
        entry: `problems(entry)` must be empty.
        taken: Ids of the other lines.
        base: The line that is edited, which keeps its id, names and secret.
    """
    known = base or LineSettings(id=_free_id(entry.name, taken), name=entry.name)
    has_login = entry.system == "asterisk" and bool(entry.username.strip())
    return msgspec.structs.replace(
        known,
        name=entry.name.strip(),
        system=entry.system,
        enabled=entry.enabled,
        host=entry.host.strip(),
        port=int(entry.port),
        tls=entry.tls,
        tls_ca=entry.tls_ca.strip(),
        username=entry.username.strip(),
        secret_ref=(known.secret_ref or SECRET_REF.format(known.id)) if has_login else "",
        phone_system=entry.phone_system.strip(),
        region=entry.region,
        area_code=_squeezed(entry.area_code),
        line_prefix=_squeezed(entry.line_prefix),
        internal=tuple(_parts(entry.internal)),
        pop_when=entry.pop_when,
        pop_internal=entry.pop_internal,
        dial_context=entry.dial_context.strip() or "from-internal",
    )


def with_tls(entry: LineEntry, *, tls: bool) -> LineEntry:
    """The entry with TLS on or off; the usual port goes along, another one stays."""
    usual, other = (TLS_PORT, PLAIN_PORT) if tls else (PLAIN_PORT, TLS_PORT)
    return replace(entry, tls=tls, port=usual if entry.port == other else entry.port)


def problems(
    entry: LineEntry, *, complete: bool = True, needs_secret: bool = True
) -> dict[str, str]:
    """What is wrong, by the name of the field.

    Args:
        entry: The form as typed.
        complete: Also say what is missing; while one types that would be a nuisance.
        needs_secret: No password is kept yet.
    """
    found = {name: check(getattr(entry, name).strip()) for name, check in _CHECKS.items()}
    if complete:
        found |= {name: _MISSING[name] for name in _missing(entry, needs_secret)}
    if entry.system != "asterisk":
        found = {name: text for name, text in found.items() if name not in _CONNECTION}
    return {name: text for name, text in found.items() if text}


def _missing(entry: LineEntry, needs_secret: bool) -> list[str]:
    wanted = ["name", "host", "username"]
    if needs_secret:
        wanted.append("secret")
    return [name for name in wanted if not getattr(entry, name).strip()]


def _name(text: str) -> str:
    return f"At most {_NAME_MAX} characters." if len(text) > _NAME_MAX else ""


def _host(text: str) -> str:
    if "://" in text or "/" in text:
        return "Only the name or address, without http:// or a path."
    if _HOST_WITH_PORT.fullmatch(text):
        return "The port has a field of its own."
    if _BLANK.search(text) or len(text) > _HOST_MAX:
        return "A name or address has no blanks and at most 253 characters."
    return ""


def _port(text: str) -> str:
    if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= _PORT_MAX:
        return ""
    return "A number from 1 to 65535."


def _login(text: str) -> str:
    if len(text) > _NAME_MAX:
        return f"At most {_NAME_MAX} characters."
    return "No blanks." if _BLANK.search(text) else ""


def _digits(text: str) -> str:
    squeezed = _squeezed(text)
    if squeezed and not (squeezed.isascii() and squeezed.isdigit()):
        return "Digits only."
    return f"At most {_DIGITS_MAX} digits." if len(squeezed) > _DIGITS_MAX else ""


def _ranges(text: str) -> str:
    for part in _parts(text):
        found = _RANGE.fullmatch(part)
        if found is None:
            return f"“{part[:20]}” is no range. Write it like 1001-1199."
        low, high = found[1], found[2]
        if high and (len(low) != len(high) or low > high):
            return f"“{part[:40]}” must go upwards, with as many digits on both sides."
    return ""


_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "name": _name,
    "host": _host,
    "port": _port,
    "username": _login,
    "phone_system": _name,
    "area_code": _digits,
    "line_prefix": _digits,
    "internal": _ranges,
    "dial_context": _login,
}
_MISSING: Final = {
    "name": "A name is needed, for example Office.",
    "host": "The name or address of the phone system is needed.",
    "username": "The name of the manager user is needed.",
    "secret": "The password of the manager user is needed.",
}
_CONNECTION: Final = frozenset(
    {"host", "port", "username", "secret", "dial_context", "tls_ca", "phone_system"}
)


def _parts(text: str) -> list[str]:
    joined = re.sub(r"\s*[-–]\s*", "-", text)
    return [part for part in re.split(r"[,;\s]+", joined) if part]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s/()-]", "", text)


def _free_id(name: str, taken: Collection[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "line"
    number = 1
    made = stem
    while made in taken:
        number += 1
        made = f"{stem}-{number}"
    return made
