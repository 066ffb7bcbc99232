"""What the rule lab tells: the figures and examples, and their JSON form.

A child process works, so the report travels as JSON; both ends read it from these types.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from crmdesk.domain.matches import MatchRule, MatchState


class LabKind(StrEnum):
    """What other rules make of a number.

    FOUND: nobody was linked, now somebody is. LOST: somebody was linked, or several were
    shown, now nobody is for sure. AMBIGUOUS: now there are several to choose from. MOVED:
    somebody else is linked. SUGGESTED: nobody was known, now somebody is suggested.
    NOT_SUGGESTED: the other way round. OTHERS: the same state, other people to choose from.
    """

    FOUND = "found"
    LOST = "lost"
    AMBIGUOUS = "ambiguous"
    MOVED = "moved"
    SUGGESTED = "suggested"
    NOT_SUGGESTED = "not_suggested"
    OTHERS = "others"
    UNCHANGED = "unchanged"


CHANGES: Final = tuple(kind for kind in LabKind if kind is not LabKind.UNCHANGED)
"""All kinds but the quiet one, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class LabCount:
    """How many calls, and of how many numbers."""

    calls: int = 0
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Who is found for a number, in short.

    Attributes:
        customer_id: None where nobody is linked.
        name: Of the customer, or of the best of several; "" where there is none.
        candidates: How many there are to choose from.
    """

    state: MatchState
    rule: MatchRule
    digits: str = ""
    customer_id: uuid.UUID | None = None
    name: str = ""
    candidates: int = 0


@dataclass(frozen=True, slots=True)
class LabExample:
    """One number that other rules treat otherwise.

    Attributes:
        line: Id of the line it called.
        number: As the phone system told it.
        account: What the caller keyed in, "" for nothing.
        calls: How many calls it made.
        before, after: Who is found with the rules in force, and with those that are tried.
        why: One sentence.
    """

    kind: LabKind
    line: str
    number: str
    account: str
    calls: int
    before: Found
    after: Found
    why: str


@dataclass(frozen=True, slots=True)
class LabReport:
    """What the lab found.

    Attributes:
        looked_at: Calls whose number was looked up, and the numbers.
        linked_before, linked_after: Those among them that link one customer.
        withheld_calls, internal_calls: Calls in which there is nobody to find.
        counts: For each kind; every kind is there.
        examples: For each kind of change, the numbers with most calls first.
        rules: What was tried, as `rule_texts` writes it.
        seconds: How long it took.
    """

    looked_at: LabCount
    linked_before: LabCount
    linked_after: LabCount
    withheld_calls: int
    internal_calls: int
    counts: Mapping[LabKind, LabCount]
    examples: tuple[LabExample, ...] = ()
    rules: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_without_effect(self) -> bool:
        """Whether every number is treated as with the rules in force."""
        return not any(self.counts[kind].calls for kind in CHANGES)


def report_to_json(report: LabReport) -> dict[str, Any]:
    """The report as `rules try --json` prints it."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    return plain


def report_from_json(plain: object) -> LabReport:
    """The report that a child process sent.

    Raises:
        ValueError: It is none.
    """
    return msgspec.convert(plain, LabReport)
