"""Which cards are shown, in which order, for how long: pure, so the clock is an argument."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.pop.deck import MOST_SHOWN, PopDeck
from tests.gui.cards import NOW, card

OVER = (PopState.ANSWERED_ELSEWHERE, PopState.MISSED, PopState.ENDED)
LATER = NOW + timedelta(seconds=4)


def key(of: PopCard) -> tuple[object, str]:
    return of.call_id, of.extension


def test_new_card_is_shown_in_full() -> None:
    deck = PopDeck()
    assert deck.take(card(), NOW)
    assert deck.shown == (card(),)
    assert deck.main == deck.current == card()


def test_changed_card_keeps_its_place() -> None:
    deck = PopDeck()
    for call in (1, 2):
        deck.take(card(call), NOW)
    answered = card(1, state=PopState.ANSWERED_HERE)
    assert not deck.take(answered, NOW)
    assert deck.shown == (answered, card(2))
    assert deck.main == card(2)  # while the agent talks, the second caller's card is the full one
    assert deck.current == card(2)


def test_cards_of_two_extensions_of_one_call_are_two() -> None:
    deck = PopDeck()
    deck.take(card(1), NOW)
    deck.take(card(1, extension="1002"), NOW)
    assert len(deck.shown) == 2


def test_card_that_is_over_leaves_by_itself_and_only_then() -> None:
    for state in OVER:
        deck = PopDeck(leave_after_s=4.0)
        deck.take(card(), NOW)
        deck.take(card(state=state), NOW)
        assert deck.next_change == LATER
        assert not deck.tick(LATER - timedelta(milliseconds=1))
        assert deck.tick(LATER)
        assert deck.shown == ()


def test_news_of_a_card_that_is_over_does_not_keep_it() -> None:
    deck = PopDeck(leave_after_s=4.0)
    deck.take(card(), NOW)
    deck.take(card(state=PopState.MISSED), NOW)
    deck.take(card(state=PopState.MISSED, on_hold=True), NOW + timedelta(seconds=3))
    assert deck.next_change == LATER


def test_card_that_was_over_before_it_was_seen_never_shows() -> None:
    deck = PopDeck()
    assert not any(deck.take(card(state=state), NOW) for state in OVER)
    assert deck.shown == ()


def test_talk_stays_however_long() -> None:
    deck = PopDeck()
    deck.take(card(state=PopState.ANSWERED_HERE), NOW)
    assert not deck.tick(NOW + timedelta(hours=3))
    assert deck.main is None
    assert deck.current is not None


def test_card_put_away_waits_and_comes_back() -> None:
    deck = PopDeck()
    deck.take(card(), NOW)
    deck.put_away(key(card()))
    assert (deck.shown, deck.waiting) == ((), (card(),))
    deck.take(card(state=PopState.ANSWERED_HERE), NOW)
    assert deck.shown == ()  # news alone do not bring it back
    deck.bring_back(key(card()))
    assert len(deck.shown) == 1


def test_second_ring_brings_a_card_back() -> None:
    deck = PopDeck()
    deck.take(card(), NOW)
    deck.put_away(key(card()))
    deck.take(card(state=PopState.MISSED), NOW)
    deck.take(card(), NOW)
    assert deck.shown == (card(),)
    assert deck.next_change is None


def test_card_on_request_waits_in_the_tray() -> None:
    deck = PopDeck()
    assert deck.take(card(on_request=True), NOW)
    assert (deck.shown, deck.waiting) == ((), (card(on_request=True),))
    assert deck.current is not None  # the chord opens it all the same


def test_keys_never_mean_a_card_that_was_put_away_while_another_is_seen() -> None:
    deck = PopDeck()
    for call in (1, 2):
        deck.take(card(call), NOW)
    deck.put_away(key(card(1)))
    assert deck.main == deck.current == card(2)
    talking = card(2, state=PopState.ANSWERED_HERE)
    deck.take(talking, NOW)
    assert deck.current == talking
    deck.put_away(key(talking))
    assert deck.current == card(1)  # nothing is seen: what rings, as before


def test_more_calls_than_room_are_counted() -> None:
    deck = PopDeck()
    for call in range(10):
        deck.take(card(call), NOW)
    assert len(deck.shown) == MOST_SHOWN
    assert deck.more == 10 - MOST_SHOWN


STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(PopState), st.integers(0, 6)), max_size=40
)


@given(STEPS)
def test_deck_never_loses_a_live_call_nor_shuffles(steps: list[tuple[int, PopState, int]]) -> None:
    deck, now = PopDeck(leave_after_s=4.0), NOW
    live: dict[int, PopState] = {}
    for call, state, seconds in steps:
        now += timedelta(seconds=seconds)
        deck.tick(now)
        before = [key(shown) for shown in deck.shown]
        deck.take(card(call, state=state), now)
        live[call] = state
        after = [key(shown) for shown in deck.shown]
        kept = [k for k in before if k in after]
        assert kept == [k for k in after if k in kept]
        assert len(after) == len(set(after)) <= MOST_SHOWN
        ringing = [c for c, s in live.items() if s in {PopState.RINGING, PopState.DIALLING}]
        assert len(deck.shown) + deck.more >= len(ringing)
        assert (deck.current is not None) == bool(deck.shown)
    deck.tick(now + timedelta(seconds=4))
    assert {replace(c, state=PopState.RINGING) for c in deck.shown} <= {card(c) for c in live}
