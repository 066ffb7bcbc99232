"""What happens to an exception nobody caught: it is logged, and told once."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.bridge import connect_queued
from crmdesk.gui.widgets.messages import show_error

log = logging.getLogger(__name__)


class CrashHook(QObject):
    """Takes what was raised in slots and threads; installed before anything else.

    The same fault is shown once, however often it happens: an agent must not be buried in
    dialogs while the phone rings.

    Signals:
        told: Somebody is told of an error; carries the dialog.
    """

    told = Signal(object)
    _raised = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()
        self._before = sys.excepthook, threading.excepthook
        connect_queued(self._raised, self._tell)

    def install(self) -> None:
        """Becomes the hook of the main thread and of all others."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._main_hook
        threading.excepthook = self._thread_hook

    def uninstall(self) -> None:
        """Gives the hooks back to who had them."""
        sys.excepthook, threading.excepthook = self._before

    def report(self, error: BaseException) -> None:
        """Tells of an error of another thread; callable from any."""
        log.error("stopped by an error", exc_info=error)
        self._raised.emit(error)

    def _main_hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("not caught", exc_info=(kind, error, trace))
        self._raised.emit(error)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._main_hook(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot(object)
    def _tell(self, error: BaseException) -> None:
        where = "".join(traceback.format_tb(error.__traceback__)[-1:])
        if where in self._told:
            return
        self._told.add(where)
        self.told.emit(show_error(None, "CRMDesk", in_words(error)))


def in_words(error: BaseException) -> UserFacingError:
    """An error of any kind with words for the person in front of the screen."""
    if isinstance(error, UserFacingError):
        return error
    return UserFacingError(
        "Something in CRMDesk went wrong.",
        "Calls and notes that were saved are safe; this one action did not come about.",
        f"Try again. If it happens again, send the log file to support ({type(error).__name__}).",
    )
