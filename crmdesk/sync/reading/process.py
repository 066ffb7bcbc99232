"""One of the programs that read records for an import, as the import sees it."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import IO

from crmdesk.domain.errors import UserFacingError
from crmdesk.settings.own_program import own_command, own_environment, starting_folder
from crmdesk.sync.reading.frames import framed, next_frame

_MEMORY_MIB = 1_024
"""A worker gets no more than this; where this program has less, no more than that."""

_NO_WINDOW = 0x0800_0000
"""CREATE_NO_WINDOW (learn.microsoft.com, Process Creation Flags): no console comes up."""


class ReadingProcess:
    """A program that reads records, started with it.

    Args:
        order: An encoded `ReadingOrder`.

    Attributes:
        ready: Done when it can read; until then whoever sends something may have to wait.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self, order: bytes) -> None:
        self._waiting: deque[Future[bytes]] = deque()
        self._lock = threading.Lock()
        self._is_gone = False
        self._process = _start()
        self._thread = threading.Thread(target=self._take_answers, name="reading", daemon=True)
        self._thread.start()
        self.ready = self.send(order)

    @property
    def process_id(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def unanswered(self) -> int:
        """Pieces it still has."""
        return len(self._waiting)

    def send(self, body: bytes) -> Future[bytes]:
        """Has an encoded piece of records read.

        Returns:
            The encoded `ReadPiece`, or a UserFacingError where the program ended.
        """
        answer: Future[bytes] = Future()
        with self._lock:
            if self._is_gone:
                answer.set_exception(_worker_gone())
                return answer
            self._waiting.append(answer)
        self._write(body)
        return answer

    def stop(self) -> None:
        """Ends it where it stands: it has nothing of its own."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _write(self, body: bytes) -> None:
        rest = framed(body)
        with suppress(OSError):  # it is gone: who waits for its answers hears of it
            while rest:
                rest = rest[_pipe(self._process.stdin).write(rest) :]

    def _take_answers(self) -> None:
        out = _pipe(self._process.stdout)
        with suppress(OSError, IndexError):  # or it answers what nobody asked
            while (body := next_frame(out.read)) is not None:
                self._waiting.popleft().set_result(body)
        with self._lock:
            self._is_gone = True
        for answer in self._waiting:
            answer.set_exception(_worker_gone())


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own program with fixed arguments
        own_command("read-records", "--low-priority", "--memory-limit", str(_MEMORY_MIB)),
        cwd=starting_folder(),
        env=own_environment(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("a worker has both pipes")
    return pipe


def _worker_gone() -> UserFacingError:
    return UserFacingError(
        "A program that read records for the import ended before it was done.",
        "The import was stopped, and nothing was changed.",
        "Try again. If the memory is short, close other programs first.",
    )
