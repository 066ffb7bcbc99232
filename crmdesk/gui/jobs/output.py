"""What a job writes on its standard output, read line by line and bounded. Pure.

The job is a program of ours, but what it works on is not: a parser that was tricked may write
anything. So every line is checked, and there is an end to each line and to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.text import sanitise_external

LONGEST_LINE = 4 << 20
"""Bytes; results are bounded by those who make them, far below this."""

MOST_BYTES = 16 << 20
MOST_LINES = 200_000
"""Five lines a second for ten hours are less."""

_LONGEST_TEXT = 1_000
_LARGEST = 1 << 53
"""No job counts or lasts so much; a float holds every integer up to here."""


class OutputBroken(UserFacingError):  # noqa: N818
    """What the job wrote is not what jobs write."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The work in the background {what}.",
            "It was stopped. What it had saved before stays saved.",
            "Try again. If it comes again, run it on the command line and look at what it says.",
        )


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is.

    Attributes:
        done: In units of the job.
        of: All of them, None where nobody knows.
        rate: Units a second.
        left_s: Seconds to the end, None where nobody knows.
        note: What it does now, may be "".
    """

    done: int = 0
    of: int | None = None
    rate: float = 0.0
    left_s: float | None = None
    note: str = ""

    @property
    def share(self) -> float | None:
        """0 to 1, None where nobody knows."""
        return min(self.done / self.of, 1.0) if self.of else None


@dataclass(frozen=True, slots=True)
class JobResult:
    """The last line of a job that is done."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JobError:
    """The last line of a job that could not do it."""

    error: UserFacingError


Told = JobProgress | JobResult | JobError


class _Error(msgspec.Struct):
    what: str
    meaning: str = ""
    remedy: str = ""


class _Line(msgspec.Struct):
    progress: int | None = None
    of: int | None = None
    rate: float = 0.0
    left_s: float | None = None
    note: str = ""
    result: dict[str, Any] | None = None
    error: _Error | None = None


class JobOutput:
    """Cuts what arrives into lines and reads them."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._bytes = self._lines = 0

    def feed(self, chunk: bytes) -> list[Told]:
        """Takes what arrived, of any size.

        Raises:
            OutputBroken: It is too much, or no line of a job; take no more of it.
        """
        self._bytes += len(chunk)
        self._rest += chunk
        *lines, rest = self._rest.split(b"\n")
        self._lines += len(lines)
        is_much = self._bytes > MOST_BYTES or self._lines > MOST_LINES
        if is_much or any(len(line) > LONGEST_LINE for line in (*lines, rest)):
            raise OutputBroken("wrote more than anybody can read")
        self._rest = rest
        return [_read(bytes(line)) for line in lines]


def _read(line: bytes) -> Told:
    try:
        told = msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OutputBroken("wrote something else than its progress") from None
    if told.result is not None:
        return JobResult(told.result)
    if told.error is not None:
        error = told.error
        return JobError(UserFacingError(*map(_words, (error.what, error.meaning, error.remedy))))
    return _progress(told)


def _progress(told: _Line) -> JobProgress:
    numbers = (told.progress, told.of, told.rate, told.left_s)
    if told.progress is None or not all(n is None or 0 <= n <= _LARGEST for n in numbers):
        raise OutputBroken("wrote something else than its progress")
    return JobProgress(told.progress, told.of, told.rate, told.left_s, _words(told.note))


def _words(text: str) -> str:
    return sanitise_external(text, _LONGEST_TEXT)
