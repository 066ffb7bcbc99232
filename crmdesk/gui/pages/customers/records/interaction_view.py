"""A note, an e-mail, a visit or a web form, opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import Interaction, RecordRef
from crmdesk.gui.models import call_words
from crmdesk.gui.models.timeline_items import WORDS
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.note_editor import NoteEditor
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import joined, label, set_tooltip

if TYPE_CHECKING:
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was written down, and the call it was written in."""

    interaction: Interaction
    call: CallRow | None = None


def read(reader: Reader, key: uuid.UUID, _now: datetime) -> Written | None:
    """The text with its call."""
    found = reader.interaction(key)
    if found is None:
        return None
    return Written(found, reader.call_row(found.call_id) if found.call_id else None)


class InteractionView(RecordView):
    """The whole text, by whom, when, and in which call; a note can be changed and removed."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk)
        self._shown: Interaction | None = None
        self._content = QWidget()
        self._box = column(spacing=Space.M)
        self._content.setLayout(self._box)
        self.editor = NoteEditor(desk)
        self.editor.closed.connect(self._show_parts)
        self.editor.closed.connect(self.setFocus)
        self.editor.begun.connect(self._show_parts)
        self._buttons = QWidget()
        change = self._button("Change", "edit", keys.NOTE_EDIT, self.edit)
        remove = self._button("Remove", "close", keys.NOTE_REMOVE, self.remove)
        self._buttons.setLayout(row(change, remove, 1))
        self.fill((self._content, self.editor, self._buttons))

    def _button(
        self, text: str, icon: str, key: keys.Key, act: Callable[[], object]
    ) -> QPushButton:
        made = button(text, "plain", icon=icon)
        set_tooltip(made, key.text, shown_key(key.sequence))
        made.clicked.connect(act)
        bind(self, key, act, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return made

    def title(self, value: Written) -> str:
        """Its kind and its day."""
        one = value.interaction
        return joined((WORDS[one.kind], f"{times.local(one.at):%d %b %Y}"))

    def show_value(self, value: Written, view: CustomerView) -> None:
        """Shows a text; what is being typed stays."""
        one = value.interaction
        is_other = self._shown is None or self._shown.id != one.id
        self._shown = one
        clear(self._box)
        for part in self._parts(value, view):
            self._box.addWidget(part)
        if is_other:
            self.editor.leave()
            if one.kind is TimelineKind.NOTE:
                self.editor.look_for_draft(one)
        self._show_parts()

    def leave(self) -> None:
        """The draft is kept already."""
        self.editor.leave()
        self._shown = None

    def edit(self) -> None:
        """Changes the text of a note in its place."""
        if self._is_note() and self.editor.note is None and self._shown is not None:
            self.editor.start(self._shown)
            self._show_parts()
            self.editor.edit.setFocus()

    def remove(self) -> None:
        """Removes a note; the bar over the page takes it back."""
        from crmdesk.store.audit.notes import NoteWriting

        note, who = self._shown, self.desk.context.agent()
        if note is not None and self._is_note() and self.editor.note is None:
            self.desk.timeline_wanted.emit()
            self.desk.do(lambda writer: NoteWriting(writer, who).remove(note))

    def _is_note(self) -> bool:
        return self._shown is not None and self._shown.kind is TimelineKind.NOTE

    def _show_parts(self) -> None:
        is_edited = self.editor.note is not None
        self.editor.setVisible(is_edited)
        self._content.setVisible(not is_edited)
        self._buttons.setVisible(self._is_note() and not is_edited)

    def _parts(self, value: Written, view: CustomerView) -> Iterator[QWidget]:
        one = value.interaction
        if one.title:
            yield wrapped(one.title, "lead-strong")
        who = view.names.anybody(one.who)
        yield label(joined((who, times.full(one.at))), "small", "muted", wrap=True)
        if value.call is not None:
            yield self._call_line(value.call, view)
        yield rule()
        text = wrapped(one.detail or "No text was written.", tone="text" if one.detail else "muted")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        yield text

    def _call_line(self, called: CallRow, view: CustomerView) -> QWidget:
        made = QWidget()
        words = joined((call_words.title(called.call), times.full(called.call.started_at)))
        link = button(words, "link", icon="phone")
        ref = RecordRef(TimelineKind.CALL, called.call.id, view.customer.id)
        link.clicked.connect(partial(self.desk.open, ref))
        made.setLayout(row(link, 1))
        return made
