"""Numbers find their owners, with the dates and the evidence the ladder asks for."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.domain.matches import ClaimKind, Occasion, OwnerFacts
from crmdesk.store.tables import call, customer, customer_number, number_claim
from tests.store.owner_rows import (
    LONG_AGO,
    call_row,
    claim_row,
    customer_row,
    fill,
    key,
    number_row,
)

BERLIN = "+493023125012"
LONDON = "+442079460123"


@pytest.fixture
def occasion(now):
    return Occasion(day=now.astimezone().date(), dialled="23125100", line_id="line", agent="1001")


def test_owner_carries_status_and_dates(store, read):
    fill(
        store,
        {
            customer: [customer_row(1, "Jane Doe", status="former", account_id="A1")],
            customer_number: [
                number_row(
                    1, 1, BERLIN, label="work", since=date(2019, 1, 1), until=date(2023, 5, 31)
                )
            ],
        },
    )
    (owner,) = read(lambda r: r.by_e164(BERLIN))
    assert (owner.status, owner.label) == (CustomerStatus.FORMER, "work")
    assert (owner.since, owner.until) == (date(2019, 1, 1), date(2023, 5, 31))
    (by_account,) = read(lambda r: r.by_account("A1"))
    assert (by_account.customer_id, by_account.e164, by_account.since) == (key(1), "", None)
    assert by_account.status is CustomerStatus.FORMER


@pytest.fixture
def block(store):
    """A company, a person behind it, a private person, an unread number and removed ones."""
    fill(
        store,
        {
            customer: [
                customer_row(1, "Ada Person"),
                customer_row(2, "Nordlicht GmbH", kind="company"),
                customer_row(3, "Ben Direct", company_id=key(2)),
                customer_row(4, "Cy Removed", deleted_at=LONG_AGO),
            ],
            customer_number: [
                number_row(1, 1, "+493023125000", national="3023125000", region="DE"),
                number_row(2, 2, "+493023125000", national="3023125000", region="DE"),
                number_row(3, 3, "+4930231250012", national="30231250012", region="DE"),
                number_row(4, 1, None, raw="03023125000", national="3023125000"),
                number_row(5, 4, "+493023125000", national="3023125000", region="DE"),
                number_row(6, 3, "+493023125000", deleted_at=LONG_AGO, national="3023125000"),
            ],
        },
    )


def _names(owners):
    return [owner.name for owner in owners]


@pytest.mark.usefixtures("block")
def test_companies_come_first_and_removed_ones_not_at_all(read):
    both = ["Nordlicht GmbH", "Ada Person"]
    assert _names(read(lambda r: r.by_e164("+493023125000"))) == both
    assert _names(read(lambda r: r.by_national("3023125000", "DE"))) == both
    assert _names(read(lambda r: r.by_national("3023125000", ""))) == [*both, "Ada Person"]
    assert read(lambda r: r.by_national("", "")) == ()
    assert read(lambda r: r.owner_count("+493023125000")) == 2
    assert read(lambda r: r.owner_count(LONDON)) == 0


@pytest.mark.usefixtures("block")
def test_blocks_and_endings(read):
    everybody = ["Nordlicht GmbH", "Ada Person", "Ben Direct"]
    assert _names(read(lambda r: r.by_prefix("+49302312500"))) == everybody
    assert _names(read(lambda r: r.by_prefix("+4930231250012"))) == ["Ben Direct"]
    assert _names(read(lambda r: r.by_any_e164(("+4930231250012", "+493023125000")))) == everybody
    assert _names(read(lambda r: r.by_suffix("3125000"))) == [
        "Nordlicht GmbH",
        "Ada Person",
        "Ada Person",
    ]
    assert _names(read(lambda r: r.by_suffix("250012"))) == ["Ben Direct"]
    asked = [
        read(ask)
        for ask in (
            lambda r: r.by_prefix(""),
            lambda r: r.by_suffix(""),
            lambda r: r.by_any_e164(()),
        )
    ]
    assert asked == [(), (), ()]


@pytest.mark.parametrize("wildcards", ["%", "_______", "3125*", "?", "[0-9]"])
@pytest.mark.usefixtures("block")
def test_patterns_are_plain_text(read, wildcards):
    assert read(lambda r: r.by_suffix(wildcards)) == ()
    assert read(lambda r: r.by_prefix(wildcards)) == ()


def test_more_numbers_than_one_question_may_have_are_refused(read):
    with pytest.raises(ValueError, match="65"):
        read(lambda r: r.by_any_e164(tuple(f"+4930231250{n:02}" for n in range(65))))


def test_claims_newest_first(store, read):
    later = LONG_AGO + timedelta(days=40)
    fill(
        store,
        {
            number_claim: [
                claim_row(1, 1, BERLIN, "denied", who="Nia", reason="moved away"),
                claim_row(2, 2, BERLIN, "chosen", created_at=later, updated_at=later),
                claim_row(3, 3, BERLIN, "chosen", deleted_at=later),
                claim_row(4, 4, LONDON, "chosen"),
            ]
        },
    )
    chosen, denied = read(lambda r: r.claims(BERLIN))
    assert (chosen.kind, chosen.customer_id) == (ClaimKind.CHOSEN, key(2))
    assert chosen.on == later.astimezone().date()
    assert (denied.kind, denied.who, denied.reason) == (ClaimKind.DENIED, "Nia", "moved away")
    assert read(lambda r: r.claims("+12025550101")) == ()


def test_number_of_two_has_facts_for_each(write, read, make_person, now, occasion):
    first, second = make_person("Anna Groß", BERLIN), make_person("Jan Groß", BERLIN)

    def save(w):
        w.save_customer(first)
        w.save_customer(second)
        w.add_ticket(first.id, now, number="1", kind="Question", subject="?")

    write(save)
    found = read(lambda r: r.facts(BERLIN, (first.id, second.id, uuid.uuid4()), occasion))
    assert found == {first.id: OwnerFacts(has_open_ticket=True), second.id: OwnerFacts()}


def _facts(read, occasion, *owners, e164=BERLIN):
    keys = tuple(map(key, owners))
    found = read(lambda r: r.facts(e164, keys, occasion))
    return [found[one] for one in keys]


def test_solved_and_removed_tickets_are_not_open(write, read, store, now, occasion):
    fill(store, {customer: [customer_row(1)]})
    write(
        lambda w: w.add_ticket(
            key(1), now, number="1", kind="Question", subject="?", status="solved", solved_at=now
        )
    )
    assert _facts(read, occasion, 1) == [OwnerFacts()]


@pytest.mark.parametrize(
    ("due_in", "done", "is_due"),
    [
        (timedelta(days=-30), False, True),
        (timedelta(hours=1), False, True),
        (timedelta(days=2), False, False),
        (timedelta(hours=1), True, False),
    ],
    ids=["overdue", "today", "later", "done"],
)
def test_promise_due(store, read, now, occasion, due_in, done, is_due):
    fill(store, {customer: [customer_row(1)]})
    due_at, done_at = now + due_in, now if done else None
    store.write(
        lambda w: w.add_follow_up(
            key(1), now, title="Call back", due_at=due_at, kind="promise", done_at=done_at
        )
    ).result()
    assert [facts.promise_due for facts in _facts(read, occasion, 1)] == [is_due]


def test_last_calls_in_days_of_this_desk(store, read, now, occasion):
    fill(
        store,
        {
            customer: [customer_row(1), customer_row(2), customer_row(3)],
            call: [
                call_row(1, 1, BERLIN, now - timedelta(days=3)),
                call_row(2, 1, BERLIN, now - timedelta(days=9)),
                call_row(3, 1, LONDON, now - timedelta(days=1)),
                call_row(4, 2, BERLIN, now - timedelta(days=2), direction="outbound"),
                call_row(5, 2, BERLIN, now, outcome=None),
                call_row(6, 3, BERLIN, now + timedelta(days=2)),
                call_row(7, None, BERLIN, now - timedelta(days=1)),
            ],
        },
    )
    first, second, third = _facts(read, occasion, 1, 2, 3)
    assert (first.last_call_days, first.last_from_here_days) == (1, 3)
    assert (second.last_call_days, second.last_from_here_days) == (2, None)
    assert (third.last_call_days, third.last_from_here_days) == (None, None)
    (without_number,) = _facts(read, occasion, 1, e164="")
    assert (without_number.last_call_days, without_number.last_from_here_days) == (1, None)


def test_called_this_line_before(store, read, now, occasion):
    day = timedelta(days=1)
    fill(
        store,
        {
            customer: [customer_row(1), customer_row(2), customer_row(3)],
            call: [
                call_row(1, 1, LONDON, now - day, dialled="23125100", line_id="other"),
                call_row(2, 2, BERLIN, now - day, dialled="23125200", line_id="line"),
                call_row(3, 3, BERLIN, now - day, dialled="23125100", direction="outbound"),
            ],
        },
    )
    assert [f.called_here for f in _facts(read, occasion, 1, 2, 3)] == [True, False, False]
    unknown = Occasion(day=occasion.day, line_id="line")
    assert [f.called_here for f in _facts(read, unknown, 1, 2, 3)] == [False, True, False]


@pytest.mark.parametrize(
    ("agent", "is_own"), [("Zoë Groß", True), ("ZOE GROSS", True), ("1001", False), ("", False)]
)
def test_own_customer(store, read, occasion, agent, is_own):
    fill(store, {customer: [customer_row(1, owner="Zoë Groß"), customer_row(2)]})
    asked = Occasion(day=occasion.day, agent=agent)
    assert [f.is_own for f in _facts(read, asked, 1, 2)] == [is_own, False]


def test_facts_of_more_customers_than_fit_one_statement(store, read, now, occasion):
    count = 150
    fill(
        store,
        {
            customer: [customer_row(n) for n in range(count)],
            call: [call_row(n, n, BERLIN, now - timedelta(days=n % 7)) for n in range(count)],
        },
    )
    found = _facts(read, occasion, *range(count))
    assert [f.last_from_here_days for f in found] == [n % 7 for n in range(count)]
    assert read(lambda r: r.facts(BERLIN, (), occasion)) == {}


def test_kinds_of_owners(store, read):
    fill(
        store,
        {
            customer: [
                customer_row(1, "Nordlicht GmbH", kind="company"),
                customer_row(2, "Ben Direct", company_id=key(1)),
            ],
            customer_number: [number_row(1, 2, BERLIN, extension="12")],
        },
    )
    (owner,) = read(lambda r: r.by_e164(BERLIN))
    assert (owner.kind, owner.extension) == (CustomerKind.PERSON, "12")
    assert (owner.company_id, owner.company_name) == (key(1), "Nordlicht GmbH")
