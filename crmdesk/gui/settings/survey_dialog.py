"""The form of a survey: what the agent says, the figure, and its questions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from crmdesk.domain.surveys import Question, QuestionKind, Survey, SurveyScale
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button, icon_button
from crmdesk.gui.widgets.card_guard import guard_line, guarded
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label, set_window_title

MOST_QUESTIONS = 12
_WIDTH = 680
_LONGEST_QUESTION = 1_000
_SCALES = (
    ("Satisfaction, 1 to 5", SurveyScale.CSAT.value),
    ("Recommendation, 0 to 10 (NPS)", SurveyScale.NPS.value),
    ("No figure, only questions", SurveyScale.NONE.value),
)
_KINDS = (
    ("Words", QuestionKind.TEXT.value),
    ("1 to 5", QuestionKind.SCORE.value),
    ("Yes or no", QuestionKind.YES_NO.value),
    ("A choice", QuestionKind.CHOICE.value),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """The fields of one question."""

    id: uuid.UUID
    whole: QWidget
    text: QLineEdit
    kind: QComboBox
    choices: QLineEdit
    is_required: QCheckBox

    def question(self) -> Question:
        """What is typed."""
        offered = tuple(filter(None, (one.strip() for one in self.choices.text().split(";"))))
        kind = QuestionKind(self.kind.currentData())
        return Question(
            self.id,
            kind,
            self.text.text().strip(),
            offered if kind is QuestionKind.CHOICE else (),
            self.is_required.isChecked(),
        )

    def is_right(self) -> bool:
        """Whether it can be asked."""
        one = self.question()
        return bool(one.text) and (one.kind is not QuestionKind.CHOICE or len(one.choices) > 1)


class SurveyDialog(FittedDialog):
    """Edits a survey.

    Args:
        parent: The window.
        survey: As it is.

    Signals:
        saved: The survey as it is now.
    """

    saved = Signal(object)

    def __init__(self, parent: QWidget | None, survey: Survey) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Survey")
        self._survey = survey
        self._rows: list[_Row] = []
        self.name = line_edit("e.g. After a call", name="Name")
        self.name.setText(survey.name)
        self.scale = combo_box(_SCALES, name="Figure")
        self.scale.setCurrentIndex(self.scale.findData(survey.scale.value))
        self.intro = text_edit(
            "e.g. How content were you with this call, from 1 to 5?", name="Words"
        )
        self.intro.setPlainText(survey.intro)
        self.intro.setFixedHeight(2 * Size.ROW)
        self.after_calls = check_box(
            "Comes first at the end of a call", checked=survey.asks_after_calls
        )
        self.is_active = check_box("Is asked", checked=survey.is_active)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.add = button("Add a question", icon="plus")
        self._state = label("", "small", "muted", wrap=True)
        self._save = saving_button(self, "Save", self.save)
        self._lay_out()
        for one in survey.questions:
            self._add(one)
        self.add.clicked.connect(self._add_empty)
        self.name.textChanged.connect(self._check)
        self._check()
        self.name.setFocus()

    def _lay_out(self) -> None:
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        parts = (
            row(guarded("Name", self.name), Field("Figure", self.scale), spacing=Space.L),
            guarded("What the agent says", self.intro),
            row(self.after_calls, self.is_active, 1, spacing=Space.L),
            SectionHeader("Questions", "survey"),
            self._list,
            row(self.add, self._state, 1),
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))

    @Slot()
    def _add_empty(self) -> None:
        self._add(Question(uuid.uuid4(), QuestionKind.TEXT, ""))
        self._rows[-1].text.setFocus()

    def _add(self, question: Question) -> None:
        text = line_edit("What is asked", name="Question")
        text.setMaxLength(_LONGEST_QUESTION)
        text.setText(question.text)
        kind = combo_box(_KINDS, name="How it is answered")
        kind.setCurrentIndex(kind.findData(question.kind.value))
        choices = line_edit("Phone; Web; Shop", name="Choices")
        choices.setText("; ".join(question.choices))
        required = check_box("needed", checked=question.is_required)
        away = icon_button("delete", "Remove this question")
        whole = QWidget()
        whole.setLayout(row(text, kind, choices, required, away, spacing=Space.S))
        for edit in (text, choices):
            guard_line(edit)
        made = _Row(question.id, whole, text, kind, choices, required)
        self._rows.append(made)
        self._list.addWidget(whole)
        for edit in (text, choices):
            edit.textChanged.connect(self._check)
        kind.currentIndexChanged.connect(self._check)
        away.clicked.connect(lambda: self._remove(made))
        self._check()

    def _remove(self, gone: _Row) -> None:
        self._rows.remove(gone)
        gone.whole.hide()
        gone.whole.deleteLater()
        self._check()

    @Slot()
    def _check(self) -> None:
        for one in self._rows:
            one.choices.setVisible(one.kind.currentData() == QuestionKind.CHOICE.value)
        wrong = next((one for one in self._rows if not one.is_right()), None)
        is_bare = self.scale.currentData() == SurveyScale.NONE.value and not self._rows
        words = ""
        if wrong is not None:
            words = "Each question needs words, and a choice two things to choose from."
        elif is_bare:
            words = "Without a figure there has to be a question."
        self._state.setText(words)
        self.add.setEnabled(len(self._rows) < MOST_QUESTIONS)
        self._save.setEnabled(bool(self.name.text().strip()) and not words)

    def survey(self) -> Survey:
        """The survey as it is typed."""
        return Survey(
            self._survey.id,
            self.name.text().strip(),
            SurveyScale(self.scale.currentData()),
            self.intro.toPlainText(),
            tuple(one.question() for one in self._rows),
            self.after_calls.isChecked(),
            self.is_active.isChecked(),
        )

    @Slot()
    def save(self) -> None:
        """Hands the survey over."""
        if self._save.isEnabled():
            self.saved.emit(self.survey())
            self.accept()
