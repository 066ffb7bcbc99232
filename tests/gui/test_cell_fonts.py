"""Remembered measures of texts are those that are measured anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from crmdesk.gui.theme.tokens import FontSize
from crmdesk.gui.widgets import cell_fonts
from crmdesk.gui.widgets.cell_fonts import cell_font

TEXTS = ("", "Anna Groß", "مرحبا بالعالم", "注文 1042", "a rather long title " * 9)


@pytest.mark.parametrize("strong", [False, True])
@pytest.mark.parametrize("text", TEXTS)
def test_widths_and_cuts_are_those_of_the_font(qapp, text, strong):
    font = cell_font(FontSize.SMALL, strong=strong)
    metrics = QFontMetrics(QFont(font))
    for _ in range(2):  # measured, then remembered
        assert font.width(text) == metrics.horizontalAdvance(text)
        for width in (1, 40, 5_000):
            wanted = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            assert font.cut(text, width) == wanted


def test_a_font_is_made_once_for_a_family(qapp):
    base, other = QFont("DejaVu Sans"), QFont("DejaVu Serif")
    first = cell_font(base=base)
    assert cell_font(base=QFont("DejaVu Sans")) is first
    assert cell_font(strong=True, base=base) is not first
    changed = cell_font(base=other)
    assert (changed.family(), changed.pixelSize()) == ("DejaVu Serif", FontSize.BODY)
    assert cell_font(base=base).family() == "DejaVu Sans"


def test_what_is_remembered_has_an_end(qapp, monkeypatch):
    monkeypatch.setattr(cell_fonts, "_REMEMBERED", 3)
    font = cell_fonts.CellFont(QFont(), FontSize.BODY, strong=False)
    for number in range(50):
        font.cut(f"number {number}", 10)
        assert len(font._widths) <= 3
        assert len(font._cuts) <= 3
