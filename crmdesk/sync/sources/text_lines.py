"""The lines of a text file, one block in memory at a time.

A line longer than the limit is passed by; a line in another encoding than the file's is read in
the likeliest one; both are told. Line ends are CRLF, LF or CR, also mixed.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from crmdesk.sync.sources.byte_lines import whole_lines
from crmdesk.sync.sources.encodings import UTF8, Encoding
from crmdesk.sync.sources.limits import BLOCK_BYTES, KIB, LINE_BYTES

_UTF8_PAIR = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_MIXED_WORD = re.compile("[A-Za-z][\u0370-\u052f\u05d0-\u06ff\u0e00-\u0e7f][a-z]")
_FALLBACK = "cp1252"


@dataclass(slots=True)
class Block:
    """Some whole lines.

    Attributes:
        first: Number of the first line, from 1.
        lines: With their line ends.
        strays: Line number to the reason, for lines that are not as they should be.
        position: Bytes of the file that were read with it.
    """

    first: int
    lines: list[str]
    strays: dict[int, str] = field(default_factory=dict)
    position: int = 0


def blocks(path: Path, encoding: Encoding, line_bytes: int = LINE_BYTES) -> Iterator[Block]:
    """Reads a file from its beginning to its end.

    Args:
        path: The file.
        encoding: As detected or chosen.
        line_bytes: Longest line; of a longer one the beginning is given.
    """
    number = 1
    with path.open("rb") as file:
        file.seek(encoding.mark)
        for raw, is_cut in raw_lines(file, encoding, line_bytes):
            block = _decoded(raw, encoding, number)
            if is_cut:
                block.strays[number] = f"The line is longer than {line_bytes // KIB} KiB."
            block.position = file.tell()
            number += len(block.lines)
            yield block


def raw_lines(
    file: BinaryIO, encoding: Encoding, line_bytes: int = LINE_BYTES
) -> Iterator[tuple[bytes, bool]]:
    """Bytes of whole lines from where the file is, and whether they are the head of a long one.

    A UTF-16 or UTF-32 file comes as UTF-8.
    """
    return whole_lines(_narrow(file, encoding), line_bytes)


def _narrow(file: BinaryIO, encoding: Encoding) -> Iterator[bytes]:
    """The file in blocks; UTF-16 and UTF-32 as UTF-8, so that a line end is one byte."""
    if encoding.width == 1:
        yield from iter(lambda: file.read(BLOCK_BYTES), b"")
        return
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    while read := file.read(BLOCK_BYTES):
        yield decoder.decode(read).encode(UTF8, "replace")
    yield decoder.decode(b"", final=True).encode(UTF8)


def _decoded(raw: bytes, encoding: Encoding, first: int) -> Block:
    block = _as_text(raw, encoding, first)
    if b"\0" in raw:
        _drop_nul(block)
    return block


def _drop_nul(block: Block) -> None:
    for index, line in enumerate(block.lines):
        if "\0" in line:
            block.strays[block.first + index] = "The row has NUL characters: it is damaged."
            block.lines[index] = line.replace("\0", "")


def _as_text(raw: bytes, encoding: Encoding, first: int) -> Block:
    name = UTF8 if encoding.width > 1 else encoding.name
    try:
        text = raw.decode(name)
    except UnicodeDecodeError:
        return _line_by_line(raw, encoding, first)
    block = Block(first, list(io.StringIO(text, newline="")))
    if encoding.width > 1 and "\ufffd" in text:
        _mark_replaced(block, encoding)
    elif name != UTF8 and _UTF8_PAIR.search(raw):
        _mark_utf8(block, encoding)
    if name != UTF8 and _MIXED_WORD.search(text):
        _mark_mixed(block, encoding)
    return block


def _line_by_line(raw: bytes, encoding: Encoding, first: int) -> Block:
    """A block with something that is not in the encoding of the file."""
    block = Block(first, [])
    # Latin-1 keeps each byte, so that lines can be cut as text and made bytes again.
    for kept in io.StringIO(raw.decode("latin-1"), newline=""):
        line = kept.encode("latin-1")
        try:
            block.lines.append(line.decode(encoding.name))
        except UnicodeDecodeError:
            block.strays[first + len(block.lines)] = _not_in(encoding)
            block.lines.append(line.decode(_FALLBACK, "replace"))
    return block


def _mark_replaced(block: Block, encoding: Encoding) -> None:
    for index, line in enumerate(block.lines):
        if "\ufffd" in line:
            block.strays[block.first + index] = _not_in(encoding)


def _mark_utf8(block: Block, encoding: Encoding) -> None:
    """UTF-8 in a file of single bytes reads as "MÃ¼ller": nobody wrote that."""
    for index, line in enumerate(block.lines):
        if line.isascii():
            continue
        try:
            better = line.encode(encoding.name).decode(UTF8)
        except UnicodeError:
            continue
        block.strays[block.first + index] = _not_in(encoding)
        block.lines[index] = better


def _mark_mixed(block: Block, encoding: Encoding) -> None:
    """A letter of another script in a Latin word: "Müller" in a Russian file reads "Mьller"."""
    for index, line in enumerate(block.lines):
        if not line.isascii() and _MIXED_WORD.search(line):
            block.strays.setdefault(block.first + index, _not_in(encoding))


def _not_in(encoding: Encoding) -> str:
    return (
        f"The row is not in {encoding.name} as the rest of the file is: its letters are uncertain."
    )
