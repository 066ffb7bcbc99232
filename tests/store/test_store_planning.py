"""What the company decides about its data is read as one value."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import (
    DEFAULTS,
    BlockPlace,
    Choice,
    PicklistKey,
    Picklists,
    PlacedBlock,
    Situation,
)
from crmdesk.store.planning.places import PLACES
from crmdesk.store.planning.values import count_field, count_value, replace_value
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import (
    custom_value,
    customer,
    layout_block,
    picklist_entry,
    required_field,
)


def test_fresh_store_offers_the_programs_own_choices(store):
    plan = store.read(lambda r: r.company_plan()).result()
    assert dict(plan.picklists.lists) == dict(DEFAULTS)
    assert (plan.fields, plan.required, plan.blocks) == ((), {}, {})


def test_value_of_no_list_is_shown_as_it_is():
    lists = Picklists()
    assert lists.title(PicklistKey.SEGMENT, "Platinum") == "Platinum"
    assert lists.offered(PicklistKey.SEGMENT, "Platinum")[-1].key == "Platinum"
    assert "Platinum" not in {one.key for one in lists.offered(PicklistKey.SEGMENT)}


def _plan_something(writer):
    with writer.change(ChangeKind.PLAN, "Segments", "1001") as change:
        for place, (key, retired) in enumerate((("Platinum", False), ("Gold", True))):
            change.insert(
                picklist_entry,
                {
                    "list_key": "segment",
                    "key": key,
                    "title": key.upper(),
                    "position": place,
                    "is_retired": retired,
                },
            )
        change.insert(required_field, {"situation": "customer", "field": "segment"})
        change.insert(layout_block, {"place": "page", "block": "orders", "position": 1})
        change.insert(
            layout_block, {"place": "page", "block": "tickets", "position": 0, "is_shown": False}
        )
    writer.save_custom_fields(
        [
            CustomField("card", "Loyalty card", hint="on the back"),
            CustomField("old", "Old", CustomFieldKind.FLAG, is_retired=True),
        ]
    )
    return change.id


def test_plan_is_what_the_company_wrote_and_can_be_taken_back(store):
    change_id = store.write(_plan_something).result()
    plan = store.read(lambda r: r.company_plan()).result()
    assert [one.title for one in plan.picklists.offered(PicklistKey.SEGMENT)] == ["PLATINUM"]
    assert plan.picklists.title(PicklistKey.SEGMENT, "Gold") == "GOLD"
    assert plan.is_required(Situation.CUSTOMER, "segment")
    assert [(b.block, b.is_shown) for b in plan.blocks[BlockPlace.PAGE]] == [
        ("tickets", False),
        ("orders", True),
    ]
    assert [one.key for one in plan.offered_fields()] == ["card"]
    assert [one.hint for one in plan.fields] == ["on the back", ""]
    assert store.read(lambda r: [one.key for one in r.custom_fields()]).result() == ["card"]
    store.write(lambda w: w.undo_change(change_id, "1001")).result()
    again = store.read(lambda r: r.company_plan()).result()
    assert dict(again.picklists.lists) == dict(DEFAULTS)
    assert (again.required, again.blocks) == ({}, {})


# --- what is written --------------------------------------------------------------------------

SILVER, GOLD, PLATINUM = (Choice(name, name) for name in ("Silver", "Gold", "Platinum"))


@pytest.fixture
def plan(write):
    return lambda work: write(lambda w: work(PlanWriting(w, "Ann")))


def _offered(read, key=PicklistKey.SEGMENT):
    return [one.key for one in read(lambda r: r.picklists()).offered(key)]


def test_list_is_what_was_saved_in_its_order_and_undo_brings_back_what_was_there(read, write, plan):
    first = plan(lambda p: p.save_picklist(PicklistKey.SEGMENT, (PLATINUM, GOLD)))
    second = plan(lambda p: p.save_picklist(PicklistKey.SEGMENT, (GOLD, SILVER)))
    assert _offered(read) == ["Gold", "Silver"]
    plan(lambda p: p.save_picklist(PicklistKey.SEGMENT, (PLATINUM,)))
    assert _offered(read) == ["Platinum"]
    third = read(lambda r: r.changes()).changes
    assert len(third) == 3
    for step in (one for one in third if one.id not in {first.id, second.id}):
        write(lambda w, step=step: w.undo_change(step.id, "Ann"))
    assert _offered(read) == ["Gold", "Silver"]
    write(lambda w: w.undo_change(second.id, "Ann"))
    assert _offered(read) == ["Platinum", "Gold"]
    write(lambda w: w.undo_change(first.id, "Ann"))
    assert _offered(read) == [one.key for one in DEFAULTS[PicklistKey.SEGMENT]]


@pytest.mark.parametrize("key", list(PicklistKey))
def test_programs_own_choices_can_be_saved_and_every_list_has_places(read, plan, key):
    plan(lambda p: p.use_defaults(key))
    assert read(lambda r: r.picklists()).lists[key] == DEFAULTS[key]
    assert PLACES[key]


@pytest.mark.parametrize(
    ("key", "choices", "words"),
    [
        ("segment", (), "needs a choice"),
        ("segment", (replace(GOLD, is_retired=True),), "needs a choice"),
        ("segment", (GOLD, replace(SILVER, title=" gold ")), "twice"),
        ("segment", (replace(GOLD, title="\u200b"),), "needs a name"),
        ("segment", (GOLD, replace(GOLD, title="x")), "alike"),
        ("customer_status", DEFAULTS[PicklistKey.CUSTOMER_STATUS][1:], "renamed and moved"),
        ("ticket_stage", DEFAULTS[PicklistKey.TICKET_STAGE][:2], "solved"),
        ("lead_stage", DEFAULTS[PicklistKey.LEAD_STAGE][1:3], "won"),
        ("segment", tuple(Choice(f"{n}", f"{n}") for n in range(201)), "at most"),
    ],
)
def test_list_that_cannot_be_is_refused_in_words(read, plan, key, choices, words):
    with pytest.raises(UserFacingError, match=words):
        plan(lambda p: p.save_picklist(PicklistKey(key), choices))
    assert dict(read(lambda r: r.picklists()).lists) == dict(DEFAULTS)


def test_field_that_was_deleted_comes_back_with_what_customers_had_of_it(
    read, write, plan, make_person
):
    anna = make_person("Anna")
    write(lambda w: w.save_customer(anna))
    card = CustomField("card", "Card")
    plan(lambda p: p.save_fields((card, CustomField("plan", "Plan"))))
    with_value = {"customer_id": anna.id, "field_key": "card", "value": "7"}
    with_change = ChangeKind.EDIT, "x", "Ann"

    def fill(w):
        with w.change(*with_change) as change:
            change.insert(custom_value, with_value)

    write(fill)
    plan(lambda p: p.save_fields(()))
    assert read(lambda r: r.custom_fields()) == ()
    plan(lambda p: p.save_fields((replace(card, title="Loyalty card"),)))
    assert [one.title for one in read(lambda r: r.custom_fields())] == ["Loyalty card"]
    assert read(lambda r: r.custom_values(anna.id)) == {"card": "7"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((CustomField("a", "A"), CustomField("b", "a")), "twice"),
        ((CustomField("a", ""),), "needs a name"),
        ((CustomField("a", "A"), CustomField("a", "B")), "alike"),
        ((CustomField("a", "A", CustomFieldKind.CHOICE),), "choose from"),
    ],
)
def test_fields_that_cannot_be_are_refused(plan, fields, words):
    with pytest.raises(UserFacingError, match=words):
        plan(lambda p: p.save_fields(fields))


def test_required_fields_and_blocks_are_what_was_saved(read, plan):
    plan(lambda p: p.save_required(Situation.CUSTOMER, {"segment", "custom:card"}))
    plan(lambda p: p.save_required(Situation.CUSTOMER, {"segment", "source"}))
    blocks = (PlacedBlock("orders"), PlacedBlock("tickets", is_shown=False))
    plan(lambda p: p.save_blocks(BlockPlace.PAGE, blocks[::-1]))
    plan(lambda p: p.save_blocks(BlockPlace.PAGE, blocks))
    found = read(lambda r: r.company_plan())
    assert found.required == {Situation.CUSTOMER: frozenset({"segment", "source"})}
    assert found.blocks == {BlockPlace.PAGE: blocks}
    plan(lambda p: p.save_required(Situation.CUSTOMER, ()))
    assert read(lambda r: r.company_plan()).required == {}


def test_value_is_counted_and_replaced_everywhere_as_one_step(store, read, write, make_person):
    gold = [replace(make_person(f"N{n}"), segment="Gold") for n in range(7)]
    other = replace(make_person("Other"), segment="Silver")
    for one in (*gold, other):
        write(lambda w, one=one: w.save_customer(one))
    assert count_value(store, PicklistKey.SEGMENT, "Gold") == 7
    step = replace_value(store, PicklistKey.SEGMENT, "Gold", "Platinum", "Ann")
    assert count_value(store, PicklistKey.SEGMENT, "Platinum") == 7
    assert read(lambda r: r.customer(other.id)).segment == "Silver"
    write(lambda w: w.undo_change(step.id, "Ann"))
    assert count_value(store, PicklistKey.SEGMENT, "Gold") == 7


def test_the_step_that_replaces_a_value_says_it_by_its_title(store, write, plan):
    kinds = (Choice("complaint", "Beanstandung"), Choice("question", "Question"))
    plan(lambda p: p.save_picklist(PicklistKey.TICKET_KIND, kinds))
    customer = uuid.uuid4()
    moment = store.read(lambda r: r.moment()).result()
    write(lambda w: w.add_ticket(customer, moment, number="1", kind="complaint", subject="Late"))
    step = replace_value(store, PicklistKey.TICKET_KIND, "complaint", "question", "Ann")
    assert step.title == "Ticket kind Beanstandung: now Question"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_stretches_of_any_size_find_every_row_once(read, write, make_person, size):
    keys = []
    for number in range(5):
        one = replace(make_person(f"N{number}"), segment="Gold" if number % 2 else "")
        write(lambda w, one=one: w.save_customer(one))
        keys += [one.id] if number % 2 else []
    found, after = [], None
    while True:
        some, after = read(
            lambda r, a=after: r.rows_with_value(customer.c.segment, "Gold", a, size)
        )
        found += some
        if after is None:
            break
    assert sorted(found) == sorted(keys)


def test_what_was_said_once_is_never_replaced(store):
    with pytest.raises(UserFacingError, match="keeps its words"):
        replace_value(store, PicklistKey.CONSENT_SOURCE, "call", "phone", "Ann")


def test_replacing_that_is_stopped_leaves_everything_as_it_was(store, read, write, make_person):
    people = [make_person(f"Jane {n}", segment="Gold") for n in range(3)]
    write(lambda w: [w.save_customer(one) for one in people])

    class StoppedError(Exception):
        pass

    def stop(_count):
        raise StoppedError

    with pytest.raises(StoppedError):
        replace_value(store, PicklistKey.SEGMENT, "Gold", "Silver", "Ann", stop, and_remove=True)
    assert {read(lambda r, one=one: r.customer(one.id)).segment for one in people} == {"Gold"}
    assert "Gold" in _offered(read)


def test_replacing_the_last_choice_the_program_needs_is_refused_as_a_whole(store, read):
    with pytest.raises(UserFacingError, match="solved"):
        replace_value(store, PicklistKey.TICKET_STAGE, "solved", "open", "Ann", and_remove=True)
    assert "solved" in _offered(read, PicklistKey.TICKET_STAGE)


def test_customers_who_have_a_field_are_counted_without_those_who_had_it(store, write, make_person):
    people = [make_person(f"Jane {n}") for n in range(3)]
    write(lambda w: [w.save_customer(one) for one in people])

    def give(writer):
        with writer.change(ChangeKind.EDIT, "Cards", "Ann") as change:
            for one in people:
                row = {"customer_id": one.id, "field_key": "card", "value": "x"}
                change.insert(custom_value, row)
        return change.id

    step = write(give)
    assert (count_field(store, "card"), count_field(store, "other")) == (3, 0)
    write(lambda w: w.undo_change(step, "Ann"))
    assert count_field(store, "card") == 0


def test_a_key_is_used_again_for_the_same_kind_only(read, write, make_person):
    anna = make_person("Anna")
    as_text = CustomField("birthday", "Birthday", CustomFieldKind.TEXT)
    as_date = CustomField("birthday", "Birthday", CustomFieldKind.DATE)

    def save(*fields):
        write(lambda w: PlanWriting(w, "Ann").save_fields(fields))
        return [one.key for one in read(lambda r: r.custom_fields())]

    def keep(w):
        w.save_customer(anna)
        with w.change(ChangeKind.EDIT, "x", "") as change:
            row = {"customer_id": anna.id, "field_key": "birthday", "value": "in May"}
            change.insert(custom_value, row)

    assert save(as_text) == ["birthday"]
    write(keep)
    assert save() == []
    assert save(as_date) == ["birthday_date"]
    assert save(as_date) == ["birthday_date"]  # a window that has not read it yet
    assert save() == []
    assert save(as_date) == ["birthday_date"]
    assert save() == []
    assert save(as_text) == ["birthday"]
    assert read(lambda r: r.custom_values(anna.id)) == {"birthday": "in May"}
    other = CustomField("birthday_date", "Party", CustomFieldKind.FLAG)
    assert save(other, replace(as_date, title="Born")) == ["birthday_date_flag", "birthday"]
