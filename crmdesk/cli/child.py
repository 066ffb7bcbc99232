"""A command that a desk started: what comes over its standard input, and how it behaves.

The key of the store comes as the first line of standard input, because everybody on the
machine can read a command line and the user's other programs an environment:

    {"key": "<64 hex digits>", "settings": {...}, "server": {"options": {...}, "password": "..."}}

`settings` is what the desk works with now; without it the settings file is read. `server` is what
somebody typed into the form of a server, for `crmdesk sync`. The pipe then stays open: when it
closes, the desk is gone or wants no result any more.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    import argparse

_LONGEST_LINE = 1 << 20
_CHUNK = 4096
_NICE = 10
_BELOW_NORMAL = 0x4000  # learn.microsoft.com, SetPriorityClass: BELOW_NORMAL_PRIORITY_CLASS
_MIB = 1 << 20
_STDIN = 0


class NoKeyError(UserFacingError):
    """What came over standard input is not what a desk sends."""

    def __init__(self) -> None:
        super().__init__(
            "The key of the customer store did not arrive.",
            "Nothing was read or changed.",
            "Leave out --key-from-stdin: it is for the desk alone.",
        )


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that a desk gives."""
    parser.add_argument(
        "--key-from-stdin",
        action="store_true",
        help="the desk that starts this sends the store's key as the first line",
    )
    parser.add_argument(
        "--low-priority", action="store_true", help="leave the processor to other programs"
    )
    parser.add_argument(
        "--memory-limit", type=_mebibytes, metavar="MIB", help="take no more memory than this"
    )


def settle_in(options: argparse.Namespace) -> bool:
    """Takes priority and limits, and reads what the desk sends.

    Sets `options.store_key`, `given_settings` and `given_server` where they were sent.

    Returns:
        False where the desk was gone before it sent them.

    Raises:
        NoKeyError: Something else came.
    """
    if options.low_priority:
        _step_back()
    if options.memory_limit:
        _limit_memory(options.memory_limit * _MIB)
    if not options.key_from_stdin:
        return True
    line = _first_line()
    if line is None:
        return False
    _take(line, options)
    return True


def on_parent_gone(tell: Callable[[], None]) -> None:
    """Calls back, on another thread, when the pipe at standard input is closed.

    Nothing where standard input is no pipe: a terminal, a file, `/dev/null` of a timer.
    """
    try:
        mode = os.fstat(_STDIN).st_mode
    except OSError:
        return
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        threading.Thread(target=_watch, args=(tell,), name="parent-watch", daemon=True).start()


def _watch(tell: Callable[[], None]) -> None:
    with suppress(OSError):
        while os.read(_STDIN, _CHUNK):
            pass
    tell()


def _first_line() -> bytes | None:
    """The line, read byte by byte past no buffer: what follows belongs to the watch."""
    line = bytearray()
    while True:
        chunk = os.read(_STDIN, _CHUNK)
        line += chunk
        if not chunk:
            return None
        if b"\n" in chunk:
            return bytes(line).partition(b"\n")[0]
        if len(line) > _LONGEST_LINE:
            raise NoKeyError


def _take(line: bytes, options: argparse.Namespace) -> None:
    from crmdesk.bootstrap.desk_line import read_desk_line

    try:
        sent = read_desk_line(line)
    except ValueError:
        raise NoKeyError from None  # the cause would show the line
    options.store_key, options.given_settings = sent.key, sent.settings
    options.given_server = sent.server


def _step_back() -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(max(_NICE - os.nice(0), 0))  # what it was started by may have stepped back


def _limit_memory(limit: int) -> None:
    """Where the system can: Windows cannot without a job object, macOS ignores it.

    What it was started with is never made more, root could.
    """
    if sys.platform == "win32":
        return
    import resource

    given, _ = resource.getrlimit(resource.RLIMIT_AS)
    if given != resource.RLIM_INFINITY:
        limit = min(limit, given)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _mebibytes(text: str) -> int:
    import argparse

    if not (text.isascii() and text.isdigit() and 128 <= int(text[:9]) < 1 << 20):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 512 for half a gibibyte")
    return int(text)
