"""How much is in a store, and whether there is anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmdesk.domain.customers import Customer
from crmdesk.store import Reader


def test_empty_store_has_nobody(read: Callable[[Any], Any]) -> None:
    assert not read(Reader.has_customers)
    assert read(Reader.counts).customers == 0


def test_one_customer_is_somebody(
    read: Callable[[Any], Any],
    write: Callable[[Any], Any],
    make_person: Callable[..., Customer],
) -> None:
    person = make_person("Jane Doe", "+493023125710")
    write(lambda writer: writer.save_customer(person))
    assert read(Reader.has_customers)
    assert read(Reader.counts).customers == 1
