"""The part of the stylesheet for our own pieces: chips, avatars, cards, banners, the pop."""

from __future__ import annotations

from collections.abc import Mapping

from crmdesk.gui.theme.tokens import CHIP_TONES, TONES, FontSize, Palette, Radius, Size, Space


def pieces(palette: Palette, images: Mapping[str, str]) -> str:
    """Rules for widgets that say what they are by `kind`."""
    parts = (
        _surfaces(palette),
        _tiles(palette),
        _importing(palette),
        _chips(palette),
        _calendar(palette),
        _avatars(palette),
        _banners(palette),
        _navigation(palette),
        _pop(palette, images),
    )
    return "\n".join(parts)


def _surfaces(p: Palette) -> str:
    return f"""
QWidget[kind="page"], QWidget[kind="surface"] {{ background: {p.surface}; }}
QWidget[kind="ground"] {{ background: {p.background}; }}
QFrame[kind="card"] {{ background: {p.surface}; border: {Size.LINE}px solid {p.line};
  border-radius: {Radius.CARD}px; }}
QFrame[kind="sunken"] {{ background: {p.sunken}; border: none;
    border-radius: {Space.HAIR}px; }}
QFrame[kind="rule"] {{ background: {p.line}; border: none; max-height: {Size.LINE}px;
  min-height: {Size.LINE}px; }}
QFrame[kind="rule-vertical"] {{ background: {p.line}; border: none; max-width: {Size.LINE}px;
  min-width: {Size.LINE}px; }}
QLabel[kind="key"] {{ background: {p.sunken}; color: {p.muted}; font-size: {FontSize.CAPTION}px;
  border-radius: {Radius.SMALL}px; padding: 0 {Space.XS}px; min-height: {Size.ICON}px; }}
"""


def _tiles(p: Palette) -> str:
    """A figure that is a button: the examples behind it."""
    return f"""
QPushButton[kind="tile"] {{ background: {p.surface}; border: {Size.LINE}px solid {p.line};
  border-radius: {Radius.CARD}px; padding: 0; min-height: {3 * Size.ROW}px; }}
QPushButton[kind="tile"]:hover {{ border-color: {p.border}; }}
QPushButton[kind="tile"]:checked {{ background: {p.selection}; border-color: {p.accent}; }}
QPushButton[kind="tile"]:focus {{ border-color: {p.accent}; }}
QPushButton[kind="tile"]:disabled {{ background: {p.background}; }}
QPushButton[kind="row"] {{ background: transparent; border: {Size.LINE}px solid transparent;
    border-radius: {Radius.CONTROL}px; min-height: {Size.ROW}px; text-align: left; padding: 0; }}
QPushButton[kind="row"]:hover {{ background: {p.hover}; }}
QPushButton[kind="row"]:checked {{ background: {p.selection}; }}
QPushButton[kind="row"]:focus {{ border-color: {p.accent}; }}
"""


def _importing(p: Palette) -> str:
    """Where a file is dropped, and a button that opens a list of choices."""
    return f"""
QFrame[kind="drop"] {{ background: {p.background}; border: {Size.LINE}px dashed {p.border};
  border-radius: {Radius.CARD}px; }}
QFrame[kind="drop"][over="true"] {{ background: {p.selection}; border-color: {p.accent}; }}
QPushButton[kind="choice"] {{ text-align: left; padding: 0 {Space.S}px; }}
"""


def _calendar(p: Palette) -> str:
    return f"""
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {p.surface}; }}
QCalendarWidget QToolButton {{ background: transparent; border: none; color: {p.text};
  border-radius: {Radius.SMALL}px; padding: {Space.XS}px {Space.S}px; font-weight: 600; }}
QCalendarWidget QToolButton:hover {{ background: {p.soft("accent")}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QAbstractItemView {{ background: {p.surface}; color: {p.text}; outline: 0;
  alternate-background-color: {p.surface}; font-size: {FontSize.SMALL}px;
  selection-background-color: {p.soft("accent")}; selection-color: {p.color("accent")}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {p.faint}; }}
"""


