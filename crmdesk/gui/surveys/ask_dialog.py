"""Asks a customer the questions of a survey, answered by key while one talks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QVBoxLayout, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.surveys import (
    SCORES,
    Question,
    QuestionKind,
    Reply,
    Survey,
    SurveyAnswer,
    SurveyScale,
    missing,
)
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.page import SetUpError
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.surveys.reading import AskForm, read_form
from crmdesk.gui.surveys.score_row import ScoreRow
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, combo_box, text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.open_dialogs import show_again
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import label, set_tone
from crmdesk.store.surveys.writing import SurveyWriting

_YES_NO: list[tuple[str, object]] = [("", None), ("Yes", 1), ("No", 0)]


class AskDialog(SavingDialog):
    """Shows what to say, and takes the answers.

    Args:
        parent: The window.
        context: The desk.
        form: Whom to ask, and what.
    """

    def __init__(self, parent: QWidget | None, context: PageContext, form: AskForm) -> None:
        super().__init__(parent, context, "Survey", "Save answers")
        self._form = form
        self.scores: ScoreRow | None = None
        self._replies: dict[uuid.UUID, QWidget] = {}
        self.survey = combo_box(((one.name, one) for one in form.surveys), name="Survey")
        self.survey.setVisible(len(form.surveys) > 1)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(Space.M)
        self._state = label("", "small", "muted", wrap=True)
        cancel = button("Not now")
        cancel.clicked.connect(self.reject)
        parts = (
            label(f"Ask {form.customer.name}", "lead-strong", wrap=True),
            self.trouble,
            self.survey,
            self._questions,
            self._state,
            row(1, cancel, self.save_button),
        )
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))
        self.survey.currentIndexChanged.connect(self._show_survey)
        self._show_survey()

    @property
    def chosen(self) -> Survey:
        """The survey that is asked."""
        found: Survey = self.survey.currentData()
        return found

    @Slot()
    def _show_survey(self) -> None:
        clear(self._questions)
        self._replies.clear()
        survey = self.chosen
        self._questions.addWidget(wrapped(survey.intro or survey.name))
        self.scores = None
        if survey.scale is not SurveyScale.NONE:
            self.scores = ScoreRow(SCORES[survey.scale], "Score")
            self.scores.chosen.connect(self.check)
            self._questions.addWidget(self.scores)
            self.scores.setFocus()
        for one in survey.questions:
            editor = self._editor(one)
            self._replies[one.id] = editor
            title = one.text + ("" if one.is_required else "  (if they like)")
            if isinstance(editor, QPlainTextEdit):
                self._questions.addWidget(guarded(title, editor))
            else:
                self._questions.addWidget(Field(title, editor))
        self.comment = text_edit("In their words", name="Comment")
        self.comment.setFixedHeight(2 * Size.ROW)
        self._questions.addWidget(guarded("Comment", self.comment))
        self.check()

    def _editor(self, question: Question) -> QWidget:
        if question.kind is QuestionKind.SCORE:
            scores = ScoreRow(SCORES[SurveyScale.CSAT], question.text)
            scores.chosen.connect(self.check)
            return scores
        if question.kind is QuestionKind.TEXT:
            edit = text_edit(name=question.text)
            edit.setFixedHeight(2 * Size.ROW)
            edit.textChanged.connect(self.check)
            return edit
        offered = (
            _YES_NO
            if question.kind is QuestionKind.YES_NO
            else [("", None), *((text, text) for text in question.choices)]
        )
        choice = combo_box(offered, name=question.text)
        choice.currentIndexChanged.connect(self.check)
        return choice

    def replies(self) -> tuple[Reply, ...]:
        """The answers to the questions that were answered."""
        given = (_reply(one, self._replies[one.id]) for one in self.chosen.questions)
        return tuple(one for one in given if one.text or one.score is not None)

    def check(self, *_what: Any) -> None:  # noqa: ANN401  signals carry different things
        """Says what is still to be answered."""
        left = missing(self.chosen, self.replies())
        needs_score = self.scores is not None and self.scores.score is None
        words = "A figure is needed." if needs_score else ""
        if left and not words:
            words = f"Still to be answered: {left[0].text}"
        self._state.setText(words)
        set_tone(self._state, "muted")
        super().check()

    def is_complete(self) -> bool:
        """All that is needed was answered."""
        return not self._state.text()

    def answer(self) -> SurveyAnswer:
        """What was answered."""
        survey, scores = self.chosen, self.scores
        return SurveyAnswer(
            uuid.uuid4(),
            self._form.customer.id,
            self.context.now(),
            survey.scale,
            scores.score or 0 if scores else 0,
            self.comment.toPlainText(),
            survey.id,
            survey.name,
            self._form.call_id,
            self.context.agent(),
            self.replies(),
        )

    def begin(self) -> None:
        """Writes the answers."""
        given, who = self.answer(), self.context.agent()
        self.write(lambda writer: SurveyWriting(writer, who).answer(given))


def _reply(question: Question, editor: QWidget) -> Reply:
    if isinstance(editor, ScoreRow):
        return Reply(question.id, question.text, "", editor.score)
    if isinstance(editor, QPlainTextEdit):
        return Reply(question.id, question.text, editor.toPlainText().strip())
    if isinstance(editor, QComboBox) and question.kind is QuestionKind.YES_NO:
        return Reply(question.id, question.text, editor.currentText(), editor.currentData())
    text = editor.currentText() if isinstance(editor, QComboBox) else ""
    return Reply(question.id, question.text, text)


def ask_survey(
    context: PageContext,
    window: QWidget,
    customer_id: uuid.UUID,
    then: Callable[[ChangeSet], object],
    failed: Callable[[Exception], None],
) -> None:
    """Reads what there is to ask and opens the dialog.

    Args:
        context: The desk.
        window: What the dialog belongs to.
        customer_id: Whom to ask.
        then: Gets the change once the answers are in the store.
        failed: Gets the error where the store could not be read, or nothing can be asked.
    """

    def show(form: AskForm | None) -> None:
        if form is None or show_again(window, AskDialog):
            return
        if not form.surveys:
            failed(
                SetUpError(
                    "There is no survey to ask.",
                    "Nothing was opened.",
                    "Make one in the settings, under Surveys.",
                    "Surveys",
                )
            )
            return
        dialog = AskDialog(window, context, form)
        dialog.wrote.connect(then)
        dialog.open()

    job = context.store.read(partial(read_form, customer_id=customer_id, now=context.now()))
    await_future(job, window, show, failed)
