"""Who changed what, field by field; two who edit one customer lose nothing in silence."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crmdesk.domain.audit import ConflictingEditsError, EditedCustomer, RowFate
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Address, CustomerKind, CustomerStatus, Email, PhoneNumber
from crmdesk.domain.edits import settled
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.store import open_store
from crmdesk.store.audit.editing import CustomerEdits, opened_customer
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import metadata
from crmdesk.store.tables.of_customers import history_tables
from tests.store.history_rows import add_row

OWN_KINDS = (
    CustomField("seats", "Seats", CustomFieldKind.NUMBER),
    CustomField("ends", "Ends", CustomFieldKind.DATE),
)


@pytest.fixture
def store(store_file, key, now):
    """One whose clock goes on: a history is in order of time."""
    seconds = itertools.count()
    with open_store(
        store_file, key, clock=lambda: now + timedelta(seconds=next(seconds))
    ) as opened:
        yield opened


@pytest.fixture
def anna(write, make_person):
    someone = replace(
        make_person("Anna Groß", "+493023125101", emails=("anna@gross.example",)),
        segment="Gold", addresses=(Address("work", "Kai 1", "20457", "Hamburg", "Germany"),),
    )  # fmt: skip
    write(lambda w: w.save_customer(someone))
    write(
        lambda w: w.save_custom_fields([CustomField("plan", "Plan"), CustomField("card", "Card")])
    )
    return someone.id


@pytest.fixture
def opened(read, anna):
    return read(lambda r: opened_customer(r, anna))


@pytest.fixture
def now_is(read, anna):
    return lambda: read(lambda r: opened_customer(r, anna))


@pytest.fixture
def edit(write, opened):
    """Somebody saves a form that was opened before everything else."""

    def _edit(who, custom=None, decided=None, **fields):
        edited = EditedCustomer(
            replace(opened.customer, **fields), {**opened.custom, **(custom or {})}
        )
        try:
            return write(lambda w: CustomerEdits(w).edit(opened, edited, who))
        except ConflictingEditsError as error:
            if decided is None:
                raise
            base, final = settled(opened, edited, error.conflicts, decided)
        return write(lambda w: CustomerEdits(w).edit(base, final, who))

    return _edit


def test_edits_of_different_fields_both_hold(edit, now_is):
    edit("Ben", segment="Silver", custom={"plan": "Pro"})
    edit("Cleo", role="purchasing", custom={"card": "on file"})
    both = now_is()
    assert (both.customer.segment, both.customer.role) == ("Silver", "purchasing")
    assert both.custom == {"plan": "Pro", "card": "on file"}


@pytest.mark.parametrize(
    ("custom", "word"),
    [
        ({"ghost": "g"}, "ghost. is gone"),
        ({"seats": "not a number"}, "Seats needs a number"),
        ({"seats": "1e5"}, "Seats needs a number"),
        ({"ends": "tomorrow"}, "Ends needs a day"),
        ({"ends": "2026-02-30"}, "Ends needs a day"),
    ],
)
def test_what_an_own_field_cannot_hold_is_refused(
    write, read, edit, now_is, make_person, custom, word
):
    write(lambda w: w.save_custom_fields(OWN_KINDS))
    with pytest.raises(UserFacingError, match=word):
        edit("Ben", custom, segment="Silver")
    assert (now_is().customer.segment, now_is().custom) == ("Gold", {})
    new = EditedCustomer(make_person("New One"), custom)
    with pytest.raises(UserFacingError, match=word):
        write(lambda w: CustomerEdits(w).create(new, "Ben"))
    assert read(lambda r: r.customer(new.customer.id)) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("12.5", "12.5"), ("1.234", "1.234"), ("12,5", "12.5"), ("1.234,5", "1234.5"), ("-3", "-3")],
)
def test_numbers_in_own_fields_are_kept_as_numbers(write, edit, now_is, typed, kept):
    write(lambda w: w.save_custom_fields(OWN_KINDS))
    edit("Ben", {"seats": typed, "ends": "2026-05-31"})
    assert now_is().custom == {"seats": kept, "ends": "2026-05-31"}


def test_a_field_that_is_gone_can_be_emptied(write, edit, opened, now_is):
    edit("Ben", {"plan": "Pro"})
    write(lambda w: PlanWriting(w, "Ben").save_fields([]))
    before = now_is()
    emptied = EditedCustomer(before.customer, {**before.custom, "plan": ""})
    write(lambda w: CustomerEdits(w).edit(before, emptied, "Ben"))
    assert not now_is().custom.get("plan")


def test_same_edit_twice_is_no_conflict_and_no_step(edit, now_is, read):
    edit("Ben", segment="Silver")
    step = edit("Cleo", segment="Silver")
    assert now_is().customer.segment == "Silver"
    assert step.rows == 0
    assert read(lambda r: r.change_set(step.id)) is None


def test_conflict_names_both_values_and_who_and_writes_nothing(edit, now_is):
    edit("Ben", segment="Silver", status=CustomerStatus.DORMANT, custom={"plan": "Pro"})
    with pytest.raises(ConflictingEditsError, match="Ben changed this customer") as error:
        edit("Cleo", segment="New", role="purchasing", custom={"plan": "Basic"})
    found = {one.field: (one.base, one.mine, one.theirs, one.who) for one in error.value.conflicts}
    assert found == {
        "segment": ("Gold", "New", "Silver", "Ben"),
        "custom:plan": ("", "Basic", "Pro", "Ben"),
    }
    assert (now_is().customer.role, now_is().custom["plan"]) == ("", "Pro")


def test_conflict_is_decided_field_by_field(edit, now_is):
    edit("Ben", segment="Silver", custom={"plan": "Pro"})
    decided = {"segment": "mine", "custom:plan": "theirs"}
    edit("Cleo", {"plan": "Basic"}, decided, segment="New", role="purchasing")
    after = now_is()
    assert (after.customer.segment, after.custom["plan"]) == ("New", "Pro")
    assert after.customer.role == "purchasing"


def test_decision_holds_only_against_what_was_seen(edit, opened, write, now_is):
    edit("Ben", segment="Silver")
    edited = EditedCustomer(replace(opened.customer, segment="New"), opened.custom)
    with pytest.raises(ConflictingEditsError) as error:
        write(lambda w: CustomerEdits(w).edit(opened, edited, "Cleo"))
    base, final = settled(opened, edited, error.value.conflicts, {"segment": "mine"})
    edit("Dora", decided={"segment": "mine"}, segment="Standard")
    with pytest.raises(ConflictingEditsError) as error:
        write(lambda w: CustomerEdits(w).edit(base, final, "Cleo"))
    assert [(one.theirs, one.who) for one in error.value.conflicts] == [("Standard", "Dora")]
    assert now_is().customer.segment == "Standard"


def test_company_typed_anew_is_part_of_the_step(opened, write, now_is, read, make_person):
    new = make_person("Hansen Logistics", kind=CustomerKind.COMPANY)
    edited = EditedCustomer(replace(opened.customer, company_id=new.id), {"plan": "Pro"})
    step = write(lambda w: CustomerEdits(w).edit(opened, edited, "Ben", new))
    assert now_is().customer.company_name == "Hansen Logistics"
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert now_is() == opened
    assert read(lambda r: r.customer(new.id)) is None


def test_new_customer_with_company_and_own_fields_is_one_step(write, read, anna, make_person):
    firm = make_person("Hansen Logistics", kind=CustomerKind.COMPANY)
    jane = replace(make_person("Jane Doe", "+493023125150"), company_id=firm.id)
    new = EditedCustomer(jane, {"plan": "4111 1111 1111 1111"})
    step = write(lambda w: CustomerEdits(w).create(new, "Ben", firm))
    assert (step.kind, step.title) == (ChangeKind.CREATION, "New customer Jane Doe")
    made = read(lambda r: opened_customer(r, jane.id))
    assert made.customer.company_name == "Hansen Logistics"
    assert made.custom == {"plan": "•••• 1111"}
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert read(lambda r: (r.customer(jane.id), r.customer(firm.id))) == (None, None)


def test_stamp_is_another_one_after_whatever_was_written(edit, write, read, anna, now):
    seen = [read(lambda r: r.customer_stamp(anna))]

    def is_new():
        seen.append(read(lambda r: r.customer_stamp(anna)))
        return seen[-1] != seen[-2]

    assert not is_new()
    step = edit("Ben", custom={"plan": "Pro"})
    assert is_new()
    assert seen[-1].who == "Ben"
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert is_new()
    person = read(lambda r: r.customer(anna))
    write(lambda w: w.save_customer(replace(person, role="buyer")))
    assert is_new()
    assert not is_new()


def test_what_each_added_to_a_set_stays_and_what_either_removed_goes(edit, now_is, opened):
    customer = opened.customer
    (number,), (mail,) = customer.numbers, customer.emails
    new = PhoneNumber("+493023125102", "+493023125102", "home")
    edit("Ben", numbers=(number, new), emails=(Email("ben@gross.example"),))
    other = PhoneNumber("+493023125103", "+493023125103", "mobile")
    edit("Cleo", numbers=(other,), emails=(mail, Email("cleo@gross.example")), addresses=())
    after = now_is().customer
    assert {one.e164 for one in after.numbers} == {new.e164, other.e164}
    assert {one.address for one in after.emails} == {"ben@gross.example", "cleo@gross.example"}
    assert after.addresses == ()


def test_edited_customer_is_found_and_matched_by_what_is_new(edit, read, anna):
    number = PhoneNumber("+493023125104", "+493023125104", "home")
    edit("Ben", name="Änne Weiß", numbers=(number,), emails=())
    assert [hit.id for hit in read(lambda r: r.search("weiss"))] == [anna]
    assert read(lambda r: r.search("groß anna")) == ()
    assert [one.customer_id for one in read(lambda r: r.by_e164("+493023125104"))] == [anna]


def test_undo_of_an_edit_puts_all_of_it_back(edit, write, now_is, opened):
    step = edit(
        "Ben", {"plan": "Pro"}, name="Änne Weiß", segment="", customer_since=date(2020, 1, 1),
        numbers=(), emails=(), addresses=(Address("home", "Weg 2"),),
    )  # fmt: skip
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert now_is() == opened


def test_history_tells_who_changed_what_from_what(edit, read, anna):
    edit("Ben", segment="Silver", custom={"plan": "Pro"}, emails=())
    edit("Cleo", role="purchasing")
    page = read(lambda r: r.customer_history(anna))
    assert [(step.who, step.kind) for step in page.steps] == [
        ("Cleo", ChangeKind.EDIT),
        ("Ben", ChangeKind.EDIT),
    ]
    rows = {row.table: row for row in page.steps[1].rows}
    assert (rows["customer"].before, rows["customer"].after) == (
        {"segment": "Gold"}, {"segment": "Silver"},
    )  # fmt: skip
    assert (rows["custom_value"].fate, rows["email"].fate) == (RowFate.ADDED, RowFate.REMOVED)


def test_history_of_one_field(edit, read, anna):
    edit("Ben", segment="Silver", role="x")
    edit("Cleo", source="segment")
    page = read(lambda r: r.customer_history(anna, table="customer", field="segment"))
    assert [step.who for step in page.steps] == ["Ben"]


def test_history_is_paged_and_steps_go_on_over_pages(edit, read, anna):
    for number in range(5):
        edit(f"P{number}", custom={"plan": f"{number}"}, decided={"custom:plan": "mine"})
    edit("Last", emails=(), addresses=(), numbers=())
    seen, place = [], None
    while True:
        page = read(lambda r, place=place: r.customer_history(anna, place, 2))
        seen += [row.id for step in page.steps for row in step.rows]
        place = page.next
        if place is None:
            break
    assert len(seen) == len(set(seen)) == 8


def test_one_field_is_set_back_and_the_rest_of_the_step_stays(edit, write, read, anna, now_is):
    edit("Ben", segment="Silver", name="Änne Weiß")
    (step,) = read(lambda r: r.customer_history(anna)).steps
    (row,) = step.rows
    write(lambda w: CustomerEdits(w).set_back(anna, row.id, "name", "Cleo"))
    after = now_is().customer
    assert (after.name, after.segment) == ("Anna Groß", "Silver")
    assert [hit.id for hit in read(lambda r: r.search("gross"))] == [anna]
    assert read(lambda r: r.customer_history(anna)).steps[0].who == "Cleo"


def test_removed_number_is_brought_back_and_added_one_removed(
    edit, write, read, anna, now_is, opened
):
    new = PhoneNumber("+493023125102", "+493023125102", "home")
    edit("Ben", numbers=(new,))
    (step,) = read(lambda r: r.customer_history(anna)).steps
    for row in step.rows:
        write(lambda w, row=row: CustomerEdits(w).set_back(anna, row.id, "", "Cleo"))
    assert [one.e164 for one in now_is().customer.numbers] == [opened.customer.numbers[0].e164]
    assert read(lambda r: r.by_e164(new.e164)) == ()


def test_what_was_changed_again_since_is_not_set_back(edit, write, read, anna):
    edit("Ben", segment="Silver")
    (step,) = read(lambda r: r.customer_history(anna)).steps
    edit("Cleo", decided={"segment": "mine"}, segment="New")
    with pytest.raises(UserFacingError, match="again since"):
        write(lambda w: CustomerEdits(w).set_back(anna, step.rows[0].id, "segment", "Ben"))


def test_line_of_another_customer_is_not_set_back(edit, write, read, anna, make_person):
    edit("Ben", segment="Silver")
    (step,) = read(lambda r: r.customer_history(anna)).steps
    with pytest.raises(UserFacingError, match="not in the store"):
        write(lambda w: CustomerEdits(w).set_back(uuid.uuid4(), step.rows[0].id, "segment", "Ben"))


def test_card_number_in_a_field_is_masked(edit, now_is):
    edit("Ben", custom={"card": "4111 1111 1111 1111"})
    assert now_is().custom["card"] == "•••• 1111"


def test_merge_moves_the_rows_of_every_table_that_names_a_customer(write, read, anna, make_person):
    """A table that is added and forgotten by the merge fails here."""
    other = make_person("Anna Gross")
    write(lambda w: w.save_customer(other))

    def add_everywhere(w):
        for table in history_tables():
            add_row(w, table, other.id)

    write(add_everywhere)
    write(lambda w: w.merge_customers(anna, other.id, "Ben"))

    def owners(r):
        return {
            table.name: {
                row[0]
                for row in r._connection.execute(
                    table.select().with_only_columns(table.c.customer_id)
                )
            }
            for table in history_tables()
        }

    assert read(owners) == {table.name: {anna} for table in history_tables()}
    named = {table.name for table in metadata.sorted_tables if "customer_id" in table.c}
    assert len(named) > len(history_tables()) > 10
