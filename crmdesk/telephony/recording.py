"""Recordings of what a phone system sent: reading them, and making them without names.

Two files. `x.ami`: the bytes. `x.times`: one line per read, "offset unixtime length", or
"offset unixtime EOF" where the connection ended.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from crmdesk.domain.errors import UserFacingError

STEP = timedelta(milliseconds=1)
"""Between blocks of a recording that has no times; keeps their order."""

_EOF = "EOF"
_BLOCK_END = b"\r\n\r\n"
_TIMESTAMP = re.compile(rb"(?:^|\r\n)Timestamp: (\d{1,11}(?:\.\d{1,9})?)\r\n")
_UNIQUEID = re.compile(rb"\r\nUniqueid: (\d{1,11})\.\d")
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)

Chunk = tuple[datetime, bytes]


class RecordingError(UserFacingError):
    """A recording cannot be read."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What was received, read by read.

    Attributes:
        chunks: Time (aware UTC) and bytes; empty bytes are the end of a connection.
    """

    chunks: tuple[Chunk, ...]

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Reads a recording and, where it is there, the `.times` file beside it.

        Without one the `Timestamp:` fields of the recording are its clock, else its order.

        Raises:
            RecordingError: A file cannot be read or is not what its name says.
        """
        times = path.with_suffix(".times")
        try:
            data = path.read_bytes()
            lines = _whole_lines(times.read_text("ascii")) if times.is_file() else None
        except (OSError, UnicodeDecodeError) as error:
            raise RecordingError(
                f"The recording {path.name} cannot be read.",
                str(error),
                "Check the name and that you may read the file.",
            ) from error
        if lines is None:
            return cls(tuple(_cut_by_content(data)))
        return cls(tuple(_cut_by_times(data, lines, times.name)))

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self.chunks)

    @property
    def data(self) -> bytes:
        """All bytes, without times."""
        return b"".join(data for _, data in self.chunks)


def _whole_lines(text: str) -> list[str]:
    """The lines; without the last one where its writer was stopped in the middle of it."""
    lines = text.splitlines()
    if lines and not text.endswith("\n") and len(lines[-1].split()) != 3:
        lines.pop()
    return lines


def _cut_by_times(data: bytes, lines: list[str], name: str) -> Iterator[Chunk]:
    """Read by read. Times that go on after a recording that was cut short are left out."""
    taken = 0
    at = _from_unix(0)
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        start, moment, length = _read_time_line(line, f"{name}, line {row}")
        if taken == len(data) and (start > taken or length):
            return
        at = moment
        if length is None:
            yield at, b""
        elif start == taken:
            yield at, data[start : start + length]
            taken = min(len(data), start + length)
        else:
            raise _bad_times(f"{name}, line {row}")
    if taken < len(data):
        yield at, data[taken:]


def _read_time_line(line: str, where: str) -> tuple[int, datetime, int | None]:
    try:
        start, at, length = line.split()
        return int(start), _from_unix(float(at)), None if length == _EOF else int(length)
    except (ValueError, OverflowError) as error:
        raise _bad_times(where) from error


def _bad_times(where: str) -> RecordingError:
    return RecordingError(
        f"{where} is not 'offset unixtime length' or does not follow the line before.",
        "The times of the recording cannot be used.",
        "Remove the .times file to replay without it.",
    )


def _cut_by_content(data: bytes) -> Iterator[Chunk]:
    """Block by block, with the recording's own clock as far as it has one."""
    first = _UNIQUEID.search(data)
    at = _from_unix(float(first[1])) if first else _from_unix(0)
    start = 0
    while start < len(data):
        found = data.find(_BLOCK_END, start)
        end = len(data) if found < 0 else found + len(_BLOCK_END)
        block = data[start:end]
        stamp = _TIMESTAMP.search(block)
        at = max(at + STEP, _from_unix(float(stamp[1]))) if stamp else at + STEP
        yield at, block
        start = end


def _from_unix(seconds: float) -> datetime:
    if not math.isfinite(seconds):
        raise ValueError("no time")
    return min(_LATEST, datetime.fromtimestamp(min(seconds, _LATEST.timestamp()), UTC))


class Pseudonyms(Protocol):
    """Takes what is personal out of lines of one protocol."""

    def line(self, line: bytes) -> bytes:
        """The line as it may be given away."""


class Recorder:
    """Writes a recording while it happens, pseudonymised.

    Only complete lines are written, so that nothing personal escapes through a cut. New
    files only: an existing recording is never overwritten.

    Args:
        path: The `.ami` file; `.times` goes beside it.
        pseudonyms: Applied to every line.

    Raises:
        OSError: A file exists or cannot be made.
    """

    def __init__(self, path: Path, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._data = path.open("xb")
        self._times = path.with_suffix(".times").open("x", encoding="ascii")
        self._offset = 0
        self._rest = b""

    def record(self, at: datetime, data: bytes) -> None:
        """Takes what a read returned."""
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        if len(self._rest) > _LONGEST_REST:
            self._rest = b""  # no protocol line; nothing of it is kept
        if lines:
            self._write(at, b"".join(self._pseudonyms.line(line) + b"\r\n" for line in lines))

    def end_of_connection(self, at: datetime) -> None:
        """Notes that the connection ended; half a line is dropped."""
        self._rest = b""
        if not self._times.closed:
            self._times.write(f"{self._offset} {at.timestamp():.6f} {_EOF}\n")
            self._times.flush()

    def close(self) -> None:
        """Closes the files. Idempotent."""
        self._data.close()
        self._times.close()

    def _write(self, at: datetime, data: bytes) -> None:
        self._data.write(data)
        self._data.flush()
        self._times.write(f"{self._offset} {at.timestamp():.6f} {len(data)}\n")
        self._times.flush()
        self._offset += len(data)


_LONGEST_REST = 64 * 1024
