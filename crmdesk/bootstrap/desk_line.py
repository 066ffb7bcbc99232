"""What a desk sends to the programs it starts: the key of its store and its settings, one line.

The line is written to the child's standard input and is nowhere else: not on a command line,
in an environment, a file or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from crmdesk.settings.model import Settings
from crmdesk.store.engine import KEY_BYTES
from crmdesk.store.keys import StoreKey

if TYPE_CHECKING:
    from crmdesk.store import Store


@dataclass(frozen=True, slots=True)
class GivenServer:
    """A server as somebody typed it into a form; nothing of it belongs on a command line.

    Attributes:
        options: As a profile has them (`sync.servers.OPTIONS`).
        password: Typed just now, "" where the one that is kept is meant.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    password: str = field(default="", repr=False)


class _Line(msgspec.Struct):
    key: str
    settings: Settings | None = None
    server: GivenServer | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What a child was sent.

    Attributes:
        settings: Those of the desk, None for those in the file.
        server: What a form says, None where the work is about no server.
    """

    key: StoreKey
    settings: Settings | None = None
    server: GivenServer | None = None


@dataclass(frozen=True, slots=True)
class DeskLine:
    """How a child gets at the store; `repr` shows the place only.

    Attributes:
        place: Absolute path of the store.
        line: Bytes for its standard input, with the line's end.
    """

    place: str
    line: bytes = field(repr=False)

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the child's command line needs for it."""
        return (f"--store={self.place}", "--key-from-stdin")

    def with_server(self, server: GivenServer) -> DeskLine:
        """The same, and what somebody typed about a server."""
        sent = msgspec.json.decode(self.line, type=_Line)
        sent.server = server
        return replace(self, line=msgspec.json.encode(sent) + b"\n")


def desk_line(store: Store, settings: Settings) -> DeskLine:
    """What a child needs to work on the same store with the same settings."""
    line = msgspec.json.encode(_Line(store.raw_key.hex(), settings))
    return DeskLine(str(store.file.absolute()), line + b"\n")


def read_desk_line(line: bytes) -> Received:
    """The other end of `desk_line`.

    Raises:
        ValueError: It is no such line.
    """
    sent = msgspec.json.decode(line, type=_Line)
    raw = bytes.fromhex(sent.key)
    if len(raw) != KEY_BYTES:
        raise ValueError("no key")
    return Received(StoreKey(raw, proved=True), sent.settings, sent.server)
