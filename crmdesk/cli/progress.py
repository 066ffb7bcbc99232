"""How a long command tells what it does, and how it is stopped.

On a terminal it draws one line on standard error. For a parent (`--progress json`) it writes
JSON lines on standard output:

    {"progress": 431000, "of": 1500000, "rate": 92100.5, "left_s": 11.6, "note": "reading"}
    {"result": {...}}           or
    {"error": {"what": "...", "meaning": "...", "remedy": "..."}}

`of` and `left_s` are null where the end is not known. The last line is the result or the
error; there is none after it was cancelled. Ctrl+C and SIGTERM cancel, and for a parent also
closing either pipe: Windows has no SIGTERM, and a parent that dies closes both.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from crmdesk.cli import child
from crmdesk.domain.errors import CrmdeskError, UserFacingError

if TYPE_CHECKING:
    import argparse

EVERY_S = 0.2
"""Shortest time between two lines of progress."""

GRACE_S = 0.5
"""After this long a cancelled job is ended where it stands: what it wrote to the store is a
transaction, so all of it or nothing is there."""

_SWITCH_INTERVAL_S = 0.0005
"""The thread that writes to a store waits for the others' Python after each statement."""

CANCELLED = 130
"""Exit code, that of a shell for Ctrl+C."""

_BAR_WIDTH = 28

Object = dict[str, Any]


class Cancelled(CrmdeskError):  # noqa: N818  nothing went wrong
    """Somebody asked the job to stop."""


class Reporter:
    """Tells how far a job is. Any thread may call it; tells nobody anything by itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._watchdog: threading.Timer | None = None
        self._began_at: float | None = None
        self._began_with = 0
        self._note = ""
        self._shown_at = 0.0

    @property
    def is_cancelled(self) -> bool:
        """Whether the job shall stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Asks the job to stop at its next step, and ends the program if that is far away."""
        if self.is_cancelled:
            return
        self._cancelled.set()
        self._watchdog = threading.Timer(GRACE_S, self._stop_here)
        self._watchdog.daemon = True
        self._watchdog.start()

    def _stop_here(self) -> None:
        os._exit(CANCELLED)

    def progress(self, done: int, of: int | None = None, note: str = "") -> None:
        """Tells a step; call it as often as you like, a call costs a microsecond.

        Args:
            done: How many are done.
            of: How many there are, None where nobody knows.
            note: What is being done now.

        Raises:
            Cancelled: Stop now.
        """
        if self.is_cancelled:
            raise Cancelled
        now = time.monotonic()
        if self._began_at is None or note != self._note:  # each part has a rate of its own
            self._began_at, self._began_with, self._note = now, done, note
        if now - self._shown_at < EVERY_S:
            return
        with self._lock:
            self._shown_at = now
            taken = now - self._began_at
            rate = (done - self._began_with) / taken if taken > 0 else 0.0
            self.tell(done, of, rate, note)

    def tell(self, done: int, of: int | None, rate: float, note: str) -> None:
        """Brings one step to whoever looks."""

    def end(self) -> None:
        """The work is over, well or not."""
        if self._watchdog is not None:
            self._watchdog.cancel()


class TerminalReporter(Reporter):
    """One line on standard error; nothing where that is no terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._is_terminal = sys.stderr.isatty()
        self._width = 0

    def tell(self, done: int, of: int | None, rate: float, note: str) -> None:  # noqa: D102
        if self._is_terminal:
            text = _terminal_line(done, of, rate, note)
            self._draw(text.ljust(self._width))
            self._width = len(text)

    def end(self) -> None:  # noqa: D102
        super().end()
        self._last_words()

    def _stop_here(self) -> None:
        self._last_words()
        super()._stop_here()

    def _last_words(self) -> None:
        if self.is_cancelled and self._is_terminal:
            self._draw("Cancelled.".ljust(self._width) + "\n")
        elif self._width:
            self._draw(" " * self._width + "\r")

    def _draw(self, text: str) -> None:
        sys.stderr.write("\r" + text)
        sys.stderr.flush()


