"""Pictures of one call."""

from __future__ import annotations

import uuid
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.ignoring import IgnoreKind
from crmdesk.domain.planning import Picklists
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.calls.detail import CallDetailView
from crmdesk.gui.pages.calls.reading import CallDetail
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.why.dialog import WhyDialog
from crmdesk.gui.why.ignore_dialog import IgnoreDialog
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from crmdesk.gui.why.steps import NumberSteps, Subject
from crmdesk.gui.why.undo_bar import UndoBar

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


@picture("call-missed-several", size=(400, 1120))
def missed() -> QWidget:
    """Missed, and several people have the number."""
    return _shown(demo_values.missed_by_several())


@picture("call-withheld", size=_SIZE)
def withheld() -> QWidget:
    """Nobody knows who it was."""
    return _shown(demo_values.withheld())


@picture("call-then-and-now", size=_SIZE)
def then_and_now() -> QWidget:
    """What was linked then is not what the numbers of today say."""
    detail = demo_values.answered()
    other = replace(detail.row, customer_id=demo_values.key(77), customer_name="Nia New")
    return _shown(replace(detail, row=other))


@picture("why-dialog")
def why_dialog() -> QWidget:
    """Why nobody was linked, in a window of its own."""
    match = demo_values.missed_by_several().caller.match
    return WhyDialog(demo_window(), "Hansen Logistics", match, Picklists())


def _about() -> Subject:
    return Subject("+493023125100", "030 23125100", demo_values.JANE.id, "Jane Doe", uuid.uuid4())


@picture("not-this-person")
def not_this_person() -> QWidget:
    """No longer theirs."""
    window = demo_window()
    steps = NumberSteps(window.context, window)
    return NotThisPersonDialog(window, _about(), steps, demo_values.NOW.date())


@picture("not-this-person-never")
def never_theirs() -> QWidget:
    """It never was."""
    made = not_this_person()
    if isinstance(made, NotThisPersonDialog):
        made.never.setChecked(True)
    return made


@picture("ignore-caller")
def ignore_caller() -> QWidget:
    """A pattern made of the number that calls."""
    window = demo_window()
    made = IgnoreDialog(window, "+442079460123", NumberSteps(window.context, window))
    made.kinds[IgnoreKind.PATTERN].setChecked(True)
    made.reason.setText("Call centre that sells solar roofs")
    return made


@picture("undo-bar", size=(720, 48))
def undo_bar() -> QWidget:
    """What was done, and that it can be undone."""
    steps = NumberSteps(demo_window().context, demo_window())
    made = UndoBar(steps)
    title = "030 23125100 belonged to Jane Doe until 2026-05-02"
    change = ChangeSet(demo_values.key(5), ChangeKind.OWNERSHIP, title, "Anna", demo_values.NOW)
    steps.tell(change)
    return made
