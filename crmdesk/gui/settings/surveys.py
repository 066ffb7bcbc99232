"""Section "Surveys": what customers are asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Slot

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.surveys import Survey, SurveyScale
from crmdesk.gui.models.survey_words import scale_name
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.item_list import ItemList
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.step_desk import SettingsDesk
from crmdesk.gui.settings.survey_dialog import SurveyDialog
from crmdesk.gui.tasks import await_future
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.selection import selected_row
from crmdesk.gui.widgets.text import joined
from crmdesk.store.surveys.writing import SurveyWriting


class SurveysSection(Section):
    """The surveys there are, in the order in which they are offered."""

    title = "Surveys"
    icon = "survey"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book,
            "What customers are asked, e.g. at the end of a call. Answers keep the words they were"
            " asked in, whatever becomes of a survey.",
        )
        self._desk = SettingsDesk(book)
        self.steps = NumberSteps(self._desk, self)
        self._known: tuple[Survey, ...] = ()
        self.undo_bar = UndoBar(self.steps)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.list = ItemList(
            "Surveys", "survey", ("No survey yet.", "Add… makes the first one; V asks it.")
        )
        for part in (self.trouble, self.undo_bar, self.list):
            self.body.addWidget(part)
        self.list.add.clicked.connect(self._add)
        self.list.edit.clicked.connect(self._edit)
        self.list.remove.clicked.connect(self._remove)
        self.steps.done.connect(self.read)
        self.steps.undone.connect(self.read)
        self.steps.failed.connect(self._failed)

    def enter(self) -> None:
        """Reads the surveys: colleagues change them too."""
        self.read()

    @Slot()
    def read(self, *_what: object) -> None:
        """Reads the surveys anew."""
        self.trouble.hide()
        await_future(self._desk.store.read(lambda r: r.surveys()), self, self._show, self._failed)

    def _show(self, known: tuple[Survey, ...]) -> None:
        self._known = known
        self.list.show_cells([_cell(one) for one in known])

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    @Slot()
    def _add(self) -> None:
        self._ask(Survey(uuid.uuid4(), "", SurveyScale.CSAT))

    @Slot()
    def _edit(self) -> None:
        place = selected_row(self.list.view)
        if 0 <= place < len(self._known):
            self._ask(self._known[place])

    @Slot()
    def _remove(self) -> None:
        place = selected_row(self.list.view)
        if 0 <= place < len(self._known):
            self._save([one for one in self._known if one != self._known[place]])

    def _ask(self, survey: Survey) -> None:
        dialog = SurveyDialog(self.window(), survey)
        dialog.saved.connect(self._keep)
        dialog.open()

    def _keep(self, survey: Survey) -> None:
        kept = [survey if one.id == survey.id else one for one in self._known]
        self._save(kept if survey in kept else [*kept, survey])

    def _save(self, surveys: Sequence[Survey]) -> None:
        who = self._desk.agent()
        self.steps.do(lambda writer: SurveyWriting(writer, who).save(surveys))


def _cell(one: Survey) -> Cell:
    number = len(one.questions)
    count = f"{number} question{'s' * (number != 1)}" if number else "no further questions"
    state = (
        ("at the end of a call" if one.asks_after_calls else "") if one.is_active else "not asked"
    )
    words = joined((scale_name(one.scale), count, state))
    return Cell(
        one.name, words, tone="text" if one.is_active else "muted", icon="survey", tip=words
    )
