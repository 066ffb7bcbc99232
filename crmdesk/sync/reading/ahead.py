"""Reads the records of a source, in their order: a small one here, a large one on more cores.

Reading a record takes three times as long as planning what becomes of it, and nothing of it
depends on another record. So while the import plans and writes, a few programs of our own read
the next pieces. They have nothing but records: no store, no key, no file. An agent may be on the
phone at this desk, so they are few and give way to everybody else.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from crmdesk.domain.importing import SourceFacts, SourceRecord
from crmdesk.sync.reading.drafts import Noticed
from crmdesk.sync.reading.facts import Facts
from crmdesk.sync.reading.frames import (
    Outcome,
    ReadingOrder,
    ReadPiece,
    decode_piece,
    encode,
    encode_records,
    read_piece,
)
from crmdesk.sync.reading.process import ReadingProcess
from crmdesk.sync.reading.record_keys import Prints

AT_ONCE = 500
"""Records of a piece."""

CHARS_AT_ONCE = 1_000_000
"""Of a piece: a row may have a quarter of a million, and several pieces are in memory."""

ALONE = 3_000
"""Records that are read here before others are started, and more until these are ready."""

READY_S = 0.0
"""How long the import stands still for them."""

WORTH = 8_000
"""Records that must still be to come for it, by what the first ones took of the file."""

MANY = 40_000
"""With so many to come nothing is waited for."""

MOST_WORKERS = 3
"""With three the import itself is what the rest waits for."""

_WAITING_EACH = 2
"""Pieces a worker has: one it reads, one it finds when it is done."""

MOST_WAITING = 10
"""Pieces that are read or being read while the one before them is not there yet."""

_TICK_S = 0.2


class ImportSource(Protocol):
    """A file, or a server that is read like one."""

    @property
    def facts(self) -> SourceFacts:
        """What was detected."""

    @property
    def size(self) -> int:
        """How much there is, 0 where nobody knows."""

    @property
    def position(self) -> int:
        """How much of it was read."""

    def records(self) -> Iterator[SourceRecord]:
        """All records."""


@dataclass(frozen=True, slots=True)
class _Piece:
    records: list[SourceRecord]
    position: int


@dataclass(frozen=True, slots=True)
class _Sent:
    """A piece that another program reads, and its answer."""

    piece: _Piece
    answer: Future[bytes]


@dataclass(frozen=True, slots=True)
class ReadRecords:
    """Some records of a source and what they say.

    Attributes:
        outcomes: One per record.
        position: How much of the source was read with them.
        prints: One per record; see `ReadPiece`.
        facts: One per draft, where the order compares.
    """

    records: list[SourceRecord]
    outcomes: list[Outcome]
    noticed: Noticed
    position: int
    prints: Sequence[Prints]
    facts: Sequence[Facts]


class ReadAhead:
    """Reads a source piece by piece. Use it as a context: it ends what it started.

    Args:
        source: With the records.
        order: How to read them.
        workers: How many programs may read beside this one, None for what this computer has.
        tick: Called at least every `_TICK_S` while others are waited for; may raise.

    Attributes:
        workers: The ids of the programs that read.
        read_here: How many records this program read itself.
    """

    def __init__(
        self,
        source: ImportSource,
        order: ReadingOrder,
        workers: int | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._source = source
        self._order = order
        self._reader = order.reader()
        self._tick = tick
        self._wanted = _usual_workers() if workers is None else workers
        self._started = False
        self._workers: list[ReadingProcess] = []
        self._failure: Exception | None = None
        self.read_here = 0

    @property
    def workers(self) -> list[int]:  # noqa: D102
        return [worker.process_id for worker in self._workers]

    def pieces(self) -> Iterator[ReadRecords]:
        """All records, piece by piece.

        Raises:
            UserFacingError: The source broke off, or a worker did; after all before it.
        """
        waiting: deque[ReadRecords | _Sent] = deque()
        for piece in self._cut():
            if not self._started and self._pays(piece):
                self._start_workers()
            if not waiting and not self._are_ready():
                yield self._read(piece)
                continue
            while waiting and (_is_there(waiting[0]) or len(waiting) >= MOST_WAITING):
                yield self._received(waiting.popleft())
            waiting.append(self._sent(piece) or self._read(piece))
        while waiting:
            yield self._received(waiting.popleft())
        if self._failure is not None:
            raise self._failure

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.stop()

    # --- pieces -------------------------------------------------------------------------------

    def _cut(self) -> Iterator[_Piece]:
        """The records of the source; what it breaks off with is kept for after the last one."""
        some: list[SourceRecord] = []
        chars = 0
        try:
            for record in self._source.records():
                some.append(record)
                chars += sum(map(len, record.values))
                if len(some) >= AT_ONCE or chars >= CHARS_AT_ONCE:
                    yield _Piece(some, self._source.position)
                    some, chars = [], 0
        except Exception as error:  # noqa: BLE001  raised after what was read before it
            self._failure = error
        if some:
            yield _Piece(some, self._source.position)

    def _read(self, piece: _Piece) -> ReadRecords:
        self.read_here += len(piece.records)
        return _read_records(piece, read_piece(self._reader, piece.records, self._order))

    def _pays(self, piece: _Piece) -> bool:
        """Whether there is enough to come for others to be started."""
        if not self._wanted:
            return False
        size, position = self._source.size, piece.position
        if not size or not position:
            return self.read_here >= ALONE
        to_come = (self.read_here + AT_ONCE) * (size / position - 1)
        return to_come >= (WORTH if self.read_here >= ALONE else MANY)

    # --- workers ------------------------------------------------------------------------------

    def _start_workers(self) -> None:
        """Starts the others; where that is not possible, all is read here."""
        self._started = True
        with suppress(OSError, UnicodeEncodeError):
            order = encode(self._order)
            for _ in range(self._wanted):
                self._workers.append(ReadingProcess(order))

    def _are_ready(self) -> bool:
        """Whether there are some that read; those that ended before they began are given up."""
        starting = [worker.ready for worker in self._workers]
        if wait(starting, READY_S).not_done:
            return False
        for worker in [each for each in self._workers if each.ready.exception()]:
            self._workers.remove(worker)
            worker.stop()
        return bool(self._workers)

    def _sent(self, piece: _Piece) -> _Sent | None:
        """Has a piece read, None where nobody has time or no frame takes it.

        On a computer with other work the others get little of it: then this program reads, too.
        """
        worker = min(self._workers, key=lambda each: each.unanswered)
        if worker.unanswered >= _WAITING_EACH:
            return None
        try:
            return _Sent(piece, worker.send(encode_records(piece.records)))
        except UnicodeEncodeError:
            return None

    def _received(self, one: ReadRecords | _Sent) -> ReadRecords:
        if isinstance(one, ReadRecords):
            return one
        read, piece = decode_piece(self._wait(one.answer)), one.piece
        if read.failure == MemoryError.__name__:
            raise MemoryError
        if read.failure:
            raise RuntimeError(f"records could not be read: {read.failure}")
        return _read_records(piece, read)

    def _wait(self, answer: Future[bytes]) -> bytes:
        while True:
            self._tick()
            with suppress(TimeoutError):
                return answer.result(_TICK_S)


def _read_records(piece: _Piece, read: ReadPiece) -> ReadRecords:
    outcomes, noticed = read.outcomes(), read.noticed()
    return ReadRecords(piece.records, outcomes, noticed, piece.position, read.prints, read.facts)


def _is_there(one: ReadRecords | _Sent) -> bool:
    return isinstance(one, ReadRecords) or one.answer.done()


def _usual_workers() -> int:
    """As many as there are processors beside the one that plans and writes, and not all of them."""
    if sys.platform == "linux":
        processors = len(os.sched_getaffinity(0))
    else:
        processors = os.cpu_count() or 1
    return min(processors - 1, MOST_WORKERS)
