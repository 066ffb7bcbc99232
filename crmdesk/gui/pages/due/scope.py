"""What an export of the page of what is due is of. Pure."""

from __future__ import annotations

from datetime import datetime

from crmdesk.gui.exports.choices import Scope
from crmdesk.gui.pages.due.reading import Chosen, View, wanted


def shown_scope(chosen: Chosen, title: str, now: datetime) -> Scope:
    """The follow-ups of a view, or the lost calls nobody called back.

    Args:
        chosen: What the page shows.
        title: What the view is called.
        now: Aware UTC.
    """
    text = (f"--text={chosen.text}",) if chosen.text else ()
    if chosen.view is View.CALLS:
        return Scope("calls", "calls to call back", (*text, "--to-call-back"))
    shown = wanted(chosen, now)
    moments = (("--due-from", shown.due_from), ("--due-before", shown.due_before))
    arguments = ["--open", *text, *(f"{name}={at.isoformat()}" for name, at in moments if at)]
    arguments += [f"--owner={chosen.responsible}"] if chosen.responsible else []
    arguments += [f"--kind={chosen.kind}"] if chosen.kind else []
    return Scope("follow_ups", f"what is due: {title.lower()}", tuple(arguments))
