"""Card numbers in free text: found in every form, and nothing else taken for one.

Threat model row 34. The numbers are those the card schemes give out for tests.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.cards.schemes import is_checked


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
        ("4111 1111 1111 1111 12/27 123", "•••• 1111 12/27 •••"),
        ("Visa 4111111111111111 und 5555 5555 5555 4444!", "Visa •••• 1111 und •••• 4444!"),
        ("(4111111111111111)", "(•••• 1111)"),
        ("Tel. 030 23125 101, Karte 4111 1111 1111 1111", "Tel. 030 23125 101, Karte •••• 1111"),
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
        "Tel. 30569309025904",  # no longer than a phone number
        "+30569309025904",
        "Tel. 4222 222 222 222",
        "0049 171 3920101, 0049 30 23125 102",
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "7e0d4533-4344-4123-9106-2688c78b5f49",
        "DE57 4405 0199 1111 1111 11",
        "IBAN 4111111111111111",
        "Bestellung 4111111111111111",
        "ORD-4111111111111111",
        "#4111111111111111",
        "Order no. 4111111111111111",
        "order number: 4111111111111111",
        "Bestell-Nr. 4111111111111111",
        "Auftragsnummer 4111111111111111",
        "Ref. 4111111111111111",
        "IMEI: 3782 82246310005",
        "1Z4111111111111111",
        "inv-4111111111111111",
        "de57440501991111111111",
        "4111 1111 1111 111",
        "4111 oder 1111, 1111 und 1111",
        "4222222222222",  # a bar code, unless somebody says that it is a card's
        "24.12.2026 - 31.12.2027",
        "24.12.26 31.12.26 10.30",
        "30.01.2026 12.30",
        "•••• 4111 •••• 1111 •••• 1111 •••• 1111",
        "41111111111111111111",
        "EAN 4006381333931",
        "302-1234567-1234567",
        "2024-03-01 10:15:22.123456",
        "Best.-Nr. 4111111111111111",
        "Kd-Nr 4111111111111111",
        "KdNr. 4111111111111111",
        "Rg.-Nr. 4111111111111111",
        "Lieferschein 4111111111111111",
        "Lieferschein-Nr. 4111111111111111",
        "Zählernummer 4111111111111111",
        "Versicherungsnummer 4111111111111111",
        "Vertrag 4111111111111111",
        "Case 4111111111111111",
        "DHL 4111111111111111",
        "FedEx 4111111111111111",
        "DHL Sendung 4111111111111111 zugestellt",
        "IMEI ist 378282246310005",
        "Anzahl 3, Auftrag: 4111111111111111",
        "Bestellung 12 4111 111111 111111",
        "41111111, 11111111",  # two phone numbers
        "41111111\n11111111",
        "Kunde 12345, 4 Stück, 111 Euro",
        "192.168.100.100 255.255.255.0",
    ],
)
def test_other_numbers_stay(text):
    assert mask_card_numbers(text) == (text, 0)


V, G = "4111111111111111", "4111 1111 1111 1111"
SAID = (
    f"customer paid with {V}",
    f"Customer: {V}",
    f"Customer gave me {V} exp 12/27",
    f"paid invoice by {V}",
    f"phone order {V}",
    f"transaction {V} declined",
    f"by phone: {G}",
    "told on the phone 4111-1111-1111-1111",
    f"konto {G}",
    f"Visa{V}",
    "4111/1111/1111/1111",
    "4111,1111,1111,1111",
    "411111 111111 1111 12/27",
    f"+{V}",
    f"+{G}",
    f"paid by phone {G}",
    f"am Telefon genannt: {G}",
    f"Telefonisch: {G}",
    f"Hotel booking {G}",
    f"Customer says {V}",
    f"Order paid with {V}",
    f"Rechnung bezahlt mit {V}",
    f"for invoice 12: {V}",
    f"customer pays with {V}",
    f"Kundennr ok, {V}",
    f"phone payment {V}",
    f"wants refund on {V} for order",
    f"order, {V}",
    f"ref {G}",
    f"Order no. {G}",
    f"account {G}",
    f"customer no 12; {V}",
    f"Tel.: call me, card is {V}",
    f"Tel. {V}",
    f"Handy payment {V}",
    f"card #{V}",
    f"Visa order no. {V}",
    f"Order no. {V} exp 12/27",
    f"Order {V} 12/27",
    "41 11 11 11 11 11 11 11",
    "card 41 11 11 11 11 11 11 11 exp 12 28",
    "41111111 11111111 exp 12/28",
    f"VISA{V}",
    f"Nr{V}",
    f"NR-{V}",
    f"my{V}",
    f"{V}x",
    f"x{V}y",
    f"{V}exp12/28",
    f"{V}CVV123",
    f"PAN={V}x",
    "4111*1111*1111*1111",
    "4111:1111:1111:1111",
    "4111+1111+1111+1111",
    "4111_1111_1111_1111",
    "4111•1111•1111•1111",
    "(4111)(1111)(1111)(1111)",
    "4111/1111-1111 1111",
    "4111 ; 1111 ; 1111 ; 1111",
    "4111&nbsp;1111&nbsp;1111&nbsp;1111",
    "4111<br>1111<br/>1111<br />1111",
    "<td>4111</td><td>1111</td><td>1111</td><td>1111</td>",
    "4111\u200d1111\u200d1111\u200d1111",
    "4111\u200c1111\u200c1111\u200c1111",
    "4111\ufeff1111\ufeff1111\ufeff1111",
    "4111\x001111\x001111\x001111",
    "4111          1111          1111          1111",
    "4111\n\n\n\n\n\n\n1111 1111 1111",
    "4111\u30fb1111\u30fb1111\u30fb1111",
    "④①①①①①①①①①①①①①①①",
    "⁴¹¹¹¹¹¹¹¹¹¹¹¹¹¹¹",
    "4️⃣" + 15 * "1️⃣",
    "4\u03021\u03021\u03021\u0302111111111111",
    "5555 4444 4111 1111 1111 1111",
    "1 4111 1111 1111 1111",
    "DE57 4405 0199 1111 1111 11 4111 1111 1111 1111",
    "DE4111 1111 1111 1111 1111 11",  # no IBAN: its check digits are wrong
    f"Zahlung #{V}",
    f"Zahlung Ref {V}",
    f"Anzahlung, Order {V}",
    f"bezahlt mit ID: {V}",
    f"paid invoice. Order {V}",
    f"EC-{V}",
    f"PAY-{V}",
    f"ZAHL-{V}",
    f"IBAN {G}",
    f"keine IBAN: {G}",
    f"Statt IBAN {G}",
    f"Rechnung {V} Ablauf 12/27",
    f"Ref: {V} läuft ab 12/27",
    f"Order: {V} name Meier 12/27",
    f"Order: {V} name Meier 12/2027",
    "Handy: 4111 111111 111111",
    "tel 4111-11111-1111111",
    "Tel: 41 1111 1111 111111",
    "+4111 11111111 1111",
    "12 4111 111111 111111",
    "12.05.26 4111 1111 11111111",
    "12.05.2026 4111 1111 11111111",
    "50,00 4111 111111111111",
    "50.00 4111 111111111111",
    "1.250,00 4111 111111111111",
    "14.30 4111 111111111111",
    "41111111 / 11111111",
    "erst 41111111, dann 11111111",
    "first 41111111 and then 11111111",
    "4111 dann 1111 1111 1111",
    "erst 4111 1111, danach: 1111 1111",
)


@pytest.mark.parametrize("text", SAID)
def test_what_people_write_around_a_number_does_not_hide_it(text):
    masked, count = mask_card_numbers(text)
    digits = [char for char in masked if char.isdigit()]
    assert count >= 1
    assert len(digits) <= sum(map(str.isdigit, text)) - 12
    assert "•••• 1111" in masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("3782 8224 6310 005", "•••• 0005"),
        ("378 282 246 310 005", "•••• 0005"),
        ("3056 9309 0259 04", "•••• 5904"),
        ("customer 378282246310005", "customer •••• 0005"),
        ("Visa 4222222222222", "Visa •••• 2222"),
        ("Kreditkarte Nr. 4222222222222", "Kreditkarte Nr. •••• 2222"),
        ("Maestro 501800000009", "Maestro •••• 0009"),
        ("5018 0000 0009", "•••• 0009"),
        ("4000000000000000006", "•••• 0006"),
        ("+378282246310005", "+•••• 0005"),
        ("Mobil: 378282246310005", "Mobil: •••• 0005"),
        ("Handy: 378 282 246 310 005", "Handy: •••• 0005"),
        ("4111111111111111 0326 123", "•••• 1111 0326 •••"),
        ("4111111111111111 exp 12/27 code 123", "•••• 1111 exp 12/27 code •••"),
        ("4111111111111111, 12/27, 500 EUR", "•••• 1111, 12/27, 500 EUR"),
    ],
)
def test_other_schemes_and_codes(text, masked):
    assert mask_card_numbers(text)[0] == masked


def test_how_many_were_masked():
    assert mask_card_numbers("4111111111111111 cvv 123, 5555555555554444")[1] == 3


def test_masking_twice_changes_nothing():
    once, _ = mask_card_numbers("Karte 4111 1111 1111 1111 cvv 123")
    assert mask_card_numbers(once) == (once, 0)


def test_the_four_digits_that_stay_are_no_beginning_of_another_number():
    # 4444 1111 1111 1119 has the right check digit too
    assert mask_card_numbers("5555 5555 5555 4444 1111 1111 1119")[0] == "•••• 1119"


@given(st.text(max_size=300))
def test_any_text(text):
    masked, count = mask_card_numbers(text)
    assert (masked == text) == (count == 0)


_PIECES = st.sampled_from(
    ["4111", "1111", "5555", "4444", "411111", "111111", "4111111111111111", "378282246310005",
     "12/27", "123", "cvv", "order no.", "Tel. ", "+", "IBAN", "card ", "DE57", "-", " ", " ", "/",
     "\n", ", ", "\u200b", "x", "•", "1", "4", "24.12.", "&nbsp;", "<br>", "#"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_what_is_masked_has_no_card_number_left(text):
    masked, _ = mask_card_numbers(text)
    assert mask_card_numbers(masked) == (masked, 0)


_NOISE = st.text(alphabet="abcXYZ äß€.,;:!?()-/ \n\u200b", max_size=30)
_GAPS = st.text(alphabet=" .-/,:*+_\u00a0\u200d\n", max_size=8)


@st.composite
def _card_of_four_groups(draw):
    scheme = draw(st.sampled_from(["4", "51", "55", "2221", "2720", "6011", "65", "3530", "62"]))
    rest = 15 - len(scheme)
    body = scheme + draw(st.text(alphabet="0123456789", min_size=rest, max_size=rest))
    number = next(body + last for last in "0123456789" if is_checked(body + last))
    gap = draw(_GAPS)
    return number, gap.join(number[at : at + 4] for at in range(0, 16, 4))


@given(_NOISE, _card_of_four_groups(), _NOISE)
def test_any_card_in_its_groups_is_masked_whatever_stands_around_it(before, card, after):
    number, written = card
    masked, count = mask_card_numbers(f"{before} {written} {after}")
    assert count == 1
    assert masked.count("•••• " + number[-4:]) == 1
    assert sum(map(str.isdigit, masked)) == 4


@given(st.text(alphabet="0123456789 -\n4111", max_size=2_000))
def test_any_digits_leave_no_card_number(text):
    masked, _ = mask_card_numbers(text)
    assert mask_card_numbers(masked)[1] == 0


def test_a_megabyte_of_cards_is_masked():
    assert mask_card_numbers(f"{G} x " * 20_000)[1] == 20_000
