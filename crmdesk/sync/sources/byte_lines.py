"""Bytes of whole lines out of blocks of any size, whatever ends a line: CRLF, LF or CR."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmdesk.sync.sources.limits import KIB, LINE_BYTES

_LINE_END = re.compile(rb"\r\n?|\n")


def whole_lines(
    reads: Iterator[bytes], line_bytes: int = LINE_BYTES
) -> Iterator[tuple[bytes, bool]]:
    """Bytes up to a line end, and whether they are the beginning of a line that is too long."""
    rest = b""
    is_passing_by = False
    for read in reads:
        held = rest + read
        if is_passing_by:
            end = _LINE_END.search(held)
            is_passing_by = end is None
            held = held[end.end() :] if end else b""
        cut = _behind_last_line(held)
        whole, rest = held[:cut], held[cut:]
        if whole:
            yield whole, False
        if len(rest) > line_bytes:
            yield rest[:KIB], True
            rest, is_passing_by = b"", True
    if rest:
        yield rest, False


def _behind_last_line(data: bytes) -> int:
    """Index behind the last line end; a CR at the very end may be half of one."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, len(data) - 1) + 1
