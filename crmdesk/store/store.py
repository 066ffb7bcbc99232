"""The customer store: one file, one writer thread, two reader threads."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Engine, bindparam, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from crmdesk.domain.store_health import StoreHealth, StoreState
from crmdesk.store.bulk import finish_interrupted_load
from crmdesk.store.changes.recovery import Recovery
from crmdesk.store.engine import make_engine
from crmdesk.store.errors import StoreCorrupt, StoreError, StoreKeyWrong, in_words
from crmdesk.store.lanes import Lane
from crmdesk.store.log_length import LogLength
from crmdesk.store.places import file_of
from crmdesk.store.queries import Clock, utc_now
from crmdesk.store.reader import Reader
from crmdesk.store.schema import HEAD, make_current
from crmdesk.store.tables import change_set, meta
from crmdesk.store.tables.changes import is_unfinished
from crmdesk.store.writer import Writer

log = logging.getLogger(__name__)

T = TypeVar("T")

_unfinished = select(change_set.c.id).where(is_unfinished).limit(1)
_meta_value = select(meta.c.value).where(meta.c.name == bindparam("wanted"))


def open_store(
    place: str | Path,
    key: bytes | None,
    *,
    read_only: bool = False,
    key_is_right: bool = False,
    clock: Clock = utc_now,
) -> Store:
    """Opens a store, makes it where there is none, and brings its tables up to date.

    A large change whose program died is taken back meanwhile, part by part.

    Args:
        place: File of the encrypted store, as a path or an address (`places.file_of`).
        key: Its 32 raw bytes.
        read_only: Change nothing, not even its version.
        key_is_right: The key was proved by other means (`keys.StoreKey.proved`), so a file
            it does not open is damaged.
        clock: Tells the present moment, UTC.

    Raises:
        StoreError: In one of its kinds, with words for the user.
    """
    file = file_of(place)
    reading = make_engine(file, key, read_only=True)
    writing = reading if read_only else make_engine(file, key)
    try:
        make_current(writing, file, read_only=read_only)
        desk_id, is_interrupted = _begin(writing, read_only=read_only)
    except StoreKeyWrong:
        if key_is_right:
            raise StoreCorrupt from None
        raise
    except DBAPIError as error:
        known = in_words(error)
        if known is None:
            raise
        raise known from error
    store = Store(file, key or b"", writing, reading, desk_id, clock)
    if is_interrupted and not read_only:
        store.recovery.start()
    return store


def _begin(engine: Engine, *, read_only: bool) -> tuple[uuid.UUID, bool]:
    """Finishes what a load that died left undone.

    Returns:
        Who writes rows (made once per store), and whether a large change is unfinished.
    """
    with engine.connect() as connection, connection.begin():
        if not read_only:
            finish_interrupted_load(connection)
        known = connection.execute(_meta_value, {"wanted": "desk_id"}).scalar_one_or_none()
        if known is None:
            known = str(uuid.uuid4())
            if not read_only:
                connection.execute(insert(meta), {"name": "desk_id", "value": known})
        is_interrupted = connection.execute(_unfinished).first() is not None
    return uuid.UUID(known), is_interrupted


class Store:
    """An open store. All methods may be called from any thread.

    Jobs get a Reader or Writer, run one after the other on their thread, and return frozen
    values; each is one transaction. Close the store to end the threads.

    Attributes:
        desk_id: Goes into `origin` of every row that is written here.
        file: Where it is.
    """

    def __init__(
        self,
        file: Path,
        key: bytes,
        writing: Engine,
        reading: Engine,
        desk_id: uuid.UUID,
        clock: Clock,
    ) -> None:
        self.file = file

        def give_key() -> bytes:  # no attribute: what shows an object would show it
            return key

        self._give_key = give_key
        self.desk_id = desk_id
        self._trouble: StoreError | None = None
        self._is_closed = False
        self._write_listeners: list[Callable[[], None]] = []

        def reader(connection: Connection) -> Reader:
            return Reader(connection, desk_id, clock)

        self._reads = Lane("store-reader", reading.connect, reader, self._read_done)
        self._pops = Lane("store-pops", reading.connect, reader, self._read_done)
        self._writes = Lane(
            "store-writer", writing.connect, lambda c: Writer(c, desk_id, clock), self._write_done
        )
        self._log_length = LogLength(file, writing)
        self.recovery = Recovery(self)
        """Takes back large changes whose program died; see `open_store`."""

    @property
    def raw_key(self) -> bytes:
        """The 32 bytes that open the file, for a program that this one starts to help it.

        The connections need them as long as the store is open; nothing else may keep them.
        """
        return self._give_key()

    def read(self, work: Callable[[Reader], T]) -> Future[T]:
        """Runs a job on the reader thread; sees all that was committed before it starts."""
        return self._reads.submit(work)

    def drop(self, future: Future[Any]) -> None:
        """Nobody waits for what `read` was asked: it is left out, or stopped where it is.

        Its future is cancelled, or fails with `CancelledError`; it may also have been done.
        """
        self._reads.drop(future)

    def read_for_pop(self, work: Callable[[Reader], T]) -> Future[T]:
        """The same on a thread of its own, so that a pop never waits for a list."""
        return self._pops.submit(work)

    def write(self, work: Callable[[Writer], T]) -> Future[T]:
        """Runs a job on the writer thread; durable when the future resolves, else undone.

        A `StoreError` with `is_temporary` says that the same job may be tried again.
        """
        return self._writes.submit(work)

    def shorten_log(self) -> None:
        """Keeps the write-ahead log short; called between the transactions of a large change."""
        self._log_length.shorten()

    def add_write_listener(self, listener: Callable[[], None]) -> None:
        """Adds somebody who is told after each committed job, on the writer thread.

        It must return at once and not raise. What other programs write is not told.
        """
        self._write_listeners.append(listener)

    def remove_write_listener(self, listener: Callable[[], None]) -> None:
        """Removes it; unknown ones are ignored."""
        with suppress(ValueError):
            self._write_listeners.remove(listener)

    def health(self) -> StoreHealth:
        """The state after the last write, or the last broken read."""
        error = self._trouble
        state = error.state if error else StoreState.READY
        what = f"{error.what} {error.meaning}" if error else ""
        return StoreHealth(
            state=StoreState.CLOSED if self._is_closed else state,
            place=str(self.file),
            encrypted=True,
            schema=HEAD,
            message=what,
            remedy=error.remedy if error else "",
        )

    def close(self) -> None:
        """Finishes the jobs that are queued and lets go of the file. May be called twice."""
        if self._is_closed:
            return
        self._is_closed = True
        # The writer goes last: only the last connection to close can put the write-ahead
        # log into the file, and the readers may not write.
        self._reads.close()
        self._pops.close()
        self._writes.close()
        self.recovery.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store {self.file}>"

    def _write_done(self, error: StoreError | None) -> None:
        self._trouble = error
        if error is None:
            for listener in tuple(self._write_listeners):
                listener()

    def _read_done(self, error: StoreError | None) -> None:
        if error is not None and error.state is StoreState.BROKEN:
            self._trouble = error
