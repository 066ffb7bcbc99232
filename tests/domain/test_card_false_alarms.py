"""Numbers that are none of cards: fewer than one in a thousand is taken for one.

Phone numbers of many countries, IBANs, bar codes, orders with a label. A bare number of 16 digits
with the beginning and the check digit of a card is none of these: it is masked.
"""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Callable

import pytest

from crmdesk.domain.cards import mask_card_numbers

_PHONES = (
    "+49 30 23125 {3}", "030/23125-{3}", "004930{8}", "4930{9}", "0171 39 20 {3}", "{11}", "+{12}",
    "+44 20 7946 0{3}", "(202) 555-01{2}", "+33 1 99 00 {2} {2}", "0{3} {4} {4}", "{4} {3} {3} {3}",
    "44 7700 900{3}", "44 20 7946 0{3} ext {4}", "1-202-555-01{2} x{4}", "34 9{2} {2} {2} {2}",
    "39 06 {4} {4}", "36 1 {3} {4}", "52 55 {4} {4}", "55 11 9{4}-{4}", "62 812-{4}-{4}",
    "62812{8}", "65 6{3} {4}", "60 3-{4} {4}", "4{7}, 9{7}", "45 {2} {2} {2} {2}", "86 1{10}",
    "91 {5} {5}", "971 5{1} {3} {4}", "380 {2} {3} {2} {2}", "30 21{1} {3} {4}", "351 {3} {3} {3}",
    "Tel. {15}", "Mobil: 4917{1} {4} {4}", "+49 (0) 30 23125-{3} oder +49 171 3920{3}",
    "030 23125{3} / 0171 3920{3}", "+1 (202) 555-01{2}; +1 (202) 555-01{2}",
)  # fmt: skip
_IBANS = (
    ("DE", 20), ("AT", 18), ("CH", 19), ("NL", 16), ("BE", 14), ("ES", 22), ("FR", 25), ("IT", 25),
    ("GB", 20), ("PL", 26), ("PT", 23), ("DK", 16),
)  # fmt: skip
_ORDERS = (
    "{6}", "{8}", "{10}", "{12}", "{13}", "ORD-{10}", "2024-{6}", "{3}-{7}-{7}", "RE{14}", "{20}",
    "AB-{16}", "#{16}", "Bestellung {16}", "1Z{16}", "2024{12}", "{2}-{5}-{5}", "00340434{12}",
    "Order no. {16}", "Bestell-Nr.: {16}", "order number {16}", "Auftragsnr. {15}", "Ref: {16}",
    "invoice no. {14}", "Ticket-ID {16}", "INV-{16}", "tracking number: {16}", "IMEI {15}",
    "Best.-Nr. {16}", "KdNr. {16}", "Rg.-Nr. {15}", "Lieferschein-Nr. {16}", "Vertrag {16}",
    "DHL Sendung {16}", "Zählernummer {14}", "Prüfnummer {4}", "verification code: {4}",
    "12.05.202{1} 0{3} {4} {4}", "50.{2} {3} {4}", "{2} {4} {4}", "4{7}, 9{7}; 4{7}",
    "{2}.{2}.202{1} {2}:{2}", "24.12.202{1} - 31.12.202{1}", "{3},{3}.{2} EUR",
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
    account = "".join(chance.choices(string.digits, k=length - 2))
    plain = f"{country}{_check_digits(country, account)}{account}"
    if chance.random() < 0.5:
        return plain
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _check_digits(country: str, account: str) -> str:
    moved = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{98 - int(moved) % 97:02}"


def _bar_code(chance: random.Random) -> str:
    """EAN-13 of Germany, of magazines and of coupons; GTIN-14; EAN-8."""
    return _filled(chance.choice(("40{11}", "4{12}", "41{11}", "5{12}", "1{13}", "4{7}")), chance)


def _of_a_program(chance: random.Random) -> str:
    """Keys, digests, moments, addresses of networks, coordinates."""
    made = (
        str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        f"{chance.getrandbits(160):040x}",
        _filled("2026-0{1}-1{1}T1{1}:{2}:{2}.{6}+02:00", chance),
        _filled("1{2}.{2}.{3}.{2}:{4}", chance),
        _filled("52.{6}, 13.{6}", chance),
        _filled("v{1}.{2}.{4}-{3} (build {5})", chance),
    )
    return chance.choice(made)


def _alarms(make: Callable[[random.Random], str], count: int) -> int:
    chance = random.Random(34)
    return sum(mask_card_numbers(f"Notiz: {make(chance)}, ok")[1] for _ in range(count))


@pytest.mark.parametrize("make", [_phone, _order, _iban, _bar_code, _of_a_program])
def test_false_alarms_are_below_one_in_a_thousand(make):
    count = 6_000
    assert _alarms(make, count) <= count / 1_000


@pytest.mark.slow
@pytest.mark.parametrize("make", [_phone, _order, _iban, _bar_code, _of_a_program])
def test_false_alarms_of_a_million(make):
    count = 200_000
    assert _alarms(make, count) <= count / 1_000