class JsonReporter(Reporter):
    """JSON lines on standard output; whatever else is printed goes to standard error."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out
        self.is_broken = False

    def tell(self, done: int, of: int | None, rate: float, note: str) -> None:  # noqa: D102
        left = _left(done, of, rate)
        rounded = None if left is None else round(left, 1)
        self.write(
            {"progress": done, "of": of, "rate": round(rate, 1), "left_s": rounded, "note": note}
        )

    def write(self, line: Object) -> None:
        """One object on one line, at once.

        Raises:
            Cancelled: Nobody reads any more.
        """
        try:
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()
        except (OSError, ValueError):  # closed at the other end, or at this one
            self.is_broken = True
            self.cancel()
            raise Cancelled from None


def add_job_options(parser: argparse.ArgumentParser) -> None:
    """`--progress`, and what a desk gives to the programs it starts."""
    parser.add_argument(
        "--progress", choices=("json",), help="tell progress and result as JSON lines"
    )
    child.add_options(parser)


def run_job(
    options: argparse.Namespace,
    work: Callable[[Reporter], Object],
    show: Callable[[Object], None],
) -> int:
    """Runs a long piece of work that can be watched and cancelled.

    Args:
        options: With those of `add_job_options`.
        work: Gets the reporter and returns the result as a JSON object. It calls `progress`
            at least every half second, in whatever thread it works.
        show: Prints the result where no parent waits for it.

    Returns:
        Exit code: 0 done, 1 not possible, 130 cancelled.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    try:
        if options.progress != "json":
            return _run_on_terminal(options, work, show)
        return _run_for_parent(options, work)
    except Cancelled:
        return CANCELLED
    finally:
        sys.setswitchinterval(usual)


def _run_on_terminal(
    options: argparse.Namespace,
    work: Callable[[Reporter], Object],
    show: Callable[[Object], None],
) -> int:
    if not child.settle_in(options):
        raise Cancelled
    reporter = TerminalReporter()
    try:
        with _stopped_by_signals(reporter):
            result = work(reporter)
    finally:
        reporter.end()
    show(result)
    return 0


def _run_for_parent(options: argparse.Namespace, work: Callable[[Reporter], Object]) -> int:
    # A windowed program has no sys.stdout, but the pipe its parent gave it.
    out = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    before, sys.stdout = sys.stdout, sys.stderr
    reporter = JsonReporter(out)
    try:
        with _stopped_by_signals(reporter), _errors_told(reporter):
            if not child.settle_in(options):
                raise Cancelled  # the parent was gone before it said what to work on
            child.on_parent_gone(reporter.cancel)
            result = work(reporter)
            reporter.write({"result": result})
            return 0
        return 1
    finally:
        reporter.end()
        # What nobody reads is left behind: Python would try once more at its end, and fail.
        sys.stdout = None if reporter.is_broken else before


@contextmanager
def _errors_told(reporter: JsonReporter) -> Iterator[None]:
    """What goes wrong is the last line; a bug also reaches the log with its trace."""
    try:
        yield
    except UserFacingError as error:
        reporter.write({"error": _error_object(error)})
    except MemoryError:
        reporter.write({"error": _error_object(_out_of_memory())})
    except Cancelled:
        raise
    except Exception as error:
        with suppress(Cancelled):
            reporter.write({"error": _error_object(_bug(error))})
        raise


def _error_object(error: UserFacingError) -> Object:
    return {"what": error.what, "meaning": error.meaning, "remedy": error.remedy}


def _out_of_memory() -> UserFacingError:
    return UserFacingError(
        "The work needs more memory than it may have.",
        "It was stopped, and nothing was changed.",
        "Close other programs, or try it with a smaller part.",
    )


def _bug(error: Exception) -> UserFacingError:
    return UserFacingError(
        f"An error nobody foresaw ({type(error).__name__}) ended the work.",
        "Nothing was changed.",
        "Try again; if it comes again, run it on the command line and send us what it prints.",
    )


@contextmanager
def _stopped_by_signals(reporter: Reporter) -> Iterator[None]:
    """Ctrl+C and SIGTERM cancel the job; the main thread only waits for another one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, lambda _number, _frame: reporter.cancel())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _left(done: int, of: int | None, rate: float) -> float | None:
    """Seconds to the end, None where nobody can know."""
    return (of - done) / rate if of is not None and rate > 0 and of >= done else None


def _terminal_line(done: int, of: int | None, rate: float, note: str) -> str:
    words = f"{note}: " if note else ""
    if not of:
        return f"{words}{done:,}  {rate:,.0f}/s"
    filled = min(_BAR_WIDTH * done // of, _BAR_WIDTH)
    bar = "#" * filled + "-" * (_BAR_WIDTH - filled)
    left = _left(done, of, rate)
    more = "" if left is None else f"  {left:,.0f} s left"
    return f"{words}[{bar}] {done:,} of {of:,}  {rate:,.0f}/s{more}"
