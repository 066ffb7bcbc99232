"""Rules find the customers they say, one by one, counted, listed and on the pop alike."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from crmdesk.domain.calls import CallOutcome
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Address, CustomerKind, CustomerStatus, TimelineKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.matches import MatchRule
from crmdesk.domain.segments import (
    DEEPEST,
    FIELDS,
    MOST_CONDITIONS,
    MOST_SEGMENTS,
    OPERATORS,
    Condition,
    FieldKind,
    Group,
    Operator,
    Segment,
    catalogue,
    decode,
    encode,
    problems,
)
from crmdesk.store.segments.queries import STRETCH
from crmdesk.store.tables import consent, custom_value, opportunity, segment

OWN = (
    CustomField("contract", "Contract ends", CustomFieldKind.DATE),
    CustomField("seats", "Seats", CustomFieldKind.NUMBER),
    CustomField("vip", "VIP", CustomFieldKind.FLAG),
    CustomField("plan", "Plan", CustomFieldKind.CHOICE, ("Basic", "Pro")),
)


def _when(field: str, operator: str, *values: str) -> Group:
    return Group((Condition(field, Operator(operator), values),))


@pytest.fixture
def people(write, make_person, match_of, make_call, now):
    """Anna, on whom everything is true, her company, and Bob, of whom nothing is known."""
    company = make_person("Größe & Co", kind=CustomerKind.COMPANY)
    anna = replace(
        make_person("Anna Groß", "+493023125101", emails=("anna@gross.example",)),
        company_id=company.id, role="purchasing", account_id="K-7", language="de", source="Call",
        status=CustomerStatus.DORMANT, segment="Gold", customer_since=date(2019, 5, 31),
        do_not_call=True, owner="Ben",
        addresses=(Address("work", "Kai 1", "20457", "Hamburg", "Germany"),),
    )  # fmt: skip
    bob = make_person("Bob Stone")

    def fill(w):
        for one in (company, anna, bob):
            w.save_customer(one)
        w.save_custom_fields(OWN)
        _history(w, anna.id, now)
        for linked, outcome, age in (("a", CallOutcome.ANSWERED, 10), ("m", CallOutcome.MISSED, 3)):
            call = make_call(linked, age * 24 * 60, outcome=outcome, ended_at=now)
            w.save_call(call, None)
            w.link_call(call.id, match_of(anna, MatchRule.E164, "+493023125101"))

    write(fill)
    return {"anna": anna, "bob": bob, "company": company}


def _history(w, anna: uuid.UUID, now) -> None:
    day = timedelta(days=1)
    w.add_interaction(anna, TimelineKind.EMAIL, now - 4 * day, title="Question")
    w.add_ticket(
        anna, now - 5 * day, number="1", kind="complaint", subject="Late", due_at=now - day
    )
    w.add_ticket(anna, now - 6 * day, number="2", kind="question", subject="How", status="solved")
    w.add_order(anna, now - 7 * day, number="A", title="Chairs", total_cents=120_000)
    w.add_order(anna, now, number="B", title="Desk", total_cents=990_000, status="cancelled")
    w.add_payment(anna, now - 20 * day, number="R", amount_cents=50_000, due_on=date(2026, 6, 1))
    w.add_survey_answer(anna, now - 2 * day, 2)
    w.add_survey_answer(anna, now - day, 4)
    w.add_follow_up(anna, now - day, title="10 %", due_at=now - day / 2, kind="promise")
    with w.change(ChangeKind.LEAD, "x", "") as change:
        values = {"customer_id": anna, "at": now, "title": "More desks", "stage": "offer"}
        change.insert(opportunity, {**values, "value_cents": 700_000})
        yes = {"customer_id": anna, "at": now - day, "channel": "email", "purpose": "updates"}
        change.insert(consent, {**yes, "is_given": False})
        change.insert(consent, {**yes, "at": now, "is_given": True})
        for key, value in (
            ("contract", "2026-12-31"),
            ("seats", "12.5"),
            ("vip", "1"),
            ("plan", "Pro"),
        ):
            change.insert(custom_value, {"customer_id": anna, "field_key": key, "value": value})


TRUE_OF_ANNA_ONLY = [
    ("segment", "any_of", "Silver", "Gold"),
    ("status", "any_of", "dormant"),
    ("source", "filled"),
    ("language", "any_of", "de"),
    ("name", "contains", "A GROSS"),
    ("name", "begins", "anna g"),
    ("company", "is", "grosse & co"),
    ("role", "is", "Purchasing"),
    ("role", "contains", "PURCH\u00c1"),
    ("account_id", "begins", "k-"),
    ("owner", "is", "ben"),
    ("customer_since", "before", "2020-01-01"),
    ("customer_since", "within_days", "36500"),
    ("do_not_call", "yes"),
    ("number", "begins", "+493023125"),
    ("number", "begins", "+49 30"),
    ("number", "begins", "0049 (0)30-231"),
    ("number", "is", "+49 (30) 231 25 101"),
    ("number", "contains", "231 25"),
    ("email", "contains", "@gross"),
    ("city", "is", "hamburg"),
    ("postcode", "begins", "204"),
    ("country", "filled"),
    ("last_call", "within_days", "4"),
    ("last_talk", "within_days", "11"),
    ("missed_call", "since", "2026-06-10"),
    ("last_note", "within_days", "5"),
    ("open_tickets", "is", "1"),
    ("overdue_tickets", "at_least", "1"),
    ("last_complaint", "within_days", "6"),
    ("orders", "is", "1"),
    ("order_total", "at_least", "1200"),
    ("order_total", "at_least", "1.200,00 EUR"),
    ("order_total", "at_least", "\u20ac 1,200.00"),
    ("last_order", "filled"),
    ("open_invoices", "at_least", "1"),
    ("overdue_invoices", "at_least", "1"),
    ("open_amount", "at_least", "499,5"),
    ("satisfaction", "at_least", "4"),
    ("open_follow_ups", "at_least", "1"),
    ("overdue_promises", "at_least", "1"),
    ("open_leads", "at_least", "1"),
    ("lead_value", "at_least", "7000"),
    ("lead_value", "at_least", "7.000 eur"),
    ("may_email", "yes"),
    ("custom:contract", "within_days", "1"),
    ("custom:contract", "since", "2026-12-01"),
    ("custom:seats", "at_least", "12,5"),
    ("custom:vip", "yes"),
    ("custom:plan", "any_of", "Pro"),
]


def _members(read, rule, people):
    segment = Segment(uuid.uuid4(), "x", rule)

    def ask(reader):
        statement = reader.membership((segment,), UTC)
        return {
            name
            for name, one in people.items()
            if reader.segments_of(one.id, (segment,), statement)
        }

    return read(ask)


@pytest.mark.parametrize("condition", TRUE_OF_ANNA_ONLY, ids=" ".join)
def test_condition_finds_the_one_it_is_true_of(read, people, condition):
    assert _members(read, _when(*condition), people) == {"anna"}


def test_every_field_is_tried_above():
    tried = {condition[0] for condition in TRUE_OF_ANNA_ONLY}
    untold = {"is_company", "nps"}  # below; nobody was asked for nps
    assert {one.name for one in FIELDS} == {name for name in tried if ":" not in name} | untold


@pytest.mark.parametrize(
    ("condition", "members"),
    [
        (("last_talk", "longer_ago", "90"), {"bob", "company"}),
        (("last_talk", "longer_ago", "9"), {"anna", "bob", "company"}),
        (("last_talk", "empty"), {"bob", "company"}),
        (("is_company", "yes"), {"company"}),
        (("is_company", "no"), {"anna", "bob"}),
        (("segment", "none_of", "Gold"), {"bob", "company"}),
        (("email", "empty"), {"bob", "company"}),
        (("company", "empty"), {"bob", "company"}),
        (("custom:vip", "no"), {"bob", "company"}),
        (("nps", "at_most", "10"), set()),
        (("nps", "at_least", "0"), set()),
        (("orders", "at_most", "0"), {"bob", "company"}),
        (("name", "contains", "%"), set()),
        (("role", "is_not", "purchasing"), {"bob", "company"}),
    ],
    ids=lambda part: " ".join(sorted(part) if isinstance(part, set) else part) or "nobody",
)  # fmt: skip
def test_what_is_not_there(read, people, condition, members):
    assert _members(read, _when(*condition), people) == members


def test_all_and_any(read, people):
    gold = Condition("segment", Operator.ANY_OF, ("Gold",))
    company = Condition("is_company", Operator.YES)
    assert _members(read, Group((gold, company)), people) == set()
    assert _members(read, Group((gold, company), is_any=True), people) == {"anna", "company"}
    nested = Group((Group((gold, company), is_any=True), Condition("do_not_call", Operator.NO)))
    assert _members(read, nested, people) == {"company"}


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (Group(), "Add a condition"),
        (_when("custom:gone", "filled"), "gone"),
        (_when("orders", "contains", "1"), "cannot be asked"),
        (_when("orders", "at_least", "many"), "number"),
        (_when("orders", "at_least", "NaN"), "number"),
        (_when("last_call", "within_days", "0"), "days"),
        (_when("last_call", "within_days", "99999"), "days"),
        (_when("last_call", "since", "2026-02-30"), "a day like"),
        (_when("last_call", "since", "0001-01-01"), "between 1900 and 2200"),
        (_when("customer_since", "before", "9999-12-31"), "between 1900 and 2200"),
        (_when("orders", "at_least", "1e999999999"), "number"),
        (_when("order_total", "at_least", "1e-99999999999999999999"), "number"),
        (_when("orders", "at_least", "9" * 20), "number"),
        (_when("name", "contains", "\ud800"), "cannot be read"),
        (_when("name", "contains", "a\0b"), "cannot be read"),
        (_when("segment", "any_of", *map(str, range(300_000))), "at most 200"),
        (_when("number", "begins", "030"), "begin with +"),
        (_when("number", "contains", "030"), "begin with +"),
        (_when("number", "is", "231 25"), "begin with +"),
        (_when("order_total", "at_least", "600 apples"), "amount like 600 EUR"),
        (_when("segment", "any_of"), "needs a value"),
        (_when("name", "is", "x" * 201), "too long"),
        (Group((Condition("segment", Operator.FILLED),) * (MOST_CONDITIONS + 1)), "More than"),
    ],
)
def test_rule_with_a_problem_says_so_and_has_no_members(read, people, rule, word):
    assert word in problems(rule, catalogue(OWN))[0]
    assert _members(read, rule, people) == set()
    assert _members(read, Group((rule,), is_any=True), people) == set()


def test_too_deep_a_rule_has_no_members(read, people):
    rule = _when("segment", "filled")
    for _ in range(DEEPEST):
        rule = Group((rule,))
    assert "deep" in problems(rule, catalogue())[0]
    assert _members(read, rule, people) == set()


def test_sums_of_two_currencies_are_never_added(read, write, people, now):
    bob = people["bob"].id

    def orders(w):
        for number, cents, currency in (("J", 5_000_000, "JPY"), ("E", 60_000, "EUR")):
            w.add_order(bob, now, number=number, title="x", total_cents=cents, currency=currency)
        for number, cents in (("K", 30_000), ("L", 30_000)):
            w.add_payment(bob, now, number=number, amount_cents=cents, currency="USD")

    write(orders)

    def who(*condition):
        return _members(read, _when(*condition), people)

    assert who("order_total", "at_least", "50000 JPY") == {"bob"}
    assert who("order_total", "at_least", "50000 EUR") == set()
    assert who("order_total", "at_least", "601 EUR") == {"anna"}
    assert who("order_total", "at_most", "600 EUR") == {"bob", "company"}
    assert who("order_total", "at_least", "50001") == set()  # 50,600 of both together
    assert who("order_total", "at_least", "50000") == {"bob"}
    assert who("open_amount", "at_least", "600 USD") == {"bob"}
    assert who("open_amount", "at_least", "501 EUR") == set()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ärztin", "ÄRZTIN"), ("ÄRZTIN", "Ärztin"), ("arztin", "Ärztin"), ("ИВАН", "иван")],
)
def test_texts_are_found_without_case_in_every_script(read, write, people, typed, kept):
    bob = replace(people["bob"], role=kept, addresses=(Address("work", "", "", kept),))
    write(lambda w: w.save_customer(bob))
    for field in ("role", "city"):
        for how in ("is", "begins", "contains"):
            assert _members(read, _when(field, how, typed), people) == {"bob"}
        assert "bob" not in _members(read, _when(field, "is_not", typed), people)


def test_marks_without_letters_are_contained_in_nothing(read, people):
    for field in ("name", "role", "company"):
        assert _members(read, _when(field, "contains", "\u0301"), people) == set()


@pytest.mark.parametrize("value", ["abc", "5 pieces", "1.2.3", "--5", "-", "5-", "."])
def test_what_is_no_number_in_a_field_of_numbers_fulfils_nothing(read, write, people, value):
    _keep_custom(write, people["bob"].id, "seats", value)
    for how in ("at_least", "at_most", "is"):
        for figure in ("0", "5"):
            assert _members(read, _when("custom:seats", how, figure), people) <= {"anna"}


@pytest.mark.parametrize("value", ["5", "-5", "5.25", "0.0"])
def test_numbers_in_own_fields_count(read, write, people, value):
    _keep_custom(write, people["bob"].id, "seats", value)
    assert "bob" in _members(read, _when("custom:seats", "is", value), people)


@pytest.mark.parametrize("value", ["not a date", "2026-02-30", "31.05.2026", "now", "2026"])
def test_what_is_no_day_in_a_field_of_days_fulfils_nothing(read, write, people, value):
    _keep_custom(write, people["bob"].id, "contract", value)
    for how, day in (("since", "1900-01-01"), ("before", "2200-01-01"), ("filled", None)):
        rule = _when("custom:contract", how, *([day] if day else []))
        assert _members(read, rule, people) == {"anna"}


def _keep_custom(write, customer_id, key, value):
    def keep(w):
        with w.change(ChangeKind.EDIT, "x", "") as change:
            row = {"customer_id": customer_id, "field_key": key, "value": value}
            change.insert(custom_value, row)

    write(keep)


def _nested(depth):
    rule = _when("segment", "filled")
    for _ in range(depth):
        rule = Group((rule,))
    return rule


def test_a_rule_nested_ten_thousand_deep_is_refused_in_words(read, write, people):
    assert "deep" in problems(_nested(10_000), catalogue())[0]
    with pytest.raises(UserFacingError, match="nested more than"):
        write(lambda w: w.save_segments((Segment(uuid.uuid4(), "Deep", _nested(10_000)),), "Ben"))
    assert read(lambda r: r.segments()) == ()


def test_a_rule_that_another_program_nested_deep_is_of_nobody(read, write, people):
    one = Segment(uuid.uuid4(), "Odd", _when("segment", "filled"))
    write(lambda w: w.save_segments((one,), "Ben"))
    deep = '{"all":[' * 100_000 + "]}" * 100_000
    write(lambda w: w._connection.execute(update(segment).values(rule=deep)))
    (found,) = read(lambda r: r.segments())
    assert problems(found.rule, catalogue())


def test_there_are_at_most_as_many_segments_as_one_question_asks(read, write, people):
    full = tuple(
        Segment(uuid.uuid4(), f"S{number:03}", _when("segment", "filled"))
        for number in range(MOST_SEGMENTS)
    )
    write(lambda w: w.save_segments(full, "Ben"))
    anna = people["anna"].id
    found = read(lambda r: r.segments_of(anna, full, r.membership(full, UTC)))
    assert len(found) == MOST_SEGMENTS
    with pytest.raises(UserFacingError, match="at most"):
        write(lambda w: w.save_segments((*full, replace(full[0], id=uuid.uuid4())), "Ben"))


def _counted(read, rule, size):
    count, after = 0, None
    while True:
        some, _, after = read(
            lambda r, after=after: r.count_stretch(r.rule_condition(rule, UTC), after, size)
        )
        count += some
        if after is None:
            return count


def _listed(read, rule, limit, size):
    hits, place = [], None
    while True:
        page = read(
            lambda r, place=place: r.segment_stretch(
                r.rule_condition(rule, UTC), place, limit, size
            )
        )
        assert len(page.customers) <= limit
        hits += [hit.name for hit in page.customers]
        place = page.next
        if place is None:
            return hits


@pytest.mark.parametrize("size", [1, 2, 7, STRETCH])
def test_counted_and_listed_by_stretches_of_any_size(read, write, make_person, size):
    for number in range(12):
        gold = "Gold" if number % 3 == 0 else ""
        write(
            lambda w, n=number, g=gold: w.save_customer(replace(make_person(f"N{n:02}"), segment=g))
        )
    rule = _when("segment", "any_of", "Gold")
    assert _counted(read, rule, size) == 4
    for limit in (1, 3, 100):
        assert _listed(read, rule, limit, size) == ["N00", "N03", "N06", "N09"]


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_by_one_counted_and_listed_agree_for_any_rule(read, people, data):
    rule = data.draw(_rules(), "rule")
    assert not problems(rule, catalogue(OWN))
    members = _members(read, rule, people)
    assert _counted(read, rule, 2) == len(members)
    assert len(_listed(read, rule, 2, 2)) == len(members)
    assert decode(json.loads(json.dumps(encode(rule)))) == rule


def _rules():
    conditions = st.sampled_from(list(catalogue(OWN).values())).flatmap(_condition)
    flat = st.builds(Group, st.lists(conditions, min_size=1, max_size=3).map(tuple), st.booleans())
    both = st.lists(conditions | flat, min_size=1, max_size=3).map(tuple)
    return st.builds(Group, both, st.booleans())


def _condition(field):
    value = {
        FieldKind.NUMBER: st.integers(0, 12).map(str),
        FieldKind.MONEY: st.integers(0, 9999).map(str),
        FieldKind.DAY: st.just("2026-06-01"),
    }.get(field.kind, st.sampled_from(["Gold", "a", "%", "'", "ß", "1"]))
    days = st.integers(1, 400).map(str)
    if field.name == "number":
        value = st.sampled_from(["+4930", "0049 30", "+1"])

    def made(operator):
        if operator in {Operator.EMPTY, Operator.FILLED, Operator.YES, Operator.NO}:
            return st.just(Condition(field.name, operator))
        typed = days if operator in {Operator.WITHIN_DAYS, Operator.LONGER_AGO} else value
        return typed.map(lambda text: Condition(field.name, operator, (text,)))

    return st.sampled_from(OPERATORS[field.kind]).flatmap(made)


@pytest.mark.parametrize(
    "plain",
    [None, [], {}, {"all": 3}, {"all": [3]}, {"all": [{"field": "x"}]}, {"any": [{"all": {}}]}],
)
def test_rules_of_others_are_read_as_rules_with_a_problem(plain):
    assert problems(decode(plain), catalogue())


def test_segments_are_kept_in_order_and_changed_in_steps_that_can_be_undone(read, write, now):
    first = Segment(
        uuid.uuid4(), "Gold", _when("segment", "any_of", "Gold"), "good", is_on_pop=True
    )
    second = Segment(uuid.uuid4(), "Owing", _when("open_invoices", "at_least", "1"), "bad")
    write(lambda w: w.save_segments((first, second), "Ann"))
    step = write(lambda w: w.save_segments((second,), "Ann"))
    assert read(lambda r: r.segments()) == (second,)
    write(lambda w: w.undo_change(step.id, "Ann"))
    write(lambda w: w.keep_count(first.id, 7, now))
    assert read(lambda r: r.segments()) == (replace(first, counted=7, counted_at=now), second)
