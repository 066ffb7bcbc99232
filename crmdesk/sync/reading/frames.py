"""What an import and the programs that read records for it say to each other.

Frames over a pipe: four bytes of length, then MessagePack. The import sends one
`ReadingOrder`, then pieces of records; each of them is answered by one `ReadPiece`, in their
order, the first by an empty one. Nothing in a frame is code.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.matching.numbers import clear_cache
from crmdesk.sync.planning.seen import SALT
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.reading.drafts import BadRecord, Draft, Noticed
from crmdesk.sync.reading.facts import Facts, facts_of
from crmdesk.sync.reading.record import RecordReader
from crmdesk.sync.reading.record_keys import has_keys, prints_of

LENGTH = struct.Struct(">I")
LONGEST = 1 << 28
"""Bytes of a frame; pieces are bounded far below this by whoever makes them."""

Outcome = Draft | BadRecord


class ReadingOrder(msgspec.Struct, array_like=True):
    """How the records of a source are to be read; see `RecordReader`.

    Attributes:
        salt: Of the prints of their keys.
        compares: There are customers that records may say nothing new of.
    """

    profile: ImportProfile
    columns: tuple[SourceColumn, ...]
    region: str = ""
    area_code: str = ""
    salt: bytes = SALT
    compares: bool = False

    def reader(self) -> RecordReader:
        """Reads them so."""
        return RecordReader(self.profile, self.columns, self.region, self.area_code)


class ReadPiece(msgspec.Struct, array_like=True):
    """What some records say.

    Attributes:
        drafts: One per record, None where it cannot be used.
        bad: Those that cannot, in their order.
        words, masked, unread: What `Noticed` has of them.
        failure: Why they could not be read at all: the kind of error, "" where they were.
        prints: One per record: `prints_of` a person with something to be known by, else none.
        facts: One per draft, where the order compares.
    """

    drafts: list[Draft | None] = []
    bad: list[BadRecord] = []
    words: list[tuple[str, str, int]] = []
    masked: int = 0
    unread: int = 0
    failure: str = ""
    prints: list[tuple[int, ...]] = []
    facts: list[Facts] = []

    def outcomes(self) -> list[Outcome]:
        """One per record."""
        bad = iter(self.bad)
        return [next(bad) if draft is None else draft for draft in self.drafts]

    def noticed(self) -> Noticed:
        """What came up besides."""
        words = Counter({(target, word): count for target, word, count in self.words})
        return Noticed(words, self.masked, self.unread)


def read_piece(
    reader: RecordReader, records: Sequence[SourceRecord], order: ReadingOrder
) -> ReadPiece:
    """Reads some records.

    Args:
        reader: Of the order.
        records: They.
        order: How they are to be read.
    """
    reader.noticed = noticed = Noticed()
    read = [reader.read(record) for record in records]
    clear_cache()  # 60 MB of numbers that come once, where a call's come again and again
    return ReadPiece(
        [one if isinstance(one, Draft) else None for one in read],
        [one for one in read if isinstance(one, BadRecord)],
        [(*key, count) for key, count in noticed.unknown_words.items()],
        noticed.masked,
        noticed.unread_numbers,
        prints=[_prints(one, order) for one in read],
        facts=[facts_of(one, order.profile) for one in read if isinstance(one, Draft)]
        if order.compares
        else [],
    )


def _prints(one: Outcome, order: ReadingOrder) -> tuple[int, ...]:
    if isinstance(one, BadRecord) or one.kind is CustomerKind.COMPANY:
        return ()
    return tuple(prints_of(one, order.salt)) if has_keys(one, order.profile) else ()


_order = msgspec.msgpack.Decoder(ReadingOrder)
_records = msgspec.msgpack.Decoder(list[tuple[int, tuple[str, ...], str, str]])
_piece = msgspec.msgpack.Decoder(ReadPiece)
encode = msgspec.msgpack.encode
decode_order, decode_piece = _order.decode, _piece.decode


def encode_records(records: Sequence[SourceRecord]) -> bytes:
    """Records as a frame has them.

    Raises:
        UnicodeEncodeError: One has half a character, which no frame has.
    """
    return encode([(each.place, each.values, each.error, each.key) for each in records])


def decode_records(body: bytes) -> list[SourceRecord]:
    """The records of a frame."""
    return [SourceRecord(*each) for each in _records.decode(body)]


def next_frame(read: Callable[[int], bytes]) -> bytes | None:
    """The body of the next frame, None at the end and where it breaks off.

    Args:
        read: Gives at most so many bytes, none at the end.
    """
    head = _exactly(read, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    return None if length > LONGEST else _exactly(read, length)


def _exactly(read: Callable[[int], bytes], count: int) -> bytes | None:
    body = bytearray()
    while len(body) < count:
        some = read(count - len(body))
        if not some:
            return None
        body += some
    return bytes(body)


def framed(body: bytes) -> bytes:
    """A body with its length in front."""
    return LENGTH.pack(len(body)) + body
