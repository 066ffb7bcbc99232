"""Where customers come from: a file, or a server under the name of its profile. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crmdesk.domain.importing import SourceKind


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """A file.

    Attributes:
        options: What somebody set instead of what was found out.
        profile: That is to be shown for it, "" for the guess.
        holds: What somebody said its rows are, "" where nobody did.
    """

    file: Path
    options: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""
    holds: str = ""

    @property
    def name(self) -> str:
        """What it is called in a line."""
        return self.file.name

    @property
    def bad_rows(self) -> Path:
        """Where the rows that cannot be used are offered to go."""
        return self.file.with_name(f"{self.file.stem}-bad-rows.csv")


@dataclass(frozen=True, slots=True)
class ServerOrigin:
    """A server.

    Attributes:
        kind: CARDDAV, LDAP or SQL.
        name: Of the profile.
        options: As the profile has them.
        password: Typed just now, "" where the one that is kept is meant.
    """

    kind: SourceKind
    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    password: str = field(default="", repr=False)

    @property
    def bad_rows(self) -> Path:
        """Where the rows that cannot be used are offered to go."""
        return Path.home() / f"{self.name}-bad-rows.csv"


Origin = FileOrigin | ServerOrigin
