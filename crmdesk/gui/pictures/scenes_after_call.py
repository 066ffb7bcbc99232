"""Pictures of what is asked after a call: the line over the page, and the small form."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import CompanyPlan
from crmdesk.gui.after_call.bar import AfterCallBar
from crmdesk.gui.after_call.form import MissingForm
from crmdesk.gui.models import after_call_words
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column

_FIELDS = (
    CustomField("card", "Loyalty card", hint="On the back of the card"),
    CustomField("plan", "Support plan", CustomFieldKind.CHOICE, ("Basic", "Pro")),
)
_PLAN = CompanyPlan(fields=_FIELDS)


@picture("after-call-line", size=(Size.WINDOW[0], 6 * Size.ROW))
def line() -> QWidget:
    """What is missing, over the page: one customer, one of several; and a survey to ask."""
    made, one, several = QWidget(), AfterCallBar(), AfterCallBar()
    one.tell(after_call_words.missing("Jane Doe", ("language",), _PLAN), "")
    names = ("segment", "source", "language", "custom:card")
    text = after_call_words.missing("Hansen Logistics", names, _PLAN)
    several.tell(text, after_call_words.others(2))
    survey = AfterCallBar("survey", "Ask", keys.ASK)
    survey.tell(after_call_words.survey("Jane Doe", "After a call"), "")
    made.setLayout(column(one, several, survey, spacing=Space.S))
    return made


@picture("after-call-form")
def form() -> QWidget:
    """The small form."""
    context = demo_window().context
    book = type(context.plan)(context.store)
    book.value = _PLAN
    customer = replace(demo_values.JANE, segment="", numbers=())
    names = ("segment", "numbers", "custom:card", "custom:plan")
    opened = EditedCustomer(customer, {})
    return MissingForm(demo_window(), replace(context, plan=book), opened, names)
