"""Writes the ledger in batches: the phone lines never wait for it, nor does a pop.

A batch is at most `PAUSE_S` old when it is written, so a program that is killed loses the
lines of that time. While the store refuses, lines wait in memory up to a limit; beyond it
the oldest lines of merged events go first, and a line says how many.
"""

from __future__ import annotations

import heapq
import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.desk.ledger.lines import left_out
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from crmdesk.desk.listeners import Listeners
    from crmdesk.store import Store, Writer

log = logging.getLogger(__name__)

PAUSE_S = 0.25
"""Between two batches, and from the first line after a rest to its writing."""

RETRY_S = 5.0
"""The same after the store refused."""

MOST_WAITING = 20_000
"""Lines in memory: 10 seconds of a very busy phone system, about 10 MB."""

_Numbered = tuple[int, LedgerLine]


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Lines there was no room for.

    Attributes:
        last: The newest of them, None where there are none.
    """

    count: int = 0
    last: LedgerLine | None = None

    def and_then(self, other: _LeftOut) -> _LeftOut:
        """Both together."""
        return _LeftOut(self.count + other.count, other.last or self.last)

    @property
    def lines(self) -> tuple[LedgerLine, ...]:
        """The line that tells of them, where there are any."""
        return (left_out(self.count, self.last),) if self.last else ()


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is written together."""

    lines: tuple[LedgerLine, ...]
    left_out: _LeftOut

    def write(self, writer: Writer) -> None:
        """Runs on the writer thread."""
        writer.add_ledger((*self.left_out.lines, *self.lines))


class LedgerLog:
    """The store's ledger, seen from the NET thread.

    Args:
        store: The open store.
        listeners: Told of lines that are durable.
        post: Runs a function on the NET thread, from any thread.
        later: Runs a function on the NET thread after so many seconds.
        most: How many lines may wait.
    """

    def __init__(
        self,
        store: Store,
        listeners: Listeners,
        post: Callable[..., object],
        later: Callable[[float, Callable[[], None]], object],
        most: int = MOST_WAITING,
    ) -> None:
        self._store = store
        self._listeners = listeners
        self._post = post
        self._later = later
        self._queue = _Queue(most)
        self._is_planned = False
        self._is_writing = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being written."""
        return not self._is_writing

    def enter(self, line: LedgerLine) -> None:
        """Takes a line; it is written with others, soon."""
        self._queue.add(line)
        self._plan(PAUSE_S)

    def flush(self) -> None:
        """Writes now what waits, unless something is being written."""
        if self._is_writing or not self._queue:
            return
        self._is_writing = True
        batch = self._queue.take()
        future = self._store.write(batch.write)
        future.add_done_callback(lambda done: self._post(self._written, done, batch))

    def _plan(self, pause_s: float) -> None:
        if not self._is_planned:
            self._is_planned = True
            self._later(pause_s, self._flush_as_planned)

    def _flush_as_planned(self) -> None:
        self._is_planned = False
        self.flush()

    def _written(self, done: Future[None], batch: _Batch) -> None:
        self._is_writing = False
        error = done.exception()
        if error is None:
            self._listeners.ledger_written((*batch.left_out.lines, *batch.lines))
        elif isinstance(error, UserFacingError):
            self._queue.put_back(batch)
        else:
            log.error("lines of the ledger could not be written", exc_info=error)
            self._queue.drop(batch)
        if self._queue:
            self._plan(RETRY_S if error else PAUSE_S)


class _Queue:
    """Lines in the order they came, of which the least telling go where there are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._merged: deque[_Numbered] = deque()
        self._telling: deque[_Numbered] = deque()
        self._count = 0
        self._left_out = _LeftOut()

    def __bool__(self) -> bool:
        return bool(self._merged or self._telling or self._left_out.count)

    def add(self, line: LedgerLine) -> None:
        """Takes a line as the newest."""
        self._count += 1
        is_merged = line.outcome is LedgerOutcome.MERGED
        (self._merged if is_merged else self._telling).append((self._count, line))
        if len(self._merged) + len(self._telling) > self._most:
            oldest = (self._merged or self._telling).popleft()[1]
            self._left_out = self._left_out.and_then(_LeftOut(1, oldest))

    def take(self) -> _Batch:
        """Takes everything out."""
        in_order = heapq.merge(self._merged, self._telling, key=lambda numbered: numbered[0])
        batch = _Batch(tuple(line for _, line in in_order), self._left_out)
        self._merged.clear()
        self._telling.clear()
        self._left_out = _LeftOut()
        return batch

    def put_back(self, batch: _Batch) -> None:
        """Takes what could not be written, as the oldest."""
        newer = self.take()
        self._left_out = batch.left_out.and_then(newer.left_out)
        for line in (*batch.lines, *newer.lines):
            self.add(line)

    def drop(self, batch: _Batch) -> None:
        """Only counts what can never be written."""
        lost = _LeftOut(len(batch.lines), batch.lines[-1] if batch.lines else None)
        self._left_out = batch.left_out.and_then(lost).and_then(self._left_out)
