"""What the log page asks the store; runs on its reader thread."""

from __future__ import annotations

import uuid
from enum import Enum
from typing import TYPE_CHECKING

from crmdesk.domain.ledger import LedgerFilter, LedgerOutcome, LedgerPage

if TYPE_CHECKING:
    from crmdesk.store import Reader

PAGE_ROWS = 100


class View(Enum):
    """What is shown: outcomes, or all of them."""

    TELLING = tuple(outcome for outcome in LedgerOutcome if outcome is not LedgerOutcome.MERGED)
    POPPED = (LedgerOutcome.POPPED,)
    AMBIGUOUS = (LedgerOutcome.AMBIGUOUS,)
    NO_MATCH = (LedgerOutcome.NO_MATCH,)
    WITHHELD = (LedgerOutcome.WITHHELD,)
    SUPPRESSED = (LedgerOutcome.SUPPRESSED,)
    FAILED = (LedgerOutcome.FAILED,)
    EVERYTHING = ()


def wanted(view: View, text: str, call_id: uuid.UUID | None) -> LedgerFilter:
    """The filter of the page; of one call all events are shown."""
    outcomes = () if call_id else view.value
    return LedgerFilter(text=text, outcomes=outcomes, call_id=call_id)


def read_page(reader: Reader, chosen: LedgerFilter, before: int | None = None) -> LedgerPage:
    """A page of lines, newest first."""
    return reader.ledger(chosen, before=before, limit=PAGE_ROWS)
