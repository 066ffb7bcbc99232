"""Records out of a file into the store as one step; a dry run is the same without writing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import ImportSummary, RowAction, RowPlan, SourceRecord
from crmdesk.matching.numbers import LineRules
from crmdesk.store import Store
from crmdesk.store.changes.large import LargeChange
from crmdesk.store.importing.records import RecordRow, write_records
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.planning.seen import KeyTable
from crmdesk.sync.records.answers import Answers
from crmdesk.sync.records.guessing import guess_cells
from crmdesk.sync.records.kinds import SHAPES, RecordKind, cells_of
from crmdesk.sync.records.lines import MOST_LINES
from crmdesk.sync.records.planning import RecordPlanner
from crmdesk.sync.records.reading import BadDraft, RecordDraft, RecordReader

if TYPE_CHECKING:
    from crmdesk.sync.sources import Source

AT_ONCE = 500
"""Records of one transaction: others write between two of them."""

EXAMPLES = 50
"""Rows of a plan that are kept for showing; all of them go to `each_row`."""

_MOST_NOTES = 5


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """What is to be imported, and how.

    Attributes:
        cells: Column to cell where a person said so; the others are guessed.
        source_name: Whose ids the external ids are, e.g. "shop".
        zone: Where days and times without one are.
        region, area_code: Of numbers and of dates that can be read in two ways.
        bad: Where records go that cannot be used, None for nowhere.
        each_row: Gets what becomes of each record, in order.
    """

    source: Source
    kind: RecordKind
    cells: Mapping[str, str]
    source_name: str
    zone: tzinfo
    title: str
    who: str = ""
    region: str = ""
    area_code: str = ""
    is_dry: bool = False
    bad: BadRowsFile | None = None
    each_row: Callable[[RowPlan], None] | None = None


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What an import did, or would do.

    Attributes:
        cells: Where each column went, "" left out.
        rows: The first `EXAMPLES` of each action.
    """

    summary: ImportSummary
    cells: Mapping[str, str]
    rows: tuple[RowPlan, ...] = ()


Rows = tuple[SourceRecord, ...]
"""Of one record: of orders, a row for each line; else one."""

Progress = Callable[[int, int | None, str], None]


def import_records(store: Store, order: RecordOrder, progress: Progress) -> RecordResult:
    """Brings the records of a file in, or plans it.

    Args:
        store: Where to.
        order: What, and how.
        progress: Called with bytes read, bytes in all and a note; an error it raises stops the
            import, and what was written is taken back.

    Raises:
        UserFacingError: The file cannot be read, a column goes nowhere that exists, or another
            large change is in progress. Nothing was changed.
    """
    cells = _cells(order)
    title, who = order.title, order.who
    large = nullcontext() if order.is_dry else LargeChange(store, ChangeKind.IMPORT, title, who)
    with large as batch:
        run = _Run(store, order, cells, batch)
        for part in run.parts():
            run.take(part)
            progress(order.source.position, order.source.size, "importing")
    return run.result(batch.change.id if batch and batch.change and run.wrote else None)


def _cells(order: RecordOrder) -> dict[str, str]:
    """Where the columns go: as a person said, else as their names suggest."""
    columns = order.source.facts.columns
    known = cells_of(order.kind)
    wrong = next((cell for cell in order.cells.values() if cell and cell not in known), None)
    if wrong is not None:
        raise UserFacingError(
            f"{SHAPES[order.kind].several.capitalize()} have no {wrong!r}.",
            "Nothing was imported.",
            f"A column can go to: {', '.join(known)}.",
        )
    said = set(filter(None, order.cells.values()))
    guessed = guess_cells(order.kind, columns)
    free = {name: "" if cell in said else cell for name, cell in guessed.items()}
    return {**free, **order.cells}


def _parts(records: Iterable[SourceRecord], reader: RecordReader) -> Iterator[list[Rows]]:
    """The records of a file in parts, each with the rows it stands in."""
    running = _whole(records, reader)
    while some := list(islice(running, AT_ONCE)):
        yield some


