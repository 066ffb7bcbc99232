"""Threads that own a database connection: jobs run one after the other.

A connection is opened by its thread, stays there, and is thrown away after an error of
the disk or the file: after a failed fsync nobody knows what a connection still believes.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from crmdesk.domain.store_health import StoreState
from crmdesk.store.errors import StoreError, in_words

log = logging.getLogger(__name__)

T = TypeVar("T")
View = TypeVar("View")
_Job = tuple[Callable[[Any], Any], "Future[Any]"]


class Lane(Generic[View]):
    """One thread with one connection, one transaction for each job.

    Args:
        name: Name of the thread.
        connect: Opens a connection; called on the thread.
        view: Makes what a job gets (Reader or Writer) from the connection, once.
        finished: Told after each job, with its error or None; called on the thread.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], Connection],
        view: Callable[[Connection], View],
        finished: Callable[[StoreError | None], None],
    ) -> None:
        self._connect = connect
        self._make_view = view
        self._finished = finished
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._view: View | None = None
        self._guard = threading.Lock()
        self._running: Future[Any] | None = None
        self._is_dropped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[View], T]) -> Future[T]:
        """Queues a job; its future resolves after the transaction was committed."""
        future: Future[T] = Future()
        self._jobs.put((work, future))
        return future

    def drop(self, future: Future[Any]) -> None:
        """Nobody waits for a job any more: it does not begin, or stops at its next statement."""
        if future.cancel():
            return
        with self._guard:
            if future is self._running:
                self._is_dropped = True
                # Without a lock it might hit the statement of the job behind.
                interrupt = getattr(self._driver, "interrupt", None)
                if interrupt is not None:
                    interrupt()

    def close(self) -> None:
        """Finishes what is queued and ends the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._do(*job)
            del job  # what a job holds must not live until the next one comes
        self._drop_connection()

    def _do(self, work: Callable[[View], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        with self._guard:
            self._running, self._is_dropped = future, False
        try:
            result = self._in_transaction(work)
        except BaseException as error:  # noqa: BLE001  the border of the thread
            if self._ended():
                future.set_exception(CancelledError())
            else:
                self._fail(future, error)
        else:
            self._ended()
            self._finished(None)
            future.set_result(result)

    def _ended(self) -> bool:
        """Notes that no job runs; whether the one that did was dropped."""
        with self._guard:
            self._running = None
            return self._is_dropped

    @property
    def _driver(self) -> Any:  # noqa: ANN401  whichever driver
        return self._connection.connection.driver_connection if self._connection else None

    def _in_transaction(self, work: Callable[[View], T]) -> T:
        if self._connection is None or self._view is None:
            self._connection = self._connect()
            self._view = self._make_view(self._connection)
        with self._connection.begin():
            return work(self._view)

    def _fail(self, future: Future[Any], error: BaseException) -> None:
        known = error if isinstance(error, StoreError) else in_words(error)
        if known is None:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                self._drop_connection()
            future.set_exception(error)
            return
        if known.state is StoreState.BROKEN:
            self._drop_connection()
        log.info("store job failed: %s", type(known).__name__)
        self._finished(known)
        known.__cause__ = None if known is error else error
        future.set_exception(known)

    def _drop_connection(self) -> None:
        connection, self._connection, self._view = self._connection, None, None
        if connection is not None:
            with suppress(Exception):  # it is thrown away because it no longer works
                connection.close()
