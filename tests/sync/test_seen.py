"""What was seen of a source, in few bytes."""

from __future__ import annotations

import uuid

from crmdesk.sync.planning.seen import KeyTable, SeenCustomers, Trait


def test_keys_are_found_after_the_table_grew() -> None:
    table = KeyTable()
    for number in range(20_000):
        assert table.put(f"key {number}", number) == number
    assert len(table) == 20_000
    assert all(table.get(f"key {number}") == number for number in range(20_000))
    assert table.get("key 20000") is None


def test_the_first_one_stays() -> None:
    table = KeyTable()
    table.put("a", 0)
    assert table.put("a", 7) == 0
    assert table.get("a") == 0


def test_customers_by_their_number() -> None:
    seen, keys = SeenCustomers(), [uuid.uuid4() for _ in range(3)]
    for place, (key, name) in enumerate(zip(keys, ("Jörg", "", "x" * 100), strict=True)):
        assert seen.add(key, name, place + 2, Trait.NEW) == place
    assert [seen.customer_id(n) for n in range(3)] == keys
    assert [seen.name(n) for n in range(3)] == ["Jörg", "", "x" * 60]
    assert [seen.place(n) for n in range(3)] == [2, 3, 4]
    seen.learn(1, Trait.COMPANY)
    assert seen.traits(1) == Trait.NEW | Trait.COMPANY
    assert len(seen) == 3
