"""The log file: what the program did, never with whom (threat model, row 37).

    with log_file.kept():
        ...  # everything logged goes to crmdesk.log in the log folder

Texts of callers, customers and agents could be in any argument and in any error message. So
only what cannot be one of them is written: the literal texts of our own log calls, single
words and short figures as their arguments, types and places of errors, and of libraries
nothing but who warned where.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from crmdesk.settings import paths
from crmdesk.settings.runtime_place import make_private_folder

FILE_NAME = "crmdesk.log"
CRASH_FILE_NAME = "crash.log"
LEVEL_VARIABLE = "CRMDESK_LOG"
"""`CRMDESK_LOG=DEBUG` writes more; INFO is the default."""

_MOST_BYTES = 1_000_000
_KEPT_FILES = 4
_MOST_CAUSES = 8
_MOST_FRAMES = 20
_OURS = "crmdesk"
_LEFT_OUT = "(left out)"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,63}")
_LONG_FIGURE = re.compile(r"\d{5}")


class DiscreetFormatter(logging.Formatter):
    """Formats records without anything that somebody outside may have written."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the places of the error below it.

        All of `format`, as the inherited one takes over error texts of other handlers.
        """
        is_ours = _is_ours(record)
        text = _message(record) if is_ours else f"in {record.module}, line {record.lineno}"
        line = f"{self.formatTime(record)} {record.levelname:<8} {record.name}: {text}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line}\n{_error(error)}"


class DiscreetFile(RotatingFileHandler):
    """A log file of this user alone; a disk that is full costs log lines and nothing else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=_MOST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True
        )
        self.setFormatter(DiscreetFormatter())
        self.addFilter(lambda record: _is_ours(record) or record.levelno >= logging.WARNING)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Says nothing: the default prints the record, with all that is in it."""

    def close(self) -> None:
        """Closes the file; what a full disk refused is gone."""
        with suppress(OSError):
            super().close()

    def _open(self) -> TextIO:  # type: ignore[override]
        return _open_private(Path(self.baseFilename))


@contextmanager
def kept() -> Iterator[None]:
    """Logs to the file while the block runs, and leaves no memory image if it crashes."""
    _no_memory_image()
    with ExitStack() as stack:
        folder = paths.log_folder()
        with suppress(OSError):  # a folder that cannot be made costs the log, not the calls
            make_private_folder(folder)
            stack.enter_context(_crash_file(folder))
        stack.enter_context(_handled(DiscreetFile(folder / FILE_NAME)))
        yield


@contextmanager
def _handled(handler: logging.Handler) -> Iterator[None]:
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(_level())
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


@contextmanager
def _crash_file(folder: Path) -> Iterator[None]:
    """Where a crash of Qt or SQLite writes the functions that ran, without values."""
    if faulthandler.is_enabled():
        yield
        return
    with _open_private(folder / CRASH_FILE_NAME) as file:
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()


def _open_private(path: Path) -> TextIO:
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.fdopen(number, "a", encoding="utf-8", errors="backslashreplace")


def _level() -> int:
    names = logging.getLevelNamesMapping()
    return names.get(os.environ.get(LEVEL_VARIABLE, "").upper(), logging.INFO)


def _no_memory_image() -> None:
    """A core dump would hold customers and keys in clear."""
    try:
        import resource
    except ImportError:  # Windows keeps none by itself
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == _OURS


def _message(record: logging.LogRecord) -> str:
    """The literal text with what may be seen of its arguments."""
    args = record.args if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % tuple(_shown(arg) for arg in args)
    except (TypeError, ValueError):  # "%d" of a text
        return str(record.msg)


def _shown(arg: object) -> object:
    if isinstance(arg, bool | float) or arg is None:
        return arg
    if isinstance(arg, int | str):
        text = str(arg)
        is_harmless = isinstance(arg, int) or _WORD.fullmatch(text)
        return arg if is_harmless and not _LONG_FIGURE.search(text) else _LEFT_OUT
    return type(arg).__qualname__


def _error(error: BaseException) -> str:
    """Types and places of an error and of what caused it, without their texts."""
    parts: list[str] = []
    now: BaseException | None = error
    while now is not None and len(parts) < _MOST_CAUSES:
        parts.append("\n".join([type(now).__qualname__, *_places(now)]))
        now = now.__cause__ or now.__context__
    return "\ncaused by ".join(parts)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__, limit=-_MOST_FRAMES)
    return [f"  {_module(f.filename)}, line {f.lineno}, in {f.name}" for f in frames]


def _module(file: str) -> str:
    """The end of a path: where the user's home is called after the user, it is a name."""
    return "/".join(Path(file).parts[-3:])
