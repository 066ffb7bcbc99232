"""Many numbers at once: a list of any length and any content, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from crmdesk.desk.matching.quick_find import QuickFinder
from crmdesk.domain.matches import Match, Occasion
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.numbers import normalise
from crmdesk.sync.formula_guard import guard

if TYPE_CHECKING:
    from crmdesk.desk.caller import LookUp
    from crmdesk.matching.lookup import OwnerLookup

LONGEST_LINE = 2_048
"""Bytes of a line that are looked at: far more than a number, or an address with one, needs."""

REMEMBERED = 1_024
"""Answers with several candidates that are kept: a number that a crowd shares costs milliseconds
each time, and a list may hold nothing else."""

_PLAIN = re.compile(r"\+[0-9]+", re.ASCII)
_CHUNK = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BulkMatcher:
    """Looks up one number after the other, as calls from outside to one line today.

    Args:
        lookup: The customers; an index in memory for more than a few numbers.
        look_up: The rules of the line, and the ladder.
        line_id: The line.
        day: Of the calls.

    Attributes:
        states: How many numbers came to each state.
    """

    def __init__(self, lookup: OwnerLookup, look_up: LookUp, line_id: str, day: date) -> None:
        self._finder = QuickFinder(lookup)
        self._look_up = look_up
        self._occasion = Occasion(
            day=day, line_id=line_id, agent=look_up.agent, own_numbers=look_up.own_numbers
        )
        self.states: Counter[str] = Counter()
        self._remembered: OrderedDict[str, Match] = OrderedDict()

    def match(self, text: str) -> Match:
        """Who has a number; whatever the text is, there is an answer."""
        match = self._remembered.get(text)
        if match is None:
            match = self._found(text)
        else:
            self._remembered.move_to_end(text)
        self.states[match.state] += 1
        return match

    def _found(self, text: str) -> Match:
        number = normalise(text, self._look_up.numbers)
        match = self._finder.find(number, self._occasion, None, self._look_up.matching)
        if len(match.candidates) > 1:
            self._remembered[text] = match
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return match


def read_lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of a file, each cut to `LONGEST_LINE`; what is no UTF-8 becomes U+FFFD."""
    first = True
    while line := stream.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            _skip_line(stream, len(line))
        if first and line.startswith(_BYTE_ORDER_MARK):
            line = line[len(_BYTE_ORDER_MARK) :]
        first = False
        yield line.rstrip(b"\r\n").decode("utf-8", "replace")


def _skip_line(stream: BinaryIO, read: int) -> None:
    """Reads on to the end of a line that is too long to be a number."""
    while read >= LONGEST_LINE:
        rest = stream.readline(_CHUNK)
        if not rest or rest.endswith(b"\n"):
            return


def count_lines(stream: BinaryIO) -> int:
    """How many lines a file has; afterwards it is at its start again."""
    count, last = 0, b"\n"
    while chunk := stream.read(_CHUNK):
        count += chunk.count(b"\n")
        last = chunk[-1:]
    stream.seek(0)
    return count + (last != b"\n")


def in_columns(texts: Iterable[str]) -> str:
    """A line of tab-separated values; nothing in a value begins another one, or a formula."""
    return "\t".join(_in_column(sanitise_external(text)) for text in texts)


def _in_column(text: str) -> str:
    """A plain number stays as it came: programs look it up, and as a sum it is harmless."""
    return text if _PLAIN.fullmatch(text) else guard(text)
