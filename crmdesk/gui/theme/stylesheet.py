"""One stylesheet from the tokens; no widget sets a style of its own.

Widgets say what they are with dynamic properties (`role`, `tone`, `kind`, `avatar`); the
sheet says how that looks. Painting stays in C++.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmdesk.gui.theme.stylesheet_pieces import pieces
from crmdesk.gui.theme.tokens import ROLES, TONES, FontSize, Palette, Radius, Size, Space


def stylesheet(palette: Palette, images: Mapping[str, str]) -> str:
    """The stylesheet of the whole program.

    Args:
        palette: The colours.
        images: Path by name of the pictures that a stylesheet can only take from files:
            "check", "dash", "dot", "down", "up", "shadow".
    """
    parts = (
        _text(palette),
        _buttons(palette),
        _fields(palette, images),
        _boxes(palette, images),
        _lists(palette, images),
        _tabs(palette),
        _scrolling(palette),
        _floating(palette),
        _bars(palette),
        pieces(palette, images),
    )
    return "\n".join(parts)


def _text(p: Palette) -> str:
    rules = [
        f"QWidget {{ color: {p.text}; font-size: {FontSize.BODY}px; }}",
        f"QMainWindow, QDialog, QWizard {{ background: {p.background}; }}",
        "QLabel { background: transparent; }",
    ]
    rules += [
        f'QLabel[role="{role}"] {{ font-size: {size}px; font-weight: {weight}; }}'
        for role, (size, weight) in ROLES.items()
    ]
    rules += [f'*[tone="{tone}"] {{ color: {p.color(tone)}; }}' for tone in TONES]
    rules.append(f"QLabel:disabled {{ color: {p.faint}; }}")
    return "\n".join(rules)


def _buttons(p: Palette) -> str:
    return f"""
QPushButton {{
  background: {p.surface}; border: {Size.LINE}px solid {p.border};
  border-radius: {Radius.CONTROL}px; padding: 0 {Space.M}px; min-height: {Size.CONTROL - 2}px; }}
