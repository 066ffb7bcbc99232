"""Answers of the other threads, brought to the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


class _Answer(QObject):
    """Waits for one future; lives in the GUI thread as a child of who asked."""

    arrived = Signal(object, object)

    def __init__(
        self,
        owner: QObject,
        on_done: Callable[[Any], None],
        on_error: Callable[[Exception], None] | None,
    ) -> None:
        super().__init__(owner)
        self._on_done = on_done
        self._on_error = on_error
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object)
    def _deliver(self, result: object, error: Exception | None) -> None:
        self.deleteLater()
        if error is None:
            self._on_done(result)
        elif self._on_error is not None:
            self._on_error(error)
        else:
            raise error


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
    answer = _Answer(owner, on_done, on_error)

    def tell(done: Future[T]) -> None:
        result, error = _outcome(done)
        if isinstance(error, CancelledError):
            return
        try:
            answer.arrived.emit(result, error)
        except RuntimeError:
            return  # the owner is gone, and its answer with it

    future.add_done_callback(tell)


def _outcome(done: Future[Any]) -> tuple[Any, BaseException | None]:
    if done.cancelled():
        return None, CancelledError()
    error = done.exception()
    return (None, error) if error else (done.result(), None)
