"""Pictures of one call."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.calls.detail import CallDetailView
from crmdesk.gui.pages.calls.reading import CallDetail
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.registry import picture

_SIZE = (400, 760)


def _shown(detail: CallDetail) -> QWidget:
    made = CallDetailView()
    made.setProperty("kind", "page")
    made.show_call(detail, Names(demo_values.SETTINGS))
    return made


@picture("call-answered", size=_SIZE)
def answered() -> QWidget:
    """Answered and transferred."""
    return _shown(demo_values.answered())


@picture("call-missed-several", size=_SIZE)
def missed() -> QWidget:
    """Missed, and several people have the number."""
    return _shown(demo_values.missed_by_several())


@picture("call-withheld", size=_SIZE)
def withheld() -> QWidget:
    """Nobody knows who it was."""
    return _shown(demo_values.withheld())
