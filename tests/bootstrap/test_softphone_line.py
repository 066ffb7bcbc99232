"""Where the softphone line is that nobody set up."""

from __future__ import annotations

import pytest

from crmdesk.bootstrap.lines import softphone_line
from crmdesk.settings.model import LineSettings, Settings


def test_it_is_where_the_first_line_with_a_country_is() -> None:
    without = LineSettings(id="a", name="A", area_code="40")
    berlin = LineSettings(id="b", name="B", region="DE", area_code="30")
    line = softphone_line(Settings(lines=(without, berlin)))
    assert (line.region, line.area_code) == ("DE", "30")


def test_without_lines_it_is_where_the_computer_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert softphone_line(Settings()).region == "DE"


def test_one_that_is_set_up_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    own = LineSettings(id="zoiper", name="Zoiper", system="softphone")
    assert softphone_line(Settings(lines=(own,))) == own
