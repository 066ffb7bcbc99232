"""One attempt to hand in a mail, with a mail server on a real socket."""

from __future__ import annotations

import dataclasses
import socket
import threading
import uuid
from datetime import UTC, datetime

import pytest

from crmdesk.desk.outreach.brake import Brake
from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount, as_mail, read_address
from crmdesk.desk.outreach.smtp import hand_in
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Message
from tests.fakes.fake_smtp import fake_smtp

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def server():
    with fake_smtp() as running:
        yield running


@pytest.fixture
def account(server):
    return MailAccount(
        "127.0.0.1", server.port, "none", from_name="Käthe, Service", from_address="us@example.com"
    )


def message(**facts) -> Message:
    facts = {"address": "jane@example.com", "subject": "Grüße", "body": "Hä?\n.\nBye", **facts}
    return Message(uuid.uuid4(), uuid.uuid4(), NOW, message_id="<1@crm.example>", **facts)


def test_mail_arrives_as_it_was_written(server, account):
    assert hand_in(as_mail(message(), account), account) == Attempt(Fate.SENT)
    (mail,) = server.mails
    assert (mail["Subject"], mail["To"], mail["Message-ID"]) == (
        "Grüße", "jane@example.com", "<1@crm.example>"
    )  # fmt: skip
    assert mail["From"].addresses[0].display_name == "Käthe, Service"
    assert mail.get_content().replace("\r\n", "\n") == "Hä?\n.\nBye\n"


def test_headers_cannot_be_added(account):
    mail = as_mail(message(subject="Hi\r\nBcc: all@example.com"), account)
    assert mail["Bcc"] is None
    assert "\nBcc:" not in mail.as_string()


@pytest.mark.parametrize(
    "address",
    ["", "jane", "jane@", "@example.com", "a b@example.com", "a@b\r\nRCPT TO:<x@example.com>",
     "Jane <jane@example.com>", "a@example.com,b@example.com", "a@.example", "a@ex..example",
     "a@b,c", "a@b;c", "a@(b)", "a@b:c", "a@b\\c", "a@b\u200b.example", "a@-b.example",
     "a@" + "b" * 64 + ".example", "a@" + "b." * 126 + "example", "a@xn--\u0301.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(address):
    with pytest.raises(UserFacingError, match="no e-mail address"):
        read_address(address)


@pytest.mark.parametrize(
    ("facts", "fate", "words"),
    [
        ({"rcpt": "550 no such user"}, Fate.REFUSED, "550 no such user"),
        ({"rcpt": "451 come back"}, Fate.LATER, "451"),
        ({"data": "452 disk full"}, Fate.LATER, "452"),
        ({"data": "554 spam"}, Fate.REFUSED, "554"),
        ({"drops_after_data": True}, Fate.DOUBTFUL, "connection broke"),
        ({"data": "blah"}, Fate.DOUBTFUL, "connection broke"),
        ({"data": "199 well"}, Fate.DOUBTFUL, "199"),
        ({"data": "354 go on"}, Fate.DOUBTFUL, "354"),
        ({"rcpt": "354 go on"}, Fate.LATER, "354"),
    ],
)
def test_refusals_and_breaks(server, account, facts, fate, words):
    for name, value in facts.items():
        setattr(server, name, value)
    attempt = hand_in(as_mail(message(), account), account)
    assert (attempt.fate, attempt.is_of_account) == (fate, False)
    assert words in attempt.trouble


def test_wrong_password_is_trouble_of_the_account(server, account):
    server.password = "right"
    wrong = dataclasses.replace(account, username="crm", password="wrong")
    attempt = hand_in(as_mail(message(), wrong), wrong)
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)
    assert "wrong" not in f"{attempt} {wrong}"
    right = dataclasses.replace(wrong, password="right")
    assert hand_in(as_mail(message(), right), right).fate is Fate.SENT


def test_mail_does_not_leave_in_clear_where_tls_is_asked_for(server, account):
    safe = dataclasses.replace(account, security="starttls", username="crm", password="x")
    attempt = hand_in(as_mail(message(), safe), safe)
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)
    assert (server.mails, server.logins) == ([], 0)


