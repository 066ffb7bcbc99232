"""What the number clinic found, as values that go through JSON unchanged."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import msgspec


class Problem(StrEnum):
    """What can be wrong with a stored number.

    MISSING_PLUS, WRONG_REGION, EXTENSION, LETTERS: it was not read as it was meant.
    UNREADABLE: nobody can tell what is meant. UNREACHABLE: no call on a line can match it.
    COSTLY: premium rate and shared cost. SHORT: emergency and short codes. DUPLICATE: twice
    with one customer. FAX_ONLY: the only kind of number a customer has.
    """

    MISSING_PLUS = "missing-plus"
    WRONG_REGION = "wrong-region"
    EXTENSION = "extension"
    LETTERS = "letters"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    COSTLY = "costly"
    SHORT = "short"
    DUPLICATE = "duplicate"
    FAX_ONLY = "fax-only"


FIXABLE: Final = (
    Problem.MISSING_PLUS,
    Problem.WRONG_REGION,
    Problem.EXTENSION,
    Problem.LETTERS,
)
"""What can be put right without asking anybody, where the plan then has a valid number."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One number with a problem.

    Attributes:
        customer: Key of the customer, as text.
        before: How it is read now, "" where it is not.
        after: How it would be read, "" where there is no safe fix.
        why: One sentence.
        line: The line that cannot match it, "" for other problems.
    """

    customer: str
    name: str
    raw: str
    why: str
    before: str = ""
    after: str = ""
    line: str = ""


class ProblemCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a problem is there, and how often it can be fixed."""

    kind: Problem
    count: int
    fixable: int = 0
    line: str = ""
    examples: tuple[Example, ...] = ()


class SharedCount(msgspec.Struct, frozen=True, kw_only=True):
    """So many numbers have so many owners: "2", "3 to 5"..."""

    owners: str
    numbers: int


class SharedNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number and how many customers have it."""

    number: str
    owners: int
    names: tuple[str, ...] = ()


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of several customers; there is nothing wrong with them, but each needs a choice."""

    numbers: int = 0
    histogram: tuple[SharedCount, ...] = ()
    top: tuple[SharedNumber, ...] = ()


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of calls: one customer linked, several or suggested, nobody."""

    matched: int = 0
    several: int = 0
    nobody: int = 0


class LineRate(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of a line that show a number, now and after the fixes.

    Attributes:
        line: Id of the line; `name` is what it is called, the id where it is gone.
        calls: All that were looked at.
    """

    line: str
    name: str
    calls: int
    callers: int
    now: Rate
    after: Rate


class ClinicReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report.

    Attributes:
        at: When it was made, ISO 8601 in UTC.
        numbers, customers: How many were looked at.
        region: ISO 3166 that numbers of customers without address were read in.
        since: First moment of the calls that were looked up, ISO 8601 in UTC.
        sampled: Callers that were looked up where there were more than that, else 0;
            `callers` is all of them.
    """

    at: str
    seconds: float
    numbers: int
    customers: int
    region: str
    problems: tuple[ProblemCount, ...]
    shared: Shared
    since: str
    rates: tuple[LineRate, ...]
    sampled: int = 0
    callers: int = 0

    @property
    def fixable(self) -> int:
        """Numbers that can be fixed."""
        return sum(problem.fixable for problem in self.problems)


def report_to_json(report: ClinicReport) -> dict[str, Any]:
    """A JSON object."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    return plain


def report_from_json(plain: object) -> ClinicReport:
    """The report of `report_to_json`.

    Raises:
        ValueError: It is none of this version.
    """
    return msgspec.convert(plain, ClinicReport)


def report_from_text(text: str) -> ClinicReport | None:
    """The report of a JSON text, None where it is none of this version."""
    try:
        return msgspec.json.decode(text, type=ClinicReport)
    except ValueError:
        return None
