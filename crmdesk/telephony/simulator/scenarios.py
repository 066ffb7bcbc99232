"""What happens in the made-up calls. Numbers are drama numbers, nobody's phone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from crmdesk.domain.calls import EndedBy, OfferOutcome
from crmdesk.telephony.simulator.scripted_call import ScriptedCall

RING_OUT_S = 20.0
"""How long a phone rings before the caller gives up."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part.

    Attributes:
        agent: Extension of the agent who watches.
        colleagues: Extensions of the others; at least one.
        customers: Numbers that each belong to one known customer.
        shared: Numbers that several known customers have.
        household: Numbers of several, one of whom an agent said to take.
        direct: Direct lines of known companies that nobody has stored.
        former: Numbers that belonged to somebody else some years ago.
        dialled: Number callers dial.
    """

    agent: str = "1001"
    colleagues: tuple[str, ...] = ("1002", "1003")
    customers: tuple[str, ...] = ("+493023125710", "+442079460123", "+33199001234")
    shared: tuple[str, ...] = ("+493023125720",)
    household: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    dialled: str = "+493023125101"
    queue: str = "support"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scenario plays with."""

    call: ScriptedCall
    cast: Cast
    dice: random.Random

    def customer(self) -> str:
        """The number of some known customer."""
        return self.dice.choice(self.cast.customers) if self.cast.customers else self.stranger()

    def stranger(self) -> str:
        """A number nobody has (+1 202 555 01xx is set aside for stories)."""
        cast = self.cast
        taken = {*cast.customers, *cast.shared, *cast.household, *cast.direct, *cast.former}
        free = [f"+120255501{n:02}" for n in range(100) if f"+120255501{n:02}" not in taken]
        return self.dice.choice(free or ["+12025550199"])

    def one_of(self, numbers: tuple[str, ...]) -> str:
        """One of some numbers, a known customer's where there are none."""
        return self.dice.choice(numbers) if numbers else self.customer()

    def comes_in(self, number: str, name: str = "") -> None:
        """A call comes in and reaches the phones a moment later."""
        self.call.comes_in(number, name, self.cast.dialled)
        self.call.wait(0.3)

    def answer_and_talk(self, least_s: float, most_s: float) -> None:
        """The agent lets it ring, answers and talks; the caller hangs up."""
        self.call.wait(self.dice.uniform(4, 9))
        self.call.is_answered(self.cast.agent)
        self.call.wait(self.dice.uniform(least_s, most_s))
        self.call.ends(EndedBy.CALLER)


def answered(stage: Stage) -> None:
    """A known customer calls, the agent answers and holds once."""
    stage.comes_in(stage.customer())
    stage.call.rings((stage.cast.agent,))
    stage.call.wait(stage.dice.uniform(4, 9))
    stage.call.is_answered(stage.cast.agent)
    stage.call.wait(stage.dice.uniform(15, 30))
    stage.call.holds(stage.cast.agent, 8)
    stage.call.wait(stage.dice.uniform(15, 30))
    stage.call.ends(EndedBy.CALLER)


def unknown(stage: Stage) -> None:
    """Somebody unknown calls."""
    stage.comes_in(stage.stranger(), "Pat Example")
    stage.call.rings((stage.cast.agent,))
    stage.answer_and_talk(20, 40)


def withheld(stage: Stage) -> None:
    """Somebody calls who withholds the number."""
    stage.call.comes_in_withheld(stage.cast.dialled)
    stage.call.wait(0.3)
    stage.call.rings((stage.cast.agent,))
    stage.answer_and_talk(10, 20)


def several(stage: Stage) -> None:
    """A number calls that several customers have."""
    stage.comes_in(stage.one_of(stage.cast.shared))
    stage.call.rings((stage.cast.agent,))
    stage.answer_and_talk(20, 40)


def household(stage: Stage) -> None:
    """One of a household calls, whom an agent chose before."""
    stage.comes_in(stage.one_of(stage.cast.household))
    stage.call.rings((stage.cast.agent,))
    stage.answer_and_talk(15, 30)


def direct(stage: Stage) -> None:
    """Somebody calls from a desk of a known company that nobody has stored."""
    stage.comes_in(stage.one_of(stage.cast.direct))
    stage.call.rings((stage.cast.agent,))
    stage.answer_and_talk(15, 30)


def former(stage: Stage) -> None:
    """A number calls that belonged to somebody else some years ago."""
    stage.comes_in(stage.one_of(stage.cast.former))
    stage.call.rings((stage.cast.agent,))
    stage.answer_and_talk(15, 30)


def queue(stage: Stage) -> None:
    """A customer waits in a queue; all phones ring, the agent answers."""
    everybody = (stage.cast.agent, *stage.cast.colleagues)
    stage.comes_in(stage.customer())
    stage.call.joins_queue(stage.cast.queue)
    stage.call.wait(0.5)
    stage.call.rings(everybody)
    stage.call.wait(stage.dice.uniform(5, 10))
    stage.call.is_answered(stage.cast.agent, stage.cast.colleagues)
    stage.call.wait(stage.dice.uniform(20, 40))
    stage.call.ends(EndedBy.AGENT)


def elsewhere(stage: Stage) -> None:
    """All phones ring, a colleague answers."""
    colleague, *others = stage.cast.colleagues
    stage.comes_in(stage.customer())
    stage.call.joins_queue(stage.cast.queue)
    stage.call.rings((stage.cast.agent, *stage.cast.colleagues))
    stage.call.wait(stage.dice.uniform(5, 10))
    stage.call.is_answered(colleague, (stage.cast.agent, *others))
    stage.call.wait(stage.dice.uniform(15, 30))
    stage.call.ends(EndedBy.CALLER)


def missed(stage: Stage) -> None:
    """A customer calls, nobody answers."""
    stage.comes_in(stage.customer())
    stage.call.rings((stage.cast.agent,))
    stage.call.wait(RING_OUT_S)
    stage.call.stops_ringing((stage.cast.agent,), OfferOutcome.CALLER_GONE)
    stage.call.ends(EndedBy.CALLER)


def abandoned(stage: Stage) -> None:
    """A customer gives up waiting in the queue."""
    everybody = (stage.cast.agent, *stage.cast.colleagues)
    stage.comes_in(stage.customer())
    stage.call.joins_queue(stage.cast.queue)
    stage.call.rings(everybody)
    stage.call.wait(RING_OUT_S)
    stage.call.leaves_queue()
    stage.call.stops_ringing(everybody, OfferOutcome.CALLER_GONE)
    stage.call.ends(EndedBy.CALLER)


def transfer(stage: Stage) -> None:
    """A colleague answers and sends the customer on to the agent."""
    colleague = stage.cast.colleagues[0]
    stage.comes_in(stage.customer())
    stage.call.rings((colleague,))
    stage.call.wait(3)
    stage.call.is_answered(colleague)
    stage.call.wait(stage.dice.uniform(10, 20))
    stage.call.is_transferred(colleague, stage.cast.agent)
    stage.answer_and_talk(20, 40)


Scenario = Callable[[Stage], None]

SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        answered,
        unknown,
        withheld,
        queue,
        several,
        direct,
        elsewhere,
        former,
        transfer,
        household,
        missed,
        abandoned,
    )
}
"""By name, in the order of the demo."""
