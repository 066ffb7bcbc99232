"""Every key of the main window, once; tooltips and the `?` overlay are made from it.

Single letters work while no text is being typed: a field that is typed into takes them
first, as Qt's ShortcutOverride says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does.

    Attributes:
        sequence: Portable form, e.g. "Ctrl+K".
        text: What it does, sentence case.
        section: Heading in the overlay.
        others: Further sequences that do the same.
    """

    sequence: str
    text: str
    section: str
    others: tuple[str, ...] = ()


_EVERYWHERE, _LISTS = "Everywhere", "In lists"
_CUSTOMER, _CALL = "On a customer", "On a call"
_TICKET = "On a ticket"
_SALE = "On an order, an invoice or a lead"
_NOTE = "On a note"
_CONFLICT = "When two changed the same"
_FOLLOW_UP = "On a follow-up"
_MATCHING = "On the matching page"
_LOG = "In the log"
_IMPORT = "While importing"
_POP = "While the phone rings, in any program"

PALETTE: Final = Key("Ctrl+K", "Find a customer, a number or a command", _EVERYWHERE)
SEARCH: Final = Key("/", "Search this page", _EVERYWHERE)
FIND: Final = Key("Ctrl+F", "Search in what is open, e.g. in the timeline", _EVERYWHERE)
BACK: Final = Key("Alt+Left", "Back", _EVERYWHERE)
FORWARD: Final = Key("Alt+Right", "Forward", _EVERYWHERE)
REMINDERS: Final = Key("Ctrl+Shift+R", "What was reminded of last", _EVERYWHERE)
FILL_IN: Final = Key("Ctrl+Shift+M", "Fill in what a customer lacks after a call", _EVERYWHERE)
SETTINGS: Final = Key("Ctrl+,", "Settings", _EVERYWHERE)
THEME: Final = Key("Ctrl+Shift+L", "Light or dark", _EVERYWHERE)
SHORTCUTS: Final = Key("?", "These keys", _EVERYWHERE)
HELP: Final = Key("F1", "Help", _EVERYWHERE)
PANE: Final = Key("F6", "Go to the next part of the window", _EVERYWHERE)
PANE_BACK: Final = Key("Shift+F6", "Go to the part before", _EVERYWHERE)

DOWN: Final = Key("J", "Next", _LISTS)
UP: Final = Key("K", "Previous", _LISTS)
FIRST: Final = Key("Home", "First", _LISTS)
LAST: Final = Key("End", "Last", _LISTS)
OPEN: Final = Key("Return", "Open", _LISTS, ("Enter",))
REFRESH: Final = Key("F5", "Read again", _LISTS)
EXPORT: Final = Key("Ctrl+Shift+E", "Export what the list shows", _LISTS)

CALL: Final = Key("C", "Call", _CUSTOMER)
NOTE: Final = Key("N", "Write a note", _CUSTOMER)
SAVE: Final = Key("Ctrl+Return", "Save what is being written", _CUSTOMER, ("Ctrl+Enter",))
EDIT: Final = Key("E", "Edit", _CUSTOMER)
NEW: Final = Key("Ctrl+N", "New customer", _CUSTOMER)
OPEN_RECORD: Final = Key(
    "Shift+Return", "Open the ticket, order or other record", _CUSTOMER, ("Shift+Enter",)
)
CLOSE_RECORD: Final = Key("Escape", "Back to the timeline", _CUSTOMER)
MERGE: Final = Key("M", "Merge with another customer", _CUSTOMER)
ASK: Final = Key("V", "Ask a survey", _CUSTOMER)
CONSENT: Final = Key("A", "Write down what they allow", _CUSTOMER)
WRITE_TO: Final = Key("U", "Write to the customer", _CUSTOMER)
NOTE_EDIT: Final = Key("Shift+E", "Change the note", _NOTE)
NOTE_REMOVE: Final = Key("Delete", "Remove the note", _NOTE)
HISTORY: Final = Key("Shift+H", "Who changed what", _CUSTOMER)
TAKE_MINE: Final = Key("1", "Take your value", _CONFLICT)
TAKE_THEIRS: Final = Key("2", "Take the other one's value", _CONFLICT)
TICKET: Final = Key("T", "New ticket", _CUSTOMER)
FOLLOW_UP: Final = Key("F", "New follow-up, promise, appointment or call-back", _CUSTOMER)
ORDER: Final = Key("O", "New order", _CUSTOMER)
INVOICE: Final = Key("Shift+O", "New invoice", _CUSTOMER)
RECEIPT: Final = Key("Shift+R", "Payment received", _CUSTOMER)
WAY_TO_PAY: Final = Key("Shift+W", "New way to pay", _CUSTOMER)
LEAD: Final = Key("Shift+L", "New lead", _CUSTOMER)
TICKET_ANSWER: Final = Key("R", "Write an answer to the customer", _TICKET)
TICKET_NOTE: Final = Key("I", "Write an inner note", _TICKET)
TICKET_SOLVE: Final = Key("S", "Solve, or open again", _TICKET)
TICKET_WAIT: Final = Key("W", "Wait for the customer, or go on", _TICKET)
TICKET_ESCALATE: Final = Key("X", "Escalate", _TICKET)
TICKET_TAKE: Final = Key("Y", "Take it", _TICKET)
TICKET_OWNER: Final = Key("H", "Hand over", _TICKET)
TICKET_PRIORITY: Final = Key("P", "Change the priority", _TICKET)
TICKET_STAGE: Final = Key("Shift+S", "Change the stage", _TICKET)
TICKET_LINK: Final = Key("L", "Link a call, an order or another ticket", _TICKET)
TICKET_EDIT: Final = Key("Shift+E", "Edit subject, kind and description", _TICKET)

