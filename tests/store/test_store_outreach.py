"""Consents hold until they are withdrawn; the outbox sends what is allowed, once."""

from __future__ import annotations

import asyncio
import socket
import uuid
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.desk.outreach import outbox as outbox_module
from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount
from crmdesk.desk.outreach.outbox import MOST_TRIES, Outbox, send_by_smtp
from crmdesk.desk.runtime import Runtime
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Channel, Consent, Message, MessageState, MessageTemplate
from crmdesk.store import open_store
from crmdesk.store.errors import StoreLocked
from tests.fakes.fake_smtp import fake_smtp


@pytest.fixture
def anna(write, make_person):
    someone = make_person("Anna Groß", emails=("anna@gross.example",))
    write(lambda w: w.save_customer(someone))
    return someone


@pytest.fixture
def say(write, anna, now):
    def _say(is_given, ago=timedelta(0), channel=Channel.EMAIL, purpose="updates", **facts):
        one = Consent(uuid.uuid4(), anna.id, now - ago, channel, purpose, is_given, **facts)
        write(lambda w: w.record_consents((one,), "Ben"))
        return one

    return _say


@pytest.fixture
def queue(write, anna, now):
    def _queue(subject="News", purpose="updates", **facts):
        one = Message(
            uuid.uuid4(), anna.id, now, "anna@gross.example", subject, "Text", "<1@crm.example>",
            purpose=purpose, **facts,
        )  # fmt: skip
        write(lambda w: w.queue_message(one, "Ben"))
        return one

    return _queue


def _may(read, anna, channel=Channel.EMAIL, purpose="updates"):
    return read(lambda r: r.may_send(anna.id, channel, purpose))


def test_latest_word_of_a_channel_and_purpose_holds(read, anna, say):
    assert not _may(read, anna)
    yes = say(True, timedelta(days=2), wording="I agree to news by e-mail", source="call")
    say(True, timedelta(days=3), channel=Channel.PHONE)
    assert _may(read, anna)
    assert not _may(read, anna, purpose="offers")
    no = say(False, timedelta(days=1))
    assert not _may(read, anna)
    assert _may(read, anna, Channel.PHONE)
    history = read(lambda r: r.consent_history(anna.id))
    assert [one.id for one in history][:2] == [no.id, yes.id]
    assert history[1] == yes
    assert len(read(lambda r: r.consents(anna.id))) == 2


def test_answers_need_no_consent(read, anna):
    assert _may(read, anna, purpose="")


def test_message_without_consent_is_refused_and_nothing_is_written(read, queue):
    with pytest.raises(UserFacingError, match="not allowed"):
        queue()
    assert read(lambda r: r.waiting_messages()) == ()


def test_consent_that_is_withdrawn_before_sending_stops_the_message(read, write, say, queue):
    say(True, timedelta(hours=1))
    message = queue()
    say(False)
    assert write(lambda w: w.take_message()) is None
    found = read(lambda r: r.message(message.id))
    assert found.state is MessageState.CANCELLED
    assert "withdrew" in found.trouble


def test_queued_message_is_taken_back_by_undo_and_a_sent_one_is_not(read, write, say, anna, now):
    say(True)
    steps = {}
    for later, subject in enumerate(("a", "b")):
        at = now + timedelta(seconds=later)
        one = Message(uuid.uuid4(), anna.id, at, "anna@gross.example", subject, "", "<1@x>")
        steps[subject] = (one, write(lambda w, one=one: w.queue_message(one, "Ben")))
    assert write(lambda w: w.take_message()).subject == "a"
    write(lambda w: w.message_sent(steps["a"][0].id))
    with pytest.raises(UserFacingError, match="was sent"):
        write(lambda w: w.undo_change(steps["a"][1].id, "Ben"))
    assert write(lambda w: w.undo_change(steps["b"][1].id, "Ben")).restored == 1
    assert read(lambda r: r.message(steps["b"][0].id)) is None
    assert write(lambda w: w.take_message()) is None


