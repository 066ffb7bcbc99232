"""The file an export becomes: all of it or none, and readable by its owner alone."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from crmdesk.sync.export.formats import ExportError

_BLOCK_BYTES = 1 << 18
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No space, no quota, or larger than the file system can hold (4 GiB on FAT)."""

_OWN_FILES = "/proc/self/fd"
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV, errno.EACCES)


@contextmanager
def whole_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file that appears under its name when the block ends well, and not before.

    Until then it has no name where the system knows such files (Linux), so that not even a kill
    leaves a part of it; else a hidden one, and it goes where the block fails or is cancelled.

    Args:
        path: Where; its folder must be there.
        replace: Whether a file of that name may be replaced.

    Raises:
        ExportError: It is there already, cannot be made, or does not fit.
    """
    check_free(path, replace=replace)
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with _told(path), _opened(hidden) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _give_name(file, hidden)
        with _told(path):
            _take_place(hidden, path, replace=replace)
    finally:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)


def check_free(path: Path, *, replace: bool) -> None:
    """Looks whether a file may be written, before any work is done for it.

    Raises:
        ExportError: It may not.
    """
    if path.is_dir():
        raise ExportError(
            f"{path} is a folder.", "Nothing was written.", "Give the export a name in it."
        )
    if not path.parent.is_dir():
        raise ExportError(
            f"There is no folder {path.parent}.", "Nothing was written.", "Choose another place."
        )
    if path.exists() and not replace:
        raise _exists(path)


@contextmanager
def standard_output(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The same for a stream that somebody reads: it gets what there is as it comes.

    Raises:
        ExportError: It does not take any more.
    """
    with _told(Path("Standard output")):
        yield stream
        stream.flush()


def _opened(hidden: Path) -> BinaryIO:
    nameless = getattr(os, "O_TMPFILE", 0)
    if nameless and Path(_OWN_FILES).is_dir():
        with suppress(OSError):  # not every file system can
            made = os.open(hidden.parent, nameless | os.O_WRONLY, 0o600)
            return os.fdopen(made, "wb", _BLOCK_BYTES)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(hidden, flags, 0o600), "wb", _BLOCK_BYTES)


def _give_name(file: BinaryIO, hidden: Path) -> None:
    """A file without a name gets the hidden one: open(2), O_TMPFILE."""
    if hidden.exists():
        return
    folder = os.open(hidden.parent, os.O_RDONLY)
    try:  # only with a folder given Python follows the link of /proc
        os.link(f"{_OWN_FILES}/{file.fileno()}", hidden.name, dst_dir_fd=folder)
    finally:
        os.close(folder)


def _take_place(hidden: Path, path: Path, *, replace: bool) -> None:
    """Gives the file its name; a link, unlike a rename, replaces nothing that came meanwhile."""
    if not replace:
        try:
            path.hardlink_to(hidden)
        except FileExistsError:
            raise _exists(path) from None
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            check_free(path, replace=False)
        else:
            return
    hidden.replace(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the disk in words.

    Raises:
        ExportError: Instead of OSError.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # who reads us has seen enough
    except OSError as error:
        raise _in_words(path, error) from error


def _in_words(path: Path, error: OSError) -> ExportError:
    if error.errno in _FULL:
        return ExportError(
            f"{path.name} does not fit on its disk.",
            "The export was not finished, and what was written of it was removed.",
            "Free some space or choose another disk; a filter makes the export smaller.",
        )
    return ExportError(
        f"{path.name} cannot be written: {error.strerror or error}.",
        "No file was made.",
        "Choose a folder that is yours.",
    )


def _exists(path: Path) -> ExportError:
    return ExportError(
        f"{path} is there already.",
        "It was left as it is.",
        "Choose another name, or add --force to replace it.",
    )