def _whole(records: Iterable[SourceRecord], reader: RecordReader) -> Iterator[Rows]:
    if not reader.lines:
        yield from ((record,) for record in records)
        return
    held: list[SourceRecord] = []
    for record in records:
        if held and (len(held) > MOST_LINES or not reader.goes_on(held[0], record)):
            yield tuple(held)
            held = []
        held.append(record)
    if held:
        yield tuple(held)


class _Run:
    """One import, part after part."""

    def __init__(
        self, store: Store, order: RecordOrder, cells: Mapping[str, str], batch: LargeChange | None
    ) -> None:
        self._store, self._order, self._batch = store, order, batch
        self._cells = cells
        self._shape = SHAPES[order.kind]
        picklists = store.read(lambda r: r.picklists()).result()
        columns = order.source.facts.columns
        self._reader = RecordReader(order.kind, columns, cells, picklists, order.zone, order.region)
        self._rules = LineRules(region=order.region, area_code=order.area_code)
        self._seen = KeyTable()
        self._counts: Counter[RowAction] = Counter()
        self._notes: Counter[str] = Counter()
        self._rows: list[RowPlan] = []
        self.wrote = False

    def parts(self) -> Iterator[list[Rows]]:
        """The records of the file."""
        return _parts(self._order.source.records(), self._reader)

    def take(self, part: Sequence[Rows]) -> None:
        """Plans some records, and writes them unless it is a dry run."""
        drafts = {rows[0].place: self._drafted(rows) for rows in part}
        usable = [one for one in drafts.values() if isinstance(one, RecordDraft)]
        order, rules = self._order, self._rules
        asked = self._store.read(
            lambda r: Answers(r, order.kind, order.source_name, rules, usable)
        ).result()
        planner = RecordPlanner(order.kind, order.zone, asked)
        written: list[RecordRow] = []
        for rows in part:
            draft = drafts[rows[0].place]
            planned = planner.planned(draft)
            if planned.plan.action is RowAction.BAD:
                self._keep_bad(rows, planned.plan.why[0])
            elif isinstance(draft, RecordDraft):
                self._notes.update(draft.notes)
            if planned.row is not None:
                written.append(planned.row)
            self._tell(planned.plan)
        self._write(written)

    def _drafted(self, rows: Rows) -> RecordDraft | BadDraft:
        read = self._reader.read(rows)
        if isinstance(read, RecordDraft):
            if self._seen.get(read.external_id) is not None:
                return BadDraft(read.place, _before(read.external_id))
            self._seen.put(read.external_id, 1)
        return read

    def _write(self, rows: Sequence[RecordRow]) -> None:
        if self._batch is None or not rows:
            return
        table, source = self._shape.table, self._order.source_name
        self._batch.write(lambda writer, change: write_records(writer, change, table, source, rows))
        self.wrote = True

    def _tell(self, plan: RowPlan) -> None:
        self._counts[plan.action] += 1
        if self._counts[plan.action] <= EXAMPLES:
            self._rows.append(plan)
        if self._order.each_row:
            self._order.each_row(plan)

    def _keep_bad(self, rows: Rows, reason: str) -> None:
        if self._order.bad:
            for record in rows:
                self._order.bad.add(record.place, reason, record.values)

    def result(self, batch: uuid.UUID | None) -> RecordResult:
        """What it came to."""
        counts = self._counts
        notes = tuple(
            f"{note} ({times} times)" for note, times in self._notes.most_common(_MOST_NOTES)
        )
        bad_file = str(self._order.bad.path) if self._order.bad and self._order.bad.count else ""
        summary = ImportSummary(
            records=counts.total(),
            created=counts[RowAction.CREATE],
            updated=counts[RowAction.UPDATE],
            same=counts[RowAction.SAME],
            skipped=counts[RowAction.SKIP],
            bad=counts[RowAction.BAD],
            batch=batch,
            bad_file=bad_file,
            notes=notes,
        )
        return RecordResult(summary, self._cells, tuple(self._rows))


def _before(external_id: str) -> str:
    """Why a record is not taken a second time."""
    if external_id.startswith("content "):
        return "The same stands in the file before, and neither has an id."
    return f"Its id {external_id.removeprefix('number ')} stands in the file before."