def test_templates_are_kept_in_order(read, write):
    first = MessageTemplate(
        uuid.uuid4(), "News", "Hi", "Dear {{ customer.name }},\nnews", "de", "updates"
    )
    second = MessageTemplate(uuid.uuid4(), "Answer", "Re", "Text", is_active=False)
    write(lambda w: w.save_message_templates((first, second), "Ann"))
    step = write(lambda w: w.save_message_templates((second, replace(first, name="Other")), "Ann"))
    assert [one.name for one in read(lambda r: r.message_templates())] == ["Answer", "Other"]
    write(lambda w: w.undo_change(step.id, "Ann"))
    assert read(lambda r: r.message_templates()) == (first, second)


# --- the outbox -------------------------------------------------------------------------------

ACCOUNT = MailAccount("127.0.0.1", from_address="us@example.com")


class _Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


def _run(store, clock, attempts, account=ACCOUNT, send=None):
    """Runs the outbox until it made so many attempts (or, for 0, looked once)."""

    async def main():
        told = asyncio.Event()
        made = []

        def tell(attempt):
            made.append(attempt)
            if len(made) == attempts:
                told.set()

        outbox = Outbox(store, lambda: account, clock, tell, send or send_by_smtp)
        running = asyncio.ensure_future(outbox.run())
        if attempts:
            await asyncio.wait_for(told.wait(), 20)
        else:
            await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.wait([running])
        return made

    return asyncio.run(main())


def test_mail_goes_out_over_a_real_socket_once(store, read, say, queue, now):
    say(True)
    message = queue("Grüße")
    with fake_smtp() as server:
        account = MailAccount("127.0.0.1", server.port, "none", from_address="us@example.com")
        assert [one.fate for one in _run(store, _Clock(now), 1, account)] == [Fate.SENT]
        assert _run(store, _Clock(now), 0, account) == []
        assert [mail["Subject"] for mail in server.mails] == ["Grüße"]
    found = read(lambda r: r.message(message.id))
    assert (found.state, found.sent_at, found.tries) == (MessageState.SENT, now, 1)


def test_nothing_is_tried_while_there_is_no_account(store, read, say, queue, now):
    say(True)
    message = queue()
    assert _run(store, _Clock(now), 0, None, lambda *_: pytest.fail("sent")) == []
    assert read(lambda r: r.message(message.id)).state is MessageState.QUEUED


DOWN = Attempt(Fate.LATER, "The mail server cannot be reached", is_of_account=True)
LOCKED_OUT = replace(DOWN, trouble="The mail server refuses this password.", is_final=True)


def _outbox(store, clock, attempts, accounts, rounds, expected):
    """Runs one outbox; after each round the clock goes on and the next account holds.

    Each round waits for the attempts that are expected of it.

    Returns:
        How many attempts were made in each round.
    """

    async def main():
        current, made = [accounts[0]], []
        outbox = Outbox(
            store, lambda: current[0], clock, made.append, lambda *_: attempts[len(made)]
        )
        running = asyncio.ensure_future(outbox.run())
        counts = []
        for place, count in enumerate(expected):
            current[0] = accounts[place]
            before = len(made)
            outbox.wake()
            async with asyncio.timeout(20):
                while len(made) < before + count:  # noqa: ASYNC110  a list tells nobody
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)  # for those that are not expected
            counts.append(len(made) - before)
            clock.now += rounds
        running.cancel()
        await asyncio.wait([running])
        return counts

    return asyncio.run(main())


def test_server_that_is_down_is_asked_once_for_all_and_again_later(store, read, say, queue, now):
    say(True)
    messages = [queue() for _ in range(6)]
    once_a_minute = [1, 0, 1]
    rounds = timedelta(seconds=40)
    counts = _outbox(store, _Clock(now), [DOWN] * 9, [ACCOUNT] * 3, rounds, once_a_minute)
    assert counts == once_a_minute, "whatever waits"
    found = [read(lambda r, one=one: r.message(one.id)) for one in messages]
    assert {one.state for one in found} == {MessageState.QUEUED}
    assert {one.tries for one in found} == {0}, "no fault of theirs"
    assert [one.trouble for one in found].count(DOWN.trouble) == 1


