"""A field for somebody's name: chosen or typed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox

from crmdesk.gui.widgets.fields import combo_box


def person_field(people: Iterable[str], name: str, present: str = "") -> QComboBox:
    """A list of names in which another can be typed.

    Args:
        people: Who is offered.
        name: Accessible name.
        present: What it shows at first, "" for nobody.
    """
    made = combo_box(((one, one) for one in people), name=name)
    made.setEditable(True)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    made.setCurrentIndex(-1)
    made.setEditText(present)
    line = made.lineEdit()
    if line is not None:
        line.setPlaceholderText("Name or extension")
        line.setAccessibleName(name)
        line.selectAll()
    return made
