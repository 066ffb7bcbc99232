"""Answers of the other threads, brought to the GUI thread."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Question:
    """Who asked, and what to call with the answer."""

    owner: weakref.ref[QObject]
    on_done: Callable[[Any], None]
    on_error: Callable[[Exception], None] | None


class _PostOffice(QObject):
    """Takes answers in any thread and hands them out in the GUI thread.

    There is one, it is made in the GUI thread and never destroyed: an object per question
    could be destroyed in one thread while another emits its signal.
    """

    _arrived = Signal(int, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._questions: dict[int, _Question] = {}
        self._numbers = itertools.count()
        self._arrived.connect(self._hand_out, Qt.ConnectionType.QueuedConnection)

    def wait(self, future: Future[Any], question: _Question) -> None:
        """Hands out the answer of a future when it is there; GUI thread."""
        number = next(self._numbers)
        self._questions[number] = question
        future.add_done_callback(lambda done: self._arrived.emit(number, *_outcome(done)))

    @Slot(int, object, object)
    def _hand_out(self, number: int, result: object, error: Exception | None) -> None:
        question = self._questions.pop(number)
        owner = question.owner()
        if owner is None or not shiboken6.isValid(owner) or isinstance(error, CancelledError):
            return
        if error is None:
            question.on_done(result)
        elif question.on_error is not None:
            question.on_error(error)
        else:
            raise error


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
    if not _office:
        _office.append(_PostOffice())
    _office[0].wait(future, _Question(weakref.ref(owner), on_done, on_error))


def _outcome(done: Future[Any]) -> tuple[Any, BaseException | None]:
    if done.cancelled():
        return None, CancelledError()
    error = done.exception()
    return (None, error) if error else (done.result(), None)
