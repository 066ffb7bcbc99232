"""Delimiter and quotation mark of a text table, from its first lines.

The standard library's Sniffer looks at letters; here the lines decide: with the right delimiter
most have the same number of values, and one of them has names of columns.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmdesk.sync.sources.headers import SEARCHED_ROWS, known_names
from crmdesk.sync.sources.limits import SourceError

NO_DELIMITER = "\x1f"
"""Between values where there is one column only; nobody writes it."""

NAMED = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
    "none": NO_DELIMITER,
}
"""Words for delimiters, as options take them."""

_USUAL = (",", ";", "\t", "|")
_RARE = ("^", "~", "¦", "§", "#", "\x1f", "\x1e", "!", ":")
_SEP_LINE = re.compile(r'"?sep=(.)"?[;,\s]*', re.IGNORECASE)
_LOOKED_AT = 200
_RARE_SHARE = 0.9
_USUAL_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How values are told apart.

    Attributes:
        delimiter: One character.
        quote: One character.
        width: Values that most lines have.
        told_by_line: Whether a first line "sep=;" said so; it is no row.
    """

    delimiter: str
    quote: str = '"'
    width: int = 1
    told_by_line: bool = False


def shown(delimiter: str) -> str:
    """A delimiter as people read it."""
    words = {value: word for word, value in NAMED.items()}
    return words[delimiter] if delimiter in ("\t", " ", NO_DELIMITER) else delimiter


def from_option(text: str) -> str:
    """The delimiter a person chose.

    Raises:
        SourceError: It is none.
    """
    delimiter = NAMED.get(text.strip().lower(), text)
    if len(delimiter) != 1 or delimiter in '\r\n"\0' or delimiter.isalnum():
        raise SourceError(
            f'"{text[:20]}" is no delimiter.',
            "The file was not read.",
            "Use one character such as ; or , or a word: tab, comma, semicolon, pipe.",
        )
    return delimiter


def detect(lines: Sequence[str], options: Mapping[str, str]) -> CsvDialect:
    """Finds delimiter and quotation mark; what is set in `options` stays."""
    lines = [line.rstrip("\r\n") for line in lines]
    told = _SEP_LINE.fullmatch(lines[0]) if lines else None
    body = [line for line in lines[1 if told else 0 :] if line.strip()][:_LOOKED_AT]
    quote = options.get("quote") or _quote(body)
    if options.get("delimiter"):
        delimiter = from_option(options["delimiter"])
    elif told:
        delimiter = told[1]
    else:
        delimiter = _delimiter(body, quote)
    return CsvDialect(delimiter, quote, _width(_split(body, delimiter, quote)), bool(told))


def _quote(lines: Sequence[str]) -> str:
    """The apostrophe only where it stands around values and the quotation mark never does."""
    if any('"' in line for line in lines):
        return '"'
    around = sum(bool(re.match(r"'[^']*'\s*[;,\t|]\s*'", line)) for line in lines)
    return "'" if lines and around >= 0.5 * len(lines) else '"'


def _delimiter(lines: Sequence[str], quote: str) -> str:
    scores = {mark: _score(lines, mark, quote, _USUAL_SHARE) for mark in _USUAL}
    best = max(scores, key=lambda mark: scores[mark])
    if not scores[best]:
        scores = {mark: _score(lines, mark, quote, _RARE_SHARE) for mark in _RARE}
        best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] else NO_DELIMITER


def _score(lines: Sequence[str], delimiter: str, quote: str, least: float) -> float:
    """How well a delimiter explains the lines; 0 where it does not."""
    rows = _split(lines, delimiter, quote)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    known = max((known_names(row) for row in rows[:SEARCHED_ROWS] if len(row) > 1), default=0)
    if not widths or (delimiter in _RARE and known < 2):
        return 0
    width, count = widths.most_common(1)[0]
    share = count / len(rows)
    if share < least and known < 2:
        return 0
    return share * math.log2(width + 1) + 0.5 * min(known, 12)


def _width(rows: Sequence[Sequence[str]]) -> int:
    """Values that most lines have; the widest of equals."""
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 1
    most = max(widths.values())
    return max(width for width, count in widths.items() if count == most)


def _split(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    """Each line by itself: an open quote must not swallow the sample."""
    return [_split_line(line, delimiter, quote) for line in lines]


def _split_line(line: str, delimiter: str, quote: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote), [])
    except csv.Error:
        return []
