"""Both themes can be read, and change while the program runs."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.gui.theme.icons import icon_folder, icon_names, pixmap, tinted_svg
from crmdesk.gui.theme.stylesheet import stylesheet
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import CHIP_TONES, DARK, LIGHT, Palette, Space, contrast, luminance
from tests.gui.desk_windows import theme_of

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
AA_TEXT, AA_MEANING = 4.5, 3.0
"""WCAG 2.2: 1.4.3 for text, 1.4.11 for what carries meaning without words."""
GROUNDS = ("background", "surface", "raised", "hover", "selection")
TEXTS = ("text", "muted")
TONES = ("accent", "good", "warn", "bad")


@BOTH
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_ground(palette: Palette, text: str, ground: str) -> None:
    assert contrast(palette.color(text), palette.color(ground)) >= AA_TEXT


@BOTH
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("ground", ["background", "surface", "raised"])
def test_tones_can_be_read(palette: Palette, tone: str, ground: str) -> None:
    assert contrast(palette.color(tone), palette.color(ground)) >= AA_TEXT


@BOTH
@pytest.mark.parametrize("tone", CHIP_TONES)
def test_chips_can_be_read(palette: Palette, tone: str) -> None:
    text = palette.muted if tone == "neutral" else palette.color(tone)
    assert contrast(text, palette.soft(tone)) >= AA_TEXT


@BOTH
def test_buttons_and_initials_can_be_read(palette: Palette) -> None:
    for ground in (palette.accent, palette.accent_hover, palette.accent_pressed):
        assert contrast(palette.on_accent, ground) >= AA_TEXT
    for ground, text in palette.avatars:
        assert contrast(text, ground) >= AA_TEXT


@BOTH
def test_edges_of_fields_can_be_seen(palette: Palette) -> None:
    assert contrast(palette.border, palette.surface) >= AA_MEANING


def test_contrast_is_that_of_the_standard() -> None:
    """Known values: black on white is 21, #767676 on white 4.54 (WCAG techniques, G18)."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert (luminance("#000000"), luminance("#FFFFFF")) == (0.0, pytest.approx(1.0))


def test_distances_are_on_the_grid() -> None:
    steps = [value for name, value in vars(Space).items() if name.isupper() and name != "HAIR"]
    assert all(value % 4 == 0 for value in steps)


@BOTH
def test_stylesheet_knows_only_colours_of_its_palette(palette: Palette) -> None:
    sheet = stylesheet(palette, defaultdict(str))  # the pictures do not matter here
    colours = {colour.upper() for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)}
    own = {value.upper() for value in map(str, _values(palette))}
    assert colours <= own


def _values(palette: Palette) -> list[str]:
    values = [getattr(palette, name) for name in Palette.__dataclass_fields__]
    flat = [value for value in values if isinstance(value, str)]
    return flat + [colour for pair in palette.avatars for colour in pair]


def test_mode_changes_while_running(qapp: QApplication, qtbot: QtBot) -> None:
    with theme_of(qapp):
        assert not theme().palette.is_dark
        with qtbot.waitSignal(theme().changed):
            theme().set_mode("dark")
        assert theme().palette is DARK
        assert qapp.palette().window().color().name().upper() == DARK.background.upper()


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_is_drawn_in_its_tone(qapp: QApplication, name: str) -> None:
    assert (icon_folder() / f"{name}.svg").is_file()
    assert b"#123456" in tinted_svg(name, "#123456")
    image = pixmap(name, "#123456", 16).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))
