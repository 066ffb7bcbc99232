"""How much of a file is read, and the words where it is too much.

Files come from anywhere (threat model rows 16 to 18). Nothing here depends on the size of a file:
each reader holds one block, one record and what it needs to say of the file.
"""

from __future__ import annotations

from crmdesk.domain.errors import UserFacingError

KIB = 1024
MIB = 1024 * KIB

FILE_BYTES = 1024 * MIB
"""Largest file of rows (CSV, JSON lines)."""

BLOCK_BYTES = 256 * KIB
"""Read at a time."""

LINE_BYTES = 1 * MIB
"""Longest physical line; what is longer is passed by and told."""

RECORD_CHARS = 256 * KIB
"""Longest row over several lines: an open quote swallows no more than this."""

FIELD_CHARS = 32 * KIB
"""Longest value; a cell of Excel holds 32,767 characters."""

COLUMNS = 200
"""Columns that are read."""

MOST_COLUMNS = 1_000
"""Above this a file is no list of customers, and is refused. DATEV's has 250."""

SAMPLE_ROWS = 1_000
"""Rows looked at to find out the habits of a file."""

SAMPLES = 5
SAMPLE_CHARS = 80
"""What is shown of a column."""


class SourceError(UserFacingError):
    """A file that cannot be read at all."""


def too_large(size: int, limit: int) -> SourceError:
    """A file above its limit."""
    return SourceError(
        f"The file has {size / MIB:,.0f} MiB; up to {limit / MIB:,.0f} MiB are read.",
        "Nothing was imported.",
        "Split it in the program it comes from, and import the parts one after the other.",
    )


def too_many_columns(count: int) -> SourceError:
    """More columns than a list of customers has."""
    return SourceError(
        f"The file has {count:,} columns; up to {COLUMNS} can be read.",
        "That is more than a list of customers has: it may be another kind of file, "
        "or the delimiter is wrong.",
        "Choose another delimiter, or export fewer columns.",
    )


def columns_left_out(count: int) -> str:
    """The note for a file with more columns than are read."""
    return f"The file has {count} columns; the first {COLUMNS} are read."
