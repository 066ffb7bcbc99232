"""The page of the matching: the rules at the left, a try on past calls at the right."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from crmdesk.desk.rule_lab.report import LabReport, report_from_json
from crmdesk.desk.rule_lab.texts import changed_rules
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.jobs import Job, JobProgress
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.matching.form import RuleForm
from crmdesk.gui.pages.matching.lab_view import LabView
from crmdesk.gui.pages.page import Page
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, Question
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import label, set_property
from crmdesk.settings.model import MatchingSettings, Settings

JOB: Final = "rule-lab"
_EXAMPLES: Final = 25
_MEMORY_MIB: Final = 2048
"""Of address space, not of memory in use: libraries alone reserve a part of it."""
_BEFORE: Final = "matching.before"
"""Where the rules that held before the last saving are remembered."""


class MatchingPage(Page):
    """Changes rules, tries them, saves them, takes the saving back."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._job: Job | None = None
        self._on_trial: MatchingSettings | None = None
        self._tried: MatchingSettings | None = None
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._base = self._in_force()
        self.form.set_rules(self._base)
        self._show_state()

    def _make_widgets(self) -> None:
        self.form = RuleForm()
        self.lab = LabView()
        self.saved = Banner("good")
        self.saved.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.saved.hide()
        self.state = label("", "small", "muted", wrap=True)
        self.discard = button("Discard", "quiet", tip="Back to the rules in force")
        self.back = button("Rules before…", "quiet", tip="The rules that were saved before these")
        self.save = button("Save rules", "plain")

    def _lay_out(self) -> None:
        left = QWidget()
        foot = QWidget()
        foot.setLayout(row(self.state, self.back, self.discard, self.save, margin=Space.M))
        rules = scroll_area(self.form, name="Rules")
        left.setLayout(column(rules, rule(), foot, spacing=Space.NONE))
        left.setMinimumWidth(Size.SIDE_LIST + 2 * Space.XXL)
        self.lab.setMinimumWidth(Size.POP)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for part in (left, self.lab):
            self.splitter.addWidget(part)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([Size.SIDE_LIST + 2 * Space.XXL, 3 * Size.FIELD])
        self.remember_splitter(self.splitter, "matching.splitter")
        whole = column(self.trouble, self.saved, spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.lines_wanted.connect(self.line_settings_wanted)
        self.lab.try_wanted.connect(self.try_rules)
        self.lab.cancel_wanted.connect(self._cancel)
        self.discard.clicked.connect(self.discard_changes)
        self.save.clicked.connect(self.ask_to_save)
        self.back.clicked.connect(self._show_before)
        self.saved.action_clicked.connect(self._undo)
        bind(self, keys.SAVE, self.ask_to_save)

    # --- what the window asks -----------------------------------------------------------------

    def activate(self) -> None:
        """The first rung has the keyboard."""
        self.form.rungs.focus_first()

    def opened(self) -> uuid.UUID | None:
        """Nothing is opened here."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Nothing is opened here."""

    def settings_changed(self) -> None:
        """The rules in force may be others now; what is being changed stays."""
        now = self._in_force()
        if self._draft() == self._base:
            self.form.set_rules(now)
        self._base = now
        self._show_state()

    # --- the rules ------------------------------------------------------------------------------

    def _in_force(self) -> MatchingSettings:
        return self.context.settings().matching

    def _draft(self) -> MatchingSettings:
        return self.form.rules()

    @Slot()
    def discard_changes(self) -> None:
        """Back to the rules in force."""
        self.form.set_rules(self._in_force())
        self._show_state()

    @Slot()
    def ask_to_save(self) -> None:
        """Saves; rules that were not tried only after a clear word."""
        draft = self._draft()
        if draft == self._in_force() or not self.save.isEnabled():
            return
        if draft == self._tried:
            self._save(draft)
            return
        question = Question(
            self,
            "Save rules",
            "Save these rules without a try?",
            "They decide who is found from the next call on, and nobody has looked yet what they"
            " would have found in the calls of the past.",
            answer="Save without a try",
            cancel="Not yet",
        )
        question.accepted.connect(partial(self._save, draft))
        question.open()

    def _save(self, rules: MatchingSettings) -> None:
        before = self._in_force()
        self.save.setEnabled(False)
        self.change_wanted.emit(partial(_with_rules, rules=rules), partial(self._saved, before))

    def _saved(self, before: MatchingSettings, error: UserFacingError | None) -> None:
        if error is not None:
            self.show_trouble(error)
            self._show_state()
            return
        self.context.memory.set(_BEFORE, msgspec.to_builtins(before))
        self._tried = None
        self.clear_trouble()
        self.settings_changed()
        self.saved.tell("The rules are saved.", "They hold from the next call on.", action="Undo")
        self.saved.show()

    @Slot()
    def _undo(self) -> None:
        self.saved.hide()
        before = self._before()
        if before is not None:
            self.form.set_rules(before)
            self._save(before)

    @Slot()
    def _show_before(self) -> None:
        before = self._before()
        if before is not None:
            self.form.set_rules(before)
            self._show_state()

    def _before(self) -> MatchingSettings | None:
        """The rules that held before the last saving, None where nothing was saved."""
        empty: dict[str, object] = {}
        known = self.context.memory.get(_BEFORE, empty)
        try:
            return msgspec.convert(known, MatchingSettings) if known else None
        except msgspec.ValidationError:
            return None

    # --- the try --------------------------------------------------------------------------------

    @Slot()
    def try_rules(self) -> None:
        """Starts a try as a program of its own; it goes on when one leaves the page."""
        if self._job is not None:
            return
        self._on_trial = self._draft()
        self.clear_trouble()
        self._job = self.context.jobs.start(
            JOB, "Trying rules", self._command(self._on_trial), memory_mib=_MEMORY_MIB
        )
        self._job.progress.connect(self.lab.show_running)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._over)
        self.lab.show_running(JobProgress())
        self._show_state()

    def _command(self, rules: MatchingSettings) -> tuple[str, ...]:
        settings = self.context.settings()
        texts = changed_rules(settings, _with_rules(settings, rules))
        since = self.lab.since(self.context.now())
        return (
            *("rules", "try", "--examples", str(_EXAMPLES)),
            *(("--since", since.isoformat()) if since else ()),
            *(("--rule", *texts) if texts else ()),
        )

    @Slot(dict)
    def _finished(self, result: dict[str, object]) -> None:
        if self._on_trial is not None:
            self.show_report(report_from_json(result), self._on_trial)
        self._over()

    def show_report(self, report: LabReport, rules: MatchingSettings) -> None:
        """Shows what a try of these rules found."""
        self._tried = rules
        lines = self.context.settings().lines
        self.lab.show_report(report, lines[0].region if lines else "")
        self._show_state()

    @Slot(object)
    def _failed(self, error: UserFacingError) -> None:
        self.show_trouble(error)
        self._over()

    @Slot()
    def _over(self) -> None:
        self._job = None
        self.lab.show_idle()
        self._show_state()

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # --- what is shown of both ------------------------------------------------------------------

    @Slot()
    def _show_state(self) -> None:
        draft, before = self._draft(), self._before()
        is_changed, is_tried = draft != self._in_force(), draft == self._tried
        self.discard.setEnabled(is_changed)
        self.save.setEnabled(is_changed)
        self.back.setVisible(before is not None and before not in {draft, self._in_force()})
        set_property(self.save, "kind", "primary" if is_changed and is_tried else "plain")
        set_property(self.lab.start, "kind", "plain" if is_changed and is_tried else "primary")
        self.lab.show_stale(self._tried is not None and not is_tried)
        self.state.setText(_state_words(is_changed=is_changed, is_tried=is_tried))


def _with_rules(settings: Settings, rules: MatchingSettings) -> Settings:
    return msgspec.structs.replace(settings, matching=rules)


def _state_words(*, is_changed: bool, is_tried: bool) -> str:
    if not is_changed:
        return "These rules are in force."
    return "Tried, not saved." if is_tried else "Changed, not tried."
