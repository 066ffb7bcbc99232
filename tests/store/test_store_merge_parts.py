"""A merge of somebody with whom much happened: in parts, one step, and the desk goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crmdesk.desk.taking_back import take_back
from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.errors import UserFacingError
from crmdesk.store.changes import refusals
from crmdesk.store.customers.merge_parts import merge
from crmdesk.store.customers.merging import MOVED_AT_ONCE
from crmdesk.store.writer import Writer

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


def test_who_is_gone_is_not_merged(store, read, write, two):
    keep, other = two

    def move(w):
        with w.change(ChangeKind.MERGE, "Half a merge", "Ben") as change:
            w.move_history(change, keep, other)

    write(lambda w: w.delete_customer(keep))
    with pytest.raises(UserFacingError, match="no longer in the store"):
        write(move)
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


def test_who_is_in_a_merge_is_neither_merged_nor_removed_until_its_end(
    store, read, write, two, make_person
):
    keep, other = two
    third, twin = make_person("Carla Weiß"), make_person("Anna Gross")
    write(lambda w: (w.save_customer(third), w.save_customer(twin)))
    earlier = write(lambda w: w.merge_customers(other, twin.id, "Ben"))
    refused = [
        lambda w: w.merge_customers(third.id, keep, "Cleo", {}),
        lambda w: w.merge_customers(other, third.id, "Cleo", {}),
        lambda w: w.delete_customer(keep),
        lambda w: w.delete_customer(other),
        lambda w: w.undo_change(earlier.id, "Cleo"),
    ]

    def told(_count):
        for work in refused:
            with pytest.raises(UserFacingError, match="still in progress"):
                write(work)

    step = merge(store, keep, other, "Ben", {}, told)
    assert sizes(read, keep, other) == [MANY, 0]
    write(lambda w: w.merge_customers(third.id, keep, "Cleo", {}))
    assert read(lambda r: r.merged_into(other)) == third.id
    assert read(lambda r: r.change_set(step.id)).state is ChangeState.DONE


def test_others_are_merged_and_removed_meanwhile(store, write, two, make_person):
    keep, other = two
    people = [make_person(f"Person {place}") for place in range(9)]
    write(lambda w: [w.save_customer(one) for one in people])
    left = [one.id for one in people]

    def told(_count):
        write(lambda w: w.merge_customers(left.pop(), left.pop(), "Cleo"))
        write(lambda w: w.delete_customer(left.pop()))

    assert merge(store, keep, other, "Ben", {}, told).state is ChangeState.DONE
    assert left == []


def half_merged(writer, keep, other):
    """What a program leaves behind that dies in a merge."""
    change = writer.begin_change(ChangeKind.MERGE, "Half a merge", "Ben")
    with writer.go_on_with(change.id) as recorder:
        writer.move_history(recorder, keep, other)
    return change


def test_half_a_merge_on_which_another_was_built_is_taken_back_at_the_next_start(
    store, read, write, two, make_person
):
    """As an older program left it, that let a customer of it be merged on."""
    keep, other = two
    third = make_person("Carla Weiß")
    write(lambda w: w.save_customer(third))
    change = write(lambda w: half_merged(w, keep, other))

    def merge_on(w):
        with w.change(ChangeKind.MERGE, "Built on it", "Cleo") as recorder:
            w.finish_merge(recorder, third.id, keep, {})

    write(merge_on)
    store.recovery.start()
    assert store.recovery.wait(60)
    assert read(lambda r: r.change_set(change.id)).state is ChangeState.UNDONE
    assert read(lambda r: r.customer(other)) is not None
    assert sizes(read, keep, other, third.id) == [0, MANY - MOVED_AT_ONCE, MOVED_AT_ONCE]


@pytest.mark.parametrize("method", ["begin_undo", "undo_part"])
def test_an_interrupted_change_that_is_refused_does_not_hold_up_the_others(
    store, read, write, two, monkeypatch, caplog, method
):
    keep, other = two
    refused = write(lambda w: w.begin_change(ChangeKind.MERGE, "Refused", "Ben"))
    change = write(lambda w: half_merged(w, keep, other))
    real = getattr(Writer, method)

    def refuse(self, change_id, *args, **options):
        if change_id == refused.id:
            raise refusals.unknown_change()
        return real(self, change_id, *args, **options)

    monkeypatch.setattr(Writer, method, refuse)
    store.recovery.start()
    assert store.recovery.wait(60)
    assert read(lambda r: r.change_set(change.id)).state is ChangeState.UNDONE
    assert read(lambda r: r.change_set(refused.id)).state is not ChangeState.UNDONE
    assert sizes(read, keep, other) == [0, MANY]
    assert "interrupted change" in caplog.text
