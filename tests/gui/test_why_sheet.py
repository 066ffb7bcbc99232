"""The sheet that says why: what makes room on the pop is still counted."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crmdesk.gui.why.view import WhyView
from tests.gui.cards import several
from tests.gui.desk_fixtures import themed  # noqa: F401


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("count", [3, 5])
def test_candidates_that_make_room_are_counted_below(qtbot: QtBot, count: int) -> None:
    view = WhyView(rows=3, width=320, focusable=False)
    qtbot.addWidget(view)
    view.show_match(several(count))

    def more() -> str:
        told = (one.text() for one in view.findChildren(QLabel) if not one.isHidden())
        return next((text for text in told if text.endswith(" more")), "")

    assert more() == (f"{count - 3} more" if count > 3 else "")
    for line in view.least_pressing():
        line.hide()
    assert more() == f"{count - 1} more"
