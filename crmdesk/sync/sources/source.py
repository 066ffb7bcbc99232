"""What every file of customers looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from crmdesk.domain.importing import SourceFacts, SourceRecord
from crmdesk.sync.sources.limits import SourceError

Options = Mapping[str, str]
"""What a person set instead of what was detected: the same names as `SourceFacts.details`."""

Watch = Callable[[int, int, str], None]
"""Hears how far a first reading is: bytes read, of how many, what is done; raises to end it."""

LOOKING = "looking through the file"
"""What a first reading does."""


def unwatched(_done: int, _of: int, _what: str) -> None:
    """Nobody looks."""


class Source(ABC):
    """A file whose records can be read, as often as wanted, one at a time.

    Attributes:
        path: The file.
        facts: What was found out when it was opened.
        size: How much there is to read, in bytes; of the sheet for a workbook.
        position: How much of it the running `records()` has read, in bytes.
    """

    facts: SourceFacts

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027  most have nothing open between two readings
        """Lets go of the file; a source that keeps it open overrides this."""

    def records(self) -> Iterator[SourceRecord]:
        """All records from the first on; bad ones carry the reason.

        Raises:
            SourceError: The file vanished, changed or broke off so that nothing can follow.
        """
        self.position = 0
        try:
            yield from self._records()
        except OSError as error:
            raise unreadable(self.path, error) from error
        self.position = self.size

    @abstractmethod
    def _records(self) -> Iterator[SourceRecord]:
        """As `records`."""


def unreadable(path: Path, error: OSError) -> SourceError:
    """A file that the system does not give."""
    return SourceError(
        f"{path.name} cannot be read: {error.strerror or error}.",
        "Nothing was imported.",
        "Check that the file is still there and that you may open it.",
    )


def chosen(options: Options, name: str, allowed: Mapping[str, str] | tuple[str, ...]) -> str:
    """An option out of a list; "" where it is not set.

    Raises:
        SourceError: Something else is set.
    """
    value = options.get(name, "").strip()
    if value and value not in allowed:
        raise SourceError(
            f'"{value[:40]}" is no {name.replace("_", " ")} of such a file.',
            "Nothing was read.",
            f"Use one of: {', '.join(allowed)}.",
        )
    return value
