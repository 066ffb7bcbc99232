"""The page of imports: where from, columns, check, import; each long part is its own program."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import SourceKind
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.answers import Looked, looked_from_json
from crmdesk.gui.pages.imports.beginning import beginning
from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.holdings import holding_of
from crmdesk.gui.pages.imports.origin import FileOrigin, Origin, ServerOrigin
from crmdesk.gui.pages.imports.results import ImportsResults
from crmdesk.gui.pages.imports.save_profile import SaveProfileDialog
from crmdesk.gui.pages.imports.saved import LAST_USED, SavedProfile, names_for, saved_profile
from crmdesk.gui.pages.imports.server_entry import first_name
from crmdesk.gui.pages.imports.start_step import dropped_file
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile_targets import CUSTOMERS


class ImportsPage(ImportsResults):
    """Brings customers in from a file or a server, and out of files what happened with them."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._editing: SavedProfile | None = None
        self._connect_steps()
        self.setAcceptDrops(True)
        bind(self, keys.GO_ON, self.next.click)
        self._show(Stage.START)

    def _connect_steps(self) -> None:
        self.leave.clicked.connect(self.start_over)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.start.drop.dropped.connect(self.open_file)
        self.start.drop.choice_wanted.connect(self.choose_file)
        self.start.server_wanted.connect(self.open_server)
        self.start.profiles.run_wanted.connect(self.run_saved)
        self.start.profiles.edit_wanted.connect(self.edit_saved)
        self.context.plan.changed.connect(self._plan_changed)
        self._plan_changed()
        self.file.option_changed.connect(self._set_option)
        self.file.holds_changed.connect(self.set_holding)
        self.file.other_wanted.connect(self.choose_file)
        self.server.changed.connect(self._show_next)
        self.columns.changed.connect(self._show_next)
        self.columns.save_wanted.connect(self.save_profile)
        self.columns.failed.connect(self.show_trouble)
        self.result.again_wanted.connect(self.start_over)

    @Slot()
    def _plan_changed(self) -> None:
        self.columns.set_lists(self.context.plan.lists)

    # --- what the window asks -------------------------------------------------------------------

    def activate(self) -> None:
        """The keyboard on what comes next; what there is to choose is read again."""
        if self.stage is Stage.START:
            self.saved.read()
        if not self.jobs.is_running:
            self.focus_step()

    def opened(self) -> uuid.UUID | None:
        """Nothing is opened here."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Nothing is opened here."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """A file may be dropped wherever the page is, unless something runs."""
        if dropped_file(event.mimeData()) is not None and not self.jobs.is_running:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes the file."""
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.open_file(file)

    # --- where from -----------------------------------------------------------------------------

    @Slot()
    def choose_file(self) -> None:
        """Asks for a file, without blocking."""
        near = self._origin.file if isinstance(self._origin, FileOrigin) else None
        self._ask_for_file(self.open_file, near)

    def _ask_for_file(self, take: Callable[[Path], object], near: Path | None) -> None:
        dialog = QFileDialog(self, "Import", str(near or ""), words.FILE_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: take(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def open_file(self, file: Path) -> None:
        """Has another program look at a file: nothing of it is read here."""
        self._editing = None
        self._look(FileOrigin(file))

    @Slot(str, str)
    def _set_option(self, option: str, value: str) -> None:
        origin = self._origin
        if isinstance(origin, FileOrigin):
            self._look(replace(origin, options={**origin.options, option: value}))

    @Slot(object)
    def open_server(self, kind: SourceKind) -> None:
        """Shows an empty form."""
        self._editing = None
        self._show_form(kind, first_name(kind, profiles.names()), {}, is_new=True)

    def _show_form(
        self, kind: SourceKind, name: str, options: dict[str, str], *, is_new: bool
    ) -> None:
        self.clear_trouble()
        self.told.hide()
        self._origin = self._looked = None
        self.server.show_server(kind, name, options, profiles.names(), is_new=is_new)
        self._show(Stage.SERVER)

    def _look(self, origin: Origin) -> None:
        if not self.jobs.is_running:
            show = partial(self._take_look, origin)
            self.jobs.look(origin, self._checked(show))

    def _take_look(self, origin: Origin, result: dict[str, Any]) -> None:
        self.show_looked(looked_from_json(result), origin)

    def show_looked(self, looked: Looked, origin: Origin) -> None:
        """Shows what a look found; its columns get targets by their names and values."""
        self._looked, self._origin = looked, origin
        facts = looked.facts
        self.holds = self._held(looked, origin)
        edited = self._editing.profile if self._editing is not None else None
        if isinstance(origin, ServerOrigin):
            self.server.show_found(looked, origin)
            if facts.columns:
                first = beginning(looked, origin, edited)
                self.columns.show_source(facts, looked.rows, first, origin.name)
            self._show(Stage.SERVER)
            return
        self.file.show_file(origin.name, facts, looked.rows, self.holds)
        self._show_columns(looked, origin)
        if origin.profile:
            self.columns.choose(origin.profile)
        self._show(Stage.FILE)

    def _show_columns(self, looked: Looked, origin: Origin) -> None:
        first = beginning(looked, origin, None, self.holds)
        self.columns.show_source(looked.facts, looked.rows, first)

    def _held(self, looked: Looked, origin: Origin) -> str:
        """What the rows are: as the profile says, as somebody chose for this file, as they tell."""
        if isinstance(origin, ServerOrigin):
            return CUSTOMERS
        if origin.profile:
            made = saved_profile(origin.profile).profile
            return made.holds if made is not None else CUSTOMERS
        return origin.holds or holding_of(looked.facts.columns)

    @Slot(str)
    def set_holding(self, holds: str) -> None:
        """Somebody said what the rows of the file are; they get their targets anew."""
        if self._looked is None or not isinstance(self._origin, FileOrigin):
            return
        self.holds = holds
        self._origin = replace(self._origin, holds=holds, profile="")
        self._show_columns(self._looked, self._origin)

    # --- from step to step ----------------------------------------------------------------------

    @Slot()
    def go_on(self) -> None:
        """To the next step, or to the work it needs before."""
        if self.jobs.is_running:
            return
        if self.stage is Stage.SERVER and not self.server.is_connected():
            self.connect_server()
        elif self.stage is Stage.SERVER:
            self._leave_form()
        elif self.stage is Stage.FILE:
            self._show(Stage.COLUMNS)
        elif self.stage is Stage.COLUMNS:
            self._check()
        elif self.stage is Stage.CHECK and self._origin is not None:
            self.import_from(self._origin, self._profile_name(self._origin))

    @Slot()
    def connect_server(self) -> None:
        """Tries what the form says, and reads the first records."""
        if self.server.check():
            self._look(self.server.origin())

    def _leave_form(self) -> None:
        """The name may be another one since; what was mapped stays."""
        if self.server.check():
            origin = self.server.origin()
            self._origin = origin
            self.columns.set_name(origin.name)
            self._show(Stage.COLUMNS)

    def _check(self) -> None:
        """Runs a check with what is chosen, which is saved: the job reads it there."""
        origin = self._origin
        if origin is None:
            return
        made = self.columns.profile()
        if isinstance(origin, ServerOrigin):
            made = msgspec.structs.replace(made, options=dict(origin.options))
        try:
            profiles.save(made, self._profile_name(origin))
        except UserFacingError as error:
            self.show_trouble(error)
            return
        self.check_from(origin, self._profile_name(origin))

    def _profile_name(self, origin: Origin) -> str:
        return origin.name if isinstance(origin, ServerOrigin) else LAST_USED

    @Slot()
    def go_back(self) -> None:
        """To the step before; what was chosen stays."""
        first = Stage.SERVER if isinstance(self._origin, ServerOrigin) else Stage.FILE
        before = {Stage.COLUMNS: first, Stage.CHECK: Stage.COLUMNS}
        self.clear_trouble()
        self._show(before.get(self.stage, Stage.START))
        self.saved.read()

    @Slot()
    def start_over(self) -> None:
        """Something else; nothing of this is kept."""
        self._origin = self._looked = self._outcome = self._editing = None
        self.clear_trouble()
        self._show(Stage.START)
        self.saved.read()

    # --- saved profiles -------------------------------------------------------------------------

    @Slot(object)
    def run_saved(self, saved: SavedProfile) -> None:
        """Runs a profile as the timer of a night would; a file is asked for."""
        profile = saved.profile
        if profile is None or self.jobs.is_running:
            return
        self._looked = None
        self.holds = profile.holds
        if saved.server is not None:
            self.import_from(ServerOrigin(saved.server, saved.name, profile.options), saved.name)
            return

        def run(file: Path) -> None:
            self.import_from(FileOrigin(file, profile.options, saved.name), saved.name)

        self._ask_for_file(run, _last_file(saved))

    @Slot(object)
    def edit_saved(self, saved: SavedProfile) -> None:
        """Shows the steps with what a profile says; a file is asked for."""
        profile = saved.profile
        if profile is None or self.jobs.is_running:
            return
        if saved.server is not None:
            self._show_form(saved.server, saved.name, profile.options, is_new=False)
            self._editing = saved
            return

        def look(file: Path) -> None:
            self._look(FileOrigin(file, profile.options, saved.name))

        self._ask_for_file(look, _last_file(saved))

    @Slot()
    def save_profile(self) -> None:
        """Asks for a name and keeps the mapping under it."""
        chosen = str(self.columns.profile_choice.currentData() or "")
        name = "" if chosen == LAST_USED else chosen
        dialog = SaveProfileDialog(self.window(), self.columns.profile(), name)
        dialog.saved.connect(lambda saved: self.columns.show_names(names_for(self.holds), saved))
        dialog.open()


def _last_file(saved: SavedProfile) -> Path | None:
    return Path(saved.run.file) if saved.run is not None and saved.run.file else None
