"""Records out of a file into the store as one step; a dry run is the same without writing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Any

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import FieldChange, ImportSummary, RowAction, RowPlan
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.store import Store
from crmdesk.store.changes.large import LargeChange
from crmdesk.store.importing.records import RecordRow, write_records
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.records.kinds import SHAPES, RecordKind, cells_of
from crmdesk.sync.records.reading import BadDraft, RecordDraft, RecordReader, guess_cells

if TYPE_CHECKING:
    from crmdesk.store import Reader
    from crmdesk.sync.sources import Source

AT_ONCE = 500
"""Records of one transaction: others write between two of them."""

EXAMPLES = 50
"""Rows of a plan that are kept for showing; all of them go to `each_row`."""

_SHOWN = 80
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
        for drafts in _parts(order.source.records()):
            run.take(drafts)
            progress(order.source.position, order.source.size, "importing")
    return run.result(batch.change.id if batch and batch.change and run.wrote else None)


def _cells(order: RecordOrder) -> dict[str, str]:
    """Where the columns go: as a person said, else as their names suggest."""
    columns = order.source.facts.columns
    known = cells_of(order.kind)
    wrong = next((cell for cell in order.cells.values() if cell and cell not in known), None)
    if wrong is not None:
        raise UserFacingError(
            f"{order.kind.value.replace('_', ' ').capitalize()} have no {wrong!r}.",
            "Nothing was imported.",
            f"A column can go to: {', '.join(known)}.",
        )
    said = set(filter(None, order.cells.values()))
    guessed = guess_cells(order.kind, columns)
    free = {name: "" if cell in said else cell for name, cell in guessed.items()}
    return {**free, **order.cells}


def _parts(records: Iterable[Any]) -> Iterator[list[Any]]:
    running = iter(records)
    while some := list(islice(running, AT_ONCE)):
        yield some


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
        self._seen: set[str] = set()
        self._counts: Counter[RowAction] = Counter()
        self._notes: Counter[str] = Counter()
        self._rows: list[RowPlan] = []
        self.wrote = False

    def take(self, records: Sequence[Any]) -> None:
        """Plans some records, and writes them unless it is a dry run."""
        drafts: list[RecordDraft] = []
        bad: dict[int, str] = {}
        for record in records:
            read = self._reader.read(record)
            if isinstance(read, BadDraft):
                bad[record.place] = read.reason
            elif read.external_id and read.external_id in self._seen:
                bad[record.place] = f"Its id {read.external_id} stands in the file before."
            else:
                self._seen.add(read.external_id)
                drafts.append(read)
        asked = self._store.read(lambda r: _Answers(r, self._order, self._rules, drafts)).result()
        planned = {draft.place: self._plan(draft, asked, bad) for draft in drafts}
        for record in records:
            plan = planned.get(record.place)
            if plan is None or record.place in bad:
                self._tell_bad(record, bad.get(record.place, ""))
            else:
                self._tell(plan[0])
        self._write([one for one in planned.values() if one is not None])

    def _plan(
        self, draft: RecordDraft, asked: _Answers, bad: dict[int, str]
    ) -> tuple[RowPlan, RecordRow, uuid.UUID | None] | None:
        """What becomes of a record, and the row of it; None where it is bad after all."""
        owner, why = asked.owner(draft)
        if owner is None:
            bad[draft.place] = why
            return None
        values = dict(draft.values)
        if number := draft.extra.get("invoice_number"):
            invoice = asked.invoices.get((owner, number))
            if invoice is None:
                bad[draft.place] = f"There is no invoice {number} of this customer."
                return None
            values["invoice_id"] = invoice
        self._notes.update(draft.notes)
        defaults = {"at": asked.now, **self._shape.defaults}
        row = RecordRow(draft.external_id, owner, values, defaults)
        key = asked.known.get(draft.external_id)
        present = asked.present.get(key) if key else None
        news = _changes(present, {**values, "customer_id": owner})
        action = RowAction.CREATE if key is None else RowAction.UPDATE if news else RowAction.SAME
        if key is not None and present is None:
            action, news = RowAction.SKIP, ()
            why = "it was removed here"
        plan = RowPlan(draft.place, action, draft.title, owner, (why,), news)
        return plan, row, key

    def _write(self, planned: Sequence[tuple[RowPlan, RecordRow, uuid.UUID | None]]) -> None:
        rows = [
            (row, key)
            for plan, row, key in planned
            if plan.action in {RowAction.CREATE, RowAction.UPDATE}
        ]
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

    def _tell_bad(self, record: Any, reason: str) -> None:  # noqa: ANN401  a SourceRecord
        if self._order.bad:
            self._order.bad.add(record.place, reason, record.values)
        self._tell(RowPlan(record.place, RowAction.BAD, "", None, (reason,)))

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


class _Answers:
    """What the store knows of some drafts, asked in one visit to the reader thread."""

    def __init__(
        self, reader: Reader, order: RecordOrder, rules: LineRules, drafts: Sequence[RecordDraft]
    ) -> None:
        self.now = reader.moment()
        self._numbers = {
            text: normalise(text, rules).e164 or "" for text in _owners(drafts, "customer_number")
        }
        self._found = {
            "customer_account": reader.known_by_account(_owners(drafts, "customer_account")),
            "customer_external_id": reader.known_by_ref(
                order.source_name, _owners(drafts, "customer_external_id")
            ),
            "customer_number": reader.known_by_number(list(filter(None, self._numbers.values()))),
            "customer_email": reader.known_by_email(_owners(drafts, "customer_email")),
        }
        table = SHAPES[order.kind].table
        ids = [draft.external_id for draft in drafts if draft.external_id]
        self.known = reader.records_by_ref(order.source_name, table, ids)
        columns = {name for draft in drafts for name in draft.values} | {"customer_id"}
        keys = list(self.known.values())
        if any(draft.extra.get("invoice_number") for draft in drafts):
            columns |= {"invoice_id"}
        self.present = reader.present_records(table, columns, keys)
        numbers = {number for draft in drafts if (number := draft.extra.get("invoice_number"))}
        self.invoices = reader.invoices_by_number(numbers) if numbers else {}

    def owner(self, draft: RecordDraft) -> tuple[uuid.UUID | None, str]:
        """Whose a record is and why; None and the reason where nobody can say."""
        several = ""
        for key, text in draft.owner.items():
            asked = self._numbers.get(text, "") if key == "customer_number" else text
            known = self._found[key].get(asked.lower() if key == "customer_email" else asked, ())
            owners = {one.customer_id: one.name for one in known}
            shown = text[:_SHOWN]
            if len(owners) == 1:
                return next(iter(owners)), f"{_SAID[key]} {shown}"
            if owners:
                several = f"Several customers have {_SAID[key]} {shown}."
        if several:
            return None, several
        said = ", ".join(f"{_SAID[key]} {text[:_SHOWN]}" for key, text in draft.owner.items())
        return None, f"No customer has {said}."


_SAID = {
    "customer_account": "customer number",
    "customer_external_id": "the id",
    "customer_number": "phone",
    "customer_email": "e-mail",
}


def _owners(drafts: Sequence[RecordDraft], key: str) -> list[str]:
    return [text for draft in drafts if (text := draft.owner.get(key))]


def _changes(
    present: Mapping[str, object] | None, values: Mapping[str, object]
) -> tuple[FieldChange, ...]:
    before = present or {}
    return tuple(
        FieldChange(name, _text(before.get(name)), _text(value))
        for name, value in values.items()
        if present is None or before.get(name) != value
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)[:_SHOWN]
