"""What can be set, with types, defaults and limits: declared once, here.

Every struct checks itself when it is made, so a `Settings` that exists is a valid one.
Errors name the field; `file.py` adds file and line. Secrets are never here, only the name
under which a vault keeps them.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

SCHEMA = 1
"""The version this program writes; see `migrations.py`."""

PhoneSystem = Literal["asterisk", "simulator", "softphone"]
PopWhen = Literal["ringing", "answer", "asked"]
Theme = Literal["system", "light", "dark"]
Rung = Literal["account", "e164", "national", "block", "suffix"]

_NAME = Annotated[str, msgspec.Meta(max_length=200)]
_ID = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
_DIGITS = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,16}$")]
_EXTENSION = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_.*#+-]{0,64}$")]
_REGION = Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{2})?$")]
_RANGE = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,15}(-[0-9]{1,15})?$")]
_PORT = Annotated[int, msgspec.Meta(ge=1, le=65535)]
_PORT_BREAKERS = re.compile(r"[\x00-\x20\x7f]")


class AgentSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits here.

    Attributes:
        extension: The phone whose calls pop here; "" watches all.
    """

    name: _NAME = ""
    extension: _EXTENSION = ""


class LineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One phone line: a connection to a phone system.

    Attributes:
        id: Key of the line, never shown; letters, digits, `_`, `.` and `-`.
        tls_ca: Path of a certificate file to trust, "" for the system's own.
        secret_ref: Name under which the vault keeps the password, "" where there is none.
        phone_system: Stable name of the phone system; two desks that use the same name
            write one row per call. "" takes the host.
        region: ISO 3166 country the line is in, for numbers without "+".
        area_code: Area code of the line, for numbers without one.
        line_prefix: Digits the phone system puts before outside numbers.
        internal: Ranges of internal extensions, e.g. "1001-1199".
        dial_context: Asterisk context in which click-to-dial starts.
        names: Extension to the person who sits there.
        called_names: Dialled number to what the card shows.
    """

    id: _ID
    name: _NAME
    system: PhoneSystem = "asterisk"
    enabled: bool = True
    host: Annotated[str, msgspec.Meta(max_length=253)] = ""
    port: _PORT = 5039
    tls: bool = True
    tls_ca: str = ""
    username: _NAME = ""
    secret_ref: _NAME = ""
    phone_system: _NAME = ""
    region: _REGION = ""
    area_code: _DIGITS = ""
    line_prefix: _DIGITS = ""
    internal: tuple[_RANGE, ...] = ()
    pop_when: PopWhen = "ringing"
    pop_internal: bool = False
    dial_context: _NAME = "from-internal"
    names: dict[str, str] = msgspec.field(default_factory=dict)
    called_names: dict[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        for field in ("host", "username", "dial_context"):
            if _PORT_BREAKERS.search(getattr(self, field)):
                raise ValueError(f"`{field}` of line `{self.id}` must not hold blanks or controls")
        for text in self.internal:
            _check_range(self.id, text)

    @property
    def system_name(self) -> str:
        """The stable name of the phone system: as set, else the host, else the line's id."""
        return self.phone_system or self.host or self.id


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the customers are; "" is `crmdesk.db` in the data folder."""

    url: str = ""


class LookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Light, dark, or as the system is."""

    theme: Theme = "system"


class PopSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the card appears and how long it stays after the call.

    Attributes:
        screen: "mouse" for the screen the mouse is on, "primary", or a screen's name.
        leave_after_s: Seconds the card of a finished call stays.
        position: Left and top in pixels on that screen, None for the usual corner.
    """

    screen: _NAME = "mouse"
    leave_after_s: Annotated[float, msgspec.Meta(ge=0, le=600)] = 4
    position: tuple[int, int] | None = None


class MatchingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a caller is found; the rule lab tries changes of these before they are saved.

    Attributes:
        ladder: The rungs that are tried, in this order; one that is left out is off.
        suffix_digits: How many last digits a suggestion needs to have in common.
        block_digits: Most digits of a direct dial-in behind a company's number.
        link_from: Points a candidate needs to be linked by itself (matching/rank.py).
        lead: Points it must be ahead of the next one.
    """

    ladder: tuple[Rung, ...] = ("account", "e164", "national", "block", "suffix")
    suffix_digits: Annotated[int, msgspec.Meta(ge=5, le=12)] = 7
    block_digits: Annotated[int, msgspec.Meta(ge=1, le=5)] = 4
    link_from: Annotated[int, msgspec.Meta(ge=0, le=2000)] = 700
    lead: Annotated[int, msgspec.Meta(ge=0, le=2000)] = 100

    def __post_init__(self) -> None:
        if len(set(self.ladder)) != len(self.ladder):
            raise ValueError("`ladder` names a rung twice")


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages to customers are handed in.

    Attributes:
        host: The mail server; "" for none: messages are opened in the mail program.
        security: tls from the first byte (usually port 465), starttls (587), or none.
        secret_ref: Name under which the vault keeps the password, "" where there is none.
        from_name, from_address: Who messages are from.
    """

    host: Annotated[str, msgspec.Meta(max_length=253, pattern=r"^[^\s/@]*$")] = ""
    port: _PORT = 587
    security: Literal["tls", "starttls", "none"] = "starttls"
    username: _NAME = ""
    secret_ref: _NAME = ""
    from_name: _NAME = ""
    from_address: Annotated[str, msgspec.Meta(max_length=254)] = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set."""

    schema: int = SCHEMA
    agent: AgentSettings = AgentSettings()
    lines: tuple[LineSettings, ...] = ()
    store: StoreSettings = StoreSettings()
    look: LookSettings = LookSettings()
    pop: PopSettings = PopSettings()
    matching: MatchingSettings = MatchingSettings()
    mail: MailSettings = MailSettings()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for line in self.lines:
            if line.id in seen:
                raise ValueError(f"two lines have the id `{line.id}`")
            seen.add(line.id)

    def line(self, line_id: str) -> LineSettings | None:
        """The line with this id, None where there is none."""
        return next((line for line in self.lines if line.id == line_id), None)


def _check_range(line_id: str, text: str) -> None:
    low, _, high = text.partition("-")
    if high and (len(low) != len(high) or low > high):
        raise ValueError(
            f"`internal` of line `{line_id}`: {text!r} is no range; write it like 1001-1199"
        )
