"""Consents hold until they are withdrawn; the outbox sends what is allowed, once."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount
from crmdesk.desk.outreach.outbox import MOST_TRIES, Outbox, send_by_smtp
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Channel, Consent, Message, MessageState, MessageTemplate
from crmdesk.store import open_store
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
    results = {s: write(lambda w, c=c: w.undo_change(c.id, "Ben")) for s, (_, c) in steps.items()}
    assert (results["a"].kept, results["b"].restored) == (1, 1)
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


def test_server_that_is_down_is_asked_again_later_and_the_trouble_is_shown(
    store, read, say, queue, now
):
    say(True)
    message = queue()
    down = Attempt(Fate.LATER, "The mail server cannot be reached", is_of_account=True)
    _run(store, _Clock(now), 1, send=lambda *_: down)
    found = read(lambda r: r.message(message.id))
    assert (found.state, found.trouble) == (MessageState.QUEUED, down.trouble)
    assert found.next_try_at == now + timedelta(minutes=1)
    assert read(lambda r: r.next_message_at()) == found.next_try_at


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