def test_nobody_there(account):
    with fake_smtp() as gone:
        port = gone.port
    attempt = hand_in(as_mail(message(), account), dataclasses.replace(account, port=port))
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)
    assert "cannot be reached" in attempt.trouble


def test_odd_reply_before_the_mail_is_tried_later_and_holds_no_other(server, account):
    server.rcpt = "no number"
    attempt = hand_in(as_mail(message(), account), account)
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, False)
    assert server.mails == []


@pytest.mark.parametrize(
    "facts",
    [
        {"rcpt": "250 ok\r\n354 go\r\n250 ok", "data": "451 no"},
        {"go_on": "354 go\r\n250 fake", "data": "554 spam"},
        {"data": "550-blocked\r\n250 x"},
        {"data": "2500 ok"},
    ],
)
def test_answers_before_they_are_asked_for_are_no_yes(server, account, facts):
    for name, value in facts.items():
        setattr(server, name, value)
    attempt = hand_in(as_mail(message(), account), account)
    assert attempt.fate in {Fate.LATER, Fate.DOUBTFUL, Fate.REFUSED}


def test_break_before_go_on_leaves_no_doubt(server, account):
    server.go_on = ""
    attempt = hand_in(as_mail(message(), account), account)
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, False)


def test_nobody_waits_for_an_answer_to_good_bye(server, account):
    server.is_silent_at_the_end = True
    assert hand_in(as_mail(message(), account), account, brake=Brake(60)) == Attempt(Fate.SENT)


def test_password_of_any_letters(server, account):
    server.password = "Päßwort"
    right = dataclasses.replace(account, username="crm", password="Päßwort")
    assert hand_in(as_mail(message(), right), right).fate is Fate.SENT
    wrong = dataclasses.replace(right, password="Pässwort")
    attempt = hand_in(as_mail(message(), wrong), wrong)
    assert (attempt.is_of_account, attempt.is_final) == (True, True)
    odd = dataclasses.replace(right, password="\udcff")
    assert hand_in(as_mail(message(), odd), odd).is_final


def test_server_that_cannot_check_passwords_now_is_asked_again(server, account):
    server.login = "454 the directory is down"
    late = dataclasses.replace(account, username="crm", password="x")
    attempt = hand_in(as_mail(message(), late), late)
    assert (attempt.is_of_account, attempt.is_final) == (True, False)
    assert "454" in attempt.trouble


@pytest.mark.parametrize("host", ["mail..example.com", ".de", "b" * 64 + ".example"])
def test_host_that_is_none(account, host):
    attempt = hand_in(as_mail(message(), account), dataclasses.replace(account, host=host))
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)
    assert attempt.trouble


def test_letters_of_an_address_that_the_server_does_not_take(server, account):
    server.extensions = ("8BITMIME",)
    to = as_mail(message(address="jürgen@example.com"), account)
    attempt = hand_in(to, account)
    assert (attempt.fate, attempt.is_of_account) == (Fate.REFUSED, False)
    odd = dataclasses.replace(account, from_address="jü@example.com")
    assert hand_in(as_mail(message(), odd), odd).is_final
    server.extensions = ("SMTPUTF8", "8BITMIME")
    assert hand_in(to, account).fate is Fate.SENT


def test_text_that_no_mail_can_carry_is_refused_in_words(account):
    with pytest.raises(UserFacingError, match="characters"):
        as_mail(message(body="half a letter \ud800"), account)


def test_reply_without_end_is_not_read_to_it(server, account):
    server.greeting = "220-" + "\r\n220-".join(["on and on"] * 5_000)
    attempt = hand_in(as_mail(message(), account), account)
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)


def test_server_that_sends_a_byte_now_and_then_is_left(server, account):
    server.byte_pause_s = 0.1
    attempt = hand_in(as_mail(message(), account), account, brake=Brake(0.5))
    assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)
    assert server.mails == []


def test_server_that_does_not_take_the_connection_is_left_when_asked(account):
    """A full queue of connections: the system waits for room, for minutes."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        brake = Brake(60)
        threading.Timer(0.3, brake.pull).start()
        silent = dataclasses.replace(account, port=port)
        attempt = hand_in(as_mail(message(), silent), silent, brake=brake)
        assert (attempt.fate, attempt.is_of_account) == (Fate.LATER, True)
        for one in waiting:
            one.close()
