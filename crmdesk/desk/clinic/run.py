"""The number clinic over a whole store: numbers, shared ones, and what calls would find."""

from __future__ import annotations

import uuid
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappush, heappushpop
from itertools import groupby
from typing import TYPE_CHECKING, Final

from crmdesk.desk.clinic.diagnosis import Clinic, Finding, clinic_rules
from crmdesk.desk.clinic.rates import CallerSample, FixedNumbers
from crmdesk.desk.clinic.report import (
    ClinicReport,
    Example,
    Problem,
    ProblemCount,
    Shared,
    SharedCount,
    SharedNumber,
)
from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Owner
from crmdesk.domain.stored_numbers import StoredNumber
from crmdesk.matching.numbers import line_rules

if TYPE_CHECKING:
    from crmdesk.settings.model import Settings
    from crmdesk.store import Reader, Store

NUMBERS_AT_ONCE: Final = 2_000
"""A page takes about 20 ms: the desk's own questions are never kept waiting."""

LOOK_BACK: Final = timedelta(days=30)
_TOP: Final = 10
_NAMES: Final = 3
_LONGEST_E164: Final = 16
_OWNERS: Final = ((2, "2"), (5, "3 to 5"), (20, "6 to 20"), (100, "21 to 100"))
_MORE_OWNERS: Final = "more than 100"

Progress = Callable[[int, int | None, str], None]


def run_clinic(
    store: Store,
    settings: Settings,
    now: datetime,
    progress: Progress,
    *,
    line_id: str = "",
    examples: int = 5,
) -> ClinicReport:
    """Looks at every number of the store.

    Args:
        store: Read by pages, never written.
        settings: Lines and rules of the matching.
        now: Aware; the calls of the 30 days before are looked up.
        progress: Told what is done, of how much, and what is being done.
        line_id: Only this line; numbers without a country are read as on it.
        examples: How many numbers are shown of each problem.

    Returns:
        The report, with `seconds` still 0.
    """
    lines = {line.id: line_rules(line) for line in settings.lines if line_id in {"", line.id}}
    usual = clinic_rules(settings.lines, line_id)
    total = store.read(lambda reader: reader.stored_number_count()).result()
    since = now - LOOK_BACK
    sample = CallerSample(settings, line_id)
    sample.read(store, since, lambda: progress(0, total, "reading the calls of last month"))
    examination = Examination(Clinic(lines, usual), sample.numbers, examples)
    whole = total + len(sample)
    for numbers in numbers_of(store):
        examination.look_at(numbers)
        progress(examination.numbers, whole, "checking numbers")
    examination.finish()
    rates = sample.rates(
        store,
        examination.fixed,
        now.astimezone().date(),
        lambda done: progress(total + done, whole, "looking up last month's callers"),
    )
    return ClinicReport(
        at=now.isoformat(),
        seconds=0.0,
        numbers=examination.numbers,
        customers=examination.customers,
        region=usual.region,
        problems=examination.problems(),
        shared=examination.shared(store),
        since=since.isoformat(),
        rates=rates,
        sampled=sample.sampled,
        callers=sample.callers,
    )


def numbers_of(store: Store) -> Iterator[list[StoredNumber]]:
    """All numbers, a page at a time, those of one customer side by side."""
    place = (b"", b"")
    while True:
        page = store.read(
            partial(lambda at, reader: reader.stored_numbers(at, NUMBERS_AT_ONCE), place)
        ).result()
        if page:
            yield page
            place = (page[-1].customer, page[-1].key)
        if len(page) < NUMBERS_AT_ONCE:
            return


@dataclass
class _Tally:
    """One problem."""

    count: int = 0
    fixable: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass
class _Patient:
    """The customer whose numbers come now."""

    customer: bytes = b""
    first: StoredNumber | None = None
    seen: set[tuple[str, str]] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    only_fax: bool = True


