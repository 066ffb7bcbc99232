"""Orders, invoices and what was paid; leads from the first word to the customer."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.leads import Lead, LeadState, StageForecast
from crmdesk.domain.planning import Picklists
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    Owed,
    PaymentMethod,
    PaymentPractice,
    Receipt,
    payment_practice,
    settlement,
)
from crmdesk.store.sales.leads import LeadWriting
from crmdesk.store.sales.writing import SalesWriting

DAY = timedelta(days=1)


@pytest.fixture
def anna(write, make_person):
    someone = replace(make_person("Anna Groß"), status=CustomerStatus.LEAD)
    write(lambda w: w.save_customer(someone))
    return someone.id


@pytest.fixture
def sales(write):
    """Runs one step of Ben's."""
    return lambda work: write(lambda w: work(SalesWriting(w, "Ben")))


@pytest.fixture
def order(anna, now):
    lines = (
        OrderLine("Chair", "C-1", 2000, 5000, 10000, uuid.uuid4()),
        OrderLine("Rope, by the metre", "R", 1500, 200, 300, uuid.uuid4()),
    )
    return Order(
        uuid.uuid4(), anna, now, "88-21", "Chairs", total_cents=10_300, promised_at=now + DAY,
        carrier="Post", tracking="XY 1", detail="Leave it\nat the door", lines=lines,
    )  # fmt: skip


@pytest.fixture
def invoice(anna, now):
    return Invoice(uuid.uuid4(), anna, now - 20 * DAY, "R-7", 10_000, due_on=date(2026, 6, 10))


def paid(invoice, cents, at, **facts) -> Receipt:
    return Receipt(uuid.uuid4(), invoice.customer_id, at, cents, invoice_id=invoice.id, **facts)


def test_order_is_there_again_with_its_lines(read, sales, order, anna):
    sales(lambda s: s.add_order(order))
    assert read(lambda r: r.order(order.id)) == order
    assert read(lambda r: r.orders_of(anna)) == (replace(order, lines=()),)


def test_order_is_changed_line_by_line_and_undone_whole(read, write, sales, order, now):
    sales(lambda s: s.add_order(order))
    chair, rope = order.lines
    edited = replace(
        order, status=OrderStatus.SHIPPED, shipped_at=now,
        lines=(rope, replace(chair, quantity_milli=3000), OrderLine("Desk", id=uuid.uuid4())),
    )  # fmt: skip
    step = sales(lambda s: s.edit_order(order, edited))
    assert read(lambda r: r.order(order.id)) == edited
    fewer = replace(edited, lines=edited.lines[1:2])
    second = sales(lambda s: s.edit_order(edited, fewer))
    assert read(lambda r: r.order(order.id)) == fewer
    write(lambda w: w.undo_change(second.id, "Ben"))
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert read(lambda r: r.order(order.id)) == order


@pytest.mark.parametrize(
    ("status", "promised", "late"),
    [("placed", -1, True), ("placed", 1, False), ("delivered", -1, False), ("shipped", -1, True)],
)
def test_order_is_late_while_it_is_waited_for(order, now, status, promised, late):
    one = replace(order, status=OrderStatus(status), promised_at=now + promised * DAY)
    assert one.is_late(now) is late


def test_invoice_is_paid_when_the_last_of_it_comes_in_and_open_again_by_undo(
    read, write, sales, invoice, now
):
    sales(lambda s: s.add_invoice(invoice))
    sales(lambda s: s.add_receipt(paid(invoice, 4_000, now - 2 * DAY, method="cash")))
    part = read(lambda r: r.invoice(invoice.id))
    assert (part.status, part.paid_cents, part.open_cents) == (InvoiceStatus.OPEN, 4_000, 6_000)
    step = sales(lambda s: s.add_receipt(paid(invoice, 6_000, now - DAY)))
    whole = read(lambda r: r.invoice(invoice.id))
    assert (whole.status, whole.paid_at, whole.open_cents) == (InvoiceStatus.PAID, now - DAY, 0)
    assert [one.amount_cents for one in whole.receipts] == [4_000, 6_000]
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert read(lambda r: r.invoice(invoice.id)) == part


