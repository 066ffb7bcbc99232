"""Which cards are on the pop, in which order, and for how long. Pure.

A card keeps its place while others come and go; a card that is over leaves by itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crmdesk.domain.pops import PopCard, PopState

MOST_SHOWN = 3
"""More calls at once are counted, not stacked."""

_LIVE = {PopState.RINGING, PopState.DIALLING}

Key = tuple[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Place:
    """One card on the deck.

    Attributes:
        leaves_at: When it goes by itself, None while its call goes on.
        put_away: The agent chose "Later": it comes back only when something changes that
            needs an answer.
    """

    card: PopCard
    leaves_at: datetime | None = None
    put_away: bool = False

    @property
    def key(self) -> Key:
        """Which card it is."""
        return self.card.call_id, self.card.extension


class PopDeck:
    """The cards of one agent.

    Args:
        leave_after_s: How long a card that is over stays.
    """

    def __init__(self, leave_after_s: float = 4.0) -> None:
        self._leave_after = timedelta(seconds=leave_after_s)
        self._places: list[Place] = []

    def set_leave_after(self, seconds: float) -> None:
        """Cards whose call ends from now on stay for so long."""
        self._leave_after = timedelta(seconds=seconds)

    def take(self, card: PopCard, now: datetime) -> bool:
        """A card is new or changed; True where it is new on the deck."""
        key = (card.call_id, card.extension)
        known = next((place for place in self._places if place.key == key), None)
        if known is None:
            if card.state not in _LIVE and card.state is not PopState.ANSWERED_HERE:
                return False  # over before it could be shown: the call log has it
            self._places.append(Place(card, put_away=card.on_request))
            return True
        rings_again = card.state in _LIVE and known.card.state not in _LIVE
        put_away = known.put_away and not rings_again
        leaves_at = self._leaves_at(card, known, now)
        index = self._places.index(known)
        self._places[index] = Place(card, leaves_at, put_away)
        return False

    def put_away(self, key: Key) -> None:
        """The agent does not want to see this card now."""
        self._change(key, put_away=True)

    def bring_back(self, key: Key) -> None:
        """The agent asks for a card that was put away or is shown only when asked."""
        self._change(key, put_away=False)

    def tick(self, now: datetime) -> bool:
        """Lets the cards go whose time has come; True where one went."""
        before = len(self._places)
        self._places = [
            place for place in self._places if place.leaves_at is None or place.leaves_at > now
        ]
        return len(self._places) != before

    @property
    def shown(self) -> tuple[PopCard, ...]:
        """The cards to show, at most `MOST_SHOWN`, in the order they came."""
        return tuple(place.card for place in self._visible()[:MOST_SHOWN])

    @property
    def more(self) -> int:
        """Number of cards for which there is no room."""
        return max(0, len(self._visible()) - MOST_SHOWN)

    @property
    def cards(self) -> tuple[PopCard, ...]:
        """All cards, also those that are not shown, in the order they came."""
        return tuple(place.card for place in self._places)

    @property
    def waiting(self) -> tuple[PopCard, ...]:
        """Cards that were put away or wait to be asked for, oldest first."""
        return tuple(place.card for place in self._places if place.put_away)

    @property
    def main(self) -> PopCard | None:
        """The card that is shown in full: the first that rings, else none.

        While the agent talks, a second caller's card is the full one.
        """
        return next((card for card in self.shown if card.state in _LIVE), None)

    @property
    def current(self) -> PopCard | None:
        """The card the chord opens: what rings, else what is talked about.

        A card that was put away comes after all that are seen: a key never means a card other
        than the one in front of the agent.
        """
        places = sorted(self._places, key=lambda place: (place.put_away, _urgency(place.card)))
        return places[0].card if places else None

    @property
    def next_change(self) -> datetime | None:
        """When `tick` has something to do."""
        return min((p.leaves_at for p in self._places if p.leaves_at is not None), default=None)

    def _visible(self) -> list[Place]:
        return [place for place in self._places if not place.put_away]

    def _leaves_at(self, card: PopCard, known: Place, now: datetime) -> datetime | None:
        if card.state in _LIVE or card.state is PopState.ANSWERED_HERE:
            return None
        same_state = known.card.state is card.state
        return known.leaves_at if same_state and known.leaves_at else now + self._leave_after

    def _change(self, key: Key, *, put_away: bool) -> None:
        self._places = [
            replace(place, put_away=put_away) if place.key == key else place
            for place in self._places
        ]


def _urgency(card: PopCard) -> int:
    """What rings comes first, then what is talked about, then what is over."""
    if card.state in _LIVE:
        return 0
    return 1 if card.state is PopState.ANSWERED_HERE else 2
