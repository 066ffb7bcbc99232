"""What was seen of a source, in few bytes."""

from __future__ import annotations

import uuid

from crmdesk.sync.planning.seen import KeyTable, SeenCustomers, Trait, print_of


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


def test_prints_are_those_of_the_keys() -> None:
    table = KeyTable()
    for number in range(0, 4_000, 2):
        table.put(f"key {number}", number)
    for number in range(4_000):
        known = print_of(f"key {number}")
        assert table.get_print(known) == (None if number % 2 else number)
        assert table.has_any([known]) is not bool(number % 2)
    odd = [print_of(f"key {number}") for number in range(1, 4_000, 2)]
    assert not table.has_any(odd)
    assert not table.has_any([])
    assert table.has_any([*odd, print_of("key 2")])
    assert table.put_print(print_of("key 3"), 7) == 7
    assert table.get("key 3") == 7


def test_prints_of_another_salt_are_others() -> None:
    assert print_of("key") == print_of("key")
    assert print_of("key", b"other") != print_of("key")


def test_keys_near_the_first_one_and_far_from_it_are_told_alike() -> None:
    first = uuid.uuid4().int
    near = [first, first + 1, first + 2**31 - 1]
    far = [first + 2**31, first - 1, uuid.uuid4().int, 2**128 - 1]
    keys = [uuid.UUID(int=number) for number in (*near, *far, first + 5)]
    seen = SeenCustomers()
    for place, key in enumerate(keys):
        assert seen.add(key, "", place, Trait.NONE) == place
    assert [seen.customer_id(place) for place in range(len(keys))] == keys
