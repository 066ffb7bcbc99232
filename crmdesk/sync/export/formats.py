"""The kinds of files, and what can be chosen of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crmdesk.domain.errors import UserFacingError

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""Words for delimiters, as options take them."""

VCARD_VERSIONS = ("3.0", "4.0")


class ExportFormat(StrEnum):
    """What kind of file; the value is also its ending, but for vCard's."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"
    JSON_LINES = "jsonl"

    @property
    def ending(self) -> str:
        """Ending of file names, without the dot."""
        return "vcf" if self is ExportFormat.VCARD else self.value


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What can be chosen.

    Attributes:
        delimiter: Between the values of a CSV file, one character.
        has_mark: Whether a CSV file begins with a byte order mark: Excel takes UTF-8 for an
            older encoding without it.
        vcard_version: One of `VCARD_VERSIONS`.
    """

    delimiter: str = ","
    has_mark: bool = False
    vcard_version: str = "3.0"


class ExportError(UserFacingError):
    """An export that could not be made."""


def delimiter_of(text: str) -> str:
    """The delimiter a person chose, by word or as it is.

    Raises:
        ExportError: It is none.
    """
    delimiter = DELIMITERS.get(text.strip().lower(), text)
    if len(delimiter) != 1 or delimiter in "\r\n\"' \0+-=@." or delimiter.isalnum():
        raise ExportError(
            f'"{text[:20]}" is no delimiter.',
            "Nothing was written.",
            f"Use one character such as ; or a word: {', '.join(DELIMITERS)}.",
        )
    return delimiter
