"""What the tray icon says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.tray import Tray
from tests.gui.desk_windows import end, now, theme_of


@pytest.fixture
def tray(qapp: QApplication) -> Iterator[Tray]:
    with theme_of(qapp):
        owner = QWidget()
        yield Tray(owner)
        end(owner)


def test_tip_is_plain_text(tray: Tray) -> None:
    tray.line_changed(LineHealth("support", "Berlin <b>", LineState.REFUSED, now(), "", ""))
    tray.set_waiting(2)
    assert tray._icon.toolTip() == "CRMDesk\nBerlin ‹b›: refused\n2 calls put away"
