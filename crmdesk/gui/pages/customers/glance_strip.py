"""Under the name of a customer: worth, mood, open tickets with their clock, the next promise."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.gui.models.glance import Glance
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, set_tooltip


class GlanceStrip(QWidget):
    """Short lines beside each other, an icon and words each; hidden where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("At a glance")
        self._layout = flow(spacing=Space.L, between_rows=Space.XS)
        self.setLayout(self._layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_glances(self, found: Iterable[Glance]) -> None:
        """Shows other lines."""
        clear(self._layout)
        for one in found:
            self._layout.addWidget(_line(one))
        self.setVisible(self._layout.count() > 0)
        self.updateGeometry()


def _line(one: Glance) -> QWidget:
    made = QWidget()
    text = ElidedLabel(one.text, "body", one.tone)
    text.setMaximumWidth(2 * Size.FIELD)
    set_tooltip(text, one.tip or one.text)
    items = row(spacing=Space.XS)
    items.addWidget(icon_label(one.icon, one.tone), 0, Qt.AlignmentFlag.AlignVCenter)
    items.addWidget(text, 1)
    made.setLayout(items)
    made.setAccessibleName(one.tip or one.text)
    return made
