"""Links the earlier calls of customers that an import brought in."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from crmdesk.store.changes.large import LargeChange
from crmdesk.store.changes.recording import ChangeRecorder
from crmdesk.store.importing.linking import NumbersToLink
from crmdesk.store.reader import Reader
from crmdesk.store.store import Store
from crmdesk.store.writer import Writer


def link_calls(
    store: Store, change: LargeChange, tell: Callable[[int, int | None, str], None]
) -> None:
    """Links calls that are nobody's to the customers an import brought in.

    A number that several have is nobody's alone and is left as it is.

    Args:
        store: Whose calls.
        change: The import; its customers are shown already.
        tell: Told how many numbers were looked at.
    """
    if change.change is None:
        return
    batch, after, count = change.change.id, "", 0
    tell(count, None, "linking earlier calls")
    while found := store.read(_next_numbers(batch, after)).result():
        change.write(_links(found))
        after, count = found[-1][0], count + len(found)
        tell(count, None, "linking earlier calls")


def _next_numbers(batch: uuid.UUID, after: str) -> Callable[[Reader], NumbersToLink]:
    return lambda reader: reader.numbers_to_link(batch, after)


def _links(numbers: NumbersToLink) -> Callable[[Writer, ChangeRecorder], None]:
    def link(writer: Writer, recorder: ChangeRecorder) -> None:
        for e164, owner in numbers:
            writer.link_earlier_calls(recorder, e164, owner)

    return link
