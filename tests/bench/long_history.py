"""A customer with a very long history, of every kind; for tests and benchmarks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from random import Random

from sqlalchemy import Table

from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.customers import TimelineKind as K
from crmdesk.store import Store, Writer
from crmdesk.store.columns import to_micros
from crmdesk.store.record_index.loading import entries_of
from crmdesk.store.tables import (
    call,
    consent,
    follow_up,
    interaction,
    message,
    opportunity,
    payment,
    receipt,
    sales_order,
    survey_answer,
    ticket,
)

NUMBER = "+493023125200"
NEEDLE = "Quittungsblock"
"""Stands in the oldest note and nowhere else."""

_BATCH = 5_000
_GAP_US = 30 * 60 * 1_000_000
_TEXT = (
    "invoice delivery address wrong printer paper order asked again called promise colleague"
    " contract price discount repair warehouse parcel customer letter form complaint answer"
    " question Größe Straße München naïve façade"
)
_WORDS = _TEXT.split(" ")
_Row = tuple[object, ...]
_Maker = Callable[[bytes, int, Random], tuple[Table, dict[str, object]]]


def add_long_history(
    store: Store, entries: int, now: datetime, *, seed: int = 5, name: str = "Ida Long"
) -> uuid.UUID:
    """Adds a customer with so many entries, one every half hour up to now; returns its key."""
    number = PhoneNumber(NUMBER, NUMBER, "work")
    customer = Customer(uuid.uuid4(), CustomerKind.PERSON, name, numbers=(number,))
    store.write(lambda writer: writer.save_customer(customer)).result()
    made = _rows(customer.id.bytes, entries, to_micros(now), Random(seed))
    while batch := list(islice(made, _BATCH)):
        store.write(partial(_insert, batch=batch)).result()
    return customer.id


def _insert(writer: Writer, batch: list[tuple[Table, _Row]]) -> None:
    rows: dict[Table, list[_Row]] = {}
    for table, row in batch:
        rows.setdefault(table, []).append(row)
    for table, some in rows.items():
        writer.insert_rows(table, some)
    writer.load_record_entries(entries_of(rows))


def _rows(customer: bytes, entries: int, now: int, rng: Random) -> Iterator[tuple[Table, _Row]]:
    for place in range(entries):
        at = now - (place + 1) * _GAP_US
        table, values = rng.choice(_MAKERS)(customer, at, rng)
        if place == entries - 1:
            table, values = _note(customer, at, rng)
            values["detail"] = f"the {NEEDLE} of 2019"
        stamps = {
            "id": uuid.UUID(int=rng.getrandbits(128), version=4).bytes,
            "created_at": at,
            "updated_at": at,
            "origin": bytes(16),
            "customer_id": customer,
        }
        yield table, table_row(table, {**stamps, **values})


def table_row(table: Table, values: dict[str, object]) -> _Row:
    """A row in the order of a table's columns; what is not given has its default."""
    unknown = set(values) - set(table.c.keys())
    if unknown:
        raise ValueError(f"{table.name} has no {sorted(unknown)}")
    return tuple(values.get(one.name, _default(one.server_default)) for one in table.c)


def _default(default: object) -> object:
    if default is None:
        return None
    text = str(getattr(default, "arg", ""))
    return {"0": 0, "false": 0, "1": 1, "true": 1}.get(text, text)


def _text(rng: Random, most: int = 30) -> str:
    return " ".join(rng.choices(_WORDS, k=rng.randrange(3, most)))


def _note(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    return interaction, {"at": at, "kind": K.NOTE.value, "who": "Ben", "detail": _text(rng)}


def _email(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"title": _text(rng, 6), "detail": _text(rng), "who": "Anna"}
    return interaction, {"at": at, "kind": K.EMAIL.value, **facts}


def _call(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    outcome = rng.choice(("answered", "missed", "abandoned"))
    facts = {"direction": "inbound", "caller_e164": NUMBER, "presentation": "allowed"}
    return call, {"started_at": at, "outcome": outcome, "talk_seconds": 60.0, **facts}


def _ticket(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"number": f"T-{rng.randrange(10**6)}", "kind": "complaint", "subject": _text(rng, 6)}
    return ticket, {"at": at, "priority": "normal", "status": "solved", **facts}


def _order(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"number": f"O-{rng.randrange(10**6)}", "title": _text(rng, 6), "currency": "EUR"}
    return sales_order, {"at": at, "status": "delivered", "total_cents": 4_900, **facts}


def _invoice(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"number": f"I-{rng.randrange(10**6)}", "currency": "EUR", "status": "paid"}
    return payment, {"at": at, "amount_cents": 4_900, "paid_at": at, **facts}


def _receipt(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"reference": _text(rng, 4), "currency": "EUR", "method": "transfer"}
    return receipt, {"at": at, "amount_cents": 4_900, **facts}


def _survey(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    return survey_answer, {"at": at, "score": rng.randrange(1, 6), "comment": _text(rng, 8)}


def _follow_up(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"kind": "follow_up", "title": _text(rng, 6), "due_at": at, "done_at": at}
    return follow_up, {"at": at, "outcome": "kept", **facts}


def _consent(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"channel": "email", "purpose": "updates", "is_given": rng.randrange(2)}
    return consent, {"at": at, **facts}


def _lead(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    return opportunity, {"at": at, "title": _text(rng, 6), "stage": "won", "state": "won"}


def _message(_customer: bytes, at: int, rng: Random) -> tuple[Table, dict[str, object]]:
    facts = {"address": "ida@example.com", "subject": _text(rng, 6), "body": _text(rng)}
    return message, {"at": at, "state": "sent", "message_id": f"<{at}@example.com>", **facts}


_MAKERS: tuple[_Maker, ...] = (
    *(_call,) * 6, *(_note,) * 5, *(_email,) * 3, _ticket, _ticket, _order, _order, _invoice,
    _invoice, _receipt, _survey, _follow_up, _consent, _lead, _message,
)  # fmt: skip


def long_ago() -> datetime:
    """A fixed moment for runs that shall be alike."""
    return datetime(2026, 9, 1, tzinfo=UTC)
