"""Bulk fixes of the number clinic: shown first, made as one step, taken back as one."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from crmdesk.desk.clinic.diagnosis import Clinic, Finding, clinic_rules
from crmdesk.desk.clinic.report import Problem
from crmdesk.desk.clinic.run import Progress, numbers_of
from crmdesk.domain.changes import ChangeKind, ChangeSet, ChangeState, UndoResult
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.stored_numbers import NumberFix, StoredNumber
from crmdesk.store.changes.large import LargeChange, undo_in_parts

if TYPE_CHECKING:
    from crmdesk.settings.model import Settings
    from crmdesk.store import Reader, Store, Writer
    from crmdesk.store.changes.recording import ChangeRecorder

AT_ONCE: Final = 1_000
"""Rows of a transaction: a call that comes meanwhile waits for one to be written."""


class NothingToUndo(UserFacingError):  # noqa: N818
    """No bulk fix holds."""

    def __init__(self) -> None:
        super().__init__(
            "There is no fix of numbers that could be undone.",
            "Nothing was changed.",
            "`crmdesk numbers fix` makes one; each is undone once.",
        )


class PlannedFix(NamedTuple):
    """A number and what it would be."""

    number: StoredNumber
    finding: Finding


@dataclass
class FixPlan:
    """What a bulk fix would do, or did.

    Attributes:
        counts: Numbers by problem.
        rows: The first of them, for a preview.
        fixed, skipped: What was done; skipped ones were changed by somebody meanwhile.
        change: The step, None where nothing was written.
    """

    counts: Counter[Problem] = field(default_factory=Counter)
    rows: list[PlannedFix] = field(default_factory=list)
    fixed: int = 0
    skipped: int = 0
    change: ChangeSet | None = None

    @property
    def count(self) -> int:
        """All numbers."""
        return self.counts.total()

    def note(self, fixes: Iterable[PlannedFix], most: int) -> None:
        """Counts fixes and keeps the first ones."""
        for fix in fixes:
            self.counts[fix.finding.problem] += 1
            if len(self.rows) < most:
                self.rows.append(fix)


def planned_fixes(
    store: Store,
    settings: Settings,
    kinds: Collection[Problem],
    progress: Progress,
    line_id: str = "",
) -> Iterator[list[PlannedFix]]:
    """All fixes of some kinds, a page of numbers at a time."""
    clinic = Clinic({}, clinic_rules(settings.lines, line_id))
    total = store.read(lambda reader: reader.stored_number_count()).result()
    done = 0
    for numbers in numbers_of(store):
        done += len(numbers)
        progress(done, total, "looking for numbers to fix")
        yield [
            PlannedFix(number, finding)
            for number in numbers
            for finding in clinic.look_at(number)
            if finding.fix is not None and finding.problem in kinds
        ]


def preview(pages: Iterable[list[PlannedFix]], rows: int) -> FixPlan:
    """What the fixes would do; changes nothing.

    Args:
        pages: From `planned_fixes`.
        rows: How many are shown.
    """
    plan = FixPlan()
    for page in pages:
        plan.note(page, rows)
    return plan


def fix_numbers(
    store: Store, pages: Iterable[list[PlannedFix]], who: str, rows: int = 0
) -> FixPlan:
    """Makes the fixes as one step, in parts that let calls be written between them.

    Where it is interrupted the step is taken back: at once, or where that does not go either
    (a full disk), or the program died, when the store is opened next.

    Raises:
        UserFacingError: It was not made; with what became of the parts that were.
    """
    plan = FixPlan()
    step = LargeChange(store, ChangeKind.NUMBER_FIX, "Numbers fixed by the clinic", who)
    try:
        with ExitStack() as stack:
            for part in _parts(pages, plan, rows):
                if step.change is None:
                    stack.enter_context(step)
                plan.skipped += step.write(partial(_write, part))
    except UserFacingError as error:
        if step.change is None:
            raise
        raise _stopped(store, step.change.id, error) from error
    plan.fixed = plan.count - plan.skipped
    plan.change = step.change
    return plan


def _parts(
    pages: Iterable[list[PlannedFix]], plan: FixPlan, rows: int
) -> Iterator[list[PlannedFix]]:
    """The fixes in parts of `AT_ONCE`, noted in the plan."""
    pending: list[PlannedFix] = []
    for page in pages:
        plan.note(page, rows)
        pending += page
        while len(pending) >= AT_ONCE:
            yield pending[:AT_ONCE]
            del pending[:AT_ONCE]
    if pending:
        yield pending


def _stopped(store: Store, change_id: uuid.UUID, error: UserFacingError) -> UserFacingError:
    """The error, with what became of the numbers that were fixed before it."""
    change = store.read(lambda reader: reader.change_set(change_id)).result()
    if change is None or change.state is ChangeState.UNDONE:
        meaning = "The numbers that were fixed before it are as they were again."
        return UserFacingError(error.what, meaning, error.remedy)
    fixed = f"{change.rows:,} numbers are" if change.rows != 1 else "1 number is"
    return UserFacingError(
        error.what,
        f"{fixed} changed for now: taking them back did not go either.",
        f"{error.remedy} Then they are taken back when the store is opened next, "
        f"or by crmdesk numbers undo {change_id}.".lstrip(),
    )


def undo_fix(
    store: Store, change_id: uuid.UUID | None, who: str, progress: Progress
) -> tuple[ChangeSet, UndoResult]:
    """Takes a bulk fix back, the newest by default; an interrupted undo goes on.

    Raises:
        NothingToUndo: There is none.
        UserFacingError: This one cannot be taken back.
    """
    change = store.read(partial(_fix_to_undo, change_id)).result()
    if change is None:
        raise NothingToUndo

    def tell(done: int, of: int) -> None:
        progress(done, of, "taking back")

    return change, undo_in_parts(store, change.id, who, tell)


def _fix_to_undo(change_id: uuid.UUID | None, reader: Reader) -> ChangeSet | None:
    if change_id is not None:
        return reader.change_set(change_id)
    page = reader.changes(limit=50, kinds=(ChangeKind.NUMBER_FIX,))
    holding = (change for change in page.changes if change.state is not ChangeState.UNDONE)
    return next(holding, None)


def _write(fixes: list[PlannedFix], writer: Writer, recorder: ChangeRecorder) -> int:
    """Writes one part; returns how many were left alone."""
    writer.fix_numbers(map(_number_fix, fixes), recorder)
    recorder.flush()
    return recorder.skipped


def _number_fix(planned: PlannedFix) -> NumberFix:
    number, fix = planned.number, planned.finding.fix
    if fix is None:
        raise ValueError("a number without a fix")
    return NumberFix(
        key=number.key,
        raw=number.raw,
        old_e164=number.e164,
        old_extension=number.extension,
        e164=fix.e164,
        extension=fix.extension,
    )
