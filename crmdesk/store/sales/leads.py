"""Leads: business that may come, and the forecast of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
)

from crmdesk.domain.amounts import refuse_too_large
from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.leads import Lead, LeadPage, LeadPlace, LeadState, StageForecast
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.store.audit.clashes import edited_fields, of_fields
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.columns import Key
from crmdesk.store.queries import LIST_LIMIT_S, Queries
from crmdesk.store.tables import customer, opportunity
from crmdesk.store.tables.customers import is_deleted
from crmdesk.store.tables.sales import is_open_opportunity

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

NOTHING_FILLED: Mapping[str, Any] = MappingProxyType({})

_FIELDS = (
    "id",
    "customer_id",
    "at",
    "title",
    "stage",
    "state",
    "source",
    "value_cents",
    "currency",
    "percent",
    "expected_on",
    "next_step",
    "next_step_at",
    "owner",
    "closed_at",
    "lost_reason",
)
_rows = (
    select(*(opportunity.c[name] for name in _FIELDS), func.coalesce(customer.c.name, ""))
    .select_from(opportunity)
    .outerjoin(customer, customer.c.id == opportunity.c.customer_id)
    .where(opportunity.c.deleted_at.is_(None))
)
_one = _rows.where(opportunity.c.id == bindparam("wanted", type_=Key))
_of_customer = (
    _rows.where(opportunity.c.customer_id == bindparam("wanted", type_=Key))
    .order_by(opportunity.c.state != "open", opportunity.c.at.desc(), opportunity.c.id.desc())
    .limit(bindparam("limit"))
)
_open = _rows.where(is_open_opportunity, customer.c.deleted_at.is_(None))
# Two parts, each in the order of an index: one expression over both would sort every lead.
_expected = _open.where(opportunity.c.expected_on.is_not(None)).order_by(
    opportunity.c.expected_on, opportunity.c.id
)
_unexpected = _open.where(opportunity.c.expected_on.is_(None)).order_by(opportunity.c.id)
_place = tuple_(opportunity.c.expected_on, opportunity.c.id)
# Asked of the few who are gone, so that nobody else's row is read.
_is_anybodys = opportunity.c.customer_id.not_in(select(customer.c.id).where(is_deleted))
_STATES = frozenset(map(str, LeadState))


class LeadQueries(Queries):
    """Reads leads."""

    def lead(self, lead_id: uuid.UUID) -> Lead | None:
        """One lead; None where it was removed or never was."""
        row = self._connection.execute(_one, {"wanted": lead_id}).one_or_none()
        return _value(row) if row else None

    def leads_of(self, customer_id: uuid.UUID, limit: int = 20) -> tuple[Lead, ...]:
        """A customer's leads: open ones first, then newest first."""
        rows = self._connection.execute(_of_customer, {"wanted": customer_id, "limit": limit})
        return tuple(map(_value, rows))

    def open_leads(
        self,
        after: LeadPlace | None = None,
        limit: int = 100,
        stage: str = "",
        owner: str | None = None,
        until: date | None = None,
    ) -> LeadPage:
        """A page of open leads, the earliest expected first; those without a day come last.

        Args:
            after: `next` of the page before, None for the first.
            limit: Length of the page.
            stage: Only of this stage, "" for all.
            owner: Only of this person, None for everybody's.
            until: Only leads expected by this day; None for all.
        """
        wanted = _conditions(owner, until)
        if stage:
            # No bare column: the index of the forecast begins with it, and has another order.
            wanted.append(opportunity.c.stage + "" == stage)
        rows: list[Sequence[Any]] = []
        for part in _parts(after):
            if len(rows) <= limit:
                rows += self._some(part.where(*wanted).limit(limit + 1 - len(rows)))
        found = tuple(map(_value, rows[:limit]))
        more = len(rows) > limit
        return LeadPage(found, LeadPlace(found[-1].expected_on, found[-1].id) if more else None)

    def forecast(
        self, picklists: Picklists, until: date | None = None, owner: str | None = None
    ) -> tuple[StageForecast, ...]:
        """What open leads are worth, by stage and currency, in the order of the stages.

        Args:
            picklists: Says how likely each stage is.
            until: Only leads expected by this day; None for all.
            owner: Only of this person, None for everybody's.
        """
        stages = {one.key: one for one in picklists.lists[PicklistKey.LEAD_STAGE]}
        likely = {key: one.percent or 0 for key, one in stages.items()}
        percent = func.coalesce(opportunity.c.percent, _percent_of(likely))
        value = opportunity.c.value_cents
        summed = (
            select(
                opportunity.c.stage,
                opportunity.c.currency,
                func.count(),
                func.sum(value),
                # Whole cents of each lead, so that the sum is that of what the list shows.
                func.sum(cast(value * percent / 100, Integer)),
            )
            .where(is_open_opportunity, _is_anybodys, *_conditions(owner, until))
            .group_by(opportunity.c.stage, opportunity.c.currency)
        )
        found = [StageForecast(*row) for row in self._some(summed)]
        order = {key: place for place, key in enumerate(stages)}
        return tuple(
            sorted(found, key=lambda one: (order.get(one.stage, len(order)), one.currency))
        )

    def _some(self, statement: Select[Any]) -> Sequence[Sequence[Any]]:
        return self.within_time_limit(
            lambda: self._connection.execute(statement).all(), LIST_LIMIT_S
        )