QPushButton, QToolButton, QCheckBox, QRadioButton {{ outline: none; }}
QPushButton:hover {{ background: {p.hover}; }}
QPushButton:pressed, QPushButton:checked {{ background: {p.selection}; }}
QPushButton:focus, QToolButton:focus {{ border: {Size.LINE}px solid {p.accent}; }}
QPushButton:disabled {{ color: {p.faint}; background: {p.background}; border-color: {p.line}; }}
QPushButton[kind="primary"] {{
  background: {p.accent}; border-color: {p.accent}; color: {p.on_accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {p.accent_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {p.accent_pressed}; }}
QPushButton[kind="primary"]:focus {{ border-color: {p.text}; }}
QPushButton[kind="primary"]:disabled {{
  background: {p.sunken}; border-color: {p.sunken}; color: {p.faint}; }}
QPushButton[kind="danger"] {{ color: {p.bad}; border-color: {p.bad}; }}
QPushButton[kind="danger"]:hover {{ background: {p.bad_soft}; }}
QPushButton[kind="quiet"] {{
  background: transparent; border-color: transparent; padding: 0 {Space.S}px; }}
QPushButton[kind="quiet"]:hover {{ background: {p.hover}; }}
QPushButton[kind="quiet"]:focus {{ border-color: {p.accent}; }}
QPushButton[kind="link"] {{
  background: transparent; border: none; padding: 0; color: {p.accent}; text-align: left;
  min-height: {Size.CHIP}px; }}
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus {{ text-decoration: underline; }}
QToolButton {{
  background: transparent; border: {Size.LINE}px solid transparent;
  border-radius: {Radius.CONTROL}px; padding: {Space.XS}px; }}
QToolButton:hover {{ background: {p.hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {p.selection}; }}
QToolButton:disabled {{ color: {p.faint}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _fields(p: Palette, images: Mapping[str, str]) -> str:
    fields = "QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox"
    edge = f"{Size.LINE}px solid"
    return f"""
{fields} {{
  background: {p.surface}; border: {edge} {p.border}; border-radius: {Radius.CONTROL}px;
  padding: 0 {Space.S}px; min-height: {Size.CONTROL - 2}px;
  selection-background-color: {p.accent}; selection-color: {p.on_accent}; }}
QTextEdit, QPlainTextEdit {{ padding: {Space.XS}px; }}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus,
QComboBox:on {{ border-color: {p.accent}; }}
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] {{
  border-color: {p.bad}; }}
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled,
QComboBox:disabled {{ background: {p.background}; color: {p.faint}; border-color: {p.line}; }}
QLineEdit[readOnly="true"] {{ background: {p.background}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; background: transparent;
  width: {Space.XL}px; subcontrol-origin: padding; subcontrol-position: center right; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{images["down"]}");
  width: {Size.ICON}px; height: {Size.ICON}px; }}
QComboBox QAbstractItemView {{
  background: {p.raised}; border: {edge} {p.line}; border-radius: {Radius.CONTROL}px;
  padding: {Space.XS}px; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: {Size.ROW}px; padding: 0 {Space.S}px;
  border-radius: {Radius.SMALL}px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
  border: none; background: transparent; width: {Space.L + Space.XS}px; }}
QAbstractSpinBox::up-arrow {{ image: url("{images["up"]}"); width: {Space.M}px;
  height: {Space.M}px; }}
QAbstractSpinBox::down-arrow {{ image: url("{images["down"]}"); width: {Space.M}px;
  height: {Space.M}px; }}
"""


def _boxes(p: Palette, images: Mapping[str, str]) -> str:
    box = "QCheckBox::indicator, QTreeView::indicator, QTableView::indicator, QListView::indicator"
    checked = ", ".join(f"{one}:checked" for one in box.split(", "))
    return f"""
QCheckBox, QRadioButton {{ spacing: {Space.S}px; min-height: {Space.XL}px;
  background: transparent; }}
{box}, QRadioButton::indicator {{
  width: {Size.ICON - 2}px; height: {Size.ICON - 2}px; background: {p.surface};
  border: {Size.LINE}px solid {p.border}; border-radius: {Radius.SMALL}px; }}
QRadioButton::indicator {{ border-radius: {Size.ICON // 2}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {p.accent}; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{
  width: {Size.ICON - 4}px; height: {Size.ICON - 4}px;
  border: {2 * Size.LINE}px solid {p.accent}; }}
{checked} {{ background: {p.accent}; border-color: {p.accent}; image: url("{images["check"]}"); }}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {{
  border-color: {p.text}; }}
QCheckBox::indicator:indeterminate {{
  background: {p.accent}; border-color: {p.accent}; image: url("{images["dash"]}"); }}
QRadioButton::indicator:checked {{
  background: {p.accent}; border-color: {p.accent}; image: url("{images["dot"]}"); }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {p.faint}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{
  background: {p.sunken}; border-color: {p.line}; }}
QGroupBox {{ border: none; margin-top: {Space.XL}px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; }}
QProgressBar {{ background: {p.sunken}; border: none; border-radius: {Space.HAIR}px;
  max-height: {Space.XS}px; min-height: {Space.XS}px; }}
QProgressBar::chunk {{ background: {p.accent}; border-radius: {Space.HAIR}px; }}
QSlider::groove:horizontal {{ background: {p.sunken}; height: {Space.XS}px;
  border-radius: {Space.HAIR}px; }}
QSlider::handle:horizontal {{ background: {p.accent}; width: {Space.L}px;
  margin: -{Radius.CONTROL}px 0; border-radius: {Space.S}px; }}
"""


def _lists(p: Palette, images: Mapping[str, str]) -> str:
    return f"""
QTableView, QListView, QTreeView {{
  background: {p.surface}; alternate-background-color: {p.surface}; border: none; outline: none;
  gridline-color: transparent; selection-background-color: {p.selection};
  selection-color: {p.text}; }}
QTableView::item, QListView::item, QTreeView::item {{
  border: none; padding: 0 {Space.S}px; min-height: {Size.ROW}px; color: {p.text}; }}
QTableView::item:hover, QListView::item:hover, QTreeView::item:hover {{ background: {p.hover}; }}
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected,
QComboBox QAbstractItemView::item:selected {{ background: {p.selection}; color: {p.text}; }}
QHeaderView {{ background: {p.surface}; border: none; }}
QHeaderView::section {{
  background: {p.surface}; color: {p.muted}; border: none; font-size: {FontSize.SMALL}px;
  border-bottom: {Size.LINE}px solid {p.line}; padding: 0 {Space.S}px;
  min-height: {Size.ROW}px; }}
QHeaderView::section:hover {{ color: {p.text}; }}
QHeaderView::down-arrow {{ image: url("{images["down"]}"); width: {Space.M}px; }}
QHeaderView::up-arrow {{ image: url("{images["up"]}"); width: {Space.M}px; }}
QTableCornerButton::section {{ background: {p.surface}; border: none; }}
"""


def _tabs(p: Palette) -> str:
    return f"""
QTabWidget::pane {{ border: none; border-top: {Size.LINE}px solid {p.line}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{
  background: transparent; color: {p.muted}; border: none; padding: {Space.S}px {Space.XS}px;
  margin-right: {Space.L}px; border-bottom: {Space.HAIR}px solid transparent; }}
QTabBar::tab:hover {{ color: {p.text}; }}
QTabBar::tab:selected {{ color: {p.text}; border-bottom-color: {p.accent}; }}
QTabBar::tab:focus {{ color: {p.accent}; }}
"""


def _scrolling(p: Palette) -> str:
    thin = Size.SCROLL_BAR
    return f"""
QScrollArea, QScrollArea > QWidget > QWidget[plain="true"] {{
  background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {thin}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {thin}px; margin: 0; }}
QScrollBar::handle {{ background: {p.border}; border-radius: {Space.HAIR + 1}px;
  margin: {Space.HAIR}px; }}
QScrollBar::handle:vertical {{ min-height: {Space.XXL}px; }}
QScrollBar::handle:horizontal {{ min-width: {Space.XXL}px; }}
QScrollBar::handle:hover {{ background: {p.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
QSplitter::handle {{ background: {p.line}; }}
QSplitter::handle:horizontal {{ width: {Size.LINE}px; }}
QSplitter::handle:vertical {{ height: {Size.LINE}px; }}
QSplitter::handle:hover {{ background: {p.accent}; }}
"""


def _floating(p: Palette) -> str:
    return f"""
QMenu {{ background: {p.raised}; border: {Size.LINE}px solid {p.line};
  border-radius: {Radius.CONTROL}px; padding: {Space.XS}px; }}
QMenu::item {{ padding: {Space.XS + 1}px {Space.XL}px {Space.XS + 1}px {Space.S}px;
  border-radius: {Radius.SMALL}px; }}
QMenu::item:selected {{ background: {p.selection}; }}
QMenu::item:disabled {{ color: {p.faint}; }}
QMenu::separator {{ height: {Size.LINE}px; background: {p.line}; margin: {Space.XS}px 0; }}
QMenu::icon {{ padding-left: {Space.S}px; }}
QToolTip {{ background: {p.raised}; color: {p.text}; border: {Size.LINE}px solid {p.line};
  padding: {Space.XS}px; font-size: {FontSize.SMALL}px; }}
"""


def _bars(p: Palette) -> str:
    return f"""
QStatusBar {{ background: {p.background}; color: {p.muted}; border: none;
  border-top: {Size.LINE}px solid {p.line}; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: {p.background}; }}
QMenuBar::item {{ padding: {Space.XS}px {Space.S}px; border-radius: {Radius.SMALL}px;
  background: transparent; }}
QMenuBar::item:selected {{ background: {p.hover}; }}
QToolBar {{ background: {p.background}; border: none; spacing: {Space.S}px; }}
"""
