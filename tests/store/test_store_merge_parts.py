"""A merge of somebody with whom much happened: in parts, one step, and the desk goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crmdesk.desk.taking_back import take_back
from crmdesk.domain.changes import ChangeState
from crmdesk.domain.errors import UserFacingError
from crmdesk.store.customers.merge_parts import merge
from crmdesk.store.customers.merging import MOVED_AT_ONCE

MANY = 2 * MOVED_AT_ONCE + 100


@pytest.fixture
def two(write, make_person, now):
    anna, twin = make_person("Anna Groß", "+493023125012"), make_person("GROSS, Anna")

    def fill(w):
        for one in (anna, twin):
            w.save_customer(one)
        for place in range(MANY):
            w.add_note(twin.id, f"Note {place}", "Ben", now + timedelta(seconds=place))

    write(fill)
    return anna.id, twin.id


def sizes(read, *keys):
    return [read(lambda r, key=key: r.history_size(key)) for key in keys]


def test_others_write_while_history_moves_and_what_they_write_moves_too(
    store, read, write, two, now, make_call
):
    keep, other = two
    moved, saved = [], []

    def told(count):
        moved.append(count)
        assert read(lambda r: r.customer(other)) is not None  # both are there until the end
        call = make_call(f"while it goes on {len(moved)}")
        saved.append(write(lambda w: w.save_call(call, None)))
        write(lambda w: w.add_note(other, f"Meanwhile {len(moved)}", "Cleo", now))

    step = merge(store, keep, other, "Ben", {}, told)
    assert moved[:2] == [MOVED_AT_ONCE, 2 * MOVED_AT_ONCE]
    assert len(moved) == 3
    assert sizes(read, keep, other) == [MANY + len(moved), 0]
    assert read(lambda r: r.merged_into(other)) == keep
    assert step.title == "GROSS, Anna is Anna Groß: merged"
    assert take_back(store, step, "Ben").kept == 0
    assert sizes(read, keep, other) == [0, MANY + len(moved)]
    assert read(lambda r: r.customer(other)) is not None


def test_what_is_stopped_on_the_way_is_as_before(store, read, two):
    keep, other = two

    def stop(count):
        if count > MOVED_AT_ONCE:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        merge(store, keep, other, "Ben", {"name": "other"}, stop)
    assert sizes(read, keep, other) == [0, MANY]
    assert read(lambda r: r.customer(keep)).name == "Anna Groß"
    (newest, *_) = read(lambda r: r.changes()).changes
    assert newest.state is ChangeState.UNDONE


def test_who_is_gone_before_the_end_is_not_merged(store, read, write, two):
    keep, other = two
    with pytest.raises(UserFacingError, match="no longer in the store"):
        merge(store, keep, other, "Ben", {}, lambda _: write(lambda w: w.delete_customer(keep)))
    assert read(lambda r: r.history_size(other)) == MANY
    with pytest.raises(UserFacingError, match="cannot be merged with itself"):
        merge(store, other, other, "Ben", {}, print)
    with pytest.raises(ValueError, match="no field"):
        merge(store, keep, other, "Ben", {"shoe": "other"}, print)


def test_little_is_one_transaction(store, read, write, make_person, now):
    anna, twin = make_person("Anna Groß"), make_person("GROSS, Anna")
    write(lambda w: (w.save_customer(anna), w.save_customer(twin)))
    write(lambda w: w.add_note(twin.id, "Note", "Ben", now))
    step = merge(store, anna.id, twin.id, "Ben", {"name": "other"}, pytest.fail)
    assert step.state is ChangeState.DONE
    assert read(lambda r: r.customer(anna.id)).name == "GROSS, Anna"