def _parts(after: LeadPlace | None) -> Iterator[Select[Any]]:
    """What a page is read from, one part after the other."""
    if after is None:
        yield from (_expected, _unexpected)
    elif after.expected_on is not None:
        yield from (_expected.where(_place > (after.expected_on, after.id)), _unexpected)
    else:
        yield _unexpected.where(opportunity.c.id > after.id)


def _conditions(owner: str | None, until: date | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if owner is not None:
        wanted.append(opportunity.c.owner == owner)
    if until is not None:
        wanted.append(opportunity.c.expected_on <= until)
    return wanted


def _percent_of(likely: dict[str, int]) -> ColumnElement[int]:
    if not likely:
        return literal(0)
    return case(likely, value=opportunity.c.stage, else_=0)


class LeadWriting:
    """Writes leads; each step can be taken back.

    Args:
        writer: Of the transaction.
        who: Name or extension of the agent.
    """

    def __init__(self, writer: Writer, who: str) -> None:
        self._writer = writer
        self._who = who

    def add(self, new: Lead) -> ChangeSet:
        """Adds a lead.

        Raises:
            UserFacingError: Its value is too large, or the customer was removed.
        """
        refuse_too_large(new)
        new = replace(new, customer_id=self._writer.living_customer(new.customer_id))
        with self._writer.change(ChangeKind.LEAD, _title(new, ""), self._who) as change:
            change.insert(opportunity, _columns(new), new.id)
        return change.change

    def edit(self, base: Lead, edited: Lead) -> ChangeSet:
        """Writes what was changed of a lead.

        Args:
            base: What the form began with.
            edited: What it holds.

        Raises:
            ConflictingEditsError: Somebody else changed the same; see `domain.edits.settled`.
            UserFacingError: It is gone, or its value is too large.
        """
        refuse_too_large(edited)
        mine = edited_fields(self._writer, base, edited, self._known(base.id))
        with self._writer.change(ChangeKind.LEAD, _title(edited, "changed"), self._who) as change:
            change.update(opportunity, base.id, of_fields(_columns(edited), mine))
        return change.change

    def move(
        self,
        lead_id: uuid.UUID,
        stage: str,
        lost_reason: str = "",
        filled: Mapping[str, Any] = NOTHING_FILLED,
    ) -> ChangeSet:
        """Moves a lead to another stage; one that is won makes its customer an active one.

        Args:
            lead_id: Which.
            stage: Key of the picklist `LEAD_STAGE`; its meaning says whether that ends it.
            lost_reason: Key of the picklist `LOST_REASON`.
            filled: What it lacked for that, by attribute; what somebody filled in meanwhile
                stays.

        Raises:
            UserFacingError: It is gone.
        """
        lead, lists = self._known(lead_id), self._writer.picklists()
        choice = lists.choice(PicklistKey.LEAD_STAGE, stage)
        state = LeadState(choice.meaning) if choice.meaning in _STATES else LeadState.OPEN
        ended = state is not LeadState.OPEN
        moved = replace(
            _filled(lead, filled),
            stage=stage,
            state=state,
            closed_at=self._writer.moment() if ended else None,
            lost_reason=lost_reason if state is LeadState.LOST else "",
        )
        refuse_too_large(moved)
        title = _title(lead, choice.title.lower())
        with self._writer.change(ChangeKind.LEAD, title, self._who) as change:
            old, new = _columns(lead), _columns(moved)
            news = {name: value for name, value in new.items() if old[name] != value}
            change.update(opportunity, lead_id, news)
            if state is LeadState.WON:
                self._convert(change, lead.customer_id)
        return change.change

    def _convert(self, change: ChangeRecorder, customer_id: uuid.UUID) -> None:
        """A lead becomes a customer: the same record, so all history stays."""
        found = self._writer.customer(customer_id)
        if found is None or found.status is not CustomerStatus.LEAD:
            return
        today = self._writer.moment().astimezone().date()
        values: dict[str, Any] = {"status": CustomerStatus.ACTIVE.value}
        if found.customer_since is None:
            values["customer_since"] = today
        change.update(customer, customer_id, values)

    def _known(self, lead_id: uuid.UUID) -> Lead:
        found = self._writer.lead(lead_id)
        if found is None:
            raise UserFacingError(
                "This lead is no longer in the store.",
                "Nothing was changed.",
                "Read the customer again.",
            )
        return found


def _filled(lead: Lead, values: Mapping[str, Any]) -> Lead:
    given = {name: value for name, value in values.items() if not getattr(lead, name)}
    if "value_cents" in given:
        given["currency"] = values["currency"]
    return replace(lead, **given)


def _title(lead: Lead, what: str) -> str:
    return " ".join(filter(None, (f"Lead: {kept_line(lead.title)}", what)))


def _columns(lead: Lead) -> dict[str, Any]:
    row = {name: getattr(lead, name) for name in _FIELDS if name != "id"}
    texts = {name: kept_line(str(value)) for name, value in row.items() if isinstance(value, str)}
    return row | texts


def _value(row: Sequence[Any]) -> Lead:
    facts: dict[str, Any] = dict(zip(_FIELDS, row, strict=False))
    state = facts["state"]
    facts["state"] = LeadState(state) if state in _STATES else LeadState.OPEN
    return Lead(**facts, customer_name=row[-1])
