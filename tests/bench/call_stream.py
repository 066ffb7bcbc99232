"""Asterisk's own events, as many as are wanted: recordings told again as other calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

RECORDINGS = Path(__file__).resolve().parents[1] / "data" / "asterisk"

_UNIQUE_ID = re.compile(rb"\b(1\d{9})\.(\d+)")
_CHANNEL_END = re.compile(rb"-([0-9a-f]{8})\b")
_BLOCK_END = b"\r\n\r\n"
_NOT_CALLS = (b"Asterisk Call Manager", b"Response:", b"Event: FullyBooted")
CALLER = b"+493023125710"
"""Who calls in the recordings."""


@lru_cache
def blocks_of(name: str) -> tuple[bytes, ...]:
    """The events of a recording, without greeting and answers."""
    data = (RECORDINGS / f"{name}.ami").read_bytes().partition(b"\r\n")[2]
    blocks = [block + _BLOCK_END for block in data.split(_BLOCK_END) if block.strip()]
    return tuple(block for block in blocks if not block.startswith(_NOT_CALLS))


@lru_cache
def single_connection_recordings() -> tuple[str, ...]:
    """Recordings of one connection without a list of channels, so that they can be repeated."""
    names = sorted(path.stem for path in RECORDINGS.glob("*.ami"))
    return tuple(
        name
        for name in names
        if (data := (RECORDINGS / f"{name}.ami").read_bytes()).count(_NOT_CALLS[0]) == 1
        and b"CoreShowChannel" not in data
    )


def told_again(block: bytes, number: int, caller: bytes = CALLER) -> bytes:
    """A block with keys and channel names of its own, so that it belongs to another call."""
    ids = _UNIQUE_ID.sub(
        lambda found: b"%d.%b" % (int(found[1]) + 10_000 * number, found[2]), block
    )
    names = _CHANNEL_END.sub(lambda found: b"-%08x" % (int(found[1], 16) + 0x1000 * number), ids)
    return names.replace(CALLER, caller) if caller != CALLER else names


def stream(events: int) -> bytes:
    """At least so many events of all kinds of calls, one recording after the other."""
    parts: list[bytes] = []
    number = 0
    while len(parts) < events:
        for name in single_connection_recordings():
            number += 1
            parts += [told_again(block, number) for block in blocks_of(name)]
            if len(parts) >= events:
                break
    return b"".join(parts)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    """As a network delivers it."""
    return (data[start : start + size] for start in range(0, len(data), size))