def test_money_given_back_opens_the_invoice_again(read, sales, invoice, now):
    sales(lambda s: s.add_invoice(replace(invoice, receipts=(paid(invoice, 10_000, now - DAY),))))
    assert read(lambda r: r.invoice(invoice.id)).status is InvoiceStatus.PAID
    sales(lambda s: s.add_receipt(paid(invoice, -10_000, now)))
    again = read(lambda r: r.invoice(invoice.id))
    assert (again.status, again.paid_at, again.open_cents) == (InvoiceStatus.OPEN, None, 10_000)


def test_money_that_does_not_fit_is_refused_in_words(sales, invoice, now):
    with pytest.raises(UserFacingError, match="no longer in the store"):
        sales(lambda s: s.add_receipt(paid(invoice, 1, now)))
    sales(lambda s: s.add_invoice(invoice))
    with pytest.raises(UserFacingError, match="is in EUR"):
        sales(lambda s: s.add_receipt(paid(invoice, 1, now, currency="CHF")))
    sales(lambda s: s.close_invoice(invoice.id, InvoiceStatus.CANCELLED))
    with pytest.raises(UserFacingError, match="closed without"):
        sales(lambda s: s.add_receipt(paid(invoice, 1, now)))
    with pytest.raises(UserFacingError, match="not open any more"):
        sales(lambda s: s.close_invoice(invoice.id, InvoiceStatus.WRITTEN_OFF))


def test_invoices_of_an_order(read, sales, order, invoice):
    sales(lambda s: s.add_order(order))
    sales(lambda s: s.add_invoice(replace(invoice, order_id=order.id)))
    assert [one.number for one in read(lambda r: r.invoices_of_order(order.id))] == ["R-7"]


def test_payment_practice(read, sales, anna, now, invoice):
    assert read(lambda r: r.payment_practice(anna, UTC)) == PaymentPractice()
    due = date(2026, 5, 10)
    for number, late in enumerate((0, -3, 4, 10)):
        at = now.replace(month=5, day=10) + late * DAY
        one = replace(invoice, id=uuid.uuid4(), number=f"{number}", due_on=due)
        sales(
            lambda s, one=one, at=at: s.add_invoice(replace(one, receipts=(paid(one, 10_000, at),)))
        )
    sales(lambda s: s.add_invoice(invoice))
    assert read(lambda r: r.payment_practice(anna, UTC)) == PaymentPractice(
        counted=4, on_time=2, median_days_late=7, owed=(Owed(10_000, "EUR", 10_000, 5),)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("came", "paid_on_day"),
    [
        ([(1, 10_000)], 1),
        ([(1, 4_000), (3, 6_000)], 3),
        ([(1, 10_000), (40, 10_000), (41, -10_000)], 1),
        ([(1, 10_000), (2, -1_000), (9, 1_000)], 9),
        ([(1, 10_000), (2, -1_000)], None),
        ([], None),
    ],
)
def test_an_invoice_is_paid_since_its_sum_was_reached_and_held(invoice, now, came, paid_on_day):
    receipts = [paid(invoice, cents, now + day * DAY) for day, cents in came]
    status, since, total = settlement(10_000, receipts)
    assert since == (None if paid_on_day is None else now + paid_on_day * DAY)
    assert (status is InvoiceStatus.PAID) == (since is not None)
    assert total == sum(cents for _, cents in came)


def test_an_old_debt_and_one_in_another_currency_count(read, sales, anna, now, invoice):
    today = now.date()
    for number in range(202):
        one = replace(invoice, id=uuid.uuid4(), number=f"{number}", due_on=today)
        sales(lambda s, one=one: s.add_invoice(replace(one, receipts=(paid(one, 10_000, now),))))
    old = replace(invoice, number="old", at=now - 800 * DAY, due_on=today - 700 * DAY)
    dollars = replace(
        invoice, id=uuid.uuid4(), number="usd", currency="USD", due_on=today - 30 * DAY
    )
    credit = replace(invoice, id=uuid.uuid4(), number="cn", amount_cents=-5_000, due_on=today - DAY)
    sales(lambda s: [s.add_invoice(one) for one in (old, dollars, credit)])
    found = read(lambda r: r.payment_practice(anna, UTC))
    assert found.owed == (Owed(10_000, "EUR", 10_000, 700), Owed(10_000, "USD", 10_000, 30))
    pressing = [line.text for line in read(lambda r: r.story(anna, now)).since]
    assert any("Invoice old overdue" in text for text in pressing)
    assert not any("cn overdue" in text for text in pressing)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(-40, 40), st.booleans()), max_size=30))
