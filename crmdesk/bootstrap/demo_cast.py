"""Simulated calls from people a store knows."""

from __future__ import annotations

from crmdesk.store import Store
from crmdesk.store.demo import demo_numbers
from crmdesk.telephony.simulator.scenarios import Cast


def demo_cast(store: Store, agent: str) -> Cast:
    """Who calls an agent in the demo.

    Args:
        store: A demo store; of any other, callers may be unknown.
        agent: Extension, "" for the usual one.
    """
    known = demo_numbers(store)
    return Cast(
        agent=agent or Cast().agent,
        customers=_told(known.single),
        shared=_told(known.several),
        household=_told(known.remembered),
        direct=_told(known.direct),
        former=_told(known.handed_on, known.former),
    )


def _told(*numbers: str) -> tuple[str, ...]:
    return tuple(filter(None, numbers))
