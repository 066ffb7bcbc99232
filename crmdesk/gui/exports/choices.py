"""What is exported, as what, and the words of the command line for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crmdesk.sync.export.formats import ExportFormat
from crmdesk.sync.records.kinds import SHAPES, RecordKind

TITLES = {
    ExportFormat.XLSX: "Excel workbook",
    ExportFormat.CSV: "CSV table",
    ExportFormat.VCARD: "Address book (vCard)",
    ExportFormat.JSON_LINES: "JSON lines",
}
"""In the order of the dialog."""

_KINDS = frozenset(map(str, RecordKind))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list shows.

    Attributes:
        what: "customers", "calls", or a `RecordKind`, as `crmdesk export` names them.
        title: In words behind "Export", e.g. "customers that match “hansen”".
        arguments: The filter as options of the command line.
        others: What else can be exported of the same customers.
    """

    what: str
    title: str
    arguments: tuple[str, ...] = ()
    others: tuple[Scope, ...] = ()

    @property
    def several(self) -> str:
        """What they are, in the middle of a sentence."""
        return SHAPES[RecordKind(self.what)].several if self.what in _KINDS else self.what

    @property
    def one(self) -> str:
        """One of them."""
        if self.what in _KINDS:
            return SHAPES[RecordKind(self.what)].one
        return self.what.removesuffix("s")

    def formats(self) -> tuple[ExportFormat, ...]:
        """The forms it can have: calls are no address book."""
        return tuple(
            one for one in TITLES if self.what == "customers" or one is not ExportFormat.VCARD
        )

    def file_name(self, today: date, kind: ExportFormat) -> str:
        """What the file is called unless somebody says otherwise."""
        return f"{self.what}-{today.isoformat()}.{kind.ending}"


@dataclass(frozen=True, slots=True)
class FileChoice:
    """The file that somebody chose."""

    format: ExportFormat
    place: Path
    delimiter: str = "comma"
    has_mark: bool = True
    vcard_version: str = "3.0"


def command_of(scope: Scope, chosen: FileChoice, *, replace: bool) -> tuple[str, ...]:
    """The words of the command line; texts are joined to their option, they may begin with -."""
    words = [
        "export", scope.what, f"--format={chosen.format}", f"--out={chosen.place}",
        *scope.arguments,
    ]  # fmt: skip
    if chosen.format is ExportFormat.CSV:
        words.append(f"--delimiter={chosen.delimiter}")
        words += ["--bom"] if chosen.has_mark else []
    if chosen.format is ExportFormat.VCARD:
        words.append(f"--vcard-version={chosen.vcard_version}")
    return (*words, "--force") if replace else tuple(words)


def with_ending(path: str, kind: ExportFormat) -> str:
    """The path with the ending of a form; an ending nobody here gave stays."""
    known = {f".{one.ending}" for one in ExportFormat}
    place = Path(path)
    return str(place.with_suffix(f".{kind.ending}")) if place.suffix.lower() in known else path


def wrong_place(path: str) -> str:
    """What is not right with a path, "" where all is."""
    if not path:
        return "Say where the file goes."
    place = Path(path).expanduser()
    if not place.is_absolute():
        return "Write the whole path, or choose the place with the button."
    if place.is_dir():
        return "This is a folder: give the file a name in it."
    if not place.parent.is_dir():
        return f"There is no folder {place.parent}."
    return ""


def done_words(scope: Scope, rows: int, place: str) -> str:
    """E.g. "1,240 customers are in customers-2026-06-15.xlsx."."""
    what = scope.several if rows != 1 else scope.one
    return f"{rows:,} {what} {'is' if rows == 1 else 'are'} in {Path(place).name}."


def records_of(customers: str, arguments: tuple[str, ...]) -> tuple[Scope, ...]:
    """What happened with some customers, as scopes of their own.

    Args:
        customers: Who, in words: "all customers".
        arguments: The same as options of the command line.
    """
    return tuple(
        Scope(
            kind.value,
            f"{shape.several} of {customers}",
            ("--all", *arguments) if kind is RecordKind.TICKETS else arguments,
        )
        for kind, shape in SHAPES.items()
    )