def test_practice_adds_up(facts):
    today = date(2026, 6, 15)
    invoices = []
    for cents, late, is_paid in facts:
        status = InvoiceStatus.PAID if is_paid else InvoiceStatus.OPEN
        due = today - late * DAY
        one = Invoice(uuid.uuid4(), uuid.uuid4(), None, "", cents, due_on=due, status=status)
        invoices.append((one, today if is_paid else None))
    found = payment_practice(invoices, [one for one, _ in invoices], today)
    (owed,) = found.owed or (Owed(0, "EUR"),)
    assert found.counted == sum(is_paid for _, _, is_paid in facts)
    assert found.on_time == sum(is_paid and late <= 0 for _, late, is_paid in facts)
    assert owed.open_cents == sum(cents for cents, _, is_paid in facts if not is_paid)
    assert 0 <= owed.overdue_cents <= owed.open_cents


# --- ways to pay ------------------------------------------------------------------------------


def test_cards_are_kept_as_brand_last_four_expiry_and_token(read, sales, anna):
    card = PaymentMethod(
        uuid.uuid4(), anna, MethodKind.CARD, "Visa", "1111", "2027-04", "tok_9f", is_preferred=True
    )
    debit = PaymentMethod(
        uuid.uuid4(), anna, MethodKind.DIRECT_DEBIT, bank="Hafenbank", mandate="M-2024-17"
    )
    for one in (card, debit):
        sales(lambda s, one=one: s.add_method(one))
    assert read(lambda r: r.payment_methods(anna)) == (card, debit)
    assert "tok_9f" not in repr(card)
    sales(lambda s: s.edit_method(debit, replace(debit, is_preferred=True)))
    assert [one.is_preferred for one in read(lambda r: r.payment_methods(anna))] == [True, False]
    sales(lambda s: s.remove_method(debit))
    assert [one.id for one in read(lambda r: r.payment_methods(anna))] == [card.id]


@pytest.mark.parametrize(
    "facts",
    [
        {"brand": "4111 1111 1111 1111"},
        {"last_four": "41111111"},
        {"last_four": "11a1"},
        {"bank": "DE02 1203 0000 0000 2020 51"},
        {"mandate": "4111-1111-1111-1111"},
        {"token": "4111111111111111"},
        {"last_four": "١٢٣٤"},
    ],
)
def test_number_of_a_card_or_account_is_refused(read, sales, anna, facts):
    one = PaymentMethod(uuid.uuid4(), anna, MethodKind.CARD, **facts)
    with pytest.raises(UserFacingError, match="never kept"):
        sales(lambda s: s.add_method(one))
    assert read(lambda r: r.payment_methods(anna)) == ()


def test_card_number_in_any_text_of_an_order_is_masked(read, sales, order):
    number = "4111 1111 1111 1111"
    lines = (OrderLine(number, number, id=uuid.uuid4()),)
    typed = replace(order, title=number, detail=f"card {number}", carrier=number, lines=lines)
    step = sales(lambda s: s.add_order(typed))
    found = read(lambda r: r.order(order.id))
    journal = read(lambda r: r.change_rows(step.id))
    assert "4111" not in f"{found} {step.title} {journal}"


# --- leads ------------------------------------------------------------------------------------


@pytest.fixture
def leads(write):
    return lambda work: write(lambda w: work(LeadWriting(w, "Ben")))


def lead(anna, now, title="More desks", **facts) -> Lead:
    facts = {"stage": "offer", "value_cents": 100_000, **facts}
    return Lead(uuid.uuid4(), anna, now, title, **facts)


def test_lead_is_there_again_and_changed(read, leads, anna, now):
    one = lead(anna, now, source="Trade fair", expected_on=date(2026, 8, 1), next_step="Ring",
               next_step_at=now + DAY, owner="Cleo", percent=75)  # fmt: skip
    leads(lambda w: w.add(one))
    assert read(lambda r: r.lead(one.id)) == replace(one, customer_name="Anna Groß")
    step = leads(lambda w: w.edit(one, replace(one, value_cents=5)))
    (row,) = read(lambda r: r.change_rows(step.id))
    assert row.after == {"value_cents": 5}


