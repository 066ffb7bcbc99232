"""Orders, invoices, ways to pay and leads in words; days of this desk."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

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
)
from crmdesk.gui.models import lead_words, sales_words
from crmdesk.gui.models.lead_words import Until, last_day
from crmdesk.gui.widgets.safe_link import safe_url, shown_host

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WHO = uuid.UUID(int=1)
LISTS = Picklists()


def order(**facts: object) -> Order:
    made = Order(uuid.UUID(int=2), WHO, NOW - 12 * DAY, "88-21", "Desk", total_cents=10_000)
    return replace(made, **facts)  # type: ignore[arg-type]


def invoice(**facts: object) -> Invoice:
    made = Invoice(uuid.UUID(int=3), WHO, NOW - 30 * DAY, "R-7", 10_000)
    return replace(made, **facts)  # type: ignore[arg-type]


def lead(**facts: object) -> Lead:
    made = Lead(uuid.UUID(int=4), WHO, NOW - DAY, "Desks", "offer", value_cents=10_000)
    return replace(made, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "said", "tone"),
    [
        ({}, "", "muted"),
        ({"promised_at": NOW - 3 * DAY}, "Late by 3 days, promised for 19 Nov 2026", "bad"),
        ({"promised_at": NOW - timedelta(minutes=5)}, "Late since today, promised for", "bad"),
        ({"promised_at": NOW + DAY}, "Promised for 23 Nov 2026", "muted"),
        (
            {
                "promised_at": NOW - 3 * DAY,
                "delivered_at": NOW - 2 * DAY,
                "status": OrderStatus.DELIVERED,
            },
            "Came 1 day late",
            "warn",
        ),
        (
            {
                "promised_at": NOW,
                "delivered_at": NOW - 2 * DAY,
                "status": OrderStatus.DELIVERED,
            },
            "Came in time",
            "good",
        ),
        ({"promised_at": NOW - DAY, "status": OrderStatus.CANCELLED}, "", "muted"),
    ],
)
def test_an_order_says_whether_it_is_late(facts: dict[str, object], said: str, tone: str) -> None:
    found = sales_words.order_clock(order(**facts), NOW)
    assert found.text.startswith(said)
    assert bool(found.text) == bool(said)
    assert found.tone == tone


def test_the_steps_of_an_order_have_their_days_and_say_how_it_ended() -> None:
    def steps(**facts: object) -> list[tuple[str, bool]]:
        found = sales_words.order_steps(order(**facts), LISTS)
        return [(one.title, one.is_reached) for one in found]

    assert steps() == [("Placed", True), ("Shipped", False), ("Delivered", False)]
    assert steps(status=OrderStatus.DELIVERED)[1:] == [("Shipped", True), ("Delivered", True)]
    assert steps(status=OrderStatus.CANCELLED) == [("Placed", True), ("Cancelled", True)]
    assert steps(status=OrderStatus.RETURNED)[-1] == ("Returned", True)
    shipped = sales_words.order_steps(order(status=OrderStatus.SHIPPED), LISTS)[1]
    assert shipped.when == "day not written down"


def test_what_the_total_has_beside_the_lines_is_named() -> None:
    line = OrderLine("Desk", total_cents=9_000)
    assert sales_words.beside_lines(order(lines=(line,))) == "Shipping and other costs: 10.00 EUR"
    cheaper = order(lines=(line,), total_cents=8_000)
    assert sales_words.beside_lines(cheaper) == "Discount: -10.00 EUR"
    assert sales_words.beside_lines(order()) == ""


@pytest.mark.parametrize(
    ("facts", "said", "tone"),
    [
        ({}, "Open", "text"),
        ({"due_on": date(2026, 11, 22)}, "Open, due today", "text"),
        ({"due_on": date(2026, 11, 6)}, "Overdue by 16 days", "bad"),
        (
            {"due_on": date(2026, 11, 21), "paid_cents": 5_000},
            "Overdue by 1 day, 50.00 EUR of it paid",
            "bad",
        ),
        (
            {
                "due_on": date(2026, 11, 6),
                "status": InvoiceStatus.PAID,
                "paid_at": NOW - 14 * DAY,
            },
            "Paid on 8 Nov 2026, 2 days late",
            "good",
        ),
        ({"due_on": date(2026, 1, 1), "status": InvoiceStatus.CANCELLED}, "Cancelled", "muted"),
        ({"due_on": date(2026, 1, 1), "status": InvoiceStatus.WRITTEN_OFF}, "Written off", "muted"),
    ],
)
def test_an_invoice_says_how_it_stands(facts: dict[str, object], said: str, tone: str) -> None:
    found = sales_words.invoice_status(invoice(**facts), NOW)
    assert (found.text, found.tone) == (said, tone)


def test_how_somebody_pays_is_said_in_words() -> None:
    practice, owed = sales_words.practice, sales_words.owed
    usual = PaymentPractice(11, 9, 6, (Owed(165_200, "EUR", 110_300, 16),))
    assert practice(usual).text == "9 of 11 on time, late by 6 days in the middle"
    assert owed(usual).text == "1,652.00 EUR open, 1,103.00 EUR overdue by 16 days"
    assert owed(usual).icon == "warning"
    assert practice(PaymentPractice(3, 3)).text == "All 3 on time"
    assert practice(PaymentPractice(1, 1)).text == "The only one on time"
    assert practice(PaymentPractice(4, 1, 1)).tone == "bad"
    assert owed(PaymentPractice()).text == "Nothing is open"
    two = PaymentPractice(owed=(Owed(99_900, "USD", 99_900, 30), Owed(5_000, "EUR")))
    assert owed(two).text == "999.00 USD open, 999.00 USD overdue by 30 days; 50.00 EUR open"


def test_a_way_to_pay_never_shows_its_token() -> None:
    card = PaymentMethod(WHO, WHO, MethodKind.CARD, "Visa", "1111", "2027-04", token="tok_1Secret")
    assert sales_words.method(card, date(2026, 11, 22)).text == "Visa •••• 1111 until 04/27"
    assert sales_words.method(card, date(2027, 4, 30)).tone == "text"
    assert sales_words.method(card, date(2027, 5, 1)).text.endswith(", expired")
    assert "Secret" not in repr(card)
    bank = PaymentMethod(WHO, WHO, MethodKind.DIRECT_DEBIT, bank="Hafenbank", mandate="M-2024-17")
    assert sales_words.method(bank).text == "Hafenbank mandate M-2024-17"
    assert sales_words.method(replace(bank, kind=MethodKind.TRANSFER)).text.startswith("Bank")


@pytest.mark.parametrize(
    ("until", "today", "last"),
    [
        (Until.EVER, date(2026, 11, 22), None),
        (Until.MONTH, date(2026, 2, 3), date(2026, 2, 28)),
        (Until.MONTH, date(2028, 2, 3), date(2028, 2, 29)),
        (Until.MONTH, date(2026, 12, 31), date(2026, 12, 31)),
        (Until.QUARTER, date(2026, 11, 22), date(2026, 12, 31)),
        (Until.QUARTER, date(2026, 4, 1), date(2026, 6, 30)),
        (Until.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_forecast_ends_with_month_quarter_or_year(
    until: Until, today: date, last: date | None
) -> None:
    assert last_day(until, today) == last


def test_a_lead_says_its_worth_its_day_and_its_next_step() -> None:
    one = lead(expected_on=date(2026, 11, 20), next_step="Send it", next_step_at=NOW - DAY)
    assert lead_words.worth(one, LISTS) == "100.00 EUR · 60 %"
    assert lead_words.worth(replace(one, percent=5), LISTS).endswith("5 %")
    assert lead_words.expected(one, NOW).text == "Expected 20 Nov 2026, 2 days ago"
    assert lead_words.next_step(one, NOW).tone == "bad"
    assert lead_words.next_step(lead(), NOW).text == "No next step"
    lost = replace(one, state=LeadState.LOST, stage="lost", closed_at=NOW, lost_reason="Price")
    assert lead_words.closing(lost, LISTS) == "Lost on 22 Nov 2026: Price"
    assert lead_words.expected(lost, NOW).tone == "muted"


def test_the_pipeline_has_every_open_stage_and_sums_each_currency() -> None:
    found = (
        StageForecast("new", "EUR", 2, 10_000, 1_000),
        StageForecast("new", "USD", 1, 50_000, 5_000),
        StageForecast("gone", "EUR", 1, 100, 0),
    )
    told = lead_words.forecast(found, LISTS)
    assert [one.key for one in told] == ["", "new", "talking", "offer", "gone"]
    assert (told[0].count, told[0].value) == (4, "500.00 USD\n101.00 EUR")
    assert told[1].weighted == "50.00 USD\n10.00 EUR"
    assert (told[2].count, told[2].value) == (0, "–")


@pytest.mark.parametrize(
    "text",
    [
        "smb://evil.example/share",
        "file:///usr/bin/xcalc",
        "javascript:alert(1)",
        "https://user@evil.example/",
        "https://bank.example:pw@evil.example/",
        "http://parcels.example/1",
        "https://",
        "https://parcels.example/\n1",
        "00340434161094042557",
        "tel://evil.example/1",
        "",
        "https://" + "a" * 3000,
    ],
)
def test_only_plain_addresses_are_opened(text: str) -> None:
    assert safe_url(text) is None


def test_the_host_of_an_address_is_shown_as_it_is_sent() -> None:
    url = safe_url("https://parcels.example/follow/42")
    assert url is not None
    assert shown_host(url) == "parcels.example"
    alike = safe_url("https://pаrcels.example/")
    assert alike is not None
    assert shown_host(alike).startswith("xn--")
    assert safe_url("mailto:anna@example.com") is not None
    assert safe_url("tel:+493023125100") is not None
