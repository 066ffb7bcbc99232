"""Records out of a file into the store as one step; a dry run is the same without writing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.importing import ImportSummary, RowAction, RowPlan, SourceRecord
from crmdesk.matching.numbers import LineRules
from crmdesk.store import Store
from crmdesk.store.changes.large import LargeChange
from crmdesk.store.importing.records import RecordRow, write_records
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.planning.seen import KeyTable
from crmdesk.sync.profile import ImportProfile, fit
from crmdesk.sync.records.answers import Answers
from crmdesk.sync.records.kinds import SHAPES, RecordKind
from crmdesk.sync.records.lines import MOST_LINES
from crmdesk.sync.records.planning import RecordPlanner
from crmdesk.sync.records.reading import BadDraft, RecordDraft, RecordReader
from crmdesk.sync.records.required import lacking

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
        profile: What they are and where the columns go; the cells of the rest of it count for
            customers only.
        zone: Where days and times without one are.
        region, area_code: Of numbers and of dates that can be read in two ways, where the
            profile says nothing.
        bad: Where records go that cannot be used, None for nowhere.
        each_row: Gets what becomes of each record, in order.
    """

    source: Source
    profile: ImportProfile
    zone: tzinfo
    title: str
    who: str = ""
    region: str = ""
    area_code: str = ""
    is_dry: bool = False
    bad: BadRowsFile | None = None
    each_row: Callable[[RowPlan], None] | None = None

    @property
    def kind(self) -> RecordKind:
        """What the records are."""
        return RecordKind(self.profile.holds)


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What an import did, or would do.

    Attributes:
        rows: The first `EXAMPLES` of each action.
    """

    summary: ImportSummary
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
        UserFacingError: The file cannot be read, has no column that the profile wants, or
            another large change is in progress. Nothing was changed.
    """
    fit(order.profile, order.source.facts.columns)
    title, who = order.title, order.who
    large = nullcontext() if order.is_dry else LargeChange(store, ChangeKind.IMPORT, title, who)
    with large as batch:
        run = _Run(store, order, batch)
        for part in run.parts():
            run.take(part)
            progress(order.source.position, order.source.size, "importing")
    return run.result(batch.change.id if batch and batch.change and run.wrote else None)


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

    def __init__(self, store: Store, order: RecordOrder, batch: LargeChange | None) -> None:
        self._store, self._order, self._batch = store, order, batch
        self._shape = SHAPES[order.kind]
        self._plan = store.read(lambda r: r.company_plan()).result()
        columns, profile = order.source.facts.columns, order.profile
        region = profile.region or order.region
        self._reader = RecordReader(profile, columns, self._plan.picklists, order.zone, region)
        self._rules = LineRules(region=region, area_code=profile.area_code or order.area_code)
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
            lambda r: Answers(r, order.kind, order.profile.source_name, rules, usable)
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
                if planned.row.key is None:
                    values = {**planned.row.defaults, **planned.row.values}
                    self._notes.update(lacking(order.kind, values, self._plan))
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
        table, source = self._shape.table, self._order.profile.source_name
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
        return RecordResult(summary, tuple(self._rows))


def _before(external_id: str) -> str:
    """Why a record is not taken a second time."""
    if external_id.startswith("content "):
        return "The same stands in the file before, and neither has an id."
    return f"Its id {external_id.removeprefix('number ')} stands in the file before."