def test_lead_that_is_won_makes_a_customer_and_undo_a_lead_again(read, write, leads, anna, now):
    one = lead(anna, now)
    leads(lambda w: w.add(one))
    step = leads(lambda w: w.move(one.id, "won"))
    won = read(lambda r: r.lead(one.id))
    customer = read(lambda r: r.customer(anna))
    assert (won.state, won.closed_at) == (LeadState.WON, now)
    assert (customer.status, customer.customer_since) == (
        CustomerStatus.ACTIVE,
        now.astimezone().date(),
    )
    assert read(lambda r: r.open_leads()).leads == ()
    write(lambda w: w.undo_change(step.id, "Ben"))
    assert read(lambda r: r.customer(anna)).status is CustomerStatus.LEAD
    assert [found.id for found in read(lambda r: r.open_leads()).leads] == [one.id]


def test_lost_lead_says_why_and_forgets_it_when_it_is_taken_up_again(read, leads, anna, now):
    one = lead(anna, now)
    leads(lambda w: w.add(one))
    leads(lambda w: w.move(one.id, "lost", "Price"))
    assert read(lambda r: r.lead(one.id)).lost_reason == "Price"
    leads(lambda w: w.move(one.id, "talking"))
    again = read(lambda r: r.lead(one.id))
    assert (again.state, again.lost_reason, again.closed_at) == (LeadState.OPEN, "", None)


def test_forecast_by_stage_and_currency(read, leads, anna, now):
    for facts in (
        {"stage": "offer", "value_cents": 100_000, "expected_on": date(2026, 7, 1)},
        {"stage": "offer", "value_cents": 333, "percent": 50},
        {"stage": "new", "value_cents": 1_000, "currency": "CHF"},
        {"stage": "of our own", "value_cents": 7},
    ):
        leads(lambda w, facts=facts: w.add(lead(anna, now, **facts)))
    lists = Picklists()
    assert read(lambda r: r.forecast(lists)) == (
        StageForecast("new", "CHF", 1, 1_000, 100),
        StageForecast("offer", "EUR", 2, 100_333, 60_166),
        StageForecast("of our own", "EUR", 1, 7, 0),
    )
    assert [one.count for one in read(lambda r: r.forecast(lists, date(2026, 7, 1)))] == [1]


@given(days=st.lists(st.none() | st.integers(0, 5), max_size=12), size=st.integers(1, 5))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_open_leads_are_paged_by_the_day_they_are_expected(
    read, write, leads, anna, now, days, size
):
    for one in read(lambda r: r.open_leads(limit=100)).leads:
        leads(lambda w, one=one: w.move(one.id, "lost"))
    for day in days:
        expected = None if day is None else date(2026, 7, 1) + day * DAY
        leads(lambda w, e=expected: w.add(lead(anna, now, expected_on=e)))
    seen, place = [], None
    while True:
        page = read(lambda r, place=place: r.open_leads(place, size))
        seen += [one.expected_on for one in page.leads]
        place = page.next
        if place is None:
            break
    assert seen == sorted(seen, key=lambda day: day or date.max)
    assert len(seen) == len(days)


def test_open_invoices_come_by_their_day_and_closed_ones_never(read, sales, anna, now):
    def new(number, due, **facts):
        one = Invoice(uuid.uuid4(), anna, now, number, 10_000, due_on=due)
        sales(lambda s: s.add_invoice(replace(one, **facts)))
        return one

    later, sooner = new("2", date(2026, 6, 20)), new("1", date(2026, 6, 10))
    new("3", None)
    lost, paid_one = new("4", date(2026, 1, 1)), new("5", date(2026, 1, 1))
    sales(lambda s: s.close_invoice(lost.id, InvoiceStatus.WRITTEN_OFF))
    sales(lambda s: s.add_receipt(paid(paid_one, 10_000, now)))
    found = read(lambda r: r.open_invoices_of(anna))
    assert [one.number for one in found] == [sooner.number, later.number, "3"]
    assert [one.number for one in read(lambda r: r.open_invoices_of(anna, 1))] == ["1"]


