"""Records found by their words, in one customer's timeline and over all of them."""

from __future__ import annotations

import shutil
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crmdesk.domain.calls import CallOutcome
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber
from crmdesk.store import open_store
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.record_index.sources import SOURCES
from crmdesk.store.tables import customer, interaction, ticket, ticket_entry
from tests.bench.long_history import NEEDLE, add_long_history

RELEASED = Path(__file__).parent.parent / "data" / "stores"
NUMBER = "+493023125012"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
K = TimelineKind


@pytest.fixture
def anna(write, make_person):
    person = make_person("Anna Groß", NUMBER)
    write(lambda w: w.save_customer(person))
    return person.id


@pytest.fixture
def found(read, anna):
    """Titles of what a search in the timeline finds."""

    def search(text, **choice):
        page = read(lambda r: r.search_timeline(anna, text, **choice))
        return [entry.title for entry in page.entries]

    return search


@pytest.fixture
def everywhere(read):
    return lambda text: [hit.entry.title for hit in read(lambda r: r.search_records(text))]


def _fill(writer, key, now):
    writer.add_note(key, "Wrong invoice, twice", "Ben", now - HOUR)
    writer.add_interaction(key, K.EMAIL, now - DAY, title="Rechnung für Größe M", who="Claire")
    writer.add_ticket(key, now - 2 * DAY, number="1042", kind="complaint", subject="torn paper")
    writer.add_order(key, now - 3 * DAY, number="88-21", title="Toner", total_cents=100)
    writer.add_survey_answer(key, now - 4 * DAY, 2, "客户投诉了发票")
    writer.add_follow_up(key, now - 5 * DAY, title="send the quote", due_at=now)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("invoice", ["Wrong invoice, twice"]),
        ("INVO twi", ["Wrong invoice, twice"]),
        ("grosse", ["Rechnung für Größe M"]),
        ("groesse", ["Rechnung für Größe M"]),
        ("1042", ["Complaint 1042: torn paper"]),
        ("ticket 10", ["Complaint 1042: torn paper"]),
        ("88-21", ["Order 88-21: Toner"]),
        ("投诉", ["Satisfaction 2 of 5"]),
        ("quote", ["Follow-up: send the quote"]),
        ("cla", ["Rechnung für Größe M"]),
        ("to", ["Complaint 1042: torn paper", "Order 88-21: Toner"]),
        ("invoices", []),
        ("nvoice", []),
        ("!!!", []),
        ("", []),
    ],
)
def test_a_timeline_is_searched_by_the_beginnings_of_words(write, anna, now, found, text, titles):
    write(lambda w: _fill(w, anna, now))
    assert sorted(found(text)) == sorted(titles)


def test_kinds_narrow_a_search(write, anna, now, found):
    write(lambda w: _fill(w, anna, now))
    assert found("to", kinds=(K.ORDER,)) == ["Order 88-21: Toner"]
    assert found("toner", kinds=(K.NOTE, K.CALL)) == []


def test_calls_are_found_by_what_became_of_them_and_their_queue(write, anna, found, make_call):
    call = make_call("1", 60, outcome=CallOutcome.MISSED, queue="Support")
    match = Match(MatchState.EXACT, MatchRule.E164, NormalisedNumber(NUMBER, NUMBER), anna)
    write(lambda w: (w.save_call(call, NUMBER), w.link_call(call.id, match)))
    for text in ("miss", "supp", "missed support"):
        assert found(text) == ["Missed call"]
    assert found("missed sales") == []


def test_a_page_goes_on_where_the_one_before_ended(read, write, anna, now):
    def fill(writer):
        for place in range(700):
            word = "needle" if place % 7 == 0 else "straw"
            writer.add_note(anna, f"{word} {place}", "Ben", now - place * HOUR)

    write(fill)
    titles, place = [], None
    for _ in range(20):
        page = read(lambda r, place=place: r.search_timeline(anna, "need", before=place, limit=10))
        titles += [entry.title for entry in page.entries]
        assert len(page.entries) <= 10
        place = page.next
        if place is None:
            break
    assert titles == [f"needle {place}" for place in range(0, 700, 7)]


def test_nobody_elses_records_are_found_in_a_timeline(write, anna, now, found, make_person):
    other = make_person("Ben Other")
    write(lambda w: (w.save_customer(other), w.add_note(other.id, "invoice", "Ben", now)))
    assert found("invoice") == []


def test_all_records_are_searched_newest_first_with_the_line_that_was_found(read, write, anna, now):
    write(lambda w: _fill(w, anna, now))
    write(lambda w: w.add_note(anna, "first\nsecond invoice line", "Ben", now))
    hits = read(lambda r: r.search_records("invo"))
    assert [(hit.entry.title, hit.excerpt, hit.customer_name) for hit in hits] == [
        ("first", "second invoice line", "Anna Groß"),
        ("Wrong invoice, twice", "Wrong invoice, twice", "Anna Groß"),
    ]
    assert {hit.ref.customer_id for hit in hits} == {anna}


def test_numbers_of_records_are_found_from_their_beginning(write, anna, now, everywhere):
    write(lambda w: _fill(w, anna, now))
    assert everywhere("10") == ["Complaint 1042: torn paper"]
    assert everywhere("88-") == ["Order 88-21: Toner"]
    assert everywhere("order 88") == ["Order 88-21: Toner"]
    assert everywhere("042") == []


