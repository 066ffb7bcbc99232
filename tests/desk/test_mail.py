"""One attempt to hand in a mail, with a mail server on a real socket."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import UTC, datetime

import pytest

from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount, as_mail, hand_in, read_address
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
     "Jane <jane@example.com>", "a@example.com,b@example.com", "a@.example", "a@ex..example"],
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