def test_an_invoice_is_changed_and_what_was_paid_is_counted_again(read, write, sales, invoice, now):
    sales(lambda s: s.add_invoice(invoice))
    sales(lambda s: s.add_receipt(paid(invoice, 10_000, now)))
    more = replace(invoice, amount_cents=12_000, number="R-8", due_on=None)
    change = sales(lambda s: s.edit_invoice(invoice, more))
    found = read(lambda r: r.invoice(invoice.id))
    assert (found.number, found.amount_cents, found.due_on) == ("R-8", 12_000, None)
    assert (found.status, found.paid_cents, found.open_cents) == (InvoiceStatus.OPEN, 10_000, 2_000)
    assert found.paid_at is None
    write(lambda w: w.undo_change(change.id, "Ben"))
    assert read(lambda r: r.invoice(invoice.id)).status is InvoiceStatus.PAID
    less = replace(invoice, amount_cents=9_000)
    sales(lambda s: s.edit_invoice(invoice, less))
    assert read(lambda r: r.invoice(invoice.id)).status is InvoiceStatus.PAID


def test_another_number_leaves_a_closed_invoice_closed(read, sales, invoice):
    sales(lambda s: s.add_invoice(invoice))
    sales(lambda s: s.close_invoice(invoice.id, InvoiceStatus.CANCELLED))
    sales(lambda s: s.edit_invoice(invoice, replace(invoice, number="R-9", amount_cents=1)))
    assert read(lambda r: r.invoice(invoice.id)).status is InvoiceStatus.CANCELLED


def test_the_currency_of_an_invoice_stays_once_money_came_in(sales, invoice, now):
    sales(lambda s: s.add_invoice(invoice))
    in_dollars = replace(invoice, currency="USD")
    sales(lambda s: s.edit_invoice(invoice, in_dollars))
    sales(lambda s: s.add_receipt(paid(invoice, 100, now, currency="USD")))
    with pytest.raises(UserFacingError, match="came in"):
        sales(lambda s: s.edit_invoice(in_dollars, invoice))
    with pytest.raises(UserFacingError, match="no longer"):
        sales(lambda s: s.edit_invoice(replace(invoice, id=uuid.uuid4()), invoice))


def test_the_list_of_leads_ends_with_the_day_of_the_forecast(read, write, anna, now):
    for day in (date(2026, 6, 30), date(2026, 7, 1), None):
        lead = Lead(uuid.uuid4(), anna, now, "Desks", "new", value_cents=100, expected_on=day)
        write(lambda w, lead=lead: LeadWriting(w, "Ben").add(lead))
    until = date(2026, 6, 30)
    assert len(read(lambda r: r.open_leads(until=until)).leads) == 1
    (found,) = read(lambda r: r.forecast(Picklists(), until))
    assert found.count == 1
    write(lambda w: w.delete_customer(anna))
    assert read(lambda r: r.forecast(Picklists())) == ()
    assert read(lambda r: r.open_leads()).leads == ()


def test_an_invoice_that_came_paid_is_paid(read, write, anna, now):
    key = write(lambda w: w.add_payment(anna, now, number="1", amount_cents=100, paid_at=now))
    found = read(lambda r: r.invoice(key))
    assert (found.status, found.paid_cents) == (InvoiceStatus.PAID, 100)


@pytest.mark.parametrize("status", [InvoiceStatus.CANCELLED, InvoiceStatus.WRITTEN_OFF])
def test_an_invoice_that_was_closed_presses_nobody(read, sales, anna, invoice, now, status):
    late = replace(invoice, due_on=(now - 9 * DAY).date())
    sales(lambda s: s.add_invoice(late))
    assert "overdue by 9 days" in read(lambda r: r.story(anna, now)).since[0].text
    sales(lambda s: s.close_invoice(late.id, status))
    assert [one.tone for one in read(lambda r: r.story(anna, now)).since] in ([], [""])
    (entry,) = read(lambda r: r.timeline(anna)).entries
    assert (entry.detail.lower().replace(" ", "_"), entry.tone) == (status.value, "")
    assert read(lambda r: r.payment_practice(anna)).owed == ()


