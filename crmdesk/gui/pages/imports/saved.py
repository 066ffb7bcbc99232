"""A saved profile as the page shows it: what it reads, what its last run came to. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import SourceKind
from crmdesk.gui.pages.imports.holdings import HOLDINGS
from crmdesk.gui.pages.imports.server_entry import SERVERS
from crmdesk.gui.pages.imports.words import KINDS
from crmdesk.gui.widgets.text import joined
from crmdesk.gui.widgets.times import short
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.profile_targets import CUSTOMERS

if TYPE_CHECKING:
    from crmdesk.sync.runs import ProfileRun

LAST_USED: Final = "last-used"
"""The profile of the import before, kept under this name."""


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """One profile.

    Attributes:
        profile: None where its file cannot be used.
        trouble: Why it cannot, else "".
        run: The last one, None where there was none.
        is_taken_back: What the last run brought was taken back.
    """

    name: str
    profile: ImportProfile | None
    trouble: str = ""
    run: ProfileRun | None = None
    is_taken_back: bool = False

    @property
    def server(self) -> SourceKind | None:
        """The kind of server, None for a file."""
        kinds = {kind.value: kind for kind in SERVERS}
        return kinds.get(self.profile.kind) if self.profile is not None else None


def saved_profile(name: str) -> SavedProfile:
    """Reads one; its file may have been edited by hand."""
    try:
        return SavedProfile(name, profiles.load(name))
    except UserFacingError as error:
        return SavedProfile(name, None, error.what)


def names_for(holds: str) -> tuple[str, ...]:
    """The profiles for files that hold such rows; what cannot be read is for none."""
    read = ((name, saved_profile(name).profile) for name in profiles.names())
    return tuple(name for name, made in read if made is not None and made.holds == holds)


def saved_names() -> tuple[str, ...]:
    """The profiles that somebody saved."""
    return tuple(name for name in profiles.names() if name != LAST_USED)


def about_words(saved: SavedProfile) -> str:
    """What it reads: "CardDAV address book · cloud.example.com"."""
    if saved.profile is None:
        return saved.trouble
    options, kind = saved.profile.options, saved.profile.kind
    known = {each.value: words for each, words in KINDS.items()}
    where = options.get("url") or options.get("host") or ""
    what = options.get("book") or options.get("table") or options.get("base", "")
    if kind == SourceKind.SQL.value:
        where = joined((where, options.get("database", "")), " / ")
    holding = HOLDINGS.get(saved.profile.holds, HOLDINGS[CUSTOMERS])
    held = holding.title if saved.profile.holds != CUSTOMERS else ""
    return joined((held, known.get(kind, "Any file"), where.removeprefix("https://"), what))


def run_words(saved: SavedProfile, now: datetime) -> tuple[str, str]:
    """What the last run came to, and its tone."""
    run = saved.run
    if run is None:
        return "Not run yet", "muted"
    when = short(run.at, now)
    if run.error:
        return f"{when}: failed. {run.error}", "bad"
    counts = (
        (run.created, "new"), (run.updated, "changed"), (run.bad, "bad"),
        (run.removed, "gone there"),
    )  # fmt: skip
    parts = [f"{count:,} {word}" for count, word in counts if count]
    text = f"{when}: {', '.join(parts) or 'nothing new'}"
    if saved.is_taken_back:
        return f"{text}; taken back", "muted"
    return text, "warn" if run.bad else "good"


def command_line(saved: SavedProfile) -> str:
    """What a timer of the system runs every night."""
    name = quoted(saved.name)
    if saved.server is not None:
        return f"crmdesk sync {saved.server.value} --profile {name}"
    file = quoted(saved.run.file) if saved.run is not None and saved.run.file else "FILE"
    return f"crmdesk import {file} --profile {name}"


def quoted(text: str) -> str:
    """A word of a command line, as every shell takes it; a quote in a file's name stays ours."""
    is_plain = bool(text) and all(char.isalnum() or char in "-_./:\\~" for char in text)
    return text if is_plain else f'"{text}"'


def taken_back(run: ProfileRun | None, undone: Collection[uuid.UUID]) -> bool:
    """Whether what a run brought was taken back."""
    return run is not None and run.batch is not None and run.batch in undone
