"""Rules in words; counts and lists by stretches are those of one question, and can be stopped."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC

import pytest

from crmdesk.desk.segments import counting
from crmdesk.desk.segments.words import OPERATOR_WORDS, rule_words
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.planning import DEFAULTS, Picklists
from crmdesk.domain.segments import FIELDS, OPERATORS, Condition, Group, Operator, catalogue
from crmdesk.store import Reader, Store, Writer, open_store
from crmdesk.store.errors import TookTooLong

GOLD = Condition("segment", Operator.ANY_OF, ("Gold",))
QUIET = Condition("last_call", Operator.LONGER_AGO, ("90",))
OWES = Condition("open_invoices", Operator.AT_LEAST, ("1",))


def words(rule: Group) -> str:
    return rule_words(rule, catalogue(), Picklists(DEFAULTS))


def test_a_rule_reads_as_a_sentence() -> None:
    assert words(Group((GOLD, QUIET, OWES))) == (
        "Segment is Gold, and last call longer ago than 90 days, and open invoices at least 1"
    )
    either = Group((QUIET, OWES), is_any=True)
    assert words(Group((GOLD, either))).endswith(
        "and (last call longer ago than 90 days, or open invoices at least 1)"
    )


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (Condition("do_not_call", Operator.NO), "Not: do not call"),
        (Condition("number", Operator.BEGINS, ("+4930",)), "Phone number begins with +4930"),
        (Condition("number", Operator.IS, ("+4930",)), "Phone number is +4930"),
        (
            Condition("order_total", Operator.AT_LEAST, ("1.234,5 EUR",)),
            "Sum of orders at least 1,234.50 EUR",
        ),
        (
            Condition("order_total", Operator.AT_MOST, ("50000 JPY",)),
            "Sum of orders at most 50,000 JPY",
        ),
        (
            Condition("open_amount", Operator.AT_LEAST, ("600",)),
            "Amount to be paid at least 600.00 in any one currency",
        ),
        (Condition("orders", Operator.AT_LEAST, ("1.234",)), "Orders at least 1,234"),
        (Condition("city", Operator.EMPTY), "Town is empty"),
        (Condition("last_call", Operator.WITHIN_DAYS, ("7",)), "Last call in the last 7 days"),
        (Condition("custom:gone", Operator.FILLED), "A field that is gone"),
        (Condition("status", Operator.ANY_OF, ("dormant", "odd")), "Status is Dormant or odd"),
    ],
)
def test_one_condition_in_words(condition: Condition, wanted: str) -> None:
    assert words(Group((condition,))) == wanted


def test_whatever_can_be_asked_has_words() -> None:
    for field in FIELDS:
        for operator in OPERATORS[field.kind]:
            assert OPERATOR_WORDS[operator]
            assert len(words(Group((Condition(field.name, operator, ("1",)),)))) > len("is 1")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Seven customers, of whom three are Gold, looked at two at a time."""
    with open_store(tmp_path / "s.db", bytes(32)) as opened:
        for place in range(7):
            segment = "Gold" if place in {1, 2, 6} else "Silver"
            one = Customer(uuid.uuid4(), CustomerKind.PERSON, f"N{place}", segment=segment)
            opened.write(lambda w, one=one: w.save_customer(one)).result()
        yield opened


