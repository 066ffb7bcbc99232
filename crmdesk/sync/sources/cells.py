"""What spreadsheet programs do to a cell on its way into a text file.

They write `="030 123"` or `'030 123` to keep a text a text, and `4.93E+11` where they took a phone
number for a quantity: then its last digits are gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmdesk.domain.importing import SourceColumn
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.formula_guard import unguard

_KEPT_AS_FORMULA = re.compile(r'="(.*)"\s*', re.DOTALL)
_APOSTROPHE = re.compile(r"'(?=[=+\-@\d(])")
_SCIENTIFIC = re.compile(r"\s*([+-]?\d)(?:[.,](\d*))?[eE]\+?(\d{1,2})\s*")
_FEWEST_DIGITS = 6
"""Of an exponent that can have been a phone or customer number."""

_DIGIT_TARGETS = frozenset({"account_id", "external_id"})


def unguarded(text: str) -> str:
    """A cell without what keeps a spreadsheet from calculating with it."""
    if text.startswith('="') and (match := _KEPT_AS_FORMULA.fullmatch(text)):
        return match[1].replace('""', '"')
    if not text.startswith("'"):
        return text
    ours = unguard(text)
    return text[1:] if ours == text and _APOSTROPHE.match(text) else ours


def restored_number(text: str) -> str | None:
    """A number in scientific notation with all its digits, None where some are lost.

    A text that is not in that notation is returned as it is.
    """
    match = _SCIENTIFIC.fullmatch(text)
    if not match or int(match[3]) < _FEWEST_DIGITS:
        return text
    lead, fraction, exponent = match[1], match[2] or "", int(match[3])
    if len(fraction) < exponent:
        return None
    rest = fraction[exponent:].strip("0")
    return text if rest else lead + fraction[:exponent]


def spoiled(column: str, text: str) -> str:
    """The words for a number that lost digits."""
    return (
        f'"{text.strip()}" in "{column}" is a number that a spreadsheet has shortened: its last '
        "digits are lost. Format the column as text there and export it again."
    )


def digit_columns(columns: Sequence[SourceColumn]) -> tuple[int, ...]:
    """The columns whose digits must be whole: phone and customer numbers."""
    targets = guess(columns)
    return tuple(
        index
        for index, column in enumerate(columns)
        if targets[column.name].startswith("number") or targets[column.name] in _DIGIT_TARGETS
    )
