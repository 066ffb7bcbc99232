"""The order of several possible callers, by evidence that is shown beside each."""

from __future__ import annotations

from collections.abc import Iterable

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Candidate, Evidence, NormalisedNumber, Owner

_COMPANY = 1000
"""A shared number is the company's first; its people come after."""
_SAME_EXTENSION = 200


def ranked(owners: Iterable[Owner], number: NormalisedNumber) -> tuple[Candidate, ...]:
    """One candidate per customer, best first; equal ones by name."""
    best: dict[object, Candidate] = {}
    for owner in owners:
        candidate = _candidate(owner, number)
        known = best.get(owner.customer_id)
        if known is None or candidate.score > known.score:
            best[owner.customer_id] = candidate
    return tuple(
        sorted(best.values(), key=lambda found: (-found.score, found.owner.name.casefold()))
    )


def _candidate(owner: Owner, number: NormalisedNumber) -> Candidate:
    points = [
        *_kind_points(owner),
        *_extension_points(owner, number.extension),
    ]
    return Candidate(
        owner=owner,
        score=sum(score for score, _ in points),
        evidence=tuple(Evidence(words, score) for score, words in points),
    )


def _kind_points(owner: Owner) -> Iterable[tuple[int, str]]:
    if owner.kind is CustomerKind.COMPANY:
        yield _COMPANY, "the company itself"
    if owner.label and owner.label != "other":
        yield 0, f"{owner.label} number"


def _extension_points(owner: Owner, extension: str) -> Iterable[tuple[int, str]]:
    if not owner.extension:
        return
    if owner.extension == extension:
        yield _SAME_EXTENSION, f"extension {extension}"
    else:
        shown = f"the call shows {extension}" if extension else "the call shows none"
        yield 0, f"stored with extension {owner.extension}, {shown}"
