"""Two programs change the settings at the same time: neither loses what the other wrote."""

from __future__ import annotations

import msgspec

from crmdesk.settings.model import LineSettings, Settings

_SECTIONS = ("agent", "store", "look", "pop")


def combine(ours: Settings, since: Settings, theirs: Settings) -> Settings:
    """Our change of `since`, made to `theirs` instead.

    Where both changed the same section or line, ours holds. A line that one side changed and
    the other took out stays: a line too many is seen, one too few is a missed call.
    """
    sections = {
        name: getattr(theirs if getattr(ours, name) == getattr(since, name) else ours, name)
        for name in _SECTIONS
    }
    return msgspec.structs.replace(ours, **sections, lines=_lines(ours, since, theirs))


def _lines(ours: Settings, since: Settings, theirs: Settings) -> tuple[LineSettings, ...]:
    ids = dict.fromkeys(line.id for line in (*ours.lines, *theirs.lines))
    chosen = (_line(ours.line(key), since.line(key), theirs.line(key)) for key in ids)
    return tuple(line for line in chosen if line is not None)


def _line(
    ours: LineSettings | None, since: LineSettings | None, theirs: LineSettings | None
) -> LineSettings | None:
    if ours == since:
        return theirs
    if theirs == since:
        return ours
    return ours or theirs
