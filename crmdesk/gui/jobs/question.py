"""What is asked before work in the background is thrown away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crmdesk.gui.jobs.registry import Jobs
from crmdesk.gui.widgets.messages import Question


def ask_to_stop(parent: QWidget, jobs: Jobs, close: Callable[[], object]) -> None:
    """Closes at once where nothing runs, else after a yes."""
    if not jobs.running():
        close()
        return
    question = Question(
        parent,
        "Close CRMDesk",
        "Work is still going on.",
        f"{jobs.words()}.",
        "If CRMDesk closes now the work stops. What it saved before stays saved.",
        answer="Stop and close",
        cancel="Keep working",
        danger=True,
    )
    question.accepted.connect(close)
    question.open()
