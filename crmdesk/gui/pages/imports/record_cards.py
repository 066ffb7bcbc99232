"""Cards of the first records as they will be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.domain.planning import Picklists
from crmdesk.gui.pages.imports.holdings import HOLDINGS
from crmdesk.gui.pages.imports.preview import PreviewCard
from crmdesk.gui.pages.imports.trial import ROWS
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.records.kinds import RecordKind, cells_of

if TYPE_CHECKING:
    from crmdesk.sync.records.reading import BadDraft, RecordDraft

_MOST_LINES = 4
Facts = list[tuple[str, str, str]]


def record_cards(
    profile: ImportProfile,
    columns: Sequence[SourceColumn],
    rows: Sequence[SourceRecord],
    lists: Picklists,
    region: str,
) -> list[PreviewCard]:
    """The first records of a file, or why rows cannot become any.

    Args:
        profile: What the columns become.
        columns: Of the file.
        rows: Its first rows.
        lists: The company's choices.
        region: Of phones and dates, where the profile says nothing.
    """
    from crmdesk.sync.records.reading import BadDraft, RecordReader  # late: it brings SQLAlchemy

    reader = RecordReader(profile, columns, lists, OWN_ZONE, profile.region or region)
    fine = [row for row in rows if not row.error]
    grouped: list[list[SourceRecord]] = []
    for row in fine:
        if grouped and reader.lines and reader.goes_on(grouped[-1][0], row):
            grouped[-1].append(row)
        else:
            grouped.append([row])
    drafts = (reader.read(rows) for rows in grouped[:ROWS])
    holds = profile.holds
    return [_bad(one) if isinstance(one, BadDraft) else _card(one, holds) for one in drafts]


def _bad(draft: BadDraft) -> PreviewCard:
    return PreviewCard(f"Row {draft.place}", "Cannot be used", [("warning", draft.reason, "warn")])


def _card(draft: RecordDraft, holds: str) -> PreviewCard:
    whose = next(iter(draft.owner.values()), "")
    under = f"{HOLDINGS[holds].one.capitalize()} of {whose}" if whose else "Nobody's yet"
    facts = [*_wrong(draft), *_lines(draft), *_facts(draft, holds)]
    return PreviewCard(draft.title, under, facts, HOLDINGS[holds].icon)


def _lines(draft: RecordDraft) -> Facts:
    lines = draft.lines or ()
    shown = [("order", f"{one.quantity_milli / 1000:g} × {one.title or one.sku}", "text")
             for one in lines[:_MOST_LINES]]  # fmt: skip
    more = len(lines) - _MOST_LINES
    return [*shown, ("order", f"and {more} more", "muted")] if more > 0 else shown


def _wrong(draft: RecordDraft) -> Facts:
    texts = [text for text in (draft.missing, *draft.notes) if text]
    return [("warning", text, "warn") for text in texts]


def _facts(draft: RecordDraft, holds: str) -> Facts:
    from crmdesk.sync.records.news import shown  # late: it brings SQLAlchemy

    cells = cells_of(RecordKind(holds))
    said = {**draft.values, **draft.extra}
    return [
        ("dot", f"{cell.title}: {shown(said[key], OWN_ZONE, cell)}", "text")
        for key, cell in cells.items()
        if said.get(key) not in {None, "", draft.title}
    ]
