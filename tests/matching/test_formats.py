"""The forms that break the matching of other products (research/field.md, 4.2), one table.

Each row is a form that was complained about, as the phone system delivers or the customer's
record holds it. Whoever is stored under the number on the right is found by it.
"""

from __future__ import annotations

from datetime import date

import pytest

from crmdesk.domain.matches import MatchState, Occasion
from crmdesk.matching import ladder
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.ranges import InternalRanges
from crmdesk.store.numbers.columns import number_columns
from tests.bench.library_directory import MemoryDirectory, customer_of

INTERNAL = InternalRanges.parse(("10-99", "100-199", "1001-1199", "20001-20999"))
BERLIN = LineRules("DE", area_code="30", internal=INTERNAL)
BEHIND_0 = LineRules("DE", area_code="030", line_prefix="0", internal=INTERNAL)
SMALL_TOWN = LineRules("DE", area_code="08341")
WASHINGTON = LineRules("US", area_code="202", line_prefix="9")
LONDON = LineRules("GB", area_code="20")
ROME = LineRules("IT")
MUMBAI = LineRules("IN")
NOWHERE = LineRules()

ZENTRALE = "+493023125000"
LONDONER = "+442079460123"
WASHINGTONIAN = "+12025550123"
PARISIAN = "+33199001234"
ISTANBUL = "+902121234567"
DELHI = "+911123456789"
ROMAN = "+390612345678"
CUSTOMERS = (ZENTRALE, LONDONER, WASHINGTONIAN, PARISIAN, ISTANBUL, DELHI, ROMAN)

FORMS = [
    # "/" (zammad#4872), hyphens (netiCRM#54), punctuation of all kinds (odoo#134447)
    ("030/23125000", BERLIN, ZENTRALE),
    ("030 / 23 12 50 00", BERLIN, ZENTRALE),
    ("+49/30/23125000", LONDON, ZENTRALE),
    ("030-23125-000", BERLIN, ZENTRALE),
    ("030‐23125‑000", BERLIN, ZENTRALE),
    ("030–23125—000", BERLIN, ZENTRALE),
    ("(202) 555-0123", WASHINGTON, WASHINGTONIAN),
    ("202.555.0123", WASHINGTON, WASHINGTONIAN),
    ("020 7946 0123", LONDON, LONDONER),
    # "(0)"
    ("+49 (0)30 23125000", BERLIN, ZENTRALE),
    ("+49(0)3023125000", WASHINGTON, ZENTRALE),
    ("0049 (0) 30 / 23125 000", BERLIN, ZENTRALE),
    ("+44 (0)20 7946 0123", BERLIN, LONDONER),
    ("+33 (0)1 99 00 12 34", BERLIN, PARISIAN),
    ("+39 (0)6 1234 5678", BERLIN, ROMAN),
    ("0039 (0)6 1234 5678", BERLIN, ROMAN),
    # trailing blanks (asterlink#19), no-break spaces, tabs, what a page copies along
    ("+493023125000   ", BERLIN, ZENTRALE),
    (" \t+49 30 23125000\r\n", BERLIN, ZENTRALE),
    ("+49\u00a030\u00a023125000", BERLIN, ZENTRALE),
    ("+49\u202f30\u2009231\u2007250\u300000", BERLIN, ZENTRALE),
    ("\u202d+49 30 23125000\u202c", BERLIN, ZENTRALE),
    ("\ufeff+49\u200b3023125000", BERLIN, ZENTRALE),
    # "91..." against "+91...", a "+" that was lost on the way (OCA#374)
    ("911123456789", MUMBAI, DELHI),
    ("911123456789", BERLIN, DELHI),
    ("911123456789", NOWHERE, DELHI),
    ("493023125000", BERLIN, ZENTRALE),
    ("493023125000", WASHINGTON, ZENTRALE),
    ("442079460123", LONDON, LONDONER),
    ("12025550123", BERLIN, WASHINGTONIAN),
    ("33199001234", LONDON, PARISIAN),
    # "+90" that is dialled as "011 90 2..." (OCA#176), "00" where the region's prefix is another
    ("011902121234567", WASHINGTON, ISTANBUL),
    ("00902121234567", BERLIN, ISTANBUL),
    ("0090 212 123 45 67", WASHINGTON, ISTANBUL),
    ("011493023125000", WASHINGTON, ZENTRALE),
    ("0011493023125000", LineRules("AU"), ZENTRALE),
    ("810493023125000", LineRules("RU"), ZENTRALE),
    ("8~10493023125000", LineRules("RU"), ZENTRALE),
    ("010493023125000", LineRules("JP"), ZENTRALE),
    ("0014493023125000", LineRules("BR"), ZENTRALE),
    # "+" before a prefix
    ("+00493023125000", BERLIN, ZENTRALE),
    ("+03023125000", BERLIN, ZENTRALE),
    # what the phone system puts in front
    ("0030 23125000", BEHIND_0, ZENTRALE),
    ("000493023125000", BEHIND_0, ZENTRALE),
    ("0+493023125000", BEHIND_0, ZENTRALE),
    ("023125000", BEHIND_0, ZENTRALE),
    ("912025550123", WASHINGTON, WASHINGTONIAN),
    ("9011493023125000", WASHINGTON, ZENTRALE),
    ("L0#03023125000", BERLIN, ZENTRALE),
    ("L1#+493023125000", BERLIN, ZENTRALE),
    ("*31#03023125000", BERLIN, ZENTRALE),
    ("#31#+493023125000", BERLIN, ZENTRALE),
    ("*672025550123", WASHINGTON, WASHINGTONIAN),
    # FRITZ!Box: call monitor without +49, phone book with it; "#" ends what was dialled
    ("03023125000", BERLIN, ZENTRALE),
    ("03023125000#", BERLIN, ZENTRALE),
    ("23125000", BERLIN, ZENTRALE),
    ("3023125000", BERLIN, ZENTRALE),
    # addresses (linphone-desktop#572)
    ("tel:+49-30-23125-000", BERLIN, ZENTRALE),
    ("TEL:+49(30)23125000;isub=1", BERLIN, ZENTRALE),
    ("tel:23125000;phone-context=+49-30", LONDON, ZENTRALE),
    ("sip:+493023125000@pbx.example:5060;transport=udp;user=phone", BERLIN, ZENTRALE),
    ("sips:03023125000@[2001:db8::1]:5061", BERLIN, ZENTRALE),
    ("sip:%2B493023125000@pbx.example?Subject=hello", BERLIN, ZENTRALE),
    ("<sip:+493023125000@pbx.example>;tag=1;screen=yes;privacy=off", BERLIN, ZENTRALE),
    ('"Z, <A>" <sip:+493023125000;npdi;rn=+4930999@pbx.example>;verstat=x', BERLIN, ZENTRALE),
    # digits of other scripts
    ("+٤٩٣٠٢٣١٢٥٠٠٠", BERLIN, ZENTRALE),
    ("۰۳۰۲۳۱۲۵۰۰۰", BERLIN, ZENTRALE),
    ("＋４９（３０）２３１２５０００", BERLIN, ZENTRALE),
    # zero that belongs to the number
    ("06 1234 5678", ROME, ROMAN),
    ("0039061234 5678", BERLIN, ROMAN),
    ("390612345678", BERLIN, ROMAN),
]  # fmt: skip


