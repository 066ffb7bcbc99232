"""Card numbers in free text: found in every form, and nothing else taken for one.

Threat model row 34. The numbers are those the card schemes give out for tests.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.cards import mask_card_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111", "•••• 1111"),
        ("4111-1111-1111-1111", "•••• 1111"),
        ("4111.1111.1111.1111", "•••• 1111"),
        ("4111111111111111", "•••• 1111"),
        ("41111111 11111111", "•••• 1111"),
        ("4111 111111111111", "•••• 1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "•••• 1111"),
        ("4111\u00a01111\u20111111\u20131111", "•••• 1111"),
        ("4111-1111-\n1111-1111", "•••• 1111"),
        ("4111 1111\r\n> 1111 1111", "•••• 1111"),
        ("４１１１ １１１１ １１１１ １１１１", "•••• 1111"),
        ("٤١١١١١١١١١١١١١١١", "•••• 1111"),
        ("Visa: 4222 222 222 222", "Visa: •••• 2222"),
        ("4000 0000 0000 0000 006", "•••• 0006"),
        ("5555555555554444", "•••• 4444"),
        ("2223 0000 4840 0011", "•••• 0011"),
        ("3782 822463 10005", "•••• 0005"),
        ("378282246310005", "•••• 0005"),
        ("3056 930902 5904", "•••• 5904"),
        ("30569309025904", "•••• 5904"),
        ("6011 1111 1111 1117", "•••• 1117"),
        ("3530111333300000", "•••• 0000"),
        ("6200 0000 0000 0005", "•••• 0005"),
        ("6759 6498 2643 8453", "•••• 8453"),
        ("Kreditkarte Nr. 4111111111111111, bis 12/27", "Kreditkarte Nr. •••• 1111, bis 12/27"),
        ("4111 1111 1111 1111 12/27 123", "•••• 1111 12/27 123"),
        ("Visa 4111111111111111 und 5555 5555 5555 4444!", "Visa •••• 1111 und •••• 4444!"),
        ("(4111111111111111)", "(•••• 1111)"),
        ("Tel. 030 23125 101, Karte 4111 1111 1111 1111", "Tel. 030 23125 101, Karte •••• 1111"),
        ("cvv 123", "cvv •••"),
        ("CVC2: 1234", "CVC2: •••"),
        ("Prüfziffer 123", "Prüfziffer •••"),
        ("security code is 123.", "security code is •••."),
        ("4111111111111111 cid 1234", "•••• 1111 cid •••"),
    ],
)
def test_card_numbers_and_codes_are_masked(text, masked):
    assert mask_card_numbers(text)[0] == masked
    assert mask_card_numbers(text)[1] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bitte zurückrufen",
        "4111 1111 1111 1112",  # check digit
        "1111 1111 1111 1117",  # no scheme
        "+49 30 23125 101",
        "4930231250001",
        "+4930231250008",
        "Tel. 4111111111111111",
        "0049 171 3920101, 0049 30 23125 102",
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "DE12 4405 0199 1111 1111 11",
        "IBAN 4405 0199 0000 1007",
        "Bestellung 4111111111111111",
        "ORD-4111111111111111",
        "#4111111111111111",
        "x4111111111111111y",
        "41111111111111111111",
        "EAN 4006381333931",
        "302-1234567-1234567",
        "2024-03-01 10:15:22.123456",
        "cid 1234",
        "Kunde 12345, 4 Stück, 111 Euro",
        "192.168.100.100 255.255.255.0",
    ],
)
def test_other_numbers_stay(text):
    assert mask_card_numbers(text) == (text, 0)


def test_how_many_were_masked():
    assert mask_card_numbers("4111111111111111 cvv 123, 5555555555554444")[1] == 3


def test_masking_twice_changes_nothing():
    once, _ = mask_card_numbers("Karte 4111 1111 1111 1111 cvv 123")
    assert mask_card_numbers(once) == (once, 0)


@given(st.text(max_size=300))
def test_any_text(text):
    masked, count = mask_card_numbers(text)
    assert (masked == text) == (count == 0)


@given(st.text(alphabet="0123456789 -\n4111", max_size=2_000))
def test_any_digits_leave_no_card_number(text):
    masked, _ = mask_card_numbers(text)
    assert mask_card_numbers(masked)[1] == 0


def test_long_runs_of_digits_take_no_longer_than_their_length():
    assert mask_card_numbers("1 " * 20_000 + "x")[1] == 0
    assert mask_card_numbers("4111 1111 1111 1111 " * 2_000)[1] == 2_000


# --- false alarms ---------------------------------------------------------------------------------

_PHONES = (
    "+49 30 23125 {3}", "030/23125-{3}", "004930{8}", "4930{9}", "0171 39 20 {3}", "{11}", "+{12}",
    "+44 20 7946 0{3}", "(202) 555-01{2}", "+33 1 99 00 {2} {2}", "0{3} {4} {4}", "{4} {3} {3} {3}",
)  # fmt: skip
_IBANS = (
    ("DE", 20), ("AT", 18), ("CH", 19), ("NL", 16), ("BE", 14), ("ES", 22), ("FR", 25), ("IT", 25),
    ("GB", 20), ("PL", 26), ("PT", 23), ("DK", 16),
)  # fmt: skip
_ORDERS = (
    "{6}", "{8}", "{10}", "{12}", "{13}", "ORD-{10}", "2024-{6}", "{3}-{7}-{7}", "RE{14}", "{20}",
    "AB-{16}", "#{16}", "Bestellung {16}", "1Z{16}", "2024{12}", "{2}-{5}-{5}", "00340434{12}",
)  # fmt: skip


def _filled(pattern: str, chance: random.Random) -> str:
    made = pattern
    while "{" in made:
        head, _, rest = made.partition("{")
        count, _, tail = rest.partition("}")
        made = head + "".join(chance.choices(string.digits, k=int(count))) + tail
    return made


def _phone(chance: random.Random) -> str:
    return _filled(chance.choice(_PHONES), chance)


def _order(chance: random.Random) -> str:
    return _filled(chance.choice(_ORDERS), chance)


def _iban(chance: random.Random) -> str:
    country, length = chance.choice(_IBANS)
    plain = country + "".join(chance.choices(string.digits, k=length))
    if chance.random() < 0.5:
        return plain
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _alarms(make: Callable[[random.Random], str], count: int) -> int:
    chance = random.Random(34)
    return sum(mask_card_numbers(f"Notiz: {make(chance)}, ok")[1] for _ in range(count))


@pytest.mark.parametrize("make", [_phone, _order, _iban])
def test_false_alarms_are_below_one_in_a_thousand(make):
    count = 6_000
    assert _alarms(make, count) <= count / 1_000


@pytest.mark.slow
@pytest.mark.parametrize("make", [_phone, _order, _iban])
def test_false_alarms_of_a_million(make):
    count = 333_334
    assert _alarms(make, count) <= count / 1_000
