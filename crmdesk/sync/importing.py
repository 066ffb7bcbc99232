"""An import from its source into the store, in one pass; a dry run is the same without writing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field

from crmdesk.domain.importing import (
    CustomField,
    ImportSummary,
    RowAction,
    RowPlan,
    SourceFacts,
    SourceKind,
    SourceRecord,
)
from crmdesk.store import Store
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.importing.rows import keys_in_order
from crmdesk.store.queries import utc_now
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.columns.source_names import guessed_source_name
from crmdesk.sync.columns.targets import CUSTOM, TARGETS
from crmdesk.sync.ldap.targets import guess_attributes
from crmdesk.sync.planning.answers import ask
from crmdesk.sync.planning.plan import Planner
from crmdesk.sync.planning.planned import CustomerUpdate, Planned
from crmdesk.sync.planning.store_answers import StoreAnswers
from crmdesk.sync.profile import ImportProfile, Merge, fit
from crmdesk.sync.reading.ahead import ImportSource, ReadAhead, ReadRecords
from crmdesk.sync.reading.drafts import BadRecord, Draft, Noticed
from crmdesk.sync.reading.frames import ReadingOrder

EXAMPLES = 50
"""Rows of a plan that are kept for showing; all of them go to `each_row`."""

_NOTED_WORDS = 5


Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported, and how.

    Attributes:
        title: In words, e.g. "Import of customers.csv".
        who: Name or extension of the agent.
        region, area_code: Of numbers where the profile and the record name none.
        bad: Where records go that cannot be used, None for nowhere.
        each_row: Gets what becomes of each record, in order.
        workers: Programs that may read beside this one, None for what this computer has.
    """

    source: ImportSource
    profile: ImportProfile
    title: str
    who: str = ""
    region: str = ""
    area_code: str = ""
    is_dry: bool = False
    bad: BadRowsFile | None = None
    each_row: Callable[[RowPlan], None] | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do.

    Attributes:
        rows: The first `EXAMPLES` of each action.
    """

    summary: ImportSummary
    rows: tuple[RowPlan, ...] = ()


def guessed_profile(facts: SourceFacts) -> ImportProfile:
    """The profile that the names and values of the columns suggest."""
    kind = facts.kind.value
    source_name = guessed_source_name(facts)
    columns = guess(facts.columns)
    if facts.kind is SourceKind.LDAP:
        columns = guess_attributes(facts.columns, columns)
    return ImportProfile(kind=kind, columns=columns, source_name=source_name)


def run_import(store: Store, order: ImportOrder, progress: Progress) -> ImportResult:
    """Brings a source in, or plans it.

    Args:
        store: Where to.
        order: What, and how.
        progress: Called with bytes read, bytes in all and a note, at last with what is done of
            the steps that finish it; an error it raises stops the import, and takes it back.

    Raises:
        UserFacingError: The source cannot be read, the profile does not fit it, or another
            import is in progress. Nothing was changed.
    """
    new_columns = fit(order.profile, order.source.facts.columns)
    with nullcontext() if order.is_dry else ImportBatch(store, order.title, order.who) as batch:
        run = _Run(store, order, batch)
        run.read_all(progress)
        change = batch.finish(progress) if batch else None
    if change:
        _save_new_fields(store, order.profile)
    return run.result(change.id if change else None, new_columns)


@dataclass(slots=True)
class _Counts:
    records: int = 0
    numbers: int = 0
    companies: int = 0
    actions: Counter[RowAction] = field(default_factory=Counter)


class _Run:
    """One import while it runs."""

    def __init__(self, store: Store, order: ImportOrder, batch: ImportBatch | None) -> None:
        self._store = store
        self._order = order
        self._batch = batch
        keys = keys_in_order(utc_now())
        new_key = batch.new_key if batch else lambda: next(keys)
        self._planner = Planner(order.profile, new_key, self._ask_for_one)
        self._noticed = Noticed()
        self._is_empty = not store.read(lambda reader: reader.has_customers()).result()
        self._counts = _Counts()
        self._rows: list[RowPlan] = []

    def read_all(self, progress: Progress) -> None:
        """Reads the source to its end."""
        source, note = self._order.source, "planning" if self._batch is None else "importing"
        position = 0

        def tell() -> None:
            progress(position, source.size or None, note)

        with ReadAhead(source, self._how_to_read(), self._order.workers, tell) as ahead:
            for piece, answers in self._asked(ahead.pieces()):
                self._bring_in(piece, answers.result())
                position = piece.position
                tell()
        self._write(self._planner.rest())

    def _how_to_read(self) -> ReadingOrder:
        order = self._order
        return ReadingOrder(
            order.profile,
            order.source.facts.columns,
            order.region,
            order.area_code,
            compares=not self._is_empty,
        )

    def _asked(
        self, pieces: Iterator[ReadRecords]
    ) -> Iterator[tuple[ReadRecords, Future[StoreAnswers]]]:
        """Pieces with what the store knows of them, which is asked while the one before is planned.

        What that one changes may be missing in it, as it may anyway: changes are collected.
        """
        before: tuple[ReadRecords, Future[StoreAnswers]] | None = None
        for piece in pieces:
            asked = piece, self._answers(piece)
            if before is not None:
                yield before
            before = asked
        if before is not None:
            yield before

    def _bring_in(self, piece: ReadRecords, answers: StoreAnswers) -> None:
        planned = self._planner.plan(piece.outcomes, answers, piece.prints)
        for record, one, row in zip(piece.records, piece.outcomes, planned.rows, strict=True):
            if isinstance(one, BadRecord):
                self._keep_bad(record, one)
            self._note(row)
        self._noticed.add(piece.noticed)
        self._counts.records += len(piece.records)
        self._counts.companies += planned.companies
        self._write(planned)

    def _write(self, planned: Planned) -> None:
        self._counts.numbers += _numbers_of_new(planned)
        if self._batch:
            _write(self._batch, planned, self._order.profile)

    def _answers(self, piece: ReadRecords) -> Future[StoreAnswers]:
        if self._is_empty:
            nothing: Future[StoreAnswers] = Future()
            nothing.set_result(StoreAnswers())
            return nothing
        profile = self._order.profile
        drafts = [one for one in piece.outcomes if isinstance(one, Draft)]
        return self._store.read(lambda reader: ask(reader, drafts, profile, piece.facts))

    def _ask_for_one(self, draft: Draft) -> StoreAnswers:
        profile = self._order.profile
        return self._store.read(lambda reader: ask(reader, [draft], profile)).result()

    def _keep_bad(self, record: SourceRecord, bad: BadRecord) -> None:
        if self._order.bad is not None:
            self._order.bad.add(record.place, bad.reason, record.values)

    def _note(self, row: RowPlan) -> None:
        self._counts.actions[row.action] += 1
        if self._counts.actions[row.action] <= EXAMPLES:
            self._rows.append(row)
        if self._order.each_row is not None:
            self._order.each_row(row)
        elif self._counts.actions[RowAction.CREATE] > EXAMPLES:
            self._planner.tell_less()

    def result(self, batch: uuid.UUID | None, new_columns: Sequence[str]) -> ImportResult:
        """What it came to."""
        counts, bad = self._counts, self._order.bad
        actions = counts.actions
        summary = ImportSummary(
            records=counts.records,
            created=actions[RowAction.CREATE],
            updated=actions[RowAction.UPDATE],
            same=actions[RowAction.SAME],
            skipped=actions[RowAction.SKIP],
            bad=actions[RowAction.BAD],
            numbers=counts.numbers,
            batch=batch,
            bad_file=str(bad.path) if bad and bad.count else "",
            notes=tuple(self._notes(new_columns)),
        )
        return ImportResult(summary, tuple(self._rows))

    def _notes(self, new_columns: Sequence[str]) -> Iterator[str]:
        yield from self._order.source.facts.notes
        if self._counts.companies:
            count = self._counts.companies
            what = "company that people name is" if count == 1 else "companies that people name are"
            yield f"{count:,} {what} new, too."
        if self._noticed.unread_numbers:
            yield from _about_unread(self._noticed.unread_numbers, self._order)
        if self._noticed.masked:
            count = self._noticed.masked
            what = "card number was" if count == 1 else "card numbers were"
            yield f"{count:,} {what} made unreadable."
        for (target, word), count in self._noticed.unknown_words.most_common(_NOTED_WORDS):
            title = TARGETS[target].title
            yield f'{title}: nobody knows what "{word}" means ({count:,} records).'
        if new_columns:
            shown = ", ".join(new_columns[:_NOTED_WORDS])
            yield f"Columns the profile does not know were left out: {shown}."


def _numbers_of_new(planned: Planned) -> int:
    """Numbers of new customers, also those that a later record of theirs adds."""
    more = (one.merged.customer.numbers for one in planned.updates if one.is_new)
    return sum(map(len, (*(new.customer.numbers for new in planned.new.values()), *more)))


def _about_unread(count: int, order: ImportOrder) -> Iterator[str]:
    more = " They may be of another country." if order.profile.region or order.region else ""
    yield f"{count:,} phone {'number' if count == 1 else 'numbers'} could not be read.{more}"
    if not more:
        yield (
            "Numbers without a country need one: choose the country of the numbers"
            " (--region, or region in the profile)."
        )


def _write(batch: ImportBatch, planned: Planned, profile: ImportProfile) -> None:
    batch.create(list(planned.new.values()))
    for update in planned.updates:
        more, refs = update.merged.customer, update.merged.refs
        if update.is_new:
            batch.add_to_new(update.customer_id, more.numbers, more.emails, refs)
        elif update.before is None:
            batch.update(
                update.customer_id,
                {},
                add_numbers=more.numbers,
                add_emails=more.emails,
                add_refs=refs,
            )
        else:
            _write_update(batch, update, profile)


_FIELDS = (
    "kind", "name", "role", "account_id", "language", "salutation", "source", "status", "segment",
    "customer_since", "do_not_call", "owner",
)  # fmt: skip


def _write_update(batch: ImportBatch, update: CustomerUpdate, profile: ImportProfile) -> None:
    before, after = update.before, update.merged.customer
    if before is None:
        raise ValueError("nothing is known of the customer")
    fields: dict[str, object] = {
        name: getattr(after, name)
        for name in _FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    if update.company_id:
        fields["company_id"] = update.company_id
    sets = {
        name: getattr(after, name)
        for name in ("numbers", "emails", "addresses")
        if getattr(after, name) != getattr(before, name)
    }
    replaced = [name for name in sets if profile.rule(name) is Merge.OVERWRITE]
    batch.update(
        update.customer_id,
        fields,
        add_numbers=sets.get("numbers", ()),
        add_emails=sets.get("emails", ()),
        add_addresses=sets.get("addresses", ()),
        add_refs=update.merged.refs,
        custom=update.merged.custom,
        add_notes=update.merged.notes,
        replaced=replaced,
    )


def _save_new_fields(store: Store, profile: ImportProfile) -> None:
    """Fields of the company's own that a profile names are there from then on."""
    wanted = [
        (target.removeprefix(CUSTOM), column)
        for column, target in profile.columns.items()
        if target.startswith(CUSTOM)
    ]
    known = store.read(lambda reader: reader.custom_fields()).result()
    keys = {one.key for one in known}
    new = tuple(CustomField(key, key) for key, _ in dict(wanted).items() if key not in keys)
    if new:
        store.write(lambda writer: writer.save_custom_fields((*known, *new))).result()
