"""A new customer is a step that can be taken back, and a call alone can be nobody's."""

from __future__ import annotations

from dataclasses import replace

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Address, Email, PhoneNumber
from crmdesk.domain.matches import Choice, MatchRule, MatchState

NUMBER = "+493023125012"


def test_new_customer_is_whole_found_and_taken_back(write, read, make_person, make_call, match_of):
    call = make_call("before")
    write(lambda w: w.save_call(call, NUMBER))
    new = replace(
        make_person("Nia New", NUMBER),
        emails=(Email("nia@example.com"),),
        addresses=(Address("work", "Hafenstraße 12", "20457", "Hamburg"),),
    )
    change = write(lambda w: w.create_customer(new, "1001"))
    assert (change.kind, change.title) == (ChangeKind.CREATION, "New customer Nia New")
    stored = read(lambda r: r.customer(new.id))
    assert (stored.name, stored.emails, stored.addresses) == (new.name, new.emails, new.addresses)
    assert [number.e164 for number in stored.numbers] == [NUMBER]
    assert [hit.id for hit in read(lambda r: r.search("nia new"))] == [new.id]
    assert read(lambda r: r.call_row(call.id)).customer_id == new.id
    result = write(lambda w: w.undo_change(change.id, "1001"))
    assert result.kept == 0
    assert read(lambda r: r.customer(new.id)) is None
    assert read(lambda r: r.search("nia new")) == ()
    assert read(lambda r: r.call_row(call.id)).customer_id is None


def test_number_typed_twice_is_one(write, read, make_person):
    twice = (PhoneNumber("030 23125 012", NUMBER), PhoneNumber("030 23125 012", NUMBER))
    new = replace(make_person("Nia New", NUMBER), numbers=twice)
    write(lambda w: w.create_customer(new, "1001"))
    assert len(read(lambda r: r.customer(new.id)).numbers) == 1


def test_call_that_is_nobodys_stays_so_whatever_its_number_says(
    write, read, make_person, make_call, match_of
):
    anna, call = make_person("Anna Groß", NUMBER), make_call("one")
    write(lambda w: w.save_customer(anna))
    write(lambda w: w.save_call(call, NUMBER))
    found = match_of(anna, MatchRule.E164, NUMBER)
    write(lambda w: w.link_call(call.id, found))
    change = write(lambda w: w.deny_number(None, anna.id, "1001", call_id=call.id))
    assert read(lambda r: r.choice_for_call(call.id)) == Choice(None)
    write(lambda w: w.link_call(call.id, found))
    row = read(lambda r: r.call_row(call.id))
    assert (row.customer_id, row.match_state) == (None, MatchState.NONE)
    assert read(lambda r: r.claims(NUMBER)) == ()
    write(lambda w: w.undo_change(change.id, "1001"))
    assert read(lambda r: r.choice_for_call(call.id)) is None
    assert read(lambda r: r.call_row(call.id)).customer_id == anna.id
