"""What is checked of a ZIP archive before anything in it is unpacked (threat model row 17)."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from crmdesk.sync.sources.limits import KIB, MIB, SourceError

UNPACKED_BYTES = 256 * MIB
"""Of all parts but the sheets."""

SHEETS_BYTES = 4096 * MIB
"""Of the sheets, which are read a block at a time and never held: a full one of ours, of a
million customers, has some 1,500 MiB."""

RATIO = 100
"""Unpacked to packed; spreadsheets reach 30."""

MEMBERS = 1_000
_RATIO_FROM_BYTES = 1 * MIB
"""Small members are harmless, and short repeated text packs well."""

_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT_BYTES = 64 * KIB
_DIRECTORY_BYTES = 1 * MIB


BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What `zipfile` raises for an archive that is not whole."""


def checked_members(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The members of an archive that is safe to unpack.

    Only its directory is read, and of that no more than a thousand members need; `zipfile` cuts
    a member that unpacks to more than the directory says.

    Raises:
        SourceError: The archive is damaged or may be a trap.
    """
    _check_end(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (*BROKEN, ValueError) as error:
        raise damaged() from error
    _check(infos)
    return {info.filename: info for info in infos}


def _check_end(path: Path) -> None:
    """Reads how large the directory is from the end of the file."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise damaged()
    members, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if members > MEMBERS:
        raise _trap(f"{members:,} members")
    if directory_bytes > _DIRECTORY_BYTES:
        raise _trap(f"a directory of {directory_bytes / MIB:,.0f} MiB")


def _check(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MEMBERS:
        raise _trap(f"{len(infos):,} members")
    sheets = sum(info.file_size for info in infos if _is_sheet(info))
    others = sum(info.file_size for info in infos) - sheets
    for total, limit in ((sheets, SHEETS_BYTES), (others, UNPACKED_BYTES)):
        if total > limit:
            raise _trap(f"{total / MIB:,.0f} MiB unpacked")
    for info in infos:
        if info.file_size > _RATIO_FROM_BYTES and info.file_size > RATIO * info.compress_size:
            raise _trap(f"a part that unpacks to more than {RATIO} times its size")
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or info.filename.startswith(("/", "\\")):
            raise _trap("a part that points outside")
        if info.flag_bits & 1:
            raise SourceError(
                "The workbook is protected with a password.",
                "It cannot be read without it.",
                "Open it in your spreadsheet program, save it without a password and import that.",
            )


def _is_sheet(info: zipfile.ZipInfo) -> bool:
    return info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")


def damaged() -> SourceError:
    """An archive that does not open."""
    return SourceError(
        "The workbook is damaged or broke off.",
        "Nothing was imported.",
        "Fetch it again, or open it in your spreadsheet program and save it anew.",
    )


def _trap(what: str) -> SourceError:
    return SourceError(
        f"The workbook is not opened: it has {what}.",
        "A list of customers has no such thing; it may be made to fill the memory.",
        "Save the sheet as CSV, or its rows as a workbook of their own.",
    )
