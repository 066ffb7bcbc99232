"""Click to dial: always a question that shows the number, then the phone rings.

Threat model, row 8: nothing is dialled that a person has not seen.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets.messages import Question, show_error


def ask_to_dial(
    owner: QWidget,
    context: PageContext,
    number: str,
    *,
    name: str = "",
    line_id: str | None = None,
    warning: str = "",
) -> Question:
    """Asks whether a number shall be called.

    Args:
        owner: The widget the question belongs to.
        context: The desk.
        number: E.164 or as it came.
        name: Whose number it is.
        line_id: The line to call on, None for any.
        warning: What speaks against it, e.g. that the customer does not want calls.
    """
    shown = context.names().number(number, line_id or "")
    question = Question(
        owner.window(),
        "Call",
        f"Call {shown}?",
        name,
        warning or "Your own phone rings first; the number is dialled when you pick up.",
        answer="Call",
        cancel="Cancel",
        danger=bool(warning),
    )
    question.accepted.connect(partial(_dial, owner, context, number, line_id))
    question.open()
    return question


def _dial(owner: QWidget, context: PageContext, number: str, line_id: str | None) -> None:
    def failed(error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        show_error(owner.window(), "Call", error)

    await_future(context.dial(number, line_id), owner, _dialled, failed)


def _dialled(_result: None) -> None:
    """The phone rings, and the call shows up in the log by itself."""
