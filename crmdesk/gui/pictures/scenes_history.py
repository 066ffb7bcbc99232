"""Pictures of who changed what, of two who changed the same, and of fields that mask cards."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import Conflict, CustomerStamp, EditedCustomer
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.edits import LINES
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.domain.records import CustomerPart, RecordRef
from crmdesk.domain.sales import OrderLine
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.conflicts.words import EditWords
from crmdesk.gui.history.reading import read_history
from crmdesk.gui.models.history_words import HistoryWords
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.records.interaction_view import InteractionView
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_customers import brand_new, busiest, card_of, record_of
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.store import Reader

_CARD = (1180, 760)
_FORM = (640, 1240)
_PAUSE_MS = 400
_FIELDS = (
    CustomField("contract", "Contract", hint="As it stands on the paper"),
    CustomField("ends", "Contract ends", CustomFieldKind.DATE),
    CustomField("seats", "Seats", CustomFieldKind.NUMBER),
    CustomField("support", "Support", CustomFieldKind.CHOICE, ("Basic", "Pro")),
    CustomField("visited", "Was visited by sales", CustomFieldKind.FLAG),
)


@picture("history", size=_CARD)
def history() -> QWidget:
    """What colleagues changed, with ways back."""
    return _history(_changed())


@picture("history-empty", size=_CARD)
def history_empty() -> QWidget:
    """Nobody changed anything yet."""
    return _history(brand_new())


@picture("conflict-dialog", size=(640, 560))
def conflict() -> QWidget:
    """Two of four fields are decided."""
    window = demo_window()
    seen = demo_values.ago(minutes=2)
    conflicts = (
        Conflict("role", "purchasing", "head of purchasing", "retired", "Ben Brandt", seen),
        Conflict("segment", "Silver", "Gold", "Standard", "Ben Brandt", seen),
        Conflict("customer_since", None, date(2019, 5, 31), date(2020, 1, 1), "Ben Brandt", seen),
        Conflict("custom:ends", "", "2027-01-31", "2026-12-31", "Carla Conti", seen),
    )
    words = EditWords(HistoryWords(Names(demo_values.SETTINGS), _FIELDS))
    made = ConflictDialog(window, conflicts, words, demo_values.NOW)
    made.choices[0].buttons["mine"].setChecked(True)
    made.choices[1].buttons["theirs"].setChecked(True)
    return made


@picture("conflict-of-texts", size=(640, 560))
def conflict_of_texts() -> QWidget:
    """Lines of an order, and a description of several lines."""
    window, seen = demo_window(), demo_values.ago(minutes=2)
    desks, chairs = OrderLine("Standing desk", quantity_milli=2000), OrderLine("Chair, blue")
    said = "It came broken.\nThe left leg is loose, and the carton was open on one side. "
    conflicts = (
        Conflict(
            LINES, ((desks,), 979_80, "EUR"), ((desks, chairs), 1_098_80, "EUR"),
            ((chairs,), 119_00, "EUR"), "Ben Brandt", seen,
        ),
        Conflict("detail", "It came broken.", f"{said}Photos are in the mail.",
                 f"{said}She wants another one by Friday.", "Ben Brandt", seen),
    )  # fmt: skip
    words = EditWords(HistoryWords(Names(demo_values.SETTINGS), _FIELDS), "sales_order")
    made = ConflictDialog(window, conflicts, words, demo_values.NOW)
    made.choices[0].buttons["mine"].setChecked(True)
    return made


@picture("customer-form-own-fields", size=_FORM)
def own_fields() -> QWidget:
    """Fields of the company's own, required ones asked for, and news of a colleague."""
    required = frozenset({"custom:contract", "source", "role"})
    plan = CompanyPlan(fields=_FIELDS, required={Situation.CUSTOMER: required})
    customer = replace(demo_values.JANE, source="", role="")
    opened = EditedCustomer(customer, {"support": "Pro", "seats": "12"})
    made = CustomerForm(demo_window(), _planned(plan), opened, is_new=False)
    made.save()
    made.news.watch.changed.emit(CustomerStamp(who="Ben Brandt"))
    return made


@picture("customer-form-card", size=_FORM, pause_ms=_PAUSE_MS)
def card_masked() -> QWidget:
    """A card number was pasted into a field."""
    window = demo_window()
    opened = EditedCustomer(demo_values.JANE, {})
    made = CustomerForm(window, window.context, opened, is_new=False)
    made.editor.texts["role"].setText("pays by 4111 1111 1111 1111")
    return made


@picture("customer-note-card", size=_CARD)
def note_masked() -> QWidget:
    """A card number was pasted into a note."""
    made = card_of(busiest())
    made.note.edit.setPlainText("Card 4111 1111 1111 1111, cvv 123: wants it charged today.")
    return made


@picture("note-opened", size=_CARD)
def note_opened() -> QWidget:
    """A note with what can be done with it."""
    return record_of(_changed(), TimelineKind.NOTE)


@picture("note-edited", size=_CARD)
def note_edited() -> QWidget:
    """A note being changed."""
    made = record_of(_changed(), TimelineKind.NOTE)
    view = made.record.view
    if isinstance(view, InteractionView):
        view.edit()
    return made


def _changed() -> uuid.UUID:
    """The first of those whom colleagues changed."""

    def read(reader: Reader) -> uuid.UUID:
        return reader.customers(limit=1).customers[0].id

    return demo_desk().core.store.read(read).result()


def _history(customer_id: uuid.UUID) -> QWidget:
    store, now = demo_desk().core.store, demo_values.NOW
    made = card_of(customer_id)
    view = demo_window().customers().desk.view
    value = store.read(lambda reader: read_history(reader, customer_id, now)).result()
    if view is None:
        raise LookupError("no customer is shown")
    ref = RecordRef(CustomerPart.HISTORY, customer_id, customer_id)
    made.show_record(ref, value, view)
    return made


def _planned(plan: CompanyPlan) -> PageContext:
    """The demo's desk with another plan."""
    context = demo_window().context
    book = type(context.plan)(context.store)
    book.value = plan
    return replace(context, plan=book)
