"""What a desk sends to the programs it starts: the key of its store and its settings, one line.

The line is written to the child's standard input and is nowhere else: not on a command line,
in an environment, a file or a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from crmdesk.settings.model import Settings
from crmdesk.store.engine import KEY_BYTES
from crmdesk.store.keys import StoreKey

if TYPE_CHECKING:
    from crmdesk.store import Store


class _Line(msgspec.Struct):
    key: str
    settings: Settings | None = None


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


def desk_line(store: Store, settings: Settings) -> DeskLine:
    """What a child needs to work on the same store with the same settings."""
    line = msgspec.json.encode(_Line(store.raw_key.hex(), settings))
    return DeskLine(str(store.file.absolute()), line + b"\n")


def read_desk_line(line: bytes) -> tuple[StoreKey, Settings | None]:
    """The other end of `desk_line`.

    Raises:
        ValueError: It is no such line.
    """
    sent = msgspec.json.decode(line, type=_Line)
    raw = bytes.fromhex(sent.key)
    if len(raw) != KEY_BYTES:
        raise ValueError("no key")
    return StoreKey(raw, proved=True), sent.settings