def in_twos(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    from crmdesk.store.segments.queries import SegmentQueries

    count, page = SegmentQueries.count_stretch, SegmentQueries.segment_stretch
    monkeypatch.setattr(
        SegmentQueries, "count_stretch", lambda self, rule, after, *_: count(self, rule, after, 2)
    )
    monkeypatch.setattr(
        SegmentQueries,
        "segment_stretch",
        lambda self, rule, after, limit, *_: page(self, rule, after, limit, 2),
    )


def test_stretches_make_one_count_and_one_list(store, monkeypatch) -> None:
    in_twos(monkeypatch, store)
    told: list[int] = []
    assert counting.count(store, Group((GOLD,)), UTC, told.append) == 3
    assert len(told) == 4
    names = [one.name for one in counting.members(store, Group((GOLD,)), UTC)]
    assert names == ["N1", "N2", "N6"]


def test_a_count_is_stopped_between_two_stretches(store, monkeypatch) -> None:
    in_twos(monkeypatch, store)
    told: list[int] = []

    def stop(seen: int) -> None:
        told.append(seen)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        counting.count(store, Group((GOLD,)), UTC, stop)
    assert len(told) == 1


def test_a_rule_that_cannot_be_asked_finds_nobody(store) -> None:
    assert counting.count(store, Group(), UTC, lambda _: None) == 0
    assert list(counting.members(store, Group(), UTC)) == []


ANYBODY = Group(
    (Condition("is_company", Operator.YES), Condition("is_company", Operator.NO)), is_any=True
)


def test_a_rule_that_everybody_fulfils_is_known_for_it(store) -> None:
    def counted(rule: Group) -> counting.Counted:
        return counting.count_all(store, rule, UTC, lambda _: None)

    (removed, *_) = counting.members(store, Group((GOLD,)), UTC)
    store.write(lambda w: w.delete_customer(removed.id)).result()
    found = counted(ANYBODY)
    assert (found.count, found.seen, found.is_everybody) == (6, 6, True)
    assert not counted(Group((GOLD,))).is_everybody
    assert not replace(found, is_done=False).is_everybody


def too_slow_for(monkeypatch: pytest.MonkeyPatch, most: int) -> list[int]:
    """Stretches of more customers than that take too long; tells the sizes that were tried."""
    from crmdesk.store.segments.queries import SegmentQueries

    tried: list[int] = []
    for name in ("count_stretch", "segment_stretch"):
        real = getattr(SegmentQueries, name)

        def limited(self, *asked, real=real):
            size, limit_s = asked[-2:]
            tried.append(size)
            assert limit_s == (counting.VISIT_S if size > 1 else counting.CUSTOMER_S)
            if size > most:
                raise TookTooLong
            return real(self, *asked)

        monkeypatch.setattr(SegmentQueries, name, limited)
    return tried


def test_a_rule_that_takes_long_is_asked_of_fewer_at_a_time(store, monkeypatch) -> None:
    tried = too_slow_for(monkeypatch, 2)
    assert counting.count(store, Group((GOLD,)), UTC, lambda _: None) == 3
    assert tried[:4] == [2_000, 200, 20, 2]
    assert set(tried[4:]) == {2}
    names = [one.name for one in counting.members(store, Group((GOLD,)), UTC)]
    assert names == ["N1", "N2", "N6"]


def test_a_rule_that_never_ends_is_stopped_with_words(store, monkeypatch) -> None:
    too_slow_for(monkeypatch, 0)
    with pytest.raises(counting.RuleTooSlowError, match="takes too long"):
        counting.count(store, Group((GOLD,)), UTC, lambda _: None)
    with pytest.raises(counting.RuleTooSlowError, match="Take out conditions"):
        list(counting.members(store, Group((GOLD,)), UTC))


def test_the_store_stops_a_real_rule_at_its_limit(store) -> None:
    """Fifty conditions add up the thousand orders of each customer."""

    def fill(writer: Writer) -> None:
        for hit in writer.customers(limit=10).customers:
            for place in range(1_000):
                at = writer.moment()
                writer.add_order(hit.id, at, number=str(place), title="Desk", total_cents=1)

    store.write(fill).result()
    rule = Group((Condition("order_total", Operator.AT_MOST, ("999",)),) * 50)

    def ask(reader: Reader, limit_s: float) -> tuple[int, int, uuid.UUID | None]:
        return reader.count_stretch(reader.rule_condition(rule, UTC), None, limit_s=limit_s)

    with pytest.raises(TookTooLong):
        store.read(lambda reader: ask(reader, 0.0)).result()
    assert store.read(lambda reader: ask(reader, 60.0)).result() == (7, 7, None)
