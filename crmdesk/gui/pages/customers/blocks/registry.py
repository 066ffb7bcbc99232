"""The blocks beside the timeline of a customer, in the order they have before anybody moves them.

Adding one is a file in this folder and a line here. Of each block the page asks:

- `read`, on the reader thread, in the same visit as the customer itself: what the block shows,
  as a frozen value. A block that the company hid is not read. It must be quick: a pop waits for
  the same thread (an index for every query, never more rows than are shown).
- `make`, once: its widget. `Block.show_value` gets each value together with the `CustomerView`;
  with nothing to show it says so and names the key that adds something (`Block.fill_empty`).
- `actions`: what can be done for a customer by key, whether the block is shown or not.

A block opens a record in place of the timeline by `desk.open(RecordRef(...))`, writes by
`desk.do(lambda writer: ...)` or tells by `desk.wrote(change)` what its dialog wrote: the page
reads again and the bar over it offers to take the change back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmdesk.domain.customers import CustomerStory
from crmdesk.domain.planning import PlacedBlock
from crmdesk.gui.follow_ups.reading import read_open
from crmdesk.gui.leads.opening import new_lead
from crmdesk.gui.outreach.reading import read_allowed
from crmdesk.gui.pages.customers.blocks import (
    consents,
    details,
    figures,
    follow_ups,
    leads,
    orders,
    payments,
    reach,
    surveys,
    tickets,
)
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk
from crmdesk.gui.sales import opening as sales
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.surveys.reading import read_asked

if TYPE_CHECKING:
    from crmdesk.store import Reader

Read = Callable[["Reader", CustomerStory, datetime], Any]
"""Reads the value of a block: reader, the customer, the moment (aware UTC)."""


@dataclass(frozen=True, slots=True)
class BlockAction:
    """Something that can be done for the customer that is shown.

    Attributes:
        key: From `shortcuts.keys`, named there once.
        run: Does it; called only while a customer is shown.
    """

    key: Key
    run: Callable[[CustomerDesk], object]


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """How the page knows a block.

    Attributes:
        key: Its name in the company's plan; never changes.
        title: What people read, on the page and in the settings.
        read: What it shows; see `Read`.
        make: Its widget.
        actions: What can be done by key.
    """

    key: str
    title: str
    read: Read
    make: Callable[[CustomerDesk], Block]
    actions: tuple[BlockAction, ...] = ()


def _in_story(_reader: Reader, _story: CustomerStory, _now: datetime) -> None:
    """Blocks of what the head of the page knows already read nothing more."""


BLOCKS: tuple[BlockSpec, ...] = (
    BlockSpec(
        "tickets",
        "Tickets",
        tickets.read,
        tickets.TicketsBlock,
        (BlockAction(keys.TICKET, tickets.new_ticket_of_shown),),
    ),
    BlockSpec(
        "follow_ups",
        "Follow-ups",
        read_open,
        follow_ups.FollowUpsBlock,
        (BlockAction(keys.FOLLOW_UP, follow_ups.new_follow_up_of_shown),),
    ),
    BlockSpec(
        "orders",
        "Orders",
        orders.read,
        orders.OrdersBlock,
        (BlockAction(keys.ORDER, sales.new_order),),
    ),
    BlockSpec(
        "payments",
        "Payments",
        payments.read,
        payments.PaymentsBlock,
        (
            BlockAction(keys.INVOICE, sales.new_invoice),
            BlockAction(keys.RECEIPT, sales.new_receipt),
            BlockAction(keys.WAY_TO_PAY, sales.new_method),
        ),
    ),
    BlockSpec("leads", "Leads", leads.read, leads.LeadsBlock, (BlockAction(keys.LEAD, new_lead),)),
    BlockSpec("reach", "Reach", reach.read, reach.ReachBlock),
    BlockSpec("figures", "Figures", _in_story, figures.FiguresBlock),
    BlockSpec(
        "surveys",
        "Surveys",
        read_asked,
        surveys.SurveysBlock,
        (BlockAction(keys.ASK, surveys.ask),),
    ),
    BlockSpec(
        "consents",
        "What they allow",
        read_allowed,
        consents.ConsentsBlock,
        (
            BlockAction(keys.CONSENT, consents.write_down),
            BlockAction(keys.WRITE_TO, consents.write_to),
        ),
    ),
    BlockSpec("details", "Details", details.read, details.DetailsBlock),
)
"""All blocks there are."""


def arranged(placed: Iterable[PlacedBlock] = ()) -> tuple[BlockSpec, ...]:
    """The blocks to show, in the company's order.

    Args:
        placed: What the company's plan says; blocks it does not name come last, shown, and
            names of blocks that are no more are passed over.
    """
    known = {spec.key: spec for spec in BLOCKS}
    named = {one.block: one.is_shown for one in placed}
    chosen = [known[key] for key, is_shown in named.items() if is_shown and key in known]
    return (*chosen, *(spec for spec in BLOCKS if spec.key not in named))
