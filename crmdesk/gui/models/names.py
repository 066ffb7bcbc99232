"""Names that settings and plan give to lines, extensions, dialled numbers and choices."""

from __future__ import annotations

from crmdesk.bootstrap.lines import softphone_line
from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.matching.display import format_number
from crmdesk.settings.model import LineSettings, Settings


class Names:
    """How this desk calls what a phone system only numbers and rows only hold a key of.

    Args:
        settings: Lines and people.
        lists: The choices in force.
    """

    def __init__(self, settings: Settings, lists: Picklists | None = None) -> None:
        self.lists = lists or Picklists()
        built_in = softphone_line(settings)
        self._lines = {line.id: line for line in (built_in, *settings.lines)}
        first = settings.lines[0] if settings.lines else None
        self.region = first.region if first else ""

    def line(self, line_id: str) -> LineSettings | None:
        """The line, None where it was removed since."""
        return self._lines.get(line_id)

    def person(self, line_id: str, extension: str) -> str:
        """Who sits at an extension, else the extension."""
        line = self._lines.get(line_id)
        return line.names.get(extension, extension) if line else extension

    def anybody(self, who: str) -> str:
        """The person at an extension of any line; what is no extension comes back."""
        return next((line.names[who] for line in self._lines.values() if who in line.names), who)

    def person_and_extension(self, line_id: str, extension: str) -> str:
        """Name and extension, e.g. "Carla (1003)", or the extension alone."""
        person = self.person(line_id, extension)
        return extension if person == extension else f"{person} ({extension})"

    def choice(self, key: PicklistKey, value: str) -> str:
        """What people read for a value of a picklist, "" for none."""
        return self.lists.title(key, value)

    def language(self, tag: str) -> str:
        """The name of a language, also of "de-AT"; the tag itself where it is in no list."""
        return language_name(tag, self.lists)

    def number(self, raw: str, line_id: str = "") -> str:
        """A number as the screen shows it."""
        line = self._lines.get(line_id)
        return format_number(raw, line.region if line else self.region)

    def called(self, call: Call) -> str:
        """What was called: the queue, the number's name, the number, else the line."""
        line = self._lines.get(call.line_id)
        if call.queue:
            return call.queue
        if call.dialled and call.direction is Direction.INBOUND:
            named = line.called_names.get(call.dialled) if line else None
            return named or self.number(call.dialled, call.line_id)
        return line.name if line else call.line_id


def language_name(tag: str, lists: Picklists) -> str:
    """The name of a language by its BCP 47 tag, else by the first part of it, else the tag."""
    for known in (tag, tag.split("-")[0].lower()):
        title = lists.title(PicklistKey.LANGUAGE, known)
        if title != known:
            return title
    return tag
