"""What has to be filled in, by situation."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from crmdesk.desk.planning.steps import require
from crmdesk.domain.planning import Situation
from crmdesk.gui.models.plan_words import SITUATIONS, WHEN_ASKED, requirable
from crmdesk.gui.settings.your_data.plan_desk import PlanDesk
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.fields import Field, check_box, combo_box
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import label


class RequiredView(QWidget):
    """A tick for every field; Space sets it."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._desk = desk
        self.boxes: dict[str, QCheckBox] = {}
        self.when = combo_box(((text, one) for one, text in SITUATIONS.items()), name="When")
        self._hint = label("", "small", "muted", wrap=True)
        self._box = column(spacing=Space.S)
        self.setLayout(
            column(
                Field("When", self.when),
                self._hint,
                self._box,
                1,
                spacing=Space.L,
            )
        )
        self.when.currentIndexChanged.connect(self.show_plan)
        desk.read_anew.connect(self.show_plan)
        self.show_plan()

    @property
    def situation(self) -> Situation:
        """The one that is shown."""
        return Situation(self.when.currentData())

    @Slot()
    def show_plan(self) -> None:
        """Shows what is required now; the keyboard stays where it is."""
        self._hint.setText(WHEN_ASKED[self.situation])
        offered = requirable(self.situation, self._desk.plan)
        if list(self.boxes) != list(offered):
            clear(self._box)
            self.boxes = {name: self._make(name, title) for name, title in offered.items()}
        for name, box in self.boxes.items():
            box.setText(offered[name].replace("&", "&&"))
            with QSignalBlocker(box):
                box.setChecked(self._desk.plan.is_required(self.situation, name))

    def _make(self, name: str, title: str) -> QCheckBox:
        made = check_box(title)
        made.toggled.connect(partial(self._set, name))
        self._box.addWidget(made)
        return made

    def _set(self, name: str, is_required: bool) -> None:
        who = self._desk.desk.agent()
        self._desk.do(require(self.situation, name, who, is_required=is_required))
