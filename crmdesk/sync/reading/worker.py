"""A program that reads records for an import: it sees neither the store nor its key.

It ends as soon as its standard input does, whatever it is doing: the import is over, was
cancelled, or died.
"""

from __future__ import annotations

import os
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

from crmdesk.sync.reading.frames import (
    ReadingOrder,
    ReadPiece,
    decode_order,
    decode_records,
    encode,
    framed,
    next_frame,
    read_piece,
)
from crmdesk.sync.reading.record import RecordReader


def serve(given: BinaryIO, out: BinaryIO) -> None:
    """Reads the pieces that come in, until this program is ended by the end of `given`.

    Args:
        given: Unbuffered.
        out: The same; nothing else may be written to it.
    """
    frames: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_take_in, args=(given, frames), daemon=True).start()
    order = decode_order(frames.get())
    reader = order.reader()
    _write(out, ReadPiece())
    while True:
        _write(out, _answer(reader, order, frames.get()))


def _write(out: BinaryIO, piece: ReadPiece) -> None:
    rest = framed(encode(piece))
    while rest:
        rest = rest[out.write(rest) :]


def _take_in(given: BinaryIO, frames: SimpleQueue[bytes]) -> None:
    """Takes frames in before they are wanted: whoever sends them never waits for long."""
    while (body := next_frame(given.read)) is not None:
        frames.put(body)
    os._exit(0)  # at once: what is being read is wanted by nobody


def _answer(reader: RecordReader, order: ReadingOrder, body: bytes) -> ReadPiece:
    try:
        return read_piece(reader, decode_records(body), order)
    except Exception as error:  # noqa: BLE001  its kind is told; its text may name a customer
        sys.stderr.write(f"reading records: {type(error).__name__}\n")
        return ReadPiece(failure=type(error).__name__)
