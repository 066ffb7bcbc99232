"""Answers of the other threads, brought to the GUI thread."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from crmdesk.store import Reader, Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Question:
    """Who asked, and what to call with the answer."""

    owner: weakref.ref[QObject]
    on_done: Callable[[Any], None]
    on_error: Callable[[Exception], None] | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether whoever asked is still there; GUI thread."""
        owner = self.owner()
        return owner is not None and shiboken6.isValid(owner)


class _PostOffice(QObject):
    """Takes answers in any thread and hands them out in the GUI thread.

    There is one, it is made in the GUI thread and never destroyed: an object per question
    could be destroyed in one thread while another emits its signal.
    """

    _arrived = Signal(int, object, object)
    _told = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._questions: dict[int, _Question] = {}
        self._numbers = itertools.count()
        self._arrived.connect(self._hand_out, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def listen(self, owner: QObject, question: _Question) -> Callable[[Any], None]:
        """Makes a function for other threads; it holds nothing of the owner. GUI thread."""
        number = next(self._numbers)
        self._questions[number] = question
        owner.destroyed.connect(partial(self._questions.pop, number, None))
        return partial(self._told.emit, number)

    def wait(self, future: Future[Any], question: _Question) -> None:
        """Hands out the answer of a future when it is there; GUI thread."""
        number = next(self._numbers)
        self._questions[number] = question
        future.add_done_callback(lambda done: self._arrived.emit(number, *_outcome(done)))

    @Slot(int, object, object)
    def _hand_out(self, number: int, result: object, error: Exception | None) -> None:
        question = self._questions.pop(number)
        if not question.is_awaited or isinstance(error, CancelledError):
            return
        if error is None:
            question.on_done(result)
        elif question.on_error is not None:
            question.on_error(error)
        else:
            raise error

    @Slot(int, object)
    def _pass_on(self, number: int, value: object) -> None:
        question = self._questions.get(number)
        if question is not None and question.is_awaited:
            question.on_done(value)


_office: list[_PostOffice] = []


def await_future(
    future: Future[T],
    owner: QObject,
    on_done: Callable[[T], None],
    on_error: Callable[[Exception], None] | None = None,
) -> None:
    """Calls back in the GUI thread when a future has its answer.

    The answer is dropped where the owner is gone by then, or the future was cancelled.
    Call from the GUI thread.

    Args:
        future: From `store.read`, `store.write` or `runtime.submit`.
        owner: The widget that asks.
        on_done: Gets the result.
        on_error: Gets the exception; without it the exception is raised in the GUI thread,
            where the crash hook sees it.
    """
    _the_office().wait(future, _Question(weakref.ref(owner), on_done, on_error))


class LatestReading:
    """Reads of which only the newest is waited for, as a search that follows the keys.

    What was asked before is dropped, so that the answer does not stand behind it.

    Args:
        store: Where it is read.
        owner: The widget that asks.
    """

    def __init__(self, store: Store, owner: QObject) -> None:
        self._store = store
        self._owner = weakref.ref(owner)
        self._last: Future[Any] | None = None

    def ask(
        self,
        job: Callable[[Reader], T],
        on_done: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Reads, and calls back in the GUI thread as `await_future` does."""
        self.drop()
        owner = self._owner()
        if owner is not None:
            self._last = self._store.read(job)
            await_future(self._last, owner, on_done, on_error)

    def drop(self) -> None:
        """What was asked last is not wanted any more."""
        if self._last is not None:
            self._store.drop(self._last)
            self._last = None


def told_in_gui_thread(owner: QObject, on_told: Callable[[T], None]) -> Callable[[T], None]:
    """Makes a function that other threads may call; each value is handed on in the GUI thread.

    What comes after the owner is gone is dropped. Call from the GUI thread.

    Args:
        owner: The widget that wants to hear.
        on_told: Gets each value.
    """
    return _the_office().listen(owner, _Question(weakref.ref(owner), on_told))


def _the_office() -> _PostOffice:
    if not _office:
        _office.append(_PostOffice())
    return _office[0]


def _outcome(done: Future[Any]) -> tuple[Any, BaseException | None]:
    if done.cancelled():
        return None, CancelledError()
    error = done.exception()
    return (None, error) if error else (done.result(), None)
