"""The tokens of both themes: every colour and every size of the windows.

Contrast is held by tests: WCAG 2.2 AA (4.5:1) for text on each ground it may stand on,
3:1 (1.4.11) for what carries meaning without words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


class Space:
    """Distances in device-independent pixels, on a grid of four."""

    NONE: Final = 0
    HAIR: Final = 2
    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32


class Size:
    """Fixed measures in device-independent pixels."""

    LINE: Final = 1
    ICON: Final = 16
    ICON_LARGE: Final = 20
    ICON_HERO: Final = 40
    DOT: Final = 8
    ROW: Final = 28
    ROW_TALL: Final = 52
    CONTROL: Final = 30
    CHIP: Final = 20
    AVATAR: Final = 40
    AVATAR_SMALL: Final = 24
    AVATAR_LARGE: Final = 56
    SCROLL_BAR: Final = 10
    NAVIGATION: Final = 64
    SIDE_LIST: Final = 320
    SIDE_PANEL: Final = 300
    FIELD: Final = 240
    DIALOG: Final = 480
    CALENDAR: Final = (320, 260)
    TOAST: Final = 360
    POP: Final = 400
    POP_SCREEN_SHARE: Final = 0.6
    SHADOW: Final = 20
    WINDOW: Final = (1200, 780)
    WINDOW_MIN: Final = (880, 560)


class Radius:
    """Corners in device-independent pixels."""

    SMALL: Final = 4
    CONTROL: Final = 6
    CARD: Final = 10


class FontSize:
    """The type scale in device-independent pixels."""

    CAPTION: Final = 11
    SMALL: Final = 12
    BODY: Final = 13
    LEAD: Final = 15
    TITLE: Final = 18
    DISPLAY: Final = 24


class Motion:
    """Durations in milliseconds; 0 where the system asks for less motion."""

    QUICK: Final = 90
    SLOW: Final = 140


ROLES: Final[dict[str, tuple[int, int]]] = {
    "caption": (FontSize.CAPTION, 400),
    "small": (FontSize.SMALL, 400),
    "small-strong": (FontSize.SMALL, 600),
    "body": (FontSize.BODY, 400),
    "strong": (FontSize.BODY, 600),
    "lead": (FontSize.LEAD, 400),
    "lead-strong": (FontSize.LEAD, 600),
    "title": (FontSize.TITLE, 600),
    "display": (FontSize.DISPLAY, 600),
}
"""Roles of text: size in pixels and weight."""

TONES: Final = ("text", "muted", "faint", "accent", "good", "warn", "bad")
"""Tones of text and icons; each is a colour of the palette under the same name."""

CHIP_TONES: Final = ("neutral", "accent", "good", "warn", "bad")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as #RRGGBB.

    Attributes:
        background: Behind everything.
        surface: Lists, pages, fields.
        raised: What floats: cards of the pop, menus, dialogs.
        sunken: Under key hints and in headers.
        line: Hair lines between things; carries no meaning.
        border: Edges of fields and boxes.
        hover, selection: Grounds of rows; text stays `text` on both.
        on_accent: Text on an accent-coloured button.
        *_soft: Grounds of chips and banners of that tone.
        avatars: Pairs of ground and text for initials.
        shadow: Colour of the one shadow.
    """

    name: str
    is_dark: bool
    background: str
    surface: str
    raised: str
    sunken: str
    line: str
    border: str
    hover: str
    selection: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    avatars: tuple[tuple[str, str], ...]
    shadow: str

    def color(self, token: str) -> str:
        """The colour of a token by name, e.g. "muted" or "good_soft"."""
        value = getattr(self, token)
        if not isinstance(value, str):
            raise TypeError(f"{token} is no colour")
        return value

    def soft(self, tone: str) -> str:
        """The ground that belongs to a tone; `sunken` for neutral."""
        return self.sunken if tone == "neutral" else self.color(f"{tone}_soft")


LIGHT: Final = Palette(
    name="light",
    is_dark=False,
    background="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#EEF0F3",
    line="#E2E5EA",
    border="#8B949F",
    hover="#F1F3F6",
    selection="#E4ECFD",
    text="#1A1E23",
    muted="#525B65",
    faint="#616A74",
    accent="#2459DB",
    accent_hover="#1D4CC2",
    accent_pressed="#183FA3",
    on_accent="#FFFFFF",
    accent_soft="#E8EFFE",
    good="#146C36",
    good_soft="#E3F4E9",
    warn="#8A5000",
    warn_soft="#FCF0D9",
    bad="#B82525",
    bad_soft="#FCE8E7",
    avatars=(
        ("#DCE8FD", "#1E489E"),
        ("#D9F0E3", "#125C34"),
        ("#FBE9CC", "#764600"),
        ("#FADFE3", "#8E2037"),
        ("#E8E1FA", "#51309B"),
        ("#D6EFF2", "#0C5661"),
        ("#F6E0F1", "#7F2268"),
        ("#E4E8EC", "#3C4753"),
    ),
    shadow="#101828",
)

DARK: Final = Palette(
    name="dark",
    is_dark=True,
    background="#14171B",
    surface="#1B1F24",
    raised="#22272E",
    sunken="#2B3139",
    line="#2D333B",
    border="#6C7784",
    hover="#252A31",
    selection="#25365A",
    text="#E6E9ED",
    muted="#A9B2BC",
    faint="#98A1AB",
    accent="#85AEFF",
    accent_hover="#9DBEFF",
    accent_pressed="#B6CEFF",
    on_accent="#0E1B33",
    accent_soft="#233252",
    good="#62CF90",
    good_soft="#1C3728",
    warn="#E8B95F",
    warn_soft="#3A3019",
    bad="#FF948B",
    bad_soft="#442524",
    avatars=(
        ("#243A66", "#B9D0FF"),
        ("#1E432F", "#A5E2BF"),
        ("#48391A", "#F0CE92"),
        ("#4C2630", "#FFB8C3"),
        ("#3A2F63", "#CFC0FF"),
        ("#1B4248", "#9EDDE6"),
        ("#47284A", "#F2B9E6"),
        ("#363E48", "#CDD4DC"),
    ),
    shadow="#000000",
)


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(color: str) -> float:
    """Relative luminance of #RRGGBB, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_channel(int(color[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
