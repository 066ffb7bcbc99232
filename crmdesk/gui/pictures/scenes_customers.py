"""Pictures of a customer and its dialogs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import PhoneNumber, TimelineKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_customers import brand_new, busiest, card_of, long_winded, record_of
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.why.assign import AssignDialog, CallerNumber

_SIZE = (860, 720)
_FORM = (640, 900)
_PAUSE_MS = 900


@picture("customer", size=_SIZE)
def customer() -> QWidget:
    """A customer with trouble, one entry opened in place."""
    made = card_of(busiest())
    made.timeline.open_rows([1])
    return made


@picture("customer-wide", size=(1280, 1000))
def wide() -> QWidget:
    """The same on a large screen."""
    return card_of(busiest())


@picture("customer-low", size=(870, 690))
def low() -> QWidget:
    """The same in a window of 1200 x 780: the timeline keeps some room."""
    return card_of(busiest())


@picture("customer-note-low", size=(870, 600))
def note_low() -> QWidget:
    """A note with a promise being written in a low window: nothing stands on another."""
    made = card_of(busiest())
    made.note.set_draft("She wants the corrected invoice by e-mail.\n!promise 10 % until Fri")
    return made


@picture("customer-note", size=_SIZE)
def note() -> QWidget:
    """A note being written."""
    made = card_of(busiest())
    made.note.set_draft("She wants the corrected invoice by e-mail, not by post.")
    return made


@picture("customer-long", size=_SIZE)
def long_names() -> QWidget:
    """Names and texts that do not fit, in several scripts."""
    made = card_of(long_winded())
    made.timeline.open_rows([1])
    return made


@picture("customer-empty", size=_SIZE)
def empty() -> QWidget:
    """A customer of whom nothing is known yet."""
    return card_of(brand_new())


@picture("customer-record-call", size=_SIZE)
def call_record() -> QWidget:
    """A call opened in place of the timeline."""
    return record_of(busiest(), TimelineKind.CALL)


@picture("customer-record-note", size=_SIZE)
def note_record() -> QWidget:
    """A note of several scripts, opened in place of the timeline."""
    return record_of(long_winded(), TimelineKind.NOTE)


@picture("customer-search", size=_SIZE)
def searched() -> QWidget:
    """A search in a timeline that found nothing."""
    made = card_of(brand_new())
    made.timeline.search.setText("xylophone")
    made.timeline.text = "xylophone"
    made.timeline.show_page(
        TimelinePage(), Names(demo_values.SETTINGS), demo_values.NOW, is_first=True
    )
    return made


@picture("customers-error", size=(1120, 720), pause_ms=_PAUSE_MS)
def error() -> QWidget:
    """The store cannot be read."""
    made = CustomersPage(demo_window().context)
    made.finder.worked.disconnect(made.clear_trouble)
    made.show_trouble(
        UserFacingError(
            "Another program is using the customer store.",
            "Customers can be looked up, but nothing new can be saved until it lets go.",
            "Close other CRMDesk windows, imports and database tools; saving is tried again.",
        )
    )
    return made


@picture("customers-nothing-found", size=(1120, 720), pause_ms=_PAUSE_MS)
def nothing_found() -> QWidget:
    """A search without a result."""
    made = CustomersPage(demo_window().context)
    made.finder.search.setText("xylophonist")
    made.finder.look_for("xylophonist")
    return made


@picture("customer-form", size=_FORM)
def form() -> QWidget:
    """Editing."""
    window = demo_window()
    opened = EditedCustomer(demo_values.JANE, {})
    return CustomerForm(window, window.context, opened, is_new=False)


@picture("customer-form-errors", size=_FORM)
def form_errors() -> QWidget:
    """A new customer with things that are not right yet."""
    window = demo_window()
    numbers = (
        PhoneNumber("anonymous", None),
        PhoneNumber("12", None),
        PhoneNumber("030 23125 200", None),
    )
    wrong = replace(blank(demo_values.NOW), numbers=numbers)
    made = CustomerForm(window, window.context, EditedCustomer(wrong, {}), is_new=True)
    made.editor.emails.add("jane(at)example")
    made.editor.texts["since"].setText("last May")
    made.save()
    return made


@picture("customer-assign", pause_ms=_PAUSE_MS)
def assign() -> QWidget:
    """Giving a number to somebody."""
    window = demo_window()
    made = AssignDialog(
        window,
        window.context,
        CallerNumber("+493023125777", former="Belonged to Jane Doe until 2023"),
    )
    made.search.setText("an")
    made.search.returnPressed.emit()
    return made


@picture("call-question")
def question() -> QWidget:
    """Before dialling somebody who does not want to be called."""
    window = demo_window()
    return ask_to_dial(
        window, window.context, "+493023125777", name="Jane Doe",
        warning="This customer does not want to be called.",
    )  # fmt: skip