def test_wrong_password_is_not_tried_again_before_the_account_is_another(
    store, read, say, queue, now
):
    say(True)
    message = queue()
    accounts = [ACCOUNT, ACCOUNT, replace(ACCOUNT, password="right")]
    sent = Attempt(Fate.SENT)
    expected = [1, 0, 1]
    attempts = [LOCKED_OUT, sent]
    assert _outbox(store, _Clock(now), attempts, accounts, timedelta(days=1), expected) == expected
    assert read(lambda r: r.message(message.id)).state is MessageState.SENT


def test_a_mistake_of_the_program_puts_one_mail_in_doubt_and_the_next_goes_out(
    store, read, say, queue, now, caplog
):
    say(True)
    first, second = queue("a"), queue("b")
    answers = iter([ValueError("a mistake"), Attempt(Fate.SENT)])

    def send(*_):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert len(_run(store, _Clock(now), 2, send=send)) == 2
    states = [read(lambda r, one=one: r.message(one.id)).state for one in (first, second)]
    assert sorted(states) == [MessageState.DOUBTFUL, MessageState.SENT]
    assert "not sent for a reason of our own" in caplog.text
    caplog.clear()


def test_store_that_cannot_be_written_to_for_a_while_does_not_end_it(
    store, read, say, queue, now, monkeypatch, caplog
):
    say(True)
    message = queue()
    monkeypatch.setattr(outbox_module, "_STORE_PAUSE_S", 0.01)
    locked = [StoreLocked(), StoreLocked()]
    write = store.write

    def now_and_then(work):
        if locked and not message_is_queued():
            future = Future()
            future.set_exception(locked.pop())
            return future
        return write(work)

    def message_is_queued():
        return read(lambda r: r.message(message.id)).state is MessageState.QUEUED

    monkeypatch.setattr(store, "write", now_and_then)
    assert [one.fate for one in _run(store, _Clock(now), 1, send=lambda *_: Attempt(Fate.SENT))]
    assert read(lambda r: r.message(message.id)).state is MessageState.SENT
    assert not locked
    caplog.clear()


def test_mail_to_a_customer_who_was_removed_is_not_sent(read, write, say, queue, anna):
    say(True)
    message = queue()
    write(lambda w: w.delete_customer(anna.id))
    assert write(lambda w: w.take_message()) is None
    found = read(lambda r: r.message(message.id))
    assert found.state is MessageState.CANCELLED
    assert "removed" in found.trouble
    with pytest.raises(UserFacingError, match="removed"):
        queue()


def test_clock_that_was_years_ahead_does_not_keep_a_mail_waiting(
    store, store_file, key, say, queue, now
):
    say(True, timedelta(days=400))
    store.close()
    with open_store(store_file, key, clock=lambda: now + timedelta(days=3650)) as ahead:
        one = Message(uuid.uuid4(), _customer(ahead), now, "anna@gross.example", "a", "", "<1@x>")
        ahead.write(lambda w: w.queue_message(one, "Ben")).result()
    with open_store(store_file, key, clock=lambda: now) as right:
        assert right.write(lambda w: w.take_message()).result().id == one.id


def _customer(store):
    return store.read(lambda r: r.customers(limit=1)).result().customers[0].id


def test_no_holds_against_a_yes_from_a_clock_that_is_ahead(read, anna, say):
    say(True, ago=-timedelta(minutes=10))
    assert _may(read, anna)
    say(False)
    assert not _may(read, anna)
    say(True)
    assert _may(read, anna)


def test_what_was_said_long_ago_does_not_beat_what_holds(read, anna, say):
    say(False, timedelta(days=1))
    say(True, timedelta(days=900))
    assert not _may(read, anna)


def test_mail_in_doubt_that_did_arrive_is_noted_as_sent(read, write, say, queue):
    say(True)
    message = queue()
    assert write(lambda w: w.take_message()).id == message.id
    write(lambda w: w.doubt_unfinished_messages())
    write(lambda w: w.message_sent(message.id))
    assert read(lambda r: r.message(message.id)).state is MessageState.SENT


