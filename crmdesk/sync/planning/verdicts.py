"""What comparing a record with who is there comes to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from crmdesk.domain.customers import CustomerKind
from crmdesk.sync.planning.merging import Present


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who has a key of a record.

    Attributes:
        seen: Their number, None where no earlier record means them.
        present: As the store has them, None where it does not.
    """

    customer_id: uuid.UUID
    name: str
    kind: CustomerKind
    seen: int | None
    present: Present | None


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a record means.

    Attributes:
        seen: Number of the customer in `EarlierRecords.seen`, None where no earlier record
            means this one.
        why: What they have in common.
        is_sure: An id says so.
        is_bare: A company of which only the name is known so far, from one of its people.
        is_vague: One of several whose number is all that the record says: it changes nothing.
        is_old: A record of somebody who was merged into this customer since.
    """

    customer_id: uuid.UUID
    seen: int | None
    why: str
    is_sure: bool
    is_bare: bool = False
    is_old: bool = False
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of whom a record means.

    Attributes:
        found: The one, None where it is nobody or open.
        maybe: Names of customers that it may mean, for the eye.
        why: What makes it open, a sentence each.
        company: Whose customer number a contact carries.
        is_keyless: The record has nothing to be known by but its name.
    """

    found: Found | None = None
    maybe: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    company: Candidate | None = None
    is_keyless: bool = False