def test_a_customer_of_two_won_leads_is_one_until_both_are_taken_back(
    read, write, leads, anna, now
):
    both = [Lead(uuid.uuid4(), anna, now, title, "new") for title in ("Desks", "Chairs")]
    for one in both:
        leads(lambda w, one=one: w.add(one))
    first, second = (leads(lambda w, one=one: w.move(one.id, "won")) for one in both)
    with pytest.raises(UserFacingError, match="Lead: Chairs won” builds on this step"):
        write(lambda w: w.undo_change(first.id, "Ben"))
    assert read(lambda r: r.customer(anna)).status is CustomerStatus.ACTIVE
    write(lambda w: w.undo_change(second.id, "Ben"))
    assert read(lambda r: r.customer(anna)).status is CustomerStatus.ACTIVE
    write(lambda w: w.undo_change(first.id, "Ben"))
    assert read(lambda r: r.customer(anna)).status is CustomerStatus.LEAD


def test_a_second_lead_that_was_won_and_lost_again_is_in_nobodys_way(read, write, leads, anna, now):
    both = [Lead(uuid.uuid4(), anna, now, title, "new") for title in ("Desks", "Chairs")]
    for one in both:
        leads(lambda w, one=one: w.add(one))
    first, _ = (leads(lambda w, one=one: w.move(one.id, "won")) for one in both)
    leads(lambda w: w.move(both[1].id, "lost"))
    write(lambda w: w.undo_change(first.id, "Ben"))
    assert read(lambda r: r.customer(anna)).status is CustomerStatus.LEAD


def _paid(read, invoice):
    found = read(lambda r: r.invoice(invoice.id))
    return found.status, found.paid_cents, found.paid_at, len(found.receipts)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_payments_are_taken_back_in_any_order_and_what_is_left_is_counted(
    read, write, sales, invoice, now, order
):
    sales(lambda s: s.add_invoice(invoice))
    cents = (5_000, 3_000, 2_000)
    came = [paid(invoice, part, now - (3 - place) * DAY) for place, part in enumerate(cents)]
    made = [sales(lambda s, one=one: s.add_receipt(one)) for one in came]
    assert _paid(read, invoice)[:2] == (InvoiceStatus.PAID, 10_000)
    left = list(cents)
    for place in order:
        undone = write(lambda w, place=place: w.undo_change(made[place].id, "Ben"))
        left.remove(cents[place])
        assert undone.kept == 0
        assert _paid(read, invoice) == (InvoiceStatus.OPEN, sum(left), None, len(left))


def test_an_amount_that_is_taken_back_counts_what_came_in_since(read, write, sales, invoice, now):
    sales(lambda s: s.add_invoice(invoice))
    sales(lambda s: s.add_receipt(paid(invoice, 4_000, now - DAY)))
    less = sales(lambda s: s.edit_invoice(invoice, replace(invoice, amount_cents=4_000)))
    sales(lambda s: s.add_receipt(paid(invoice, 1_000, now)))
    assert _paid(read, invoice)[:2] == (InvoiceStatus.PAID, 5_000)
    write(lambda w: w.undo_change(less.id, "Ben"))
    assert _paid(read, invoice) == (InvoiceStatus.OPEN, 5_000, None, 2)


def test_an_invoice_that_was_paid_elsewhere_is_paid_again_when_a_refund_is_taken_back(
    read, write, sales, invoice, now
):
    elsewhere = replace(
        invoice, status=InvoiceStatus.PAID, paid_cents=10_000, paid_at=now - 5 * DAY
    )
    sales(lambda s: s.add_invoice(elsewhere))
    refund = sales(lambda s: s.add_receipt(paid(invoice, -10_000, now)))
    write(lambda w: w.undo_change(refund.id, "Ben"))
    assert _paid(read, invoice) == (InvoiceStatus.PAID, 10_000, now - 5 * DAY, 0)


def test_a_closed_invoice_is_closed_whatever_is_taken_back(read, write, sales, invoice, now):
    sales(lambda s: s.add_invoice(invoice))
    part = sales(lambda s: s.add_receipt(paid(invoice, 4_000, now)))
    sales(lambda s: s.close_invoice(invoice.id, InvoiceStatus.WRITTEN_OFF))
    write(lambda w: w.undo_change(part.id, "Ben"))
    assert _paid(read, invoice)[0] is InvoiceStatus.WRITTEN_OFF
