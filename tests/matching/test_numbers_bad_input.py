"""What hostile or broken sources deliver: a clear answer, a bounded amount of work, no guess.

Rows 3, 4 and 5 of the threat model (research/reliability.md).
"""

from __future__ import annotations

import re
import sys
from datetime import date
from types import FrameType

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmdesk.domain.matches import MatchState, NormalisedNumber, Occasion
from crmdesk.domain.text import sanitise_external
from crmdesk.matching import ladder
from crmdesk.matching.display import format_number
from crmdesk.matching.numbers import LineRules, clear_cache, normalise
from crmdesk.matching.plans import plan_of
from crmdesk.matching.ranges import InternalRanges
from crmdesk.matching.withheld import is_withheld_word
from crmdesk.store.numbers.columns import number_columns
from tests.bench.library_directory import MemoryDirectory

E164 = re.compile(r"\+[1-9][0-9]{1,14}")
INTERNAL = InternalRanges.parse(("1001-1199",))
BERLIN = LineRules("DE", area_code="30", internal=INTERNAL)
BEHIND_0 = LineRules("DE", area_code="030", line_prefix="0")
WASHINGTON = LineRules("US", area_code="202", line_prefix="9")
LINES = (
    BERLIN, BEHIND_0, WASHINGTON, LineRules(), LineRules("IT"), LineRules("BR", "11"),
    LineRules("RU"), LineRules("SG"), LineRules("AR", "11"), LineRules("MG"), LineRules("FI"),
)  # fmt: skip


def _check(number: NormalisedNumber, raw: str, line: LineRules) -> None:
    """What holds for every number, whatever it was made of."""
    assert number.raw == sanitise_external(raw)
    for e164 in (number.e164, *number.other_readings):
        if e164 is not None:
            assert E164.fullmatch(e164)
            again = normalise(e164, line)
            assert (again.e164, again.other_readings, again.extension) == (e164, (), "")
    assert len({number.e164, *number.other_readings}) == 1 + len(number.other_readings)
    assert not number.national.startswith("0")
    if number.e164 is not None:
        assert number.e164.endswith(number.national)
        assert not number.withheld
        assert not number.internal
    assert number.extension.isascii()


# --- anything at all ------------------------------------------------------------------------------

ANY_TEXT = st.one_of(
    st.text(st.characters(), max_size=300),  # lone surrogates, controls, every script
    st.text('0123456789+ ()-/.x#,;=:@<>"%sipteL*~٣３۰\u202e\u200b\x00\udc80', max_size=80),
    st.binary(max_size=300).map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.binary(max_size=300).map(lambda data: data.decode("latin-1")),
    st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True),
)


@settings(deadline=None)
@given(ANY_TEXT, st.sampled_from(LINES))
@example("9", WASHINGTON)  # nothing but what is dialled for an outside line
def test_any_text_gives_a_sound_answer(text: str, line: LineRules) -> None:
    number = normalise(text, line)
    _check(number, text, line)
    stored = number_columns(number.e164, text)
    assert stored["rev_digits"] is not None
    assert stored["rev_digits"].isascii()
    format_number(text, line.region)


@settings(deadline=None)
@given(ANY_TEXT, st.text(st.characters(), max_size=5))
def test_any_region_gives_a_sound_answer(text: str, region: str) -> None:
    line = LineRules(region, area_code="30", line_prefix="0")
    _check(normalise(text, line), text, line)


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{2,17}", fullmatch=True))
def test_digits_on_every_kind_of_line(digits: str) -> None:
    for line in LINES:
        _check(normalise(digits, line), digits, line)
        _check(normalise("+" + digits, line), "+" + digits, line)


@pytest.mark.parametrize(
    "region",
    [
        "XX",
        "ZZ",
        "de",
        "DEU",
        "D",
        "001",
        "dE",
        "DÉ",
        "ＤＥ",
        "Ⅾ",
        "\x00\x00",
        "..",
        "/.",
        "DE\n",
        "*",
    ],
)
def test_region_that_does_not_exist_is_none(region: str) -> None:
    assert plan_of(region) is None
    line, nowhere = LineRules(region), LineRules()
    for raw in ("+493023125000", "03023125000", "00493023125000", "493023125000", "110", "x"):
        assert normalise(raw, line) == normalise(raw, nowhere)
    assert format_number("+493023125000", region) == "+49 30 23125000"


