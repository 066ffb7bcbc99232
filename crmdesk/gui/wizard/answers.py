"""What the wizard has learnt so far, and the settings that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crmdesk.gui.settings.line_entry import LineEntry, line_of
from crmdesk.settings.model import AgentSettings, LineSettings, Settings

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore

_NAMES = {"asterisk": "Phone system", "softphone": "Softphone", "simulator": "Simulated calls"}
_SIMULATED = "1001-1199"


@dataclass
class Answers:
    """Filled by the steps, in any order.

    Attributes:
        place: Where the store is or will be.
        opened: The store, once it is open.
        keyring: Name of the system's keyring, "" where there is none, None while unknown.
        contents: What is in the new store at first: "demo", "file" (an import follows) or "empty".
    """

    place: str | Path
    opened: OpenedStore | None = None
    name: str = ""
    extension: str = ""
    entry: LineEntry = field(default_factory=LineEntry)
    keyring: str | None = None
    contents: str = "demo"

    @property
    def makes_store(self) -> bool:
        """Whether the wizard makes the store, or made it."""
        return self.opened is None or self.opened.recovery_key is not None

    def line(self) -> LineSettings:
        """The phone line, named after its host where it has one."""
        entry = self.entry
        name = entry.host.strip() if entry.system == "asterisk" else ""
        if entry.system == "simulator":
            entry = replace(entry, internal=entry.internal or _SIMULATED)
        line = line_of(replace(entry, name=_NAMES[entry.system]))
        return msgspec.structs.replace(line, name=name or line.name)

    def settings(self, before: Settings) -> Settings:
        """The settings to save."""
        agent = AgentSettings(name=self.name.strip(), extension=self.extension.strip())
        return msgspec.structs.replace(before, agent=agent, lines=(self.line(),))
