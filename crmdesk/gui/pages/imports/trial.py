"""What three rows of the file would become. Reads a few bounded texts, never the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.sync.profile import ImportProfile

if TYPE_CHECKING:
    from crmdesk.sync.reading.record import BadRecord, Draft

ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """How numbers without a country are read, where the profile says nothing: as on a line."""

    region: str = ""
    area_code: str = ""


def try_rows(
    profile: ImportProfile,
    columns: Sequence[SourceColumn],
    rows: Sequence[SourceRecord],
    reading: Reading,
) -> list[Draft | BadRecord]:
    """Reads the first rows that are no damaged ones."""
    from crmdesk.sync.reading.record import RecordReader  # late: it brings SQLAlchemy

    reader = RecordReader(profile, columns, reading.region, reading.area_code)
    fine = [row for row in rows if not row.error][:ROWS]
    return [reader.read(row) for row in fine]


def meaning_of(target: str, word: str) -> str:
    """What a word of the file means here as long as nobody says otherwise, "" for unknown."""
    from crmdesk.store.fold import fold  # late: it brings SQLAlchemy
    from crmdesk.sync.cells.numbers import label_of
    from crmdesk.sync.cells.words import meanings

    if target in {"label_of_number", "label_of_email"}:
        return label_of(word)
    return meanings(target).get(fold(word), "")


def words_of(place: int, column: SourceColumn, rows: Sequence[SourceRecord]) -> tuple[str, ...]:
    """The different words of a column in the rows that are known, the most frequent first."""
    values = [row.values[place].strip() for row in rows if place < len(row.values)]
    found = [value for value in values if value] or list(column.samples)
    counts = dict.fromkeys(found, 0)
    for value in found:
        counts[value] += 1
    return tuple(sorted(counts, key=lambda word: -counts[word]))
