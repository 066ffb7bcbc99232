"""Which segments a customer belongs to: quickly, or patiently, and never for long."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path

import pytest

from crmdesk.desk.segments import belonging
from crmdesk.desk.segments.belonging import (
    Belonging,
    Questions,
    ask_patiently,
    ask_quickly,
    prepare,
)
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.store import Store, Writer, keys, open_store

GOLD = Segment(
    uuid.UUID(int=1),
    "Gold",
    Group((Condition("segment", Operator.ANY_OF, ("Gold",)),)),
    "good",
    is_on_pop=True,
)
BROKEN = Segment(uuid.UUID(int=2), "Broken", Group((Condition("gone", Operator.FILLED),)))
ANNA = Customer(uuid.UUID(int=7), CustomerKind.PERSON, "Anna Hansen", segment="Gold")
PEOPLE = Segment(uuid.UUID(int=3), "People", Group((Condition("is_company", Operator.NO),)))


NOTHING = Questions()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as opened:
        opened.write(lambda w: w.save_customer(ANNA)).result()
        opened.write(lambda w: w.save_segments((PEOPLE, GOLD, BROKEN), "Ann")).result()
        yield opened


def prepared(store: Store, before: Questions = NOTHING) -> Questions:
    return store.read(partial(prepare, before=before, zone=UTC)).result()


def test_a_customer_belongs_in_the_order_of_the_company(store: Store) -> None:
    questions = prepared(store)
    ask = partial(ask_quickly, customer_id=ANNA.id, question=questions.every)
    assert store.read(ask).result() == Belonging((PEOPLE, GOLD))
    pop = partial(ask_quickly, customer_id=ANNA.id, question=questions.pop)
    assert store.read_for_pop(pop).result() == Belonging((GOLD,))
    gone = partial(ask_quickly, customer_id=uuid.uuid4(), question=questions.every)
    assert store.read(gone).result() == Belonging()


def test_rules_too_many_to_ask_at_once_are_prepared_all_the_same(store: Store) -> None:
    sums = tuple(
        Condition("order_total", Operator.AT_MOST, (f"{limit} EUR",)) for limit in range(50)
    )
    many = tuple(Segment(uuid.UUID(int=90 + n), f"Sums {n}", Group(sums)) for n in range(40))
    store.write(lambda w: w.save_segments((GOLD, *many), "Ann")).result()
    questions = prepared(store)  # making the statement takes longer than asking may
    assert len(questions.every.segments) == len(many) + 1
    asked = partial(ask_quickly, customer_id=ANNA.id, question=questions.pop, limit_s=60)
    assert store.read_for_pop(asked).result() == Belonging((GOLD,))


def test_questions_hold_until_a_rule_or_the_time_is_another(store: Store) -> None:
    first = prepared(store)
    assert first.made_at is not None
    store.write(lambda w: w.keep_count(GOLD.id, 7, w.moment())).result()
    assert prepared(store, first) is first  # a count is no rule
    old = replace(first, made_at=first.made_at - belonging.LASTS)
    assert prepared(store, old) is not old
    store.write(lambda w: w.save_segments((replace(GOLD, is_on_pop=False),), "Ann")).result()
    changed = prepared(store, first)
    assert changed.pop.segments == ()
    assert [one.name for one in changed.every.segments] == ["Gold"]


def test_nobody_is_asked_where_there_is_no_segment(store: Store) -> None:
    store.write(lambda w: w.save_segments((), "Ann")).result()
    questions = prepared(store)
    ask = partial(ask_quickly, customer_id=ANNA.id, question=questions.every)
    assert store.read(ask).result() == Belonging()


@pytest.fixture
def slow(store: Store) -> Segment:
    """A rule that adds up Anna's 2,000 orders, fifty times."""

    def fill(writer: Writer) -> None:
        for place in range(2_000):
            at = writer.moment()
            writer.add_order(ANNA.id, at, number=str(place), title="Chair", total_cents=100)

    store.write(fill).result()
    asked = Condition("order_total", Operator.AT_MOST, ("999999",))
    made = Segment(uuid.UUID(int=9), "Slow", Group((asked,) * 50))
    store.write(lambda w: w.save_segments((GOLD, made), "Ann")).result()
    return made


def test_a_rule_that_takes_too_long_is_given_up_and_the_others_are_told(
    store: Store, slow: Segment
) -> None:
    question = prepared(store).every
    quickly = partial(ask_quickly, customer_id=ANNA.id, question=question, limit_s=0.0)
    assert store.read_for_pop(quickly).result() is None
    patiently = partial(
        ask_patiently, customer_id=ANNA.id, question=question, zone=UTC, limit_s=0.0
    )
    assert store.read(patiently).result() == Belonging((GOLD,), (slow,))
    in_time = partial(ask_patiently, customer_id=ANNA.id, question=question, zone=UTC, limit_s=60.0)
    assert store.read(in_time).result() == Belonging((GOLD, slow))
