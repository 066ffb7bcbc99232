"""The desk reminds: in time, together after a pause, after clock changes, and never twice."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from crmdesk.desk.follow_ups.watch import MOST, FollowUpWatch
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.follow_ups import DueNews, FollowUp, FollowUpKind, FollowUpOutcome
from crmdesk.domain.matches import Match, MatchRule, MatchState
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.settings.model import AgentSettings, Settings
from crmdesk.store.tables import follow_up
from tests.store.ticket_desk import HOUR, MONDAY, TicketDesk, desk

__all__ = ["desk"]

DEADLINE_S = 20.0
SETTINGS = Settings(agent=AgentSettings(name="Ben", extension="1002"))
MINUTE = timedelta(minutes=1)


class WallClock:
    """A clock that a test sets, as a person or a sleeping computer does."""

    def __init__(self, at: Any = MONDAY) -> None:
        self.at = at
        self.read = 0

    def __call__(self) -> Any:
        self.read += 1
        return self.at


Told = list[DueNews]
Story = Callable[[WallClock, Told, FollowUpWatch], Coroutine[Any, Any, None]]


def watched(desk: TicketDesk, story: Story, at: Any = MONDAY, nap_s: float = 0.01) -> Told:
    """Runs a story while the desk reminds."""
    clock, told = WallClock(at), []
    watch = FollowUpWatch(desk.store, told.append, lambda: SETTINGS, clock, 0.001, nap_s)

    async def run() -> None:
        task = asyncio.create_task(watch.run())
        try:
            await story(clock, told, watch)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())
    return told


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def some_looks(clock: WallClock) -> None:
    seen = clock.read
    await until(lambda: clock.read > seen + 8)


def titles(told: Told) -> list[str]:
    return [one.title for news in told for one in news.reminders]


def add(desk: TicketDesk, title: str, remind: timedelta, **facts: Any) -> FollowUp:
    facts = {"kind": FollowUpKind.PROMISE, "who": "Ben", "due_at": MONDAY + 8 * HOUR, **facts}
    one = FollowUp(
        uuid.uuid4(), desk.customer.id, title=title, at=MONDAY, remind_at=MONDAY + remind, **facts
    )
    desk.write(lambda w: w.add_follow_ups((one,), "Ben"))
    return one


def test_a_reminder_comes_at_its_time_and_once(desk: TicketDesk) -> None:
    add(desk, "10 %", HOUR)

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await some_looks(clock)
        assert titles(told) == []
        clock.at = MONDAY + HOUR
        await until(lambda: titles(told))
        clock.at += MINUTE
        await some_looks(clock)

    assert titles(watched(desk, story)) == ["10 %"]


def test_what_came_while_the_program_was_closed_is_told_together(desk: TicketDesk) -> None:
    add(desk, "a", -HOUR)

    async def first(_clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await until(lambda: titles(told))

    assert titles(watched(desk, first)) == ["a"]
    for number in range(3):
        add(desk, f"n{number}", (number + 1) * HOUR)

    async def next_day(_clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await until(lambda: told)

    (news,) = watched(desk, next_day, MONDAY + timedelta(days=1))
    assert [one.title for one in news.reminders] == ["n0", "n1", "n2"]
    assert news.missed


def test_a_computer_that_slept_tells_everything_when_it_wakes(desk: TicketDesk) -> None:
    add(desk, "a", HOUR)
    add(desk, "b", 2 * HOUR)

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await some_looks(clock)
        clock.at = MONDAY + 5 * HOUR
        await until(lambda: titles(told))

    assert titles(watched(desk, story)) == ["a", "b"]


def test_a_clock_that_is_set_back_loses_no_reminder(desk: TicketDesk) -> None:
    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        clock.at = MONDAY + timedelta(days=1000)  # somebody typed the wrong year
        await some_looks(clock)
        clock.at = MONDAY
        await some_looks(clock)
        await asyncio.to_thread(add, desk, "after", HOUR)
        clock.at = MONDAY + HOUR
        await until(lambda: titles(told))

    assert titles(watched(desk, story)) == ["after"]

    async def later(clock: WallClock, _told: Told, _watch: FollowUpWatch) -> None:
        await some_looks(clock)

    assert titles(watched(desk, later, MONDAY + 2 * HOUR)) == []


def test_more_reminders_of_one_moment_than_a_page_holds_are_all_told(desk: TicketDesk) -> None:
    names = [f"one of many {number}" for number in range(MOST + 30)]
    for name in names:
        add(desk, name, HOUR)

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        clock.at = MONDAY + HOUR
        await until(lambda: len(titles(told)) >= len(names))

    assert sorted(titles(watched(desk, story))) == sorted(names)


def test_reminders_of_others_are_not_told_here(desk: TicketDesk) -> None:
    add(desk, "mine by name", HOUR, owner="Ben", who="Cleo")
    add(desk, "mine by extension", HOUR, who="1002")
    add(desk, "hers", HOUR, owner="Cleo")

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        clock.at = MONDAY + HOUR
        await until(lambda: titles(told))

    assert set(titles(watched(desk, story))) == {"mine by name", "mine by extension"}


def test_what_is_snoozed_comes_again_and_what_is_done_does_not(desk: TicketDesk) -> None:
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    one, other = add(desk, "snoozed", HOUR), add(desk, "done", 2 * HOUR)

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        clock.at = MONDAY + HOUR
        await until(lambda: titles(told))
        seen = desk.read(lambda r: r.follow_up(one.id))
        later = replace(seen, remind_at=MONDAY + 3 * HOUR)
        await asyncio.to_thread(desk.write, lambda w: w.edit_follow_up(seen, later, "Ben"))
        kept = FollowUpOutcome.KEPT
        finish = lambda w: w.finish_follow_up(other.id, kept, "Ben", ZoneInfo("UTC"))  # noqa: E731
        await asyncio.to_thread(desk.write, finish)
        clock.at = MONDAY + 3 * HOUR
        await until(lambda: len(titles(told)) == 2)

    assert titles(watched(desk, story)) == ["snoozed", "snoozed"]


def test_a_new_reminder_wakes_the_desk_although_it_would_sleep_on(desk: TicketDesk) -> None:
    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await until(lambda: told)
        clock.at = MONDAY + HOUR
        await asyncio.to_thread(add, desk, "just now", HOUR)
        await until(lambda: titles(told) or clock.read > 50)

    assert titles(watched(desk, story, nap_s=3600)) == ["just now"]


def test_how_much_waits_is_told_when_it_changes(desk: TicketDesk) -> None:
    add(desk, "today", HOUR)
    add(desk, "late", HOUR, due_at=MONDAY - HOUR)
    add(desk, "in a week", HOUR, due_at=MONDAY + timedelta(days=7))

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await until(lambda: told)
        await some_looks(clock)

    (news,) = watched(desk, story, MONDAY + timedelta(seconds=1))
    assert (news.waiting, news.overdue, news.reminders) == (2, 1, ())


def _older(desk: TicketDesk, title: str, due_at: datetime) -> None:
    """As older releases wrote them: nothing says when to remind."""
    one = add(desk, title, HOUR, due_at=due_at)
    bare = update(follow_up).where(follow_up.c.id == one.id).values(remind_at=None)
    desk.write(lambda w: w._connection.execute(bare))


def test_what_has_no_reminder_is_told_when_it_is_due_in_the_hour_that_comes_twice(
    desk: TicketDesk,
) -> None:
    """25 October 2026: half past two comes twice in Berlin; each is a moment of its own."""
    berlin = ZoneInfo("Europe/Berlin")
    first, again = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    _older(desk, "summer time", first.astimezone(UTC))
    _older(desk, "winter time", again.astimezone(UTC))

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await some_looks(clock)
        assert titles(told) == []
        clock.at = first.astimezone(UTC)
        await until(lambda: titles(told))
        clock.at = again.astimezone(UTC) - MINUTE
        await some_looks(clock)
        assert titles(told) == ["summer time"]
        clock.at += MINUTE
        await until(lambda: len(titles(told)) == 2)

    start = first.astimezone(UTC) - HOUR
    assert titles(watched(desk, story, start)) == ["summer time", "winter time"]


def test_what_has_no_reminder_survives_a_clock_that_is_set(desk: TicketDesk) -> None:
    _older(desk, "old", MONDAY + 3 * HOUR)

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        clock.at = MONDAY - HOUR
        await some_looks(clock)
        assert titles(told) == []
        clock.at = MONDAY + timedelta(days=1)
        await until(lambda: titles(told))
        await some_looks(clock)

    assert titles(watched(desk, story)) == ["old"]


def test_a_first_start_does_not_tell_of_what_was_due_years_ago(desk: TicketDesk) -> None:
    _older(desk, "years ago", MONDAY - timedelta(days=700))
    _older(desk, "yesterday", MONDAY - timedelta(days=1))

    async def story(clock: WallClock, told: Told, _watch: FollowUpWatch) -> None:
        await until(lambda: titles(told))
        await some_looks(clock)

    (news,) = watched(desk, story)
    assert (titles([news]), news.overdue) == (["yesterday"], 2)


def _talk(desk: TicketDesk, raw: str, at: Any, **facts: Any) -> CallRow:
    """A talk with the customer, on any number."""
    facts = {"direction": Direction.INBOUND, "outcome": CallOutcome.ANSWERED, **facts}
    answered = at if facts["outcome"] is CallOutcome.ANSWERED else None
    call = Call(
        uuid.uuid4(), "support", started_at=at, caller_raw=raw, answered_at=answered,
        ended_at=at + MINUTE, **facts,
    )  # fmt: skip
    number = normalise(raw, LineRules("DE", "30"))

    def save(writer: Any) -> CallRow:
        writer.save_call(call, number.e164)
        match = Match(MatchState.EXACT, MatchRule.CHOSEN, number, customer_id=desk.customer.id)
        writer.link_call(call.id, match)
        return writer.call_row(call.id)

    return desk.write(save)


def _settled(desk: TicketDesk, **facts: Any) -> FollowUp:
    one = add(desk, "Ring Anna", 6 * HOUR, kind=FollowUpKind.CALL_BACK)
    promise = add(desk, "10 %", 6 * HOUR)

    async def story(clock: WallClock, _told: Told, watch: FollowUpWatch) -> None:
        await some_looks(clock)
        row = await asyncio.to_thread(_talk, desk, "030 23125 177", MONDAY + HOUR, **facts)
        watch.call_changed(row)
        await some_looks(clock)

    watched(desk, story)
    assert desk.read(lambda r: r.follow_up(promise.id)).done_at is None
    return desk.read(lambda r: r.follow_up(one.id))


def test_a_talk_on_any_number_settles_the_call_back_and_no_promise(desk: TicketDesk) -> None:
    found = _settled(desk)
    assert (found.done_by, found.outcome) == ("a call", FollowUpOutcome.KEPT)


def test_a_call_of_ours_that_was_answered_settles_it(desk: TicketDesk) -> None:
    assert _settled(desk, direction=Direction.OUTBOUND).done_at is not None


def test_a_call_that_reached_nobody_or_voicemail_settles_nothing(desk: TicketDesk) -> None:
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.MISSED):
        assert _settled(desk, outcome=outcome).done_at is None


def test_calls_that_others_wrote_meanwhile_settle_it_at_the_start(desk: TicketDesk) -> None:
    one = add(desk, "Ring Anna", 6 * HOUR, kind=FollowUpKind.CALL_BACK)
    _talk(desk, "030 23125 178", MONDAY + HOUR)

    async def story(clock: WallClock, _told: Told, _watch: FollowUpWatch) -> None:
        await some_looks(clock)

    watched(desk, story, MONDAY + 2 * HOUR)
    assert desk.read(lambda r: r.follow_up(one.id)).done_at is not None
