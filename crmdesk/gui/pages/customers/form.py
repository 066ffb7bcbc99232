"""The form of a customer: new, or edited."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from crmdesk.domain.audit import ConflictingEditsError, CustomerStamp, EditedCustomer
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.edits import caught_up
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form_conflicts import ask_which_holds
from crmdesk.gui.pages.customers.form_fields import CustomerFields
from crmdesk.gui.pages.customers.form_saving import (
    Typed,
    latest,
    save_edit,
    save_new,
)
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.pages.customers.news_bar import NewsBar
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, Question
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import set_tooltip, set_window_title

_WIDTH, _HEIGHT = 2 * Size.SIDE_LIST, 2 * Size.SIDE_LIST


class CustomerForm(QDialog):
    """Edits a customer.

    Args:
        opened: What it begins with, as it was read last.
        is_new: It is not in the store yet.
        stamp: When it was read; None for a new one.

    Signals:
        written: A step is in the store that can be taken back; carries it.
        saved: Carries the key.
    """

    written = Signal(object)
    saved = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        context: PageContext,
        opened: EditedCustomer,
        *,
        is_new: bool,
        stamp: CustomerStamp | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._base, self._is_new = context, opened, is_new
        self._is_changed = False
        name = opened.customer.name
        set_window_title(self, "New customer" if is_new else f"Edit {name}")
        self.editor = CustomerFields(context, opened)
        self.editor.changed.connect(self._changed)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.news = NewsBar(context, "What you typed stays.")
        self.news.wanted.connect(self.read_again)
        self._lay_out()
        self._bind_keys()
        if stamp is not None:
            self.news.follow(opened.customer.id, stamp)
        first = self.editor.texts["name"]
        first.setFocus()
        if is_new:
            first.selectAll()  # a name from the network is a suggestion: type over it

    def _lay_out(self) -> None:
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        box.setSpacing(Space.NONE)
        box.addWidget(self.trouble)
        box.addWidget(self.editor)
        scroll = scroll_area(content, name="Customer form")
        self.setLayout(column(self.news, scroll, rule(), self._buttons(), spacing=Space.NONE))
        self.resize(_WIDTH, _HEIGHT)

    def _buttons(self) -> QWidget:
        bar = QWidget()
        bar.setProperty("kind", "surface")
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._save = button("Save", "primary")
        self._save.setDefault(True)
        set_tooltip(self._save, "Save", shown_key(keys.SAVE.sequence))
        self._save.clicked.connect(self.save)
        bar.setLayout(row(1, cancel, self._save, margin=Space.L))
        return bar

    def _bind_keys(self) -> None:
        save = QShortcut(self)
        save.setKeys([QKeySequence(text) for text in (keys.SAVE.sequence, *keys.SAVE.others)])
        save.activated.connect(self.save)
        bind(self, keys.REFRESH, self.read_again)

    def _changed(self) -> None:
        self._is_changed = True

    # --- saving -----------------------------------------------------------------------------

    def save(self) -> None:
        """Saves, or goes to the first field that is wrong."""
        wrong = self.editor.first_wrong()
        if wrong is not None:
            wrong.setFocus()
        elif self._save.isEnabled():
            self._write(Typed(self._base, self.editor.value(), blank(self._context.now())))

    def _write(self, typed: Typed) -> None:
        self._save.setEnabled(False)
        self._save.setText("Saving…")
        self.trouble.hide()
        write = save_new if self._is_new else save_edit
        who = self._context.agent()
        failed = partial(self._failed, typed)
        job = self._context.store.write(lambda writer: write(writer, typed, who))
        await_future(job, self, self._saved, failed)

    def _saved(self, change: ChangeSet) -> None:
        self._is_changed = False
        self.news.stop()
        self.written.emit(change)
        self.saved.emit(self._base.customer.id)
        self.accept()

    def _failed(self, typed: Typed, error: Exception) -> None:
        self._save.setEnabled(True)
        self._save.setText("Save")
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()
        if isinstance(error, ConflictingEditsError):
            ask_which_holds(self, self._context, typed, error, self._write, self._told)

    # --- somebody else wrote too ------------------------------------------------------------

    def read_again(self) -> None:
        """Takes over what others wrote; what was typed here stays."""
        if self._is_new:
            return
        job = self._context.store.read(partial(latest, customer_id=self._base.customer.id))
        await_future(job, self, self._catch_up, self._told)

    def _catch_up(self, read: tuple[EditedCustomer, CustomerStamp] | None) -> None:
        if read is None:
            return  # it is gone: saving says so
        now, stamp = read
        base, edited = caught_up(self._base, self.editor.value(), now)
        focus = self.focusWidget()
        self._base = base
        self.editor.fill(edited)
        self.news.follow(base.customer.id, stamp)
        if focus is not None:
            focus.setFocus()

    def _told(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    # --- closing ----------------------------------------------------------------------------

    def reject(self) -> None:
        """Closes; asks first where something would be lost. Not while it is being saved."""
        if not self._save.isEnabled():
            return
        if not self._is_changed:
            super().reject()
            return
        question = Question(
            self,
            "Close without saving",
            "Close without saving?",
            "What you changed here is lost.",
            answer="Close without saving",
            cancel="Keep editing",
            danger=True,
        )
        question.accepted.connect(self._discard)
        question.open()

    def _discard(self) -> None:
        self._is_changed = False
        super().reject()
