"""Pictures of tickets: opened, in the block, in the list, their dialogs, the service levels."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import cache

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.domain.tickets import (
    Ticket,
    TicketClocks,
    TicketEntry,
    TicketEntryKind,
    TicketFilled,
    TicketLink,
    TicketLinkKind,
    TicketStatus,
    TicketView,
)
from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pages.tickets.page import TicketsPage
from crmdesk.gui.pages.tickets.reading import View
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_customers import busiest, card_of
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.tickets.ask_person import EscalateDialog, HandOverDialog
from crmdesk.gui.tickets.edit_ticket import EditTicketDialog, LinkDialog
from crmdesk.gui.tickets.new_ticket import NewTicketDialog
from crmdesk.gui.tickets.reading import OpenedTicket, TicketForm, read_form
from crmdesk.gui.tickets.solve_dialog import Offered, SolveDialog
from crmdesk.gui.why.steps import Job

NOW = demo_values.NOW
_CARD = (900, 760)
_PAGE = (1120, 700)
_PAUSE_MS = 900
_K = TicketEntryKind
_PEOPLE = ("Alice Adler", "Ben Brandt", "Nora Lindqvist")


def _ago(**length: float) -> timedelta:
    return timedelta(**length)


def _entry(number: int, kind: TicketEntryKind, ago: timedelta, **facts: str) -> TicketEntry:
    return TicketEntry(uuid.UUID(int=900 + number), NOW - ago, kind, **facts)


def _ticket() -> Ticket:
    """A complaint that is late, escalated, and answered in time."""
    clocks = TicketClocks(
        policy_id=uuid.UUID(int=1),
        first_due_at=NOW - _ago(days=2, hours=3),
        due_at=NOW - _ago(minutes=20),
        next_due_at=NOW - _ago(minutes=20),
        breached_at=NOW - _ago(minutes=20),
    )
    return Ticket(
        uuid.UUID(int=77),
        demo_values.JANE.id,
        "1042",
        "complaint",
        "Charged twice for order 88-21",
        NOW - _ago(days=2, hours=6),
        "high",
        who="Ben Brandt",
        owner="Alice Adler",
        detail="Two debits of 1,240.50 EUR on the same day.\nShe wants the money back this week.",
        first_answered_at=NOW - _ago(days=2, hours=5),
        escalation=1,
        escalated_to="Nora Lindqvist",
        clocks=clocks,
    )


def _late() -> OpenedTicket:
    entries = (
        _entry(1, _K.OPENED, _ago(days=2, hours=6), who="Ben Brandt"),
        _entry(
            2, _K.ANSWER, _ago(days=2, hours=5), who="Ben Brandt",
            text="Sorry for the trouble. Accounting looks into it, we call back tomorrow.",
        ),
        _entry(3, _K.PRIORITY, _ago(days=1), who="Alice Adler", before="normal", after="high"),
        _entry(
            4, _K.NOTE, _ago(hours=22), who="Alice Adler",
            text="Accounting confirms: both debits are ours.\nRefund needs a signature.",
        ),
        _entry(
            5, _K.ESCALATION, _ago(hours=3), who="Alice Adler", after="Nora Lindqvist",
            text="Needs your signature for the refund today.",
        ),
        _entry(6, _K.WARNING, _ago(hours=2), text="resolution"),
        _entry(7, _K.BREACH, _ago(minutes=20), text="resolution"),
    )  # fmt: skip
    links = (
        TicketLink(
            uuid.UUID(int=1), TicketLinkKind.CALL, uuid.UUID(int=2),
            "Call from the customer, Ben Brandt", NOW - _ago(days=2, hours=6),
        ),
        TicketLink(
            uuid.UUID(int=3), TicketLinkKind.ORDER, uuid.UUID(int=4),
            "Order 88-21: Standing desk, delivered", NOW - _ago(days=20),
        ),
    )  # fmt: skip
    view = TicketView(_ticket(), "Jane Doe", entries, links, "Complaints")
    return OpenedTicket(view, Picklists(), _PEOPLE)


def _card(opened: OpenedTicket) -> CustomerCard:
    """A customer's card with a ticket in place of the timeline."""
    made = card_of(busiest())
    view = demo_window().customers().desk.view
    if view is not None:
        view = replace(view, now=NOW)
        ref = RecordRef(TimelineKind.TICKET, opened.view.ticket.id, view.customer.id)
        made.show_record(ref, opened, view)
    return made


@picture("ticket", size=_CARD)
def ticket() -> QWidget:
    """A complaint that is late."""
    return _card(_late())


@picture("ticket-waiting", size=_CARD)
def waiting() -> QWidget:
    """A ticket that waits for the customer, with an answer being written."""
    late = _late()
    clocks = TicketClocks(uuid.UUID(int=1), NOW - _ago(days=2), paused_at=NOW - _ago(hours=5))
    status = TicketStatus.WAITING
    waits = replace(late.view.ticket, status=status, stage="waiting", clocks=clocks, escalation=0)
    moved = _entry(8, _K.STATUS, _ago(hours=5), who="Alice Adler", before="open", after="waiting")
    entries = (*late.view.entries[:4], moved)
    view = replace(late.view, ticket=waits, entries=entries, left_minutes=330)
    made = _card(replace(late, view=view))
    record = made.record.view
    if record is not None:
        record.comment.set_draft("Could you send us a copy of the statement?")  # type: ignore[attr-defined]
    return made


