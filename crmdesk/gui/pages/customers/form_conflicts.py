"""Asks which of two people's values of a customer hold."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.conflicts.words import EditWords
from crmdesk.gui.models.history_words import HistoryWords
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form_saving import Typed, names_of
from crmdesk.gui.tasks import await_future


def ask_which_holds(
    form: QWidget,
    context: PageContext,
    typed: Typed,
    error: ConflictingEditsError,
    then: Callable[[Typed], None],
    failed: Callable[[Exception], None],
) -> None:
    """Reads how companies are called, and shows both values until somebody chose.

    Args:
        form: What the question belongs to; it stays open behind it.
        context: The desk.
        typed: What could not be written.
        error: Why.
        then: Gets it as it was decided, to write it again.
        failed: Gets the error where the names could not be read.
    """

    def ask(names: dict[uuid.UUID, str]) -> None:
        words = _words(context, typed, error, names)
        dialog = ConflictDialog(form, error.conflicts, words, context.now())
        dialog.decided.connect(lambda chosen: then(typed.settled(error.conflicts, chosen)))
        dialog.open()

    wanted = [value for one in error.conflicts for value in (one.base, one.theirs)]
    await_future(context.store.read(partial(names_of, keys=wanted)), form, ask, failed)


def _words(
    context: PageContext, typed: Typed, error: ConflictingEditsError, names: dict[uuid.UUID, str]
) -> EditWords:
    company = typed.edited.customer.company_name
    mine = {one.mine: company for one in error.conflicts if isinstance(one.mine, uuid.UUID)}
    fields = context.plan.value.fields
    return EditWords(HistoryWords(context.names(), fields, {**names, **mine}))