def test_it_is_not_tried_for_ever(store, store_file, key, read, say, queue, now):
    say(True)
    message = queue()
    clock, pauses = _Clock(now), []
    store.close()
    with open_store(store_file, key, clock=clock) as later:
        for _ in range(MOST_TRIES):
            _run(later, clock, 1, send=lambda *_: Attempt(Fate.LATER, "451 busy"))
            found = later.read(lambda r: r.message(message.id)).result()
            if found.next_try_at:
                pauses.append(found.next_try_at - clock.now)
                clock.now = found.next_try_at
        assert (found.state, found.tries) == (MessageState.FAILED, MOST_TRIES)
        assert pauses == sorted(pauses)
        assert later.write(lambda w: w.send_again(message.id)).result()
        assert later.read(lambda r: r.message(message.id)).result().tries == 0
        assert _run(later, clock, 1, send=lambda *_: Attempt(Fate.SENT))


def test_what_may_have_gone_out_is_never_sent_again_by_itself(store, read, write, say, queue, now):
    say(True)
    message = queue()
    lost = Attempt(Fate.DOUBTFUL, "The connection broke")
    _run(store, _Clock(now), 1, send=lambda *_: lost)
    assert read(lambda r: r.message(message.id)).state is MessageState.DOUBTFUL
    assert _run(store, _Clock(now), 0, send=lambda *_: pytest.fail("sent again")) == []
    assert [one.id for one in read(lambda r: r.waiting_messages())] == [message.id]
    assert write(lambda w: w.cancel_message(message.id))
    assert read(lambda r: r.waiting_messages()) == ()


def test_program_that_died_while_sending_leaves_a_doubt(store, read, write, say, queue, now):
    say(True)
    message = queue()
    assert write(lambda w: w.take_message()).id == message.id
    _run(store, _Clock(now), 0, send=lambda *_: pytest.fail("sent again"))
    found = read(lambda r: r.message(message.id))
    assert found.state is MessageState.DOUBTFUL
    assert "ended while" in found.trouble


def test_closing_does_not_wait_for_a_server_that_says_nothing(store, read, say, queue, now):
    say(True)
    message = queue()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        account = MailAccount("127.0.0.1", port, "none", from_address="us@example.com")

        async def main():
            running = asyncio.ensure_future(Outbox(store, lambda: account, _Clock(now)).run())
            connection, _ = await asyncio.to_thread(silent.accept)
            running.cancel()
            await asyncio.wait([running])
            connection.close()

        asyncio.run(main())
    found = read(lambda r: r.message(message.id))
    assert (found.state, found.tries) == (MessageState.QUEUED, 0)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"is_silent_at_rcpt": True}, MessageState.QUEUED),
        ({"is_silent_at_the_end": True}, MessageState.SENT),
    ],
)
def test_the_end_of_the_program_in_the_midst_of_a_mail_leaves_no_doubt(
    store, read, say, queue, now, facts, state
):
    say(True)
    message = queue()
    runtime = Runtime()
    runtime.start()
    with fake_smtp() as server:
        for name, value in facts.items():
            setattr(server, name, value)
        account = MailAccount("127.0.0.1", server.port, "none", from_address="us@example.com")
        runtime.submit(Outbox(store, lambda: account, _Clock(now)).run())
        assert server.was_asked.wait(20)
        runtime.stop()
    assert read(lambda r: r.message(message.id)).state is state


def test_attempt_that_is_being_made_when_the_desk_closes_is_noted(store, read, say, queue, now):
    say(True)
    message = queue()

    async def main():
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def slow(*_):
            import time

            loop.call_soon_threadsafe(begun.set)
            time.sleep(0.2)
            return Attempt(Fate.SENT)

        running = asyncio.ensure_future(
            Outbox(store, lambda: ACCOUNT, _Clock(now), send=slow).run()
        )
        await begun.wait()
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(main())
    assert read(lambda r: r.message(message.id)).state is MessageState.SENT