class Examination:
    """Looks at pages of numbers and counts.

    Args:
        clinic: Looks at one number.
        wanted: E.164 numbers that called: fixes that give one of these are kept.
        examples: How many are kept of each problem.

    Attributes:
        numbers, customers: Seen so far.
        fixed: What the fixes would change for calls.
    """

    def __init__(self, clinic: Clinic, wanted: frozenset[str], examples: int) -> None:
        self._clinic = clinic
        self._wanted = wanted
        self._most = examples
        self._tallies: dict[tuple[Problem, str], _Tally] = {}
        self._owned = array("Q")
        self._patient = _Patient()
        self.fixed = FixedNumbers()
        self.numbers = self.customers = 0

    def look_at(self, numbers: list[StoredNumber]) -> None:
        """Takes a page in."""
        self.numbers += len(numbers)
        for number in numbers:
            if number.customer != self._patient.customer:
                self._next_patient(number)
            for finding in self._clinic.look_at(number):
                self._note(number, finding)
            self._compare(number)

    def finish(self) -> None:
        """There are no more."""
        self._next_patient(None)

    def _note(self, number: StoredNumber, finding: Finding) -> None:
        key = (finding.problem, finding.line)
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = _Tally()
        tally.count += 1
        tally.fixable += finding.fix is not None
        if len(tally.examples) < self._most:
            tally.examples.append(_example(number, finding))
        if finding.fix is not None:
            self._expect(number, finding.fix.e164, finding.fix.extension)

    def _expect(self, number: StoredNumber, e164: str, extension: str) -> None:
        """Remembers what a fix changes for calls of last month."""
        if e164 in self._wanted:
            self.fixed.add(e164, _owner(number, e164, extension))
        if number.e164 in self._wanted and number.e164 != e164:
            self.fixed.take_away(number.e164 or "", uuid.UUID(bytes=number.customer))

    def _compare(self, number: StoredNumber) -> None:
        """With the other numbers of the same customer."""
        patient, e164 = self._patient, number.e164
        patient.only_fax = patient.only_fax and number.label == "fax"
        if e164 is None:
            return
        same = (e164, number.extension)
        if same in patient.seen:
            why = "The customer has this number twice."
            self._note(number, Finding(Problem.DUPLICATE, why))
        elif len(e164) <= _LONGEST_E164 and e164[1:].isdecimal():
            if e164 not in patient.numbers:
                self._owned.append(int(e164[1:]))
            patient.numbers.add(e164)
            patient.seen.add(same)

    def _next_patient(self, number: StoredNumber | None) -> None:
        before = self._patient
        if before.first is not None and before.only_fax:
            why = "Fax numbers are all this customer has; nobody calls from them."
            self._note(before.first, Finding(Problem.FAX_ONLY, why))
        if number is not None:
            self.customers += 1
            self._patient = _Patient(number.customer, number)

    # --- the report -------------------------------------------------------------------------

    def problems(self) -> tuple[ProblemCount, ...]:
        """What was found, in the order of `Problem`, then by line."""
        order = list(Problem)
        return tuple(
            ProblemCount(
                kind=kind,
                line=line,
                count=tally.count,
                fixable=tally.fixable,
                examples=tuple(tally.examples),
            )
            for (kind, line), tally in sorted(
                self._tallies.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
            )
        )

    def shared(self, store: Store) -> Shared:
        """Numbers that several customers have."""
        sizes: Counter[str] = Counter()
        top: list[tuple[int, int]] = []
        for counted in _counted(self._owned):
            sizes[_size(counted[0])] += 1
            if len(top) < _TOP:
                heappush(top, counted)
            else:
                heappushpop(top, counted)
        words = [word for _, word in _OWNERS] + [_MORE_OWNERS]
        return Shared(
            numbers=sum(sizes.values()),
            histogram=tuple(SharedCount(owners=w, numbers=sizes[w]) for w in words if sizes[w]),
            top=store.read(partial(_most_shared, sorted(top, reverse=True))).result(),
        )


def _counted(owned: array[int]) -> Iterator[tuple[int, int]]:
    """(owners, number) of numbers with two owners or more."""
    for number, same in groupby(sorted(owned)):
        owners = sum(1 for _ in same)
        if owners > 1:
            yield owners, number


def _size(owners: int) -> str:
    return next((word for most, word in _OWNERS if owners <= most), _MORE_OWNERS)


def _most_shared(top: list[tuple[int, int]], reader: Reader) -> tuple[SharedNumber, ...]:
    return tuple(_shared(f"+{n}", owners, reader.by_e164(f"+{n}")) for owners, n in top)


def _shared(e164: str, count: int, owners: tuple[Owner, ...]) -> SharedNumber:
    names = tuple(dict.fromkeys(owner.name for owner in owners))
    return SharedNumber(number=e164, owners=count, names=names[:_NAMES])


def _example(number: StoredNumber, finding: Finding) -> Example:
    ext = f" ext. {number.extension}" if number.extension else ""
    return Example(
        customer=str(uuid.UUID(bytes=number.customer)),
        name=number.name,
        raw=number.raw,
        why=finding.why,
        before=f"{number.e164}{ext}" if number.e164 else "",
        after=finding.fix.shown if finding.fix else "",
        line=finding.line,
    )


def _owner(number: StoredNumber, e164: str, extension: str) -> Owner:
    return Owner(
        customer_id=uuid.UUID(bytes=number.customer),
        name=number.name,
        kind=CustomerKind(number.kind),
        company_id=uuid.UUID(bytes=number.company) if number.company else None,
        company_name="",
        label=number.label,
        e164=e164,
        extension=extension,
    )