# --- size -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    ["1", "+", "(", '"', "<", ";", "@", "x1", " ", "\u202e", "\u0301", "%31", "0", "a", ",#", "\\"],
    ids=ascii,
)
def test_a_million_characters_are_no_more_work_than_thousands(pattern: str) -> None:
    """Work is counted in calls, not in seconds; no step looks at more than a few hundred."""
    short, long = pattern * (4_000 // len(pattern)), pattern * (1_000_000 // len(pattern))
    assert _calls_made(long) <= _calls_made(short)
    number = normalise(long, BERLIN)
    assert (number.e164, number.extension) == (None, "")
    assert len(number.raw) <= 256


def _calls_made(raw: str) -> int:
    clear_cache()
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        normalise(raw, BERLIN)
        is_withheld_word(raw)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("size", [64, 65, 128, 129, 300, 512, 513])
def test_long_digits_are_no_number(size: int) -> None:
    for raw in ("+" + "1" * size, "4" * size, "0049" + "3" * size, "1" * size + "x12"):
        number = normalise(raw, BERLIN)
        assert (number.e164, number.national, number.withheld) == (None, "", False)


def test_numbers_longer_than_e164_allows_are_none() -> None:
    assert normalise("+4930231250001234", BERLIN).e164 is None  # 16 digits, possible in Germany
    assert normalise("+493023125000123", BERLIN).e164 == "+493023125000123"


# --- what is not a number -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        "1-800-FLOWERS", "1-800-356-WERS", "+1 (800) FLOWERS", "0800-CALLNOW", "030 ABC 23125",
        "23125OOO", "O3023125000", "l-202-555-0123", "+49 30 2312500O", "agent1001", "4x4x4x4",
    ],
)  # fmt: skip
def test_letters_are_not_read_as_digits(raw: str) -> None:
    """No network delivers them, and a name could become somebody's number: see `written.py`."""
    flowers = MemoryDirectory(["+18003569377", "+493023125000", "+12025550123"])
    number = normalise(raw, WASHINGTON)
    assert (number.e164, number.national) == (None, "")
    match = ladder.find(number, flowers, Occasion(date(2026, 3, 2)))
    assert (match.state, match.customer_id) == (MatchState.NONE, None)


@pytest.mark.parametrize(
    "raw",
    [
        "\x00+493023125000", "+4930\x0023125000", "+493023125000\x00", "\u202e+493023125000\u202c",
        "\u200f+49 30 23125000", "\u2067+493023125000\u2069", "+49 30\ufeff 23125000",
        "+49\udc8030\ud80023125000", "\U000e0031+493023125000",
    ],
    ids=ascii,
)  # fmt: skip
def test_hidden_characters_are_dropped_and_not_read(raw: str) -> None:
    number = normalise(raw, BERLIN)
    assert number.e164 == "+493023125000"
    assert number.raw.isprintable()
    number.raw.encode("utf-8")


def test_a_reversed_number_is_read_in_the_order_it_was_sent() -> None:
    """What a bidi override shows on the screen is not what is compared."""
    assert normalise("+\u202e00052132094", BERLIN).e164 != "+493023125000"


# --- numbers nobody calls from --------------------------------------------------------------------

AREAS = {
    "DE": "30", "US": "202", "GB": "20", "AU": "2", "IN": "11", "BR": "11", "JP": "3",
    "RU": "495", "FR": "1", "IT": "06", "CN": "10", "MX": "55", "ZA": "11", "NL": "20",
}  # fmt: skip


@pytest.mark.parametrize("region", AREAS)
def test_emergency_and_short_numbers_are_nobodys(region: str) -> None:
    """Not even on a line that completes numbers of its town."""
    line = LineRules(region, area_code=AREAS[region], line_prefix="0")
    services = [
        digits
        for digits in map(str, (*range(100, 1000), *range(1000, 2000), 116117))
        if phonenumbers.is_emergency_number(digits, region)
        or (digits == "116117" and region == "DE")
    ]
    assert services
    for digits in services:
        for raw in (
            digits,
            f"0{digits}",
            f"+{digits}",
            f"tel:{digits}",
            f"sip:{digits}@pbx.example",
        ):
            assert normalise(raw, line).e164 is None, (raw, region)


@pytest.mark.parametrize("raw", ["110", "112", "911", "999", "000", "112@pbx.example", "0110"])
def test_well_known_emergency_numbers(raw: str) -> None:
    for line in LINES:
        assert normalise(raw, line).e164 is None


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("09001234567", "DE", "+499001234567"),
        ("1-900-234-5678", "US", "+19002345678"),
        ("0900 1234567", "NL", "+319001234567"),
    ],
)
def test_premium_numbers_are_numbers(raw: str, region: str, e164: str) -> None:
    """Whether to believe that one calls is asked elsewhere (matching/trust.py)."""
    assert normalise(raw, LineRules(region)).e164 == e164
