"""The form of a message template: its text, what may be filled in, and what it becomes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from crmdesk.desk.outreach.placeholders import PLACEHOLDERS, samples
from crmdesk.desk.outreach.templates import (
    LONGEST_SUBJECT,
    LONGEST_TEMPLATE,
    UnusableTemplateError,
    body_of,
    subject_of,
)
from crmdesk.domain.outreach import MessageTemplate
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label, set_tone, set_window_title

_WIDTH = 660
_LONGEST_NAME = 80


class TemplateDialog(FittedDialog):
    """Edits a template; what it becomes is seen as one types.

    Args:
        parent: The window.
        template: As it is.
        lists: The purposes there are.

    Signals:
        saved: The template as it is now.
    """

    saved = Signal(object)

    def __init__(self, parent: QWidget | None, template: MessageTemplate, lists: Picklists) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Message template")
        self._template = template
        self._make_fields(lists)
        self._lay_out()
        for edit in (self.name, self.subject):
            edit.textChanged.connect(self._check)
        self.body.textChanged.connect(self._check)
        self._check()
        self.name.setFocus()

    def _make_fields(self, lists: Picklists) -> None:
        one = self._template
        self.name = line_edit("e.g. Monthly news", name="Name")
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setText(one.name)
        purposes = [
            (choice.title, choice.key)
            for choice in lists.offered(PicklistKey.CONSENT_PURPOSE, one.purpose)
        ]
        self.purpose = combo_box(
            [("Answer: needs no consent", ""), *purposes], name="What it is for"
        )
        self.purpose.setCurrentIndex(max(self.purpose.findData(one.purpose), 0))
        self.subject = line_edit("e.g. News for {{ customer.company }}", name="Subject")
        self.subject.setMaxLength(LONGEST_SUBJECT)
        self.subject.setText(one.subject)
        self.body = text_edit("Dear {{ customer.address }},", name="Text")
        self.body.setPlainText(one.body)
        self.body.setFixedHeight(5 * Size.ROW)
        self.is_active = check_box("Offered when somebody writes", checked=one.is_active)
        self.insert = button("Insert", icon="plus")
        menu = QMenu(self.insert)
        for placeholder in PLACEHOLDERS:
            action = menu.addAction(placeholder.title)
            action.triggered.connect(partial(self._insert, placeholder.name))
        self.insert.setMenu(menu)
        self._preview_subject, self._preview = wrapped("", "lead-strong"), wrapped("")
        self._save = saving_button(self, "Save", self.save)

    def _lay_out(self) -> None:
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._text = guarded("Text", self.body, longest=LONGEST_TEMPLATE)
        parts = (
            row(guarded("Name", self.name), Field("What it is for", self.purpose), spacing=Space.L),
            guarded("Subject", self.subject),
            self._text,
            row(
                self.insert,
                label("{% if … %} … {% endif %} may be used, too.", "small", "muted"),
                1,
            ),
            self.is_active,
            SectionHeader("What it becomes", "mail"),
            self._preview_subject,
            self._preview,
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))

    def template(self) -> MessageTemplate:
        """The template as it is typed."""
        one = self._template
        return MessageTemplate(
            one.id,
            self.name.text().strip(),
            self.subject.text(),
            self.body.toPlainText(),
            one.language,
            self.purpose.currentData(),
            self.is_active.isChecked(),
        )

    @Slot()
    def _check(self) -> None:
        """Shows what it becomes, or why it cannot."""
        trouble = ""
        try:
            subject = subject_of(self.subject.text(), samples())
            text = body_of(self.body.toPlainText(), samples())
        except UnusableTemplateError as error:
            subject, text, trouble = "", "", error.what
        self._text.set_error(trouble)
        self._preview_subject.setText(subject)
        self._preview.setText(text or ("" if trouble else "No text yet."))
        set_tone(self._preview, "text" if text else "muted")
        self._save.setEnabled(bool(self.name.text().strip()) and not trouble)

    def _insert(self, name: str) -> None:
        self.body.insertPlainText(f"{{{{ {name} }}}}")
        self.body.setFocus()

    @Slot()
    def save(self) -> None:
        """Hands the template over."""
        if self._save.isEnabled():
            self.saved.emit(self.template())
            self.accept()