@picture("ticket-solved", size=_CARD)
def solved() -> QWidget:
    """A ticket that was solved in time."""
    late = _late()
    clocks = TicketClocks(uuid.UUID(int=1), NOW - _ago(days=2), NOW + _ago(hours=4))
    done = replace(
        late.view.ticket, status=TicketStatus.SOLVED, stage="solved", clocks=clocks,
        solved_at=NOW - _ago(minutes=5), escalation=0, detail="",
    )  # fmt: skip
    moved = _entry(9, _K.STATUS, _ago(minutes=5), who="Alice Adler", before="open", after="solved")
    view = replace(late.view, ticket=done, entries=(*late.view.entries[:2], moved), links=())
    return _card(replace(late, view=view))


@picture("ticket-new-and-bare", size=_CARD)
def bare() -> QWidget:
    """A ticket of which nothing is known yet, by a calendar that never opens."""
    late = _late()
    fresh = Ticket(late.view.ticket.id, late.view.ticket.customer_id, "1043", "question",
                   "Delivery date", NOW, who="Alice Adler")  # fmt: skip
    trouble = (
        "“Office” has no working hours, so nothing would ever be due. Add hours, or let it be"
        " open round the clock."
    )
    entries = (_entry(1, _K.OPENED, _ago(), who="Alice Adler"),)
    view = TicketView(fresh, "Jane Doe", entries, (), "Everything else", trouble=trouble)
    return _card(OpenedTicket(view, Picklists()))


@picture("ticket-long", size=_CARD)
def long_texts() -> QWidget:
    """Texts that do not fit, in several scripts."""
    late = _late()
    ticket = replace(
        late.view.ticket, subject="Lieferung fehlt, " * 12 + "مرحبا " * 8,
        owner="Maximiliane Freifrau von und zu Hohenlohe-Öhringen", detail="世界" * 120,
    )  # fmt: skip
    return _card(replace(late, view=replace(late.view, ticket=ticket)))


# --- dialogs --------------------------------------------------------------------------------


@cache
def _form() -> TicketForm:
    store = demo_desk().core.store
    hit = store.read(lambda reader: reader.search("e", 1)).result()[0]
    found = store.read(lambda reader: read_form(reader, hit.id)).result()
    if found is None:
        raise LookupError("the demo has no customers")
    return found


@picture("ticket-form", size=None)
def form() -> QWidget:
    """Opening a ticket."""
    window = demo_window()
    made = NewTicketDialog(window, window.context, _form())
    made.subject.setText("Charged twice for order 88-21")
    made.detail.setPlainText("Two debits on the same day.")
    return made


@picture("ticket-form-empty")
def form_empty() -> QWidget:
    """Before anything is typed, and after the store refused."""
    window = demo_window()
    made = NewTicketDialog(window, window.context, replace(_form(), linkable=()))
    error = UserFacingError(
        "The disk is full.", "Nothing was saved.", "Make room; what you typed stays here."
    )
    made.trouble.tell_error(error)
    made.trouble.show()
    return made


@picture("ticket-escalate")
def escalate() -> QWidget:
    """To whom, and why."""
    made = EscalateDialog(demo_window(), "Complaint 1042", _PEOPLE, 1)
    made.who.setEditText("Nora Lindqvist")
    made.reason.setPlainText("Needs your signature for the refund today.")
    return made


@picture("ticket-hand-over")
def hand_over() -> QWidget:
    """Who works on it."""
    return HandOverDialog(demo_window(), "Complaint 1042", _PEOPLE, "Alice Adler")


@picture("ticket-edit")
def edit() -> QWidget:
    """Other words."""
    window = demo_window()
    return EditTicketDialog(window, window.context, _ticket())


@picture("ticket-solve")
def solve() -> QWidget:
    """Nobody told the customer anything yet: it is asked, and may stay empty."""
    return _solve("Complaint 1043", (), (), asks_answer=True)


@picture("ticket-solve-missing")
def solve_missing() -> QWidget:
    """What is missing before it can be solved."""
    orders = tuple(one for one in _late().view.links if one.kind is TicketLinkKind.ORDER)
    return _solve("Complaint 1042", ("owner", "order", "comment"), orders)


def _solve(
    title: str, wanted: tuple[str, ...], orders: tuple[TicketLink, ...], **facts: bool
) -> SolveDialog:
    window, offered = demo_window(), Offered(Picklists(), _PEOPLE, orders)
    return SolveDialog(window, window.context, title, wanted, offered, _solving, **facts)


def _solving(filled: TicketFilled, comment: str) -> Job:
    key = uuid.UUID(int=1)
    return lambda writer: writer.move_ticket(key, "solved", "Ben Brandt", comment, filled)


@picture("ticket-link")
def link() -> QWidget:
    """What belongs to it."""
    return LinkDialog(demo_window(), "Complaint 1042", _late().view.links)


# --- the list -------------------------------------------------------------------------------


def _page() -> TicketsPage:
    return TicketsPage(demo_window().context)


@picture("tickets", size=_PAGE, pause_ms=_PAUSE_MS)
def tickets() -> QWidget:
    """All open tickets of the demo."""
    made = _page()
    made.refresh()
    return made


@picture("tickets-empty", size=_PAGE, pause_ms=_PAUSE_MS)
def tickets_empty() -> QWidget:
    """Nothing of the agent's."""
    made = _page()
    made.search.setText("xylophone")
    made.search.returnPressed.emit()
    return made


@picture("tickets-solved", size=_PAGE, pause_ms=_PAUSE_MS)
def tickets_solved() -> QWidget:
    """Those that were solved."""
    made = _page()
    made.views.choose(View.SOLVED)
    return made


@picture("tickets-told", size=(1120, 700), pause_ms=_PAUSE_MS)
def tickets_told() -> QWidget:
    """The quiet line at the bottom of the window."""
    window = demo_desk().window()
    window.show_page("tickets")
    window.status.show_notice("Ticket 1042: solution overdue 20 min. Charged twice", "bad")
    return window