def _chips(p: Palette) -> str:
    base = f"""
*[kind="chip"] {{ border: {Size.LINE}px solid transparent; border-radius: {Size.CHIP // 2 + 1}px;
  padding: 0 {Space.S}px; font-size: {FontSize.SMALL}px; min-height: {Size.CHIP}px;
  max-height: {Size.CHIP}px; }}
QLabel[kind="dot"] {{ border-radius: {Size.DOT // 2}px; }}
"""
    rules = [base]
    for tone in CHIP_TONES:
        color = p.muted if tone == "neutral" else p.color(tone)
        match = f'*[kind="chip"][chip="{tone}"]'
        rules.append(f"{match} {{ background: {p.soft(tone)}; color: {color}; }}")
        rules.append(f"QPushButton{match[1:]}:hover {{ border-color: {color}; }}")
        rules.append(f"QPushButton{match[1:]}:focus {{ border-color: {color}; }}")
    rules += [f'QLabel[kind="dot"][dot="{t}"] {{ background: {p.color(t)}; }}' for t in TONES]
    return "\n".join(rules)


def _avatars(p: Palette) -> str:
    sizes = (
        ("small", Size.AVATAR_SMALL, FontSize.CAPTION),
        ("medium", Size.AVATAR, FontSize.BODY + 1),
        ("large", Size.AVATAR_LARGE, FontSize.TITLE),
    )
    rules = [
        f'QLabel[kind="avatar"][avatarSize="{name}"] {{ border-radius: {size // 2}px; '
        f"font-size: {font}px; font-weight: 600; }}"
        for name, size, font in sizes
    ]
    rules += [
        f'QLabel[kind="avatar"][avatar="{i}"] {{ background: {ground}; color: {text}; }}'
        for i, (ground, text) in enumerate(p.avatars)
    ]
    return "\n".join(rules)


def _banners(p: Palette) -> str:
    return "\n".join(
        f'QFrame[kind="banner"][banner="{tone}"] {{ background: {p.soft(tone)}; border: none; '
        f"border-radius: {Radius.CONTROL}px; }}"
        for tone in CHIP_TONES
    )


def _navigation(p: Palette) -> str:
    return f"""
QWidget[kind="navigation"] {{ background: {p.background};
  border-right: {Size.LINE}px solid {p.line}; }}
QToolButton[kind="navigation"] {{ color: {p.muted}; font-size: {FontSize.CAPTION}px;
  min-width: {Size.NAVIGATION - Space.L}px; padding: {Space.XS}px 0;
  border: {Size.LINE}px solid transparent; }}
QToolButton[kind="navigation"]:focus {{ border-color: {p.accent}; }}
QToolButton[kind="navigation"]:checked {{ background: {p.selection}; color: {p.text}; }}
QPushButton[kind="search"] {{ background: {p.surface}; color: {p.muted}; text-align: left; }}
QPushButton[kind="search"]:hover {{ border-color: {p.accent}; background: {p.surface}; }}
"""


def _pop(p: Palette, images: Mapping[str, str]) -> str:
    return f"""
QFrame[kind="pop-shadow"] {{ border-width: {Size.SHADOW}px; border-image: url("{images["shadow"]}")
  {Size.SHADOW} {Size.SHADOW} {Size.SHADOW} {Size.SHADOW} stretch stretch; }}
QFrame[kind="pop"] {{ background: {p.raised}; border: {Size.LINE}px solid {p.line};
  border-radius: {Radius.CARD}px; }}
QFrame[kind="pop"][square="true"] {{ border-radius: 0; border-color: {p.border}; }}
QFrame[kind="person"] {{ background: transparent; border-radius: {Radius.CONTROL}px; }}
QFrame[kind="slim"] {{ border: none; border-top: {Size.LINE}px solid {p.line}; }}
QFrame[kind="slim"][first="true"] {{ border-top: none; }}
QFrame[kind="person"]:hover {{ background: {p.hover}; }}
"""
