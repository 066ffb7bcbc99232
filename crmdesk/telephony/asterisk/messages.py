"""One block of the Asterisk Manager Interface, decoded.

Format: asterisk/documentation, AMI v2 specification; samples in tests/data/asterisk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class MessageKind(StrEnum):
    """What a block is, by its first key."""

    BANNER = "banner"
    EVENT = "event"
    RESPONSE = "response"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One block.

    Attributes:
        kind: By the key that makes it what it is.
        name: Event name, response word ("Success"), or the banner line.
        fields: Wire keys as they came; where a key repeats the first one stands.
        variables: `ChanVariable` lines, name to value.
        dest_variables: `DestChanVariable` lines, name to value.
    """

    kind: MessageKind
    name: str
    fields: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    dest_variables: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str:
        """The value of a field, "" where missing or the literal `<unknown>`."""
        value = self.fields.get(key, "")
        return "" if value == "<unknown>" else value
