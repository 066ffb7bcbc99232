"""What columns of a profile can go to, by what its records are."""

from __future__ import annotations

import re

from crmdesk.domain.errors import UserFacingError
from crmdesk.sync.columns.targets import CUSTOM, NOTHING, TARGETS
from crmdesk.sync.records.kinds import RecordKind, cells_of

CUSTOMERS = "customers"
"""What a source holds unless a profile names a `RecordKind`."""

_CUSTOM_KEY = re.compile(r"[^\W_][\w .\-]{0,39}")
_UNCHANGED = "Nothing was imported."


class ProfileError(UserFacingError):
    """A profile cannot be read, written or used."""


def check_target(column: str, target: str, holds: str = CUSTOMERS) -> None:
    """Raises ProfileError where a column goes to what does not exist."""
    if holds != CUSTOMERS:
        _check_cell(column, target, holds)
        return
    if target in TARGETS or target == NOTHING:
        return
    if target.startswith(CUSTOM) and _CUSTOM_KEY.fullmatch(target.removeprefix(CUSTOM)):
        return
    raise ProfileError(
        f'The column "{column[:60]}" goes to "{target[:60]}", which is no field.',
        _UNCHANGED,
        f"Use one of: {', '.join(TARGETS)}, or custom:NAME for a field of your own.",
    )


def _check_cell(column: str, target: str, holds: str) -> None:
    if holds not in set(RecordKind):
        raise ProfileError(
            f'There is nothing called "{holds[:60]}" to bring in.',
            _UNCHANGED,
            f"Use one of: {CUSTOMERS}, {', '.join(RecordKind)}.",
        )
    known = cells_of(RecordKind(holds))
    if target not in known and target != NOTHING:
        raise ProfileError(
            f'The column "{column[:60]}" goes to "{target[:60]}", which {holds} do not have.',
            _UNCHANGED,
            f"Use one of: {', '.join(known)}.",
        )


def is_many(target: str, holds: str = CUSTOMERS) -> bool:
    """Whether several columns can go to a target."""
    if holds != CUSTOMERS:
        cell = cells_of(RecordKind(holds)).get(target)
        return cell is not None and cell.is_line
    return target in TARGETS and TARGETS[target].is_many
