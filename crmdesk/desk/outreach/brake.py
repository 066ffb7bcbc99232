"""Ends a conversation over a socket from another thread: a server cannot hold the desk."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class Brake:
    """One conversation's brake; a `with` block that ends it after so many seconds.

    A time limit of the socket counts from byte to byte: a server that sends one now and then
    never meets it. The brake counts from the beginning.

    Args:
        limit_s: How long the whole conversation may take.
    """

    def __init__(self, limit_s: float) -> None:
        self._timer = self._alarm(limit_s)
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_pulled = self._is_committed = False

    def _alarm(self, limit_s: float) -> threading.Timer:
        made = threading.Timer(limit_s, self._stop)
        made.daemon = True
        return made

    def __enter__(self) -> Brake:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._timer.cancel()
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def check(self) -> None:
        """Raises ConnectionAbortedError once it was pulled, or the time is over."""
        with self._lock:
            if self._is_pulled:
                raise ConnectionAbortedError("ended by this side")

    def watch(self, connection: socket.socket) -> None:
        """Holds a second handle of a connection: TLS takes the first one away.

        Raises:
            OSError: It was to end before it began.
        """
        with self._lock:
            if self._is_pulled:
                raise ConnectionAbortedError("ended by this side")
            self._socket = connection.dup()

    def commit(self, limit_s: float) -> None:
        """From here on `pull` leaves it to its end: half of it would be worse.

        Args:
            limit_s: How long the rest may take.

        Raises:
            OSError: It was pulled before.
        """
        with self._lock:
            if self._is_pulled:
                raise ConnectionAbortedError("ended by this side")
            self._is_committed = True
            self._timer.cancel()
            self._timer = self._alarm(limit_s)
            self._timer.start()

    def pull(self) -> None:
        """Ends the conversation, unless it is committed. Any thread, any time."""
        with self._lock:
            if not self._is_committed:
                self._shut_down()

    def _stop(self) -> None:
        with self._lock:
            self._shut_down()

    def _shut_down(self) -> None:
        self._is_pulled = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
