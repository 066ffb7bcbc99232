"""Records that could not be used, with the reason, in a file to be put right and read again."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.errors import UserFacingError
from crmdesk.sync.formula_guard import guard

REASON = "why not imported"
PLACE = "record"
_MINE = 0o600


class BadRowsFile:
    """A CSV file with the source's own columns behind the record's place and the reason.

    It is made with the first bad record; until then nothing is there. A spreadsheet runs
    nothing of it, nobody but this user reads it, and numbers of cards are masked in it: it is
    one more file with them else, that nobody remembers.

    Args:
        path: Where it goes; what is there is replaced.
        columns: Of the source.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self._columns = columns
        self._file: TextIO | None = None

    def add(self, place: int, reason: str, values: Sequence[str]) -> None:
        """Writes one record.

        Raises:
            UserFacingError: The file cannot be written.
        """
        try:
            file = self._file or self._begin()
            kept = (mask_card_numbers(value)[0] for value in values)
            _write(file, (str(place), reason, *kept))
        except OSError as error:
            raise self._unwritable(error) from error
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        if error is not None and self.count:
            self.path.unlink(missing_ok=True)

    def _begin(self) -> TextIO:
        # With a mark, or spreadsheets take it for the system's own encoding.
        opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MINE)
        file = os.fdopen(opened, "w", encoding="utf-8-sig", newline="", errors="replace")
        self._file = file
        self.path.chmod(_MINE)  # also of a file that was there
        _write(file, (PLACE, REASON, *self._columns))
        return file

    def _unwritable(self, error: OSError) -> UserFacingError:
        return UserFacingError(
            f"The file of bad rows {self.path} cannot be written: {error.strerror or error}.",
            "Nothing was imported.",
            "Give --bad a file in a folder that is yours.",
        )


def _write(file: TextIO, cells: Sequence[str]) -> None:
    csv.writer(file).writerow(map(guard, cells))