@pytest.fixture(scope="module")
def directory() -> MemoryDirectory:
    return MemoryDirectory(CUSTOMERS)


@pytest.mark.parametrize(("raw", "line", "e164"), FORMS)
def test_caller_is_found(raw: str, line: LineRules, e164: str, directory: MemoryDirectory) -> None:
    number = normalise(raw, line)
    assert number.e164 == e164
    assert not number.withheld
    assert not number.internal
    match = ladder.find(number, directory, Occasion(date(2026, 3, 2)))
    assert match.state is MatchState.EXACT
    assert match.customer_id == customer_of(e164)


@pytest.mark.parametrize(("raw", "line", "e164"), FORMS)
def test_record_written_so_is_stored_as_the_number_that_calls(
    raw: str, line: LineRules, e164: str
) -> None:
    stored = number_columns(normalise(raw, line).e164, raw)
    assert stored == number_columns(e164, e164)


@pytest.mark.parametrize(
    "written",
    [
        "x123", " x123", "X 123", "ext123", " ext. 123", " ext: 123", " Extn 123",
        " extension 123", "#123", " # 123", " x#123", " ext.#123", ",123", ",,123", " , 123",
        " (x123)", " (ext. 123)",
        " Durchwahl 123", " DW: 123", " Nebenstelle 123", " Nst. 123",
        " App. 123", " Apparat 123", " Kl. 123", " Klappe 123", " poste 123", " int. 123",
        " interno 123", " anexo 123", " ramal 123", " toestel 123", " wewn. 123", " доб. 123",
        " ДОБ 123", "\u00a0x\u00a0123", " ｘ１２３", " x١٢٣", "x123#",
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", ["+493023125000", "030 23125-000", "0049 (0)30/23125000"])
def test_extensions_however_they_are_written(number: str, written: str) -> None:
    found = normalise(number + written, BERLIN)
    assert (found.e164, found.extension) == (ZENTRALE, "123")


@pytest.mark.parametrize("written", ["x", " x12 x13", " x12345678", " x12a", " y12", "x-12"])
def test_what_is_no_extension_is_not_left_out(written: str) -> None:
    number = normalise(f"+493023125000{written}", BERLIN)
    assert (number.e164, number.extension) == (None, "")


@pytest.mark.parametrize("raw", ["tel:+49-30-23125-000;ext=123", "sip:+493023125000;ext=1-23@x"])
def test_extension_as_a_parameter(raw: str) -> None:
    assert normalise(raw, BERLIN).e164 == ZENTRALE
    assert normalise(raw, BERLIN).extension == "123"


def test_parameter_beats_what_is_written() -> None:
    assert normalise("tel:+493023125000x12;ext=123", BERLIN).extension == "123"


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("12345", "+49834112345"),
        ("123456", "+498341123456"),
        ("22312", "+49834122312"),
        ("9081-0", "+49834190810"),
    ],
)
def test_short_numbers_of_the_town(raw: str, e164: str) -> None:
    """Five or six digits are a number where the line's area code is known (yaai#125)."""
    assert normalise(raw, SMALL_TOWN).e164 == e164
    assert normalise(raw, LineRules("DE")).e164 is None
    assert normalise(raw, NOWHERE).e164 is None


@pytest.mark.parametrize("raw", ["10", "99", "100", "199", "1001", "1199", "20001", "20999"])
def test_two_to_five_digits_can_be_internal(raw: str) -> None:
    """Yaai#224: whatever the length, the ranges of the line decide."""
    for line in (BERLIN, BEHIND_0):
        number = normalise(raw, line)
        assert number.internal
        assert (number.e164, number.extension) == (None, raw)
    assert not normalise(raw, LONDON).internal