def test_the_index_follows_changes_and_their_undoing(write, anna, now, found):
    def add(writer):
        with writer.change(ChangeKind.IMPORT, "a note", "Ben") as change:
            key = change.insert(
                interaction, {"customer_id": anna, "at": now, "kind": "note", "detail": "blue"}
            )
        return change.id, key

    added, key = write(add)
    assert found("blue") == ["blue"]

    def edit(writer):
        with writer.change(ChangeKind.IMPORT, "a note", "Ben") as change:
            change.update(interaction, key, {"detail": "green"})
        return change.id

    edited = write(edit)
    assert (found("blue"), found("green")) == ([], ["green"])
    write(lambda w: w.undo_change(edited, "Ben"))
    assert (found("blue"), found("green")) == (["blue"], [])
    write(lambda w: w.undo_change(added, "Ben"))
    assert found("blue") == []


def test_a_ticket_is_found_by_its_comments(write, anna, now, found):
    def add(writer):
        with writer.change(ChangeKind.IMPORT, "a ticket", "Ben") as change:
            facts = {"number": "7", "kind": "complaint", "subject": "torn", "status": "open"}
            key = change.insert(
                ticket, {"customer_id": anna, "at": now, "priority": "normal", **facts}
            )
            entry = {"ticket_id": key, "customer_id": anna, "at": now, "kind": "note"}
            return change.insert(ticket_entry, {**entry, "text": "sent a replacement"})

    said = write(add)
    assert found("replacement") == ["Complaint 7: torn"]

    def edit(writer):
        with writer.change(ChangeKind.IMPORT, "a comment", "Ben") as change:
            change.update(ticket_entry, said, {"text": "refunded"})

    write(edit)
    assert (found("replacement"), found("refunded")) == ([], ["Complaint 7: torn"])


def test_merged_customers_are_searched_as_one(write, read, anna, now, make_person):
    other = make_person("Anna Gross")
    write(lambda w: (w.save_customer(other), w.add_note(other.id, "blue", "Ben", now)))
    change = write(lambda w: w.merge_customers(anna, other.id, "Ben"))

    def search(key):
        return [one.title for one in read(lambda r: r.search_timeline(key, "blue")).entries]

    assert (search(anna), search(other.id)) == (["blue"], [])
    write(lambda w: w.undo_change(change.id, "Ben"))
    assert (search(anna), search(other.id)) == ([], ["blue"])


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', "'", "\\", "* OR *", '" OR 1=1 --', "owner: x", "NEAR(a b)", "a AND", "-x",
        "{text}: y", "(", "\x00", "\ue000" + "0" * 32, "%", "_", "\u202eabc", "x" * 5_000,
        " ".join(str(number) for number in range(900)), "🙂", "\ud7ff\u0301", "1" * 500,
        "'; DROP TABLE search_record; --", "MATCH", "^a", "a:b:c", "\n\n", "‮‏",
    ],
)  # fmt: skip
def test_hostile_searches_find_nothing_and_break_nothing(
    write, read, anna, now, found, everywhere, typed
):
    """Threat model, row 20."""
    write(lambda w: _fill(w, anna, now))
    titles = set(found(typed)) | set(everywhere(typed))
    assert titles <= {"Order 88-21: Toner", "Complaint 1042: torn paper"}
    assert found("invoice") == ["Wrong invoice, twice"]
    assert read(lambda r: len(r.timeline(anna).entries)) == 6


def test_search_does_not_show_records_of_deleted_customers(store, write, read, now, make_person):
    gone = make_person("Gone Away")
    write(lambda w: (w.save_customer(gone), w.add_note(gone.id, "blue", "Ben", now)))

    def remove(writer):
        with writer.change(ChangeKind.MERGE, "gone", "Ben") as change:
            change.remove(customer, gone.id)

    write(remove)
    assert read(lambda r: r.search_records("blue")) == ()


@pytest.mark.slow
def test_a_hundred_thousand_entries_are_paged_and_searched(store, read, now):
    key = add_long_history(store, 100_000, now)
    seen: set[uuid.UUID] = set()
    place, last = None, None
    for _ in range(1_100):
        page = read(lambda r, place=place: r.timeline(key, before=place, limit=100))
        for entry in page.entries:
            assert last is None or entry.at <= last
            last = entry.at
            assert entry.id not in seen
            seen.add(entry.id)
        place = page.next
        if place is None:
            break
    assert len(seen) == 100_000
    (oldest,) = read(lambda r: r.search_timeline(key, NEEDLE)).entries
    assert NEEDLE in oldest.title


@pytest.mark.parametrize("version", ["0001", "0002", "0003"])
def test_a_store_of_an_older_version_is_searched_like_a_new_one(version, tmp_path):
    """The migration fills the index as the writer does."""
    path = tmp_path / "crmdesk.db"
    shutil.copy(RELEASED / f"{version}.db", path)
    with open_store(path, DEMO_KEY, key_is_right=True) as store:

        def matches(reader, word):
            return {hit.ref for hit in reader.search_records(word, 50)}

        words = ("order", "invoice", "question", "complaint", "call", "the", "nora", "tom")
        before = {
            word: store.read(lambda r, word=word: matches(r, word)).result() for word in words
        }
        assert all(before[word] for word in ("order", "invoice"))

        def index_again(writer):
            for table in SOURCES.values():
                keys = writer._connection.execute(select(table.table.c.id)).scalars().all()
                writer.index_records(table.table.name, keys)

        store.write(index_again).result()
        for word in words:
            assert store.read(lambda r, word=word: matches(r, word)).result() == before[word]
