"""Promises and things to do written into a note: "!promise 10 % until Fri".

"!promise", "!follow-up", "!call back" or "!appointment" makes one of the rest of its line; what
it says stands before the day. The day stands last, or behind "until", "till", "by" or "bis"; what
could as well be another word or an amount is a day only behind such a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from crmdesk.desk.follow_ups.when import When, read_when
from crmdesk.domain.follow_ups import FollowUpKind

LONGEST_TITLE = 200
MOST_READ = 20_000
"""Characters of a note. It is read anew at every key."""
MOST_LINES = 50
_HEAD, _TAIL = 150, 50
"""Characters of a longer line: what is promised stands first, its day last."""

_LINE = re.compile(
    r"(?<!\S)![ \t]?(?P<word>promise|follow[- ]?up|call[- ]?back|appointment)d?\b[ \t:]*"
    r"(?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_KINDS = {
    "promise": FollowUpKind.PROMISE,
    "followup": FollowUpKind.FOLLOW_UP,
    "callback": FollowUpKind.CALL_BACK,
    "appointment": FollowUpKind.APPOINTMENT,
}
_BEFORE_DAY = {"until", "till", "by", "on", "before", "due", "at", "bis", "am", "um"}
_DAY_FOLLOWS = {"until", "till", "by", "before", "bis"}
_BELONGS = {"of", "for", "from", "since", "vom", "von", "für", "seit"}
"""Before a day that something is of: "copy of the letter of 3 May"."""
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_DEFAULT_TITLES = {
    FollowUpKind.CALL_BACK: "Call back",
    FollowUpKind.APPOINTMENT: "Appointment",
    FollowUpKind.FOLLOW_UP: "Follow up",
}
_MOST_DAY_WORDS = 5
_MOST_MARKS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a note that shall become a follow-up.

    Attributes:
        title: What is to be done; "" where nothing was said.
        when: By when, None where no day was understood.
        start, end: Where the line stands in the note.
    """

    kind: FollowUpKind
    title: str
    when: When | None
    start: int
    end: int

    def trouble(self, now: datetime) -> str:
        """Why it cannot be kept as it is, in words; "" where all is well."""
        if not self.title:
            return "Say what is promised, e.g. !promise 10 % until Fri."
        if self.when is None:
            return "No day was understood. Write e.g. until Fri, by 24 Dec or in 3 days."
        return "" if self.when.at > now else "This day is over."


def written_in(note: str, now: datetime, zone: tzinfo) -> tuple[Written, ...]:
    """Such lines of a note, in order. Reads any text; nothing in it is an error.

    Of a long note the first `MOST_LINES` in its first `MOST_READ` characters.

    Args:
        note: Free text.
        now: What "tomorrow" is measured against, aware.
        zone: Of the desk.
    """
    lines = islice(_LINE.finditer(_beginning(note)), MOST_LINES)
    return tuple(_written(match, now, zone) for match in lines)


def _beginning(note: str) -> str:
    """What is read of it: whole lines, where it has several."""
    if len(note) <= MOST_READ:
        return note
    read = note[:MOST_READ]
    return read.rpartition("\n")[0] or read


def _words(line: str) -> list[str]:
    """Words of a line; of a long one those at its two ends that are whole."""
    if len(line) <= _HEAD + _TAIL:
        return line.split()
    return [*line[:_HEAD].split()[:-1], "…", *line[-_TAIL:].split()[1:]]


def _written(match: re.Match[str], now: datetime, zone: tzinfo) -> Written:
    kind = _KINDS[re.sub(r"[- ]", "", match["word"].casefold())]
    words = _words(match["rest"])
    title, when = next(_readings(words, now, zone), (" ".join(words), None))
    title = title.strip(" ,;:.-") or (_DEFAULT_TITLES.get(kind, "") if when else "")
    return Written(kind, title[:LONGEST_TITLE].strip(), when, match.start(), match.end())


def _readings(words: list[str], now: datetime, zone: tzinfo) -> Iterator[tuple[str, When]]:
    """Ways to take some words for the day, the best first."""
    yield from _at_end(words, now, zone)
    marks = (place for place, word in enumerate(words) if word.casefold() in _DAY_FOLLOWS)
    for place in islice(marks, _MOST_MARKS):
        for count in range(_MOST_DAY_WORDS, 0, -1):
            day = words[place + 1 : place + 1 + count]
            rest = words[place + 1 + len(day) :]
            when = None if _goes_on(day, rest) else read_when(_plain(day), now, zone)
            if when is not None:
                yield " ".join(words[:place] + rest), when


def _goes_on(day: list[str], rest: list[str]) -> bool:
    """Whether a number that would end the day belongs to what follows: "until Fri 10 %"."""
    if not rest:
        return False
    return _CLOCK.fullmatch(rest[0]) is not None or (len(day) > 1 and day[-1].isdecimal())


def _at_end(words: list[str], now: datetime, zone: tzinfo) -> Iterator[tuple[str, When]]:
    """The last words, as many as possible: "Fri 15:00" before "15:00"."""
    for count in range(min(_MOST_DAY_WORDS, len(words)), 0, -1):
        head = words[:-count]
        is_marked = bool(head) and head[-1].casefold() in _BEFORE_DAY
        if head and head[-1].casefold() in _BELONGS:
            continue
        when = read_when(_plain(words[-count:]), now, zone, is_marked=is_marked)
        if when is not None:
            while head and head[-1].casefold() in _BEFORE_DAY:
                head.pop()
            yield " ".join(head), when


def _plain(words: list[str]) -> str:
    """Without what ends a sentence; "12.3." keeps its dot."""
    text = " ".join(words).strip(",;!")
    return text if text[-2:-1].isdecimal() else text.rstrip(".")
