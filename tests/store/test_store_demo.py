"""The demo: invented, believable, the same for the same seed, and only numbers of nobody."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import phonenumbers
import pytest

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.customers import CustomerKind, PhoneNumber
from crmdesk.domain.matches import ClaimKind, MatchRule, MatchState, Occasion
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.store import open_store
from crmdesk.store.demo import AGENTS, demo_numbers, make_demo
from crmdesk.store.demo.calls import Callers
from crmdesk.store.demo.numbers import IGNORED, IGNORED_BEGINNING, UNKNOWN_CALLERS, NumberPlan
from crmdesk.store.demo.rows import customer_row, number_rows
from crmdesk.store.demo.special import FIRST_DAY, LAST_DAY
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.tables import customer, customer_number

# Ranges kept for films: Bundesnetzagentur, Ofcom, ARCEP, NANPA. German ones may be longer.
NOBODYS = re.compile(
    r"\+(49(30(23125)|40(66969)|69(90009)|221(4710)|89(99998))\d{3,6}"
    r"|49171(3920)\d{3,6}|49176(040690)\d{2,5}"
    r"|4420(79460)\d{3}|447700(900)\d{3}|331(9900)\d{4}|1202(55501)\d{2})"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from datetime import UTC, datetime

    now = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    store = open_store(path, bytes(32), clock=lambda: now)
    progress = []
    make_demo(store, now=now, progress=lambda *values: progress.append(values))
    # Threads that live longer than a test would count as leaked: open it anew in each.
    store.close()
    return path, now, progress


@pytest.fixture
def demo_store(demo):
    path, now, _ = demo
    with open_store(path, bytes(32), read_only=True, clock=lambda: now) as store:
        yield store


@pytest.fixture
def ask(demo_store):
    return lambda work: demo_store.read(work).result()


def _everybody(reader):
    return [reader.customer(hit.id) for hit in reader.customers(limit=500).customers]


def test_size_and_progress(ask, demo):
    counts = ask(lambda r: r.counts())
    assert (counts.customers, counts.calls) == (200, 1600)
    done, total, rate = demo[2][-1]
    assert (done, total) == (1800, 1800)
    assert rate > 0


def test_every_number_belongs_to_nobody(ask):
    numbers = {n.e164 for one in ask(_everybody) for n in one.numbers}
    numbers |= {row.caller_e164 for row in ask(lambda r: r.calls(CallFilter(), limit=2000)).rows}
    numbers.discard(None)
    assert len(numbers) > 100
    assert [number for number in numbers if not NOBODYS.fullmatch(number)] == []
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in numbers)


def test_people_and_companies(ask):
    everybody = ask(_everybody)
    companies = [one for one in everybody if one.kind is CustomerKind.COMPANY]
    employees = [one for one in everybody if one.company_id]
    assert len(companies) > 10
    assert len(employees) > len(companies)
    assert {one.company_name for one in employees} <= {one.name for one in companies}
    assert {one.language for one in everybody} == {"de", "en", "fr"}
    assert any(not one.name.isascii() for one in everybody)
    assert all(one.numbers and one.emails and one.addresses for one in everybody)
    domains = {mail.address.rpartition("@")[2] for one in everybody for mail in one.emails}
    assert all(re.search(r"(^|\.)example\.(com|org|net)$", domain) for domain in domains)


def test_simulator_has_its_callers(demo_store):
    numbers = demo_numbers(demo_store)
    rules = LineRules(region="DE")
    today = Occasion(datetime.now(UTC).date())

    def match(e164):
        return demo_store.read(lambda r: find(normalise(e164, rules), r, today)).result()

    assert match(numbers.single).state is MatchState.EXACT
    assert match(numbers.several).state is MatchState.SEVERAL
    assert match(numbers.unknown).state is MatchState.NONE
    assert match(numbers.direct).state is MatchState.BLOCK
    assert match(numbers.former).state is MatchState.NONE
    assert match(numbers.former).candidates[0].barred
    assert match(numbers.remembered).rule is MatchRule.REMEMBERED
    handed_on = match(numbers.handed_on)
    assert handed_on.state is MatchState.EXACT
    assert [bool(one.barred) for one in handed_on.candidates] == [False, True]


def test_callers_with_a_story(demo_store):
    """Handed on, given up, remembered, a direct line nobody has: each is what it says."""
    numbers = demo_numbers(demo_store)
    asked = (numbers.handed_on, numbers.former, numbers.remembered, numbers.direct)
    owners = [demo_store.read(lambda r, n=n: r.by_e164(n)).result() for n in asked]
    assert {(o.since, o.until) for o in owners[0]} == {(None, LAST_DAY), (FIRST_DAY, None)}
    assert [o.until for o in owners[1]] == [LAST_DAY]
    (claim,) = demo_store.read(lambda r: r.claims(numbers.remembered)).result()
    assert (claim.kind, claim.who) == (ClaimKind.CHOSEN, "Jonas Weber")
    assert len(owners[2]) == 2
    assert claim.customer_id in {o.customer_id for o in owners[2]}
    assert owners[3] == ()
    (company,) = demo_store.read(lambda r: r.by_e164(f"{numbers.direct[:-1]}0")).result()[:1]
    assert (company.kind, company.label) == (CustomerKind.COMPANY, "switchboard")
    assert len(set(asked)) == 4
    assert [n for n in asked if not NOBODYS.fullmatch(n)] == []


def test_calls_before_a_number_was_handed_on_are_the_former_owners(demo_store, ask):
    number = demo_numbers(demo_store).handed_on
    owners = {o.customer_id: o for o in ask(lambda r: r.by_e164(number))}
    rows = ask(lambda r: r.calls(CallFilter(), limit=2000)).rows
    calls = [row for row in rows if row.caller_e164 == number]
    assert {row.customer_id for row in calls} == set(owners)
    for row in calls:
        former = owners[row.customer_id].until is not None
        assert former is (row.call.started_at.date() <= LAST_DAY)


def test_some_numbers_cannot_be_read(ask):
    bad = [n.raw for one in ask(_everybody) for n in one.numbers if n.e164 is None]
    assert len(bad) == 4
    assert any("privat" in raw for raw in bad)
    assert any("Durchwahl 12" in raw for raw in bad)
    readable = [normalise(raw, LineRules(region="GB")).e164 for raw in bad]
    assert [e164 for e164 in readable if e164 and NOBODYS.fullmatch(e164)]


def test_ignore_list_hits_no_customer(ask):
    rules = ask(lambda r: r.ignored())
    assert [(rule.kind.value, bool(rule.reason), bool(rule.who)) for rule in rules] == [
        ("exact", True, True), ("prefix", True, True),
    ]  # fmt: skip
    numbers = [n.e164 or "" for one in ask(_everybody) for n in one.numbers]
    assert not [n for n in numbers for rule in rules if n.startswith(rule.text)]


def test_most_customers_are_some_agents_own(ask):
    owners = [one.owner for one in ask(_everybody)]
    assert set(owners) == {"", *AGENTS.values()}
    assert 0.4 < sum(map(bool, owners)) / len(owners) < 0.8


def test_promises_are_due_today(demo_store, demo):
    from crmdesk.store.tables import follow_up

    at = follow_up.c.due_at
    due = demo_store.read(
        lambda r: r._connection.execute(
            follow_up.select().with_only_columns(at).where(follow_up.c.kind == "promise")
        ).scalars().all()
    ).result()  # fmt: skip
    assert due
    assert {moment.astimezone().date() for moment in due} == {demo[1].astimezone().date()}


def test_single_caller_has_much_to_tell(demo_store, demo):
    now = demo[1]
    numbers = demo_numbers(demo_store)
    owner = demo_store.read(lambda r: r.by_e164(numbers.single)).result()[0]
    story = demo_store.read(lambda r: r.story(owner.customer_id, now)).result()
    assert {"bad", "warn"} <= {line.tone for line in story.since}
    assert story.open_tickets
    assert story.last_contact


def test_a_survey_can_be_asked_at_once(demo_store):
    (survey,) = demo_store.read(lambda reader: reader.surveys()).result()
    assert survey.is_active
    assert survey.asks_after_calls
    assert [one.kind.value for one in survey.questions] == ["yes_no", "text"]


def test_calls_of_all_kinds_up_to_now(ask, demo):
    now = demo[1]
    rows = ask(lambda r: r.calls(CallFilter(), limit=2000)).rows
    assert {row.call.outcome.value for row in rows} >= {"answered", "missed", "abandoned"}
    assert {row.call.direction.value for row in rows} == {"inbound", "outbound"}
    assert {row.match_state.value for row in rows} == {"exact", "none", "withheld"}
    assert all(row.call.started_at <= row.call.ended_at <= now for row in rows)
    assert rows[-1].call.started_at < now - timedelta(days=4 * 365)
    assert all(row.call.caller_raw == "" for row in rows if row.call.is_withheld)
    newest = ask(
        lambda r: r.call(next(row for row in rows if row.call.direction == "inbound").call.id)
    )
    assert newest.offers


def test_same_seed_same_people(tmp_path, now):
    def names(name, seed):
        with open_store(tmp_path / name, bytes(32)) as store:
            make_demo(store, 30, calls=10, seed=seed, now=now)
            return store.read(_everybody).result()

    def facts(people):
        return [(one.name, [n.e164 for n in one.numbers], one.id) for one in people]

    assert facts(names("a.db", 1)) == facts(names("b.db", 1))
    assert facts(names("a2.db", 1)) != facts(names("c.db", 2))


def test_only_an_empty_store_is_filled(store, make_person):
    store.write(lambda w: w.save_customer(make_person("Somebody Real"))).result()
    with pytest.raises(ValueError, match="empty"):
        make_demo(store, 10)


def test_large_demo_builds_its_indexes_and_search(tmp_path, now):
    """Beyond the small ranges, with the way of many rows: dropped and rebuilt indexes."""
    with open_store(tmp_path / "large.db", bytes(32)) as store:
        make_demo(store, 3_000, calls=20_000, now=now)
        counts = store.read(lambda r: r.counts()).result()
        assert (counts.customers, counts.calls) == (3_000, 20_000)
        assert store.read(lambda r: r.search("030 23125", limit=5)).result()
        everybody = store.read(lambda r: r.customers(limit=4000)).result().customers
        some = store.read(lambda r: [r.customer(hit.id) for hit in everybody[::50]]).result()
        numbers = [n.e164 for one in some for n in one.numbers]
        assert [number for number in numbers if not NOBODYS.fullmatch(number)] == []
    with open_store(tmp_path / "large.db", bytes(32)) as store:
        assert store.write(lambda w: w.first_text(_index_named("ix_call_timeline"))).result()


def _index_named(name):
    from sqlalchemy import literal_column, select, table

    return (
        select(literal_column("name"))
        .select_from(table("sqlite_schema"))
        .where(literal_column("name") == name)
    )


# --- pieces ---------------------------------------------------------------------------------------


def test_plan_gives_each_number_once():
    plan = NumberPlan(is_large=False)
    lines = [plan.line("DE", 0) for _ in range(2_000)]
    given = [line for line in lines if line]
    assert len(given) == len(set(given)) == 550
    assert plan.line("DE", 0) is None
    assert {plan.line("GB", 0) for _ in range(2_000)}.isdisjoint({*UNKNOWN_CALLERS, IGNORED})
    french = [plan.line("FR", 0) for _ in range(10_000)]
    assert len([line for line in french if line]) == 9_900
    assert not [line for line in french if line and line.startswith(IGNORED_BEGINNING)]


def test_blocks_and_homes_do_not_meet():
    plan = NumberPlan(is_large=False)
    homes = {plan.line("DE", 1) for _ in range(2_000)} - {None}
    blocks = {plan.company_block("DE", 1) for _ in range(2_000)} - {None}
    direct = {f"{block}{desk}" for block in blocks for desk in range(10)}
    assert len(blocks) == 44  # not 00: that would be the switchboard of the whole city
    assert homes.isdisjoint(direct)


@pytest.mark.parametrize(
    "e164",
    [
        None,
        "+493023125012",
        "+493023125123456",
        "+442079460123",
        "+447700900123",
        "+33199001234",
        "+12025550123",
    ],
)
def test_bulk_rows_are_what_the_writer_would_write(store, make_person, e164):
    """The demo's own way into the tables agrees with `save_customer`, column by column."""
    person = make_person("Zoë Müller-Groß", role="IT", account_id="7", owner="Tom Becker")
    raw = e164 or "Tel. 030/23125-012 privat"
    number = PhoneNumber(raw, e164, "work", since=FIRST_DAY, until=LAST_DAY)
    person = replace(person, numbers=(number,))
    store.write(lambda w: w.save_customer(person)).result()

    class Stamps:
        def of(self, _key):
            return (None,) * 5

        def new(self):
            return (None,) * 5

    def saved(w, table, key):
        found = w._connection.execute(table.select().where(key == person.id)).one()
        return tuple(_plain(value) for value in found)[5:]

    assert (
        customer_row(Stamps(), person)[5:]
        == store.write(lambda w: saved(w, customer, customer.c.id)).result()
    )
    (row,) = number_rows(Stamps(), person)
    assert (
        row[5:]
        == store.write(lambda w: saved(w, customer_number, customer_number.c.customer_id)).result()
    )


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    return value.bytes if isinstance(value, uuid.UUID) else value


def test_too_few_digits_are_kept_for_suggestions_only():
    assert number_columns(None, "(030) 12-x") == {
        "e164": None, "national": "", "region": "", "rev_digits": "21030",
    }  # fmt: skip


def test_callers_come_back():
    callers = Callers()
    callers.add(b"k" * 16, "+493023125012")
    callers.add(b"l" * 16, "+12025550123")
    assert len(callers) == 2
    assert [callers[0], callers[1]] == [(b"k" * 16, "+493023125012"), (b"l" * 16, "+12025550123")]


@pytest.mark.slow
def test_a_million_customers_in_flat_memory(tmp_path, now):
    import resource

    with open_store(tmp_path / "million.db", bytes(32)) as store:
        make_demo(store, 1_000_000, calls=0, now=now)
        assert store.read(lambda r: r.counts()).result().customers == 1_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 600 * 1024
