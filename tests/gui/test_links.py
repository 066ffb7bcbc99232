"""Links are opened only where they show something, and say plainly where they go."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.gui.platform.links import mail_link, may_open, open_link


@pytest.mark.parametrize(
    "link",
    [
        "smb://evil/share", "file:///usr/bin/xcalc", "https://user@evil.example/", "javascript:1",
        "http://example.com/", "ftp://example.com", "https:///nowhere", "//example.com/x", "",
        "data:text/html,x", "vbscript:x", "\\\\evil\\share", "https://exa mple.com", "search-ms:x",
    ],
)  # fmt: skip
def test_what_is_never_opened(link):
    assert not may_open(link)
    assert not open_link(link)


@pytest.mark.parametrize(
    "link", ["https://example.com/a?b=c", "mailto:jane@example.com", "tel:+493023125101"]
)
def test_what_may_be_opened(link):
    assert may_open(link)


@given(subject=st.text(max_size=60), body=st.text(max_size=200))
def test_mail_link_carries_any_text_and_nothing_else(subject, body):
    link = mail_link("jane@example.com", subject, body)
    parts = urlsplit(link)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "jane@example.com")
    fields = parse_qs(parts.query, keep_blank_values=True)
    assert set(fields) <= {"subject", "body"}
    assert link.isascii()
    if subject.isprintable() and subject:
        assert fields["subject"] == [subject]


def test_mail_link_cannot_be_given_another_receiver():
    link = mail_link("jane@example.com", "Hi&bcc=all@example.com", "a\nb&cc=x")
    assert set(parse_qs(urlsplit(link).query)) == {"subject", "body"}
