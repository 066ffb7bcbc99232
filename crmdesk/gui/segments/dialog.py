"""The form of a segment: its name, its rule in words, and how many customers it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.desk.segments.counting import Counted
from crmdesk.desk.segments.words import rule_words
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import Picklists
from crmdesk.domain.segments import Segment, SegmentField, problems
from crmdesk.gui.models.plan_words import TONES
from crmdesk.gui.segments.live_count import LiveCount
from crmdesk.gui.segments.rule_edit import RuleEdit
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import label, set_tone, set_window_title
from crmdesk.matching.numbers import LineRules

if TYPE_CHECKING:
    from crmdesk.store import Store

_WIDTH = 760
_LOWEST, _HIGHEST = 5 * Size.ROW, 14 * Size.ROW
"""Of the rule: as high as it is, then it scrolls."""
_PAUSE_MS = 400
_TONES = tuple(one for one in ("", "good", "warn", "bad") if one in TONES)


class SegmentDialog(FittedDialog):
    """Edits a segment, and counts it while one looks.

    Args:
        parent: The window.
        store: Where it is counted.
        segment: As it is.
        fields: What may be asked.
        lists: The choices in force.
        line: How numbers are dialled here.

    Signals:
        saved: The segment as it is now.
    """

    saved = Signal(object)
    _may_lose = False

    def __init__(
        self,
        parent: QWidget | None,
        store: Store,
        segment: Segment,
        fields: Mapping[str, SegmentField],
        lists: Picklists,
        line: LineRules | None = None,
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Segment")
        self._segment, self._fields, self._lists = segment, fields, lists
        self._line = line
        self.count = LiveCount(store, self)
        self.count.told.connect(self._counted)
        self.count.failed.connect(self._not_counted)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._start_count)
        self._make_parts()
        self._lay_out()
        self.name.textChanged.connect(self._show_state)
        self.rule.changed.connect(self._changed)
        self._changed()
        self._before = self.segment()
        self.name.setFocus()

    def _make_parts(self) -> None:
        self.name = line_edit("e.g. Gold, quiet for long", name="Name")
        self.name.setText(self._segment.name)
        self.name.setMaxLength(80)
        self.tone = combo_box([(TONES[one], one) for one in _TONES], name="Colour")
        self.tone.setCurrentIndex(max(self.tone.findData(self._segment.tone), 0))
        self.is_on_pop = check_box("Show on the pop")
        self.is_on_pop.setChecked(self._segment.is_on_pop)
        self.rule = RuleEdit(self._segment.rule, self._fields, self._lists, self._line)
        self.words = label("", "body", "muted", wrap=True)
        self.state = label("", "strong", "muted")
        self.stop = button("Stop counting", icon="stop")
        self.stop.clicked.connect(self._stop)
        self._save = saving_button(self, "Save", self.save)

    def _lay_out(self) -> None:
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._inner = QWidget()
        self._inner.setLayout(column(self.rule, 1))
        self._inner.installEventFilter(self)
        self._area = area = scroll_area(self._inner, name="Rule")
        self._fit_rule()
        names = row(guarded("Name", self.name), Field("Colour", self.tone), spacing=Space.L)
        parts = (
            names,
            self.is_on_pop,
            area,
            self.words,
            row(self.state, self.stop, 1),
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Follows a rule that grows."""
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self._fit_rule()
        return super().eventFilter(watched, event)

    def _fit_rule(self) -> None:
        wanted = self.rule.sizeHint().height()
        self._area.setFixedHeight(min(max(wanted, _LOWEST), _HIGHEST))

    def segment(self) -> Segment:
        """The segment as it is typed."""
        return replace(
            self._segment,
            name=self.name.text().strip(),
            rule=self.rule.rule(),
            tone=self.tone.currentData(),
            is_on_pop=self.is_on_pop.isChecked(),
        )

    def _problem(self) -> str:
        return next(iter(problems(self.rule.rule(), self._fields)), "")

    @Slot()
    def _changed(self) -> None:
        self.count.stop()
        self.words.setText(rule_words(self.rule.rule(), self._fields, self._lists))
        self._tell(self._problem(), "warn")
        self._show_state()
        if not self._problem():
            self._tell("Counting…")
            self._pause.start()
        else:
            self._pause.stop()

    @Slot()
    def _show_state(self) -> None:
        self._save.setEnabled(bool(self.name.text().strip()) and not self._problem())

    def _tell(self, words: str, tone: str = "muted", *, counts: bool = False) -> None:
        self.state.setText(words)
        set_tone(self.state, tone)
        self.stop.setVisible(counts)

    @Slot()
    def _start_count(self) -> None:
        self._tell("Counting…", counts=True)
        self.count.start(self.rule.rule())

    @Slot(object)
    def _counted(self, so_far: Counted) -> None:
        people = "customer" if so_far.count == 1 else "customers"
        words = f"{so_far.count:,} {people}"
        if so_far.is_everybody:
            self._tell(f"{words}: everybody. Such a rule tells nobody apart.", "warn")
        elif so_far.is_done:
            self._tell(words, "text")
        else:
            self._tell(f"{words} so far, {so_far.seen:,} looked at…", counts=True)

    @Slot(object)
    def _not_counted(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._tell(f"{error.what} {error.remedy}", "bad")

    @Slot()
    def _stop(self) -> None:
        self.count.stop()
        self._tell("Not counted to the end.")

    def reject(self) -> None:
        """Escape and Cancel ask before what was typed is lost."""
        if self._may_lose or self.segment() == self._before:
            super().reject()
            return
        question = Question(
            self,
            "Segment",
            "Close without saving?",
            "What was changed of this segment is lost then.",
            "Stay to save it.",
            answer="Close",
            cancel="Stay",
            danger=True,
        )
        question.accepted.connect(self._lose)
        question.open()

    @Slot()
    def _lose(self) -> None:
        self._may_lose = True
        self.reject()

    @Slot()
    def save(self) -> None:
        """Hands the segment over."""
        if self._save.isEnabled():
            self.saved.emit(self.segment())
            self.accept()

    def done(self, result: int) -> None:
        """Closes; nothing is counted behind a closed window."""
        self._pause.stop()
        self.count.stop()
        super().done(result)
