"""One record of a file as the values of its table, or why it cannot be used. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.domain.money import read_money
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.surveys import SCORES, SurveyScale
from crmdesk.domain.text import multi_line, sanitise_external
from crmdesk.store.fold import fold
from crmdesk.sync.cells.dates import DMY, decide_order, parse_date
from crmdesk.sync.cells.words import is_empty
from crmdesk.sync.records.kinds import (
    OWNERS,
    SHAPES,
    Cell,
    CellKind,
    RecordKind,
    cells_of,
    own_cells,
)

_LONGEST = 10_000
_TIME = re.compile(r"[T ,](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?", re.IGNORECASE)
_WORDS = re.compile(r"[^\w#]+|_+")


class BadCellError(ValueError):
    """A cell that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record that can be used.

    Attributes:
        values: By column of the table; only what the file says.
        owner: Key of an owner's cell to what stands in it, in the order they are tried.
        extra: What is no column of the table, e.g. the number of a payment's invoice.
        notes: Words of a choice that nobody knows and that were left out.
    """

    place: int
    title: str
    external_id: str
    values: Mapping[str, object]
    owner: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadDraft:
    """A record that cannot be used, and why."""

    place: int
    reason: str


def guess_cells(kind: RecordKind, columns: Iterable[SourceColumn]) -> dict[str, str]:
    """The cell each column becomes, by its name; "" for those nobody knows.

    A name that several cells have goes to the record's own first.
    """
    taken: set[str] = set()
    guessed: dict[str, str] = {}
    cells = cells_of(kind)
    for column in columns:
        name = _plain_name(column.name)
        found = next(
            (
                cell.key
                for cell in cells.values()
                if cell.key not in taken and (name in cell.names or name == _plain_name(cell.title))
            ),
            "",
        )
        guessed[column.name] = found
        taken.add(found)
    return guessed


class RecordReader:
    """Reads the records of one file.

    Args:
        kind: What they are.
        columns: Of the file, in order.
        cells: Column to cell, "" left out.
        picklists: Whose titles choices may be written as.
        zone: Where days and times without one are.
        region: Of the desk, for "3/4/2024".
    """

    def __init__(
        self,
        kind: RecordKind,
        columns: Sequence[SourceColumn],
        cells: Mapping[str, str],
        picklists: Picklists,
        zone: tzinfo,
        region: str = "",
    ) -> None:
        self._kind = kind
        self._shape = SHAPES[kind]
        known = cells_of(kind)
        places = {cells.get(one.name, ""): number for number, one in enumerate(columns)}
        self._places = {key: places[key] for key in known if key in places}
        self._cells = known
        self._picklists = picklists
        self._zone = zone
        dates = {CellKind.DAY, CellKind.MOMENT}
        self._orders = {
            key: decide_order(columns[place].samples, region)
            for key, place in self._places.items()
            if known[key].kind in dates
        }

    def read(self, record: SourceRecord) -> RecordDraft | BadDraft:
        """The draft of a record, or why there is none."""
        if record.error:
            return BadDraft(record.place, record.error)
        notes: list[str] = []
        try:
            values = self._values(record, notes)
        except BadCellError as error:
            return BadDraft(record.place, str(error))
        owner = {key: text for key in OWNERS if (text := self._text(record, key))}
        if not owner:
            return BadDraft(record.place, "It does not say whose it is.")
        external_id = self._external_id(record, values)
        extra = {"invoice_number": str(values.pop("invoice_number", ""))}
        title = str(values.get(self._shape.name) or external_id or "")
        return RecordDraft(record.place, title, external_id, values, owner, extra, tuple(notes))

    def _external_id(self, record: SourceRecord, values: Mapping[str, object]) -> str:
        """The key a record is known by again: its id, else its number, else what it says."""
        given = self._text(record, "external_id") or sanitise_external(record.key)
        if given:
            return given
        number = values.get("number") or values.get("reference")
        if number:
            return f"number {number}"
        said = "\x1f".join(self._raw(record, key) for key in sorted(self._places))
        return f"content {hashlib.sha256(said.encode()).hexdigest()[:32]}"

    def _values(self, record: SourceRecord, notes: list[str]) -> dict[str, object]:
        values: dict[str, object] = {}
        for cell in own_cells(self._kind):
            text = self._raw(record, cell.key)
            if text:
                self._read_cell(cell, text, values, notes)
            elif cell.is_required:
                raise BadCellError(f"{cell.title} is missing.")
        return self._completed(values)

    def _read_cell(
        self, cell: Cell, text: str, values: dict[str, object], notes: list[str]
    ) -> None:
        if cell.kind is CellKind.MONEY:
            money = read_money(text)
            if money is None:
                raise BadCellError(f"{cell.title}: {_quoted(text)} is no amount.")
            values[cell.key], currency = money
            if currency:
                values.setdefault("currency", currency)
        elif cell.kind is CellKind.CHOICE:
            choice = self._choice(cell, text)
            if choice:
                values[cell.key] = choice
            else:
                notes.append(f"{cell.title}: {_quoted(text)} means nothing here.")
        else:
            values[cell.key] = self._plain(cell, text)

    def _plain(self, cell: Cell, text: str) -> object:
        if cell.kind is CellKind.COUNT:
            figures = text.rstrip(" %").removesuffix(".0").removesuffix(",0")
            if not (figures.isascii() and figures.isdecimal()) or int(figures) > 100:
                raise BadCellError(f"{cell.title}: {_quoted(text)} is no figure.")
            return int(figures)
        if cell.kind in {CellKind.DAY, CellKind.MOMENT}:
            day = parse_date(text, self._orders.get(cell.key, DMY))
            if day is None:
                raise BadCellError(f"{cell.title}: {_quoted(text)} is no day.")
            return day if cell.kind is CellKind.DAY else self._moment(text, day)
        if cell.kind is CellKind.LONG:
            return mask_card_numbers(multi_line(text, _LONGEST))[0]
        return mask_card_numbers(sanitise_external(text))[0]

    def _moment(self, text: str, day: date) -> datetime:
        """The moment in a text whose day is known; without a time, midday at the desk."""
        try:
            whole = datetime.fromisoformat(text.strip())
            if whole.tzinfo is not None:
                return whole.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        return datetime.combine(day, _time(text), self._zone).astimezone(UTC)

    def _choice(self, cell: Cell, text: str) -> str:
        """The key of a choice by its key, title or another word; "" where it is none."""
        word = _plain_name(text)
        if cell.picklist is not None:
            for one in self._picklists.lists[cell.picklist]:
                if word in {_plain_name(one.key), _plain_name(one.title)}:
                    return one.key
        if word in cell.words:
            return cell.words[word]
        is_open = cell.picklist in {PicklistKey.SOURCE, PicklistKey.PAYMENT_METHOD}
        return sanitise_external(text) if is_open else ""

    def _completed(self, values: dict[str, object]) -> dict[str, object]:
        """What follows from what the file says."""
        if self._kind is RecordKind.LEADS and "stage" in values:
            stage = self._picklists.choice(PicklistKey.LEAD_STAGE, str(values["stage"]))
            values["state"] = stage.meaning or "open"
        if self._kind is RecordKind.SURVEYS:
            _refuse_score(values)
        if self._kind is RecordKind.INVOICES:
            _settle(values)
        if self._kind is RecordKind.FOLLOW_UPS:
            values["remind_at"] = values["due_at"]
        if self._kind is RecordKind.TICKETS and "solved_at" in values:
            values.setdefault("status", "solved")
        return values

    def _text(self, record: SourceRecord, key: str) -> str:
        return sanitise_external(self._raw(record, key))

    def _raw(self, record: SourceRecord, key: str) -> str:
        place = self._places.get(key)
        if place is None or place >= len(record.values):
            return ""
        text = record.values[place].strip()
        return "" if len(text) < _LONGEST and is_empty(text) else text


def _plain_name(text: str) -> str:
    """A name or word as it is compared."""
    return " ".join(_WORDS.sub(" ", fold(text)).split())


def _time(text: str) -> time:
    found = _TIME.search(text)
    if found is None:
        return time(12)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if (found[4] or "").lower() == "pm" and hour < 12:
        hour += 12
    elif (found[4] or "").lower() == "am" and hour == 12:
        hour = 0
    is_time = hour < 24 and minute < 60 and second < 60
    return time(hour, minute, second) if is_time else time(12)


def _refuse_score(values: Mapping[str, object]) -> None:
    scale = SurveyScale(str(values.get("scale", "csat")))
    score = values.get("score")
    if not isinstance(score, int) or score not in SCORES[scale]:
        scores = SCORES[scale]
        raise BadCellError(f"Score: {score} is not from {scores.start} to {scores.stop - 1}.")


def _settle(values: dict[str, object]) -> None:
    """An invoice that says when or that it was paid, was paid whole."""
    if "paid_at" in values:
        values.setdefault("status", "paid")
    if values.get("status") == "paid":
        values["paid_cents"] = values["amount_cents"]
        if "paid_at" not in values and "at" in values:
            values["paid_at"] = values["at"]


def _quoted(text: str) -> str:
    return f"“{sanitise_external(text, 40)}”"
