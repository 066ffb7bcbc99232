"""One record of a file as the values of its table, or why it cannot be used. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.repeats import read_repeat
from crmdesk.domain.sales import OrderLine
from crmdesk.domain.surveys import SCORES, SurveyScale
from crmdesk.domain.text import sanitise_external
from crmdesk.sync.cells.dates import DMY, decide_order
from crmdesk.sync.cells.words import is_empty
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.records.kinds import (
    NO_COLUMNS,
    OWNERS,
    SHAPES,
    Cell,
    CellKind,
    RecordKind,
    cells_of,
    own_cells,
)
from crmdesk.sync.records.lines import LineReader
from crmdesk.sync.records.values import LONGEST, BadCellError, CellReader, CellValues, quoted


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record that can be used.

    Attributes:
        values: By column of the table; only what the file says.
        owner: Key of an owner's cell to what stands in it, in the order they are tried.
        extra: What names another record, e.g. the number of a payment's invoice.
        lines: Of an order, None where the file says nothing of them.
        missing: Why no new record can be made of it, "" where one can.
        notes: Words that mean nothing here and were left out.
    """

    place: int
    title: str
    external_id: str
    values: Mapping[str, object]
    owner: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[OrderLine, ...] | None = None
    missing: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadDraft:
    """A record that cannot be used, and why."""

    place: int
    reason: str


class RecordReader:
    """Reads the records of one file.

    Args:
        profile: What they are, and what the columns become.
        columns: Of the file, in order.
        picklists: Whose titles choices may be written as.
        zone: Where days and times without one are.
        region: Of the desk, for "3/4/2024".
    """

    def __init__(
        self,
        profile: ImportProfile,
        columns: Sequence[SourceColumn],
        picklists: Picklists,
        zone: tzinfo,
        region: str = "",
    ) -> None:
        self._kind = kind = RecordKind(profile.holds)
        self._shape = SHAPES[kind]
        self._picklists = picklists
        self._reader = CellReader(picklists, zone)
        known = cells_of(kind)
        places: dict[str, list[int]] = defaultdict(list)
        for number, column in enumerate(columns):
            if (cell := profile.columns.get(column.name, "")) in known:
                places[cell].append(number)
        self._places = {key: found[0] for key, found in places.items() if not known[key].is_line}
        self.lines = LineReader({key: found for key, found in places.items() if known[key].is_line})
        dates = {CellKind.DAY, CellKind.MOMENT}
        self._orders = {
            key: profile.date_order or decide_order(columns[place].samples, region)
            for key, place in self._places.items()
            if known[key].kind in dates
        }

    def goes_on(self, first: SourceRecord, record: SourceRecord) -> bool:
        """Whether a row is another line of the order that an earlier one began.

        Rows of one order stand behind one another with the same id or number, and say the
        same of the rest, or nothing.
        """
        if first.error or record.error or not self.lines.is_said(record) or not self._key(first):
            return False
        return all(
            text == _at(first, place)
            for place in self._places.values()
            if (text := _at(record, place))
        )

    def _key(self, record: SourceRecord) -> str:
        return self._text(record, "external_id") or self._text(record, "number")

    def read(self, rows: Sequence[SourceRecord]) -> RecordDraft | BadDraft:
        """The draft of a record out of its rows (but of orders, one), or why there is none."""
        record = rows[0]
        if record.error:
            return BadDraft(record.place, record.error)
        read = CellValues()
        try:
            missing = self._values(record, read)
            lines = self.lines.read(rows)
        except BadCellError as error:
            return BadDraft(record.place, str(error))
        except (ValueError, ArithmeticError):  # one odd cell must not end the whole import
            return BadDraft(record.place, "A value in it is beyond what can be read.")
        values = read.values
        owner = {key: text for key in OWNERS if (text := self._text(record, key))}
        external_id = self._external_id(record, values)
        extra = {key: str(values.pop(key)) for key in NO_COLUMNS & values.keys()}
        if lines and not values.get("title") and "title" not in self._places:
            values["title"] = _title_of(lines)
        title = str(values.get(self._shape.name) or external_id or "")
        return RecordDraft(
            record.place, title, external_id, values, owner, extra, lines, missing,
            tuple(read.notes),
        )  # fmt: skip

    def _external_id(self, record: SourceRecord, values: Mapping[str, object]) -> str:
        """The key a record is known by again: its id, else its number, else what it says.

        The reference of a payment is no number: two payments may have the same.
        """
        given = self._text(record, "external_id") or sanitise_external(record.key)
        if given:
            return given
        if number := values.get("number"):
            return f"number {number}"
        said = "\x1f".join(self._raw(record, key) for key in sorted(self._places))
        return f"content {hashlib.sha256(said.encode()).hexdigest()[:32]}"

    def _values(self, record: SourceRecord, into: CellValues) -> str:
        """Reads the record's own cells, and says what is missing of a new one."""
        missing = ""
        for cell in own_cells(self._kind):
            if cell.is_line:
                continue
            if text := self._raw(record, cell.key, keeps_all=self._is_free(cell)):
                self._reader.read(cell, text, self._orders.get(cell.key, DMY), into)
            elif cell.is_required:
                missing = missing or f"{cell.title} is missing."
        self._complete(into.values)
        if self._kind is RecordKind.NOTES and not {"title", "detail"} & into.values.keys():
            missing = "It has no text."
        return missing

    def _complete(self, values: dict[str, object]) -> None:
        """What follows from what the file says, whatever is known already."""
        if self._kind is RecordKind.LEADS and "stage" in values:
            stage = self._picklists.choice(PicklistKey.LEAD_STAGE, str(values["stage"]))
            values.setdefault("state", stage.meaning or "open")
        if self._kind is RecordKind.SURVEYS and "score" in values:
            _refuse_score(values)
        if self._kind is RecordKind.INVOICES and "paid_at" in values:
            values.setdefault("status", "paid")
        if "remind_at" in self._places:  # an empty one is none
            values.setdefault("remind_at", None)
        if self._kind is RecordKind.TICKETS and "solved_at" in values:
            values.setdefault("status", "solved")
        if "repeats" in values and read_repeat(str(values["repeats"])) is None:
            raise BadCellError(
                f"Repeats: {quoted(str(values['repeats']))} is no rule such as FREQ=WEEKLY."
            )

    def _is_free(self, cell: Cell) -> bool:
        """Whether "n/a" and "-" may be what somebody wrote: in texts and in names."""
        return cell.kind is CellKind.LONG or cell.key == self._shape.name

    def _text(self, record: SourceRecord, key: str) -> str:
        return sanitise_external(self._raw(record, key))

    def _raw(self, record: SourceRecord, key: str, *, keeps_all: bool = False) -> str:
        place = self._places.get(key)
        text = "" if place is None else _at(record, place)
        return "" if not keeps_all and len(text) < LONGEST and is_empty(text) else text


def _at(record: SourceRecord, place: int) -> str:
    return record.values[place].strip() if place < len(record.values) else ""


def _title_of(lines: Sequence[OrderLine]) -> str:
    """What an order is called whose file only names its lines."""
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"{lines[0].title}{more}" if lines[0].title else ""


def _refuse_score(values: Mapping[str, object]) -> None:
    scale = SurveyScale(str(values.get("scale", "csat")))
    score, scores = values["score"], SCORES[scale]
    if score not in scores:
        raise BadCellError(f"Score: {score} is not from {scores.start} to {scores.stop - 1}.")
