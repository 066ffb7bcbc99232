"""Pictures of consents and messages: records, dialogs and templates."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import cache

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.outreach import Message, MessageState, MessageTemplate
from crmdesk.domain.planning import Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.gui.outreach.consent_dialog import ConsentDialog
from crmdesk.gui.outreach.reading import OpenedMessage, read_form
from crmdesk.gui.outreach.send_dialog import SendDialog
from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_customers import card_of, record_of
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.settings.template_dialog import TemplateDialog
from crmdesk.store import Reader

_CARD = (900, 700)


@cache
def _reached() -> uuid.UUID:
    """Somebody who allows something and was sent a message."""

    def find(reader: Reader) -> uuid.UUID:
        for hit in reader.customers(limit=60).customers:
            page = reader.timeline(hit.id, limit=1, kinds=(TimelineKind.MESSAGE,))
            if page.entries and reader.consents(hit.id):
                return hit.id
        raise LookupError("nobody in the demo store was sent a message")

    return demo_desk().core.store.read(find).result()


@picture("consent-opened", size=_CARD)
def consent_opened() -> QWidget:
    """What was said of one thing."""
    return record_of(_reached(), TimelineKind.CONSENT)


@picture("message-sent", size=_CARD)
def message_sent() -> QWidget:
    """A message that went out."""
    return record_of(_reached(), TimelineKind.MESSAGE)


def _message(state: MessageState, trouble: str) -> CustomerCard:
    made = card_of(_reached())
    view = demo_window().customers().desk.view
    one = Message(
        uuid.UUID(int=5), _reached(), demo_values.NOW, "jane.doe@hansen.example",
        "News of this month",
        "Dear Frau Doe,\n\nthree things are new this month.", "<5@crmdesk.invalid>", state,
        purpose="updates", who="Alice Adler", tries=3, trouble=trouble,
    )  # fmt: skip
    if view is not None:
        ref = RecordRef(TimelineKind.MESSAGE, one.id, _reached())
        made.show_record(ref, OpenedMessage(one, Picklists()), view)
    return made


@picture("message-doubtful", size=_CARD)
def message_doubtful() -> QWidget:
    """Nobody knows whether it went."""
    return _message(MessageState.DOUBTFUL, "The connection broke while the mail server took it.")


@picture("message-waits", size=_CARD)
def message_waits() -> QWidget:
    """The mail server does not answer."""
    return _message(MessageState.QUEUED, "The mail server cannot be reached: it does not answer.")


@picture("consent-dialog")
def consent_dialog() -> QWidget:
    """What somebody allows."""
    return ConsentDialog(None, demo_window().context, demo_values.JANE, Picklists())


def _form() -> SendDialog:
    window, key = demo_window(), _reached()
    form = demo_desk().core.store.read(lambda reader: read_form(reader, key)).result()
    if form is None:
        raise LookupError("the demo store has no such customer")
    return SendDialog(None, window.context, form)


@picture("message-dialog")
def message_dialog() -> QWidget:
    """A template filled in."""
    return _form()


@picture("message-dialog-not-allowed")
def message_dialog_not_allowed() -> QWidget:
    """Without consent nothing is sent."""
    made = _form()
    place = next(
        (at for at in range(made.template.count()) if made.template.itemText(at) == "Offer"), 0
    )
    made.template.setCurrentIndex(place)
    return made


_NEWS = MessageTemplate(
    uuid.UUID(int=8), "Monthly news", "News for {{ customer.company }}",
    "Dear {{ customer.address }},\n\nthree things are new this month.\n\n{{ agent.name }}",
    purpose="updates",
)  # fmt: skip


@picture("template-dialog")
def template_dialog() -> QWidget:
    """A template and what it becomes."""
    return TemplateDialog(None, _NEWS, Picklists())


@picture("template-dialog-error")
def template_dialog_error() -> QWidget:
    """A template with a loop."""
    broken = replace(_NEWS, body="{% for one in customer.orders %}{{ one }}{% endfor %}")
    return TemplateDialog(None, broken, Picklists())