FOLLOW_UP_DONE: Final = Key("D", "Done, or kept", _FOLLOW_UP)
FOLLOW_UP_BROKEN: Final = Key("B", "Not done, or not kept", _FOLLOW_UP)
FOLLOW_UP_POSTPONE: Final = Key("P", "Postpone", _FOLLOW_UP)
FOLLOW_UP_CANCEL: Final = Key("X", "Cancel it", _FOLLOW_UP)
FOLLOW_UP_EDIT: Final = Key("Shift+E", "Edit", _FOLLOW_UP)

SALE_EDIT: Final = Key("Shift+E", "Edit the order, the invoice or the lead", _SALE)
SALE_STAGE: Final = Key("S", "Change status or stage", _SALE)
ORDER_INVOICE: Final = Key("I", "Write an invoice for the order", _SALE)
ORDER_COPY: Final = Key("Y", "Copy the tracking number", _SALE)
INVOICE_PAY: Final = Key("P", "Write down a payment", _SALE)
INVOICE_CANCEL: Final = Key("X", "Cancel the invoice", _SALE)
INVOICE_WRITE_OFF: Final = Key("Shift+X", "Write the invoice off", _SALE)
LEAD_WON: Final = Key("W", "The lead is won", _SALE)
LEAD_LOST: Final = Key("L", "The lead is lost", _SALE)

CALL_BACK: Final = Key("C", "Call back", _CALL)
CUSTOMER: Final = Key("O", "Open the customer", _CALL)
WHY: Final = Key("W", "Why this customer", _CALL)
WHY_NO_POP: Final = Key("L", "Why a card was shown or not", _CALL)
UNDO: Final = Key("Ctrl+Z", "Take back what was done last", _EVERYWHERE)

COPY_LINE: Final = Key("Ctrl+Shift+C", "Copy the line for support", _LOG)

GO_ON: Final = Key("Ctrl+Return", "Go on to the next step", _IMPORT, ("Ctrl+Enter",))

MOVE_UP: Final = Key("Alt+Up", "Move a rung up", _MATCHING)
MOVE_DOWN: Final = Key("Alt+Down", "Move a rung down", _MATCHING)
TRY: Final = Key("Ctrl+T", "Try the rules on past calls", _MATCHING)

POP_OPEN: Final = Key("Ctrl+Alt+O", "Open who is calling", _POP)
POP_NOTE: Final = Key("Ctrl+Alt+N", "Write a note on the call", _POP)
POP_TICKET: Final = Key("Ctrl+Alt+T", "Open a ticket for who is calling", _POP)
POP_FOLLOW_UP: Final = Key("Ctrl+Alt+F", "Promise something, or call back", _POP)
POP_LATER: Final = Key("Ctrl+Alt+L", "Put the card away", _POP)
POP_WHY: Final = Key("Ctrl+Alt+W", "Why this record", _POP)
POP_BACK: Final = Key("Ctrl+Alt+B", "Back to where you were", _POP)

POP_KEYS: Final = (POP_OPEN, POP_NOTE, POP_TICKET, POP_FOLLOW_UP, POP_LATER, POP_WHY, POP_BACK)
"""Keys that work outside our windows too, where the system allows it."""

ALL: Final = (
    PALETTE, SEARCH, FIND, BACK, FORWARD, REMINDERS, FILL_IN, UNDO, PANE, PANE_BACK,
    SETTINGS, THEME, SHORTCUTS, HELP,
    DOWN, UP, FIRST, LAST, OPEN, REFRESH, EXPORT,
    CALL, NOTE, SAVE, EDIT, NEW, MERGE, HISTORY, OPEN_RECORD, CLOSE_RECORD,
    TICKET, FOLLOW_UP, CONSENT, WRITE_TO, ASK,
    TICKET_ANSWER, TICKET_NOTE, TICKET_SOLVE, TICKET_WAIT, TICKET_ESCALATE, TICKET_TAKE,
    TICKET_OWNER, TICKET_PRIORITY, TICKET_STAGE, TICKET_LINK, TICKET_EDIT,
    FOLLOW_UP_DONE, FOLLOW_UP_BROKEN, FOLLOW_UP_POSTPONE, FOLLOW_UP_CANCEL, FOLLOW_UP_EDIT,
    ORDER, INVOICE, RECEIPT, WAY_TO_PAY, LEAD,
    SALE_EDIT, SALE_STAGE, ORDER_INVOICE, ORDER_COPY,
    INVOICE_PAY, INVOICE_CANCEL, INVOICE_WRITE_OFF, LEAD_WON, LEAD_LOST,
    CALL_BACK, CUSTOMER, WHY, WHY_NO_POP,
    NOTE_EDIT, NOTE_REMOVE,
    TAKE_MINE, TAKE_THEIRS,
    COPY_LINE,
    GO_ON,
    MOVE_UP, MOVE_DOWN, TRY,
    *POP_KEYS,
)  # fmt: skip
"""All keys, in the order of the overlay; pages add their own with Ctrl and a figure."""


def bind(
    owner: QWidget,
    key: Key,
    slot: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> QShortcut:
    """Makes a key do something while its owner can be seen.

    Args:
        owner: The page or window; a hidden page hears nothing.
        key: The key.
        slot: A method of a QObject.
        context: Where the focus must be.
    """
    made = QShortcut(owner)
    made.setKeys([QKeySequence(text) for text in (key.sequence, *key.others)])
    made.setContext(context)
    made.activated.connect(slot)
    return made
