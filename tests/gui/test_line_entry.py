"""What is typed of a phone line, and what its test says in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    PhoneRang,
)
from crmdesk.domain.calls import Direction, Presentation
from crmdesk.gui.settings.line_entry import LineEntry, entry_of, line_of, problems, with_tls
from crmdesk.gui.settings.line_test import RingPanel
from crmdesk.gui.settings.manager_conf import PLACEHOLDER, manager_lines
from crmdesk.gui.settings.regions import guessed_region, regions
from crmdesk.gui.settings.ring_words import RingTeller
from crmdesk.settings.model import LineSettings
from tests.gui.desk_windows import end
from tests.gui.first_start import PBX_PASSWORD
from tests.gui.settings_desk import AT, themed

__all__ = ["themed"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("host", "https://pbx"),
        ("host", "pbx:5038"),
        ("host", "p bx"),
        ("host", "x" * 254),
        ("port", "0"),
        ("port", "65536"),
        ("port", "99999999999999999999"),
        ("port", "٥٠٣٩"),
        ("port", ""),
        ("username", "crm desk"),
        ("area_code", "3O"),
        ("line_prefix", "9" * 17),
        ("internal", "1199-1001"),
        ("internal", "99-1001"),
        ("internal", "1001-"),
        ("internal", "a-b"),
        ("dial_context", "from\ninternal"),
    ],
)
def test_mistakes_of_a_line(field: str, text: str) -> None:
    good = LineEntry(name="Office", host="pbx", username="crmdesk", secret="x")
    assert problems(good) == {}
    assert list(problems(replace(good, **{field: text}))) == [field]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("1001-1199", ("1001-1199",)),
        ("1001 – 1199; 20", ("1001-1199", "20")),
        ("10,11  12", ("10", "11", "12")),
        ("", ()),
    ],
)
def test_ranges_as_people_write_them(text: str, ranges: tuple[str, ...]) -> None:
    entry = LineEntry(name="Office", host="pbx", username="crmdesk", internal=text)
    assert problems(entry, needs_secret=False) == {}
    assert line_of(entry).internal == ranges


def test_line_survives_the_form() -> None:
    line = LineSettings(
        id="office", name="Office", host="pbx", port=5038, tls=False, username="crmdesk",
        secret_ref="line-office", region="DE", area_code="30", line_prefix="0",
        internal=("1001-1199",), pop_when="asked", pop_internal=True, names={"1001": "Alice"},
        called_names={"+493023125200": "Support"}, phone_system="main",
    )  # fmt: skip
    assert line_of(entry_of(line), base=line) == line


def test_ids_of_lines_never_meet() -> None:
    entry = LineEntry(name="Office")
    assert line_of(entry, {"office", "office-2"}).id == "office-3"
    assert line_of(replace(entry, name="Büro 東京")).id == "b-ro"
    assert line_of(replace(entry, name="東京")).id == "line"


def test_tls_takes_the_usual_port_along() -> None:
    assert with_tls(LineEntry(), tls=False).port == "5038"
    assert with_tls(LineEntry(port="5038"), tls=True).port == "5039"
    assert with_tls(LineEntry(port="7777"), tls=False).port == "7777"


def test_lines_for_the_phone_system_ask_for_no_more_than_needed() -> None:
    text = manager_lines("", "")
    assert "[crmdesk]" in text
    assert f"secret = {PLACEHOLDER}" in text
    assert "read = call,agent,system\nwrite = reporting\n" in text
    assert "channelvars = CALLERID(pres),FROM_DID" in text
    plain = manager_lines("desk", "x", port="5038", tls=False)
    assert "tls" not in plain
    assert "port = 5038" in plain


def test_secret_of_an_entry_is_not_in_its_repr() -> None:
    assert PBX_PASSWORD not in repr(LineEntry(secret=PBX_PASSWORD))


def test_countries() -> None:
    from PySide6.QtCore import QLocale

    codes = {code: name for name, code in regions()}
    assert codes["DE"] == "Germany (+49)"
    assert len(codes) > 200
    assert guessed_region(QLocale("de_AT")) == "AT"
    assert guessed_region(QLocale("C")) == ""


# --- words for what rings -------------------------------------------------------------------------


def _ring(*before: CallEvent) -> str:
    line = LineSettings(id="x", name="x", region="DE", area_code="30", internal=("1001-1199",))
    teller = RingTeller(line, "1001")
    told = teller.hear((*before, PhoneRang("c", AT, "1001", "d")))
    return f"{told[0].text} | {told[0].details}"


def test_words_for_what_rings() -> None:
    came = CallStarted("c", AT, Direction.INBOUND, "03023125710", "Anna", dialled="23125101")
    assert _ring(came) == ("1001 rings: +49 30 23125710 | Name: Anna · Called: +49 30 23125101")
    withheld = CallDetails("c", AT, presentation=Presentation.WITHHELD)
    assert _ring(came, withheld).startswith("1001 rings: number withheld | Called")
    assert "Anna" not in _ring(came, withheld)
    inside = CallStarted("c", AT, Direction.INTERNAL, "1002")
    assert _ring(inside) == "1001 rings: 1002, an internal call | "
    assert _ring(CallStarted("c", AT, Direction.INBOUND)) == (
        "1001 rings: a caller without a number | "
    )


def test_own_extension_stays_in_the_headline_and_ends_in_the_past(themed: None) -> None:
    teller = RingTeller(LineSettings(id="x", name="x", region="DE"), "1001")
    panel = RingPanel()
    rings = [PhoneRang("c", AT, extension, "d") for extension in ("1002", "1001", "1003")]
    started = CallStarted("c", AT, Direction.INBOUND, "+493023125710")
    for heard in teller.hear([started, *rings]):
        panel.show_heard(heard)
    assert panel.text() == "1001 rings: +49 30 23125710"
    for heard in teller.hear([CallEnded("c", AT)]):
        panel.show_heard(heard)
    assert panel.text() == "1001 rang: +49 30 23125710"
    end(panel)


def test_other_phones_and_ends_are_told_apart() -> None:
    line = LineSettings(id="x", name="x", region="DE")
    teller = RingTeller(line, "1001")
    teller.hear([CallStarted("c", AT, Direction.INBOUND, "+493023125710")])
    (other,) = teller.hear([PhoneRang("c", AT, "1002", "d")])
    (answered,) = teller.hear([Connected("c", AT, "1001")])
    assert (other.is_mine, other.rings) == (False, True)
    assert (answered.text, answered.rings) == ("1001 answered.", False)
    teller.hear([CallEnded("c", AT)])
    assert teller.hear([PhoneRang("c", AT, "1001", "d")]) == []
