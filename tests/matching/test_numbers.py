"""Numbers as phone systems and people write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.text import sanitise_external
from crmdesk.matching.display import format_number
from crmdesk.matching.numbers import LineRules, line_rules, normalise
from crmdesk.matching.ranges import InternalRangeError, InternalRanges
from crmdesk.matching.withheld import is_withheld_word
from crmdesk.settings.model import LineSettings

INTERNAL = InternalRanges.parse(("1001-1199", "20", "030-039"))
BERLIN = LineRules("DE", area_code="30", internal=INTERNAL)
PREFIXED = LineRules("DE", area_code="30", line_prefix="0", internal=INTERNAL)
LONDON = LineRules("GB")
WASHINGTON = LineRules("US", area_code="202")
NOWHERE = LineRules()
ZENTRALE = "+493023125000"


@pytest.mark.parametrize(
    ("raw", "rules", "e164"),
    [
        # the same caller in the forms of one PBX
        ("+493023125777", BERLIN, "+493023125777"),
        ("00493023125777", BERLIN, "+493023125777"),
        ("03023125777", BERLIN, "+493023125777"),
        ("23125777", BERLIN, "+493023125777"),
        ("493023125777", BERLIN, "+493023125777"),
        ("3023125777", BERLIN, "+493023125777"),
        ("+49-30-23125-777", BERLIN, "+493023125777"),
        ("12025550123", BERLIN, "+12025550123"),
        # research/field.md 4.2
        ("+49 30 / 23125-000", BERLIN, ZENTRALE),
        ("030/23125000", BERLIN, ZENTRALE),
        ("(030) 23125 000 ", BERLIN, ZENTRALE),
        ("+49 (0)30 23125 000", BERLIN, ZENTRALE),
        ("+49 (0) 30 23125 000", WASHINGTON, ZENTRALE),
        ("0049 (0)30 23125 000", BERLIN, ZENTRALE),
        ("030.23125.000", BERLIN, ZENTRALE),
        ("030–23125–000", BERLIN, ZENTRALE),
        ("+49\u00a030\u202f23125\u2011000", BERLIN, ZENTRALE),
        ("\u202a+49 30 23125 000\u202c", BERLIN, ZENTRALE),
        ("+44 (0)20 7946 0123", BERLIN, "+442079460123"),
        ("+39 06 1234 5678", BERLIN, "+390612345678"),
        ("+39 (0)6 1234 5678", BERLIN, "+390612345678"),
        ("+351 (0)21 312 3456", BERLIN, "+351213123456"),
        ("911123456789", LineRules("IN"), "+911123456789"),
        ("+911123456789", LineRules("IN"), "+911123456789"),
        ("919812345678", BERLIN, "+919812345678"),
        ("442079460123", BERLIN, "+442079460123"),
        ("442079460123", WASHINGTON, "+442079460123"),
        ("011902123456789", WASHINGTON, "+902123456789"),
        ("0049 30 23125000", WASHINGTON, ZENTRALE),
        ("202-555-0123", WASHINGTON, "+12025550123"),
        ("555-0123", WASHINGTON, "+12025550123"),
        ("1 (202) 555-0123", WASHINGTON, "+12025550123"),
        ("07700 900123", LONDON, "+447700900123"),
        ("447700900123", LONDON, "+447700900123"),
        ("447700900123", BERLIN, "+447700900123"),
        ("01 99 00 12 34", LineRules("FR"), "+33199001234"),
        ("0171 3920001", BERLIN, "+491713920001"),
        ("491713920001", BERLIN, "+491713920001"),
        ("0176 04069012", BERLIN, "+4917604069012"),
        # what the phone system puts before outside numbers
        ("003023125000", PREFIXED, ZENTRALE),
        ("000493023125000", PREFIXED, ZENTRALE),
        ("0+493023125000", PREFIXED, ZENTRALE),
        ("023125000", PREFIXED, ZENTRALE),
        ("+493023125000", PREFIXED, ZENTRALE),
        ("03023125000", PREFIXED, ZENTRALE),
        ("912025550123", LineRules("US", line_prefix="9"), "+12025550123"),
        # no region: only what says its country
        ("+493023125000", NOWHERE, ZENTRALE),
        ("00493023125000", NOWHERE, ZENTRALE),
        ("493023125000", NOWHERE, ZENTRALE),
        ("03023125000", NOWHERE, None),
        ("+493023125000", LineRules("XX"), ZENTRALE),
        # addresses
        ('"Jane" <sip:+493023125000;user=phone@pbx.example>', BERLIN, ZENTRALE),
        ('"a <sip:+12025550123@x>" <sip:+493023125000@pbx.example:5060>', BERLIN, ZENTRALE),
        ("sips:+493023125000@pbx.example;transport=tls", BERLIN, ZENTRALE),
        ("<tel:+49-30-23125-000>", BERLIN, ZENTRALE),
        ("tel:23125000;phone-context=+49-30", WASHINGTON, ZENTRALE),
        ("tel:03023125000;phone-context=pbx.example", BERLIN, ZENTRALE),
        ("callto://+493023125000", BERLIN, ZENTRALE),
        ("SIP:%2B493023125000@pbx.example", BERLIN, ZENTRALE),
        ("sip:03023125000:secret@pbx.example", BERLIN, ZENTRALE),
        ("+493023125000@pbx.example", BERLIN, ZENTRALE),
        # digits of other scripts
        ("+49٣٠٢٣١٢٥٠٠٠", BERLIN, ZENTRALE),
        ("+４９３０２３１２５０００", BERLIN, ZENTRALE),
        ("（０３０）２３１２５−０００", BERLIN, ZENTRALE),
    ],
)
def test_real_world_formats(raw: str, rules: LineRules, e164: str | None) -> None:
    number = normalise(raw, rules)
    assert number.e164 == e164
    assert not number.withheld
    assert not number.internal


@pytest.mark.parametrize(
    ("raw", "e164", "extension"),
    [
        ("+49 30 23125 000 x123", ZENTRALE, "123"),
        ("+49 30 23125 000 ext. 123", ZENTRALE, "123"),
        ("030 23125000 Durchwahl 12", ZENTRALE, "12"),
        ("tel:+493023125000;ext=1-2", ZENTRALE, "12"),
        ("+493023125000,,7", ZENTRALE, "7"),
        ("+493023125000#7", ZENTRALE, "7"),
    ],
)
def test_extensions(raw: str, e164: str, extension: str) -> None:
    number = normalise(raw, BERLIN)
    assert (number.e164, number.extension) == (e164, extension)


HOSTILE = [
    "+" + "1" * 300, "1" * 79, "1" * 1_000_000, "A" * 1_000_000, "jane.doe", "CALL-NOW",
    "0800-CALL",
    "+", "++493023125000", "+49+3023125000", "49+3023125000", "tel:+4930;phone-context=evil",
    "+4930", "²³¹²⁵⁰⁰⁰", "Ⅷ23125000", "<script>alert(1)</script>", "'; DROP TABLE customer;--",
    "sip:%0d%0aAction:%20Originate@x", "sip:1%00@x", "sip:+493023125000@a@b", "<<<<>>>>", "sip:",
    "tel:", "@", ";ext=", "x123", "*31#", "\ud800", "%", "%%%", "\u202e",
    '"' * 500, "<" * 500, "(" * 64, "x1" * 32, "," * 64, "-" * 64 + "x",
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: ascii(raw[:24]))
def test_what_is_no_number_is_kept_as_it_came(raw: str) -> None:
    for rules in (BERLIN, PREFIXED, NOWHERE, WASHINGTON):
        number = normalise(raw, rules)
        assert number.e164 is None
        assert number.raw == sanitise_external(raw)


def test_hidden_characters_do_not_change_the_digits() -> None:
    for raw in ("+49 30 \u202e23125000", "+49 30 23125\x00000", "+49\u200b3023125000"):
        assert normalise(raw, BERLIN).e164 == ZENTRALE
        assert normalise(raw, BERLIN).raw.isprintable()


# --- withheld -------------------------------------------------------------------------------------

WITHHELD = [
    "", " ", "-", "P", "O", "a", "anonymous", "Anonymous", "PRIVATE", "privacy", "Restricted",
    "withheld", "unavailable", "unknown", "<unknown>", "out-of-area", "Out Of Area", "no number",
    "no-number", "no-callerid", "blocked", "none", "0", "0000000000", "+000", "+266696687",
    "+7378742833", "+2562533", "+8656696", "+86282452253", "0086282452253",
    "sip:anonymous@anonymous.invalid", '"Anonymous" <sip:anonymous@anonymous.invalid>',
    "sip:+493023125000@anonymous.invalid", "tel:anonymous", "sip:unknown@pbx.example",
]  # fmt: skip


@pytest.mark.parametrize("raw", WITHHELD)
def test_withheld_is_no_number(raw: str) -> None:
    number = normalise(raw, BERLIN)
    assert number.withheld
    assert number.e164 is None
    assert number.national == ""


@pytest.mark.parametrize(
    "raw", ["+493023125000", "7378742833", "jane", "1001", "sip:anna@pbx.example", "none@1" * 200]
)
def test_others_are_not_withheld(raw: str) -> None:
    assert not is_withheld_word(raw)
    assert not normalise(raw, WASHINGTON).withheld


# --- internal -------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", ["1001", "1199", "20", "035", "sip:1042@pbx.example"])
def test_extensions_look_internal(raw: str) -> None:
    number = normalise(raw, BERLIN)
    assert number.internal
    assert number.e164 is None
    assert number.extension in INTERNAL


@pytest.mark.parametrize("raw", ["1000", "1200", "0020", "35", "+1001", "11990", "100"])
def test_neighbours_do_not(raw: str) -> None:
    assert not normalise(raw, BERLIN).internal


@pytest.mark.parametrize("text", ["", "-", "1-", "20-10", "1-100", "a", "１-２", "1--2", "1" * 16])
def test_bad_ranges_are_told(text: str) -> None:
    with pytest.raises(InternalRangeError, match="range of extensions"):
        InternalRanges.parse((text,))


def test_ranges_hold_texts_only() -> None:
    assert 1001 not in INTERNAL
    assert "1001\n" not in INTERNAL
    assert not InternalRanges()


def test_rules_come_from_the_line() -> None:
    line = LineSettings(
        id="a", name="A", region="DE", area_code="30", line_prefix="0",
        internal=("1001-1199", "20", "030-039"),
    )  # fmt: skip
    assert line_rules(line) == PREFIXED
    assert hash(line_rules(line)) == hash(PREFIXED)


# --- why ------------------------------------------------------------------------------------------


def test_steps_tell_what_was_done() -> None:
    assert normalise("003023125000", PREFIXED).steps == (
        "line prefix 0 removed",
        "trunk prefix removed, country code +49 added",
    )
    assert normalise("23125000", BERLIN).steps == ("area code 30 of the line added",)
    assert normalise("tel:+49-30-23125-000", BERLIN).steps == (
        "taken from an address",
        "separators removed",
    )


def test_unreadable_digits_can_still_be_compared() -> None:
    assert normalise("03023125000", NOWHERE).national == "3023125000"
    assert normalise("030", NOWHERE).national == ""


def test_ambiguous_digits_have_other_readings() -> None:
    number = normalise("33199001234", BERLIN)  # Potsdam without 0, or Paris without +
    assert {number.e164, *number.other_readings} == {"+4933199001234", "+33199001234"}


# --- properties -----------------------------------------------------------------------------------

RULES = st.sampled_from([BERLIN, PREFIXED, LONDON, WASHINGTON, NOWHERE, LineRules("IT")])


@given(st.text(max_size=200), RULES)
def test_any_text_gives_an_answer(text: str, rules: LineRules) -> None:
    number = normalise(text, rules)
    assert number.raw == sanitise_external(text)
    if number.e164 is not None:
        digits = number.e164[1:]
        assert number.e164[0] == "+"
        assert digits.isascii()
        assert digits.isdigit()
        assert len(digits) <= 17
        assert digits.endswith(number.national)
        assert not number.withheld
        assert not number.internal


@given(st.text('0123456789+ ()-/.x#,;=:@<>"%sipteANON٣３', max_size=80), RULES)
def test_text_that_looks_like_numbers_too(text: str, rules: LineRules) -> None:
    number = normalise(text, rules)
    assert number == normalise(sanitise_external(text, 512), rules)
    if number.e164 is not None:
        again = normalise(number.e164, rules)
        assert again.e164 == number.e164
        assert again.other_readings == ()


SUBSCRIBERS = st.integers(0, 999).map(lambda n: f"23125{n:03d}")


@given(SUBSCRIBERS, st.text(" -./()", max_size=3), RULES)
def test_separators_do_not_matter(subscriber: str, separator: str, rules: LineRules) -> None:
    written = f"+49{separator}30{separator}{subscriber}"
    assert normalise(written, rules).e164 == f"+4930{subscriber}"


@given(SUBSCRIBERS, st.sampled_from(["٠", "０", "०", "০", "๐"]))
def test_scripts_do_not_matter(subscriber: str, zero: str) -> None:
    folded = "".join(chr(ord(zero) + int(digit)) for digit in "030" + subscriber)
    assert all(unicodedata.category(char) == "Nd" for char in folded)
    assert normalise(folded, BERLIN).e164 == f"+4930{subscriber}"


# --- display --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "region", "shown"),
    [
        (ZENTRALE, "DE", "030 23125000"),
        (ZENTRALE, "US", "+49 30 23125000"),
        (ZENTRALE, "", "+49 30 23125000"),
        ("+12025550123", "US", "(202) 555-0123"),
        ("jane\x00.doe", "DE", "jane.doe"),
        ("+999999", "DE", "+999999"),
        ("+" + "1" * 500, "DE", "+" + "1" * 255),
        ("", "DE", ""),
    ],
)
def test_numbers_on_the_screen(text: str, region: str, shown: str) -> None:
    assert format_number(text, region) == shown
