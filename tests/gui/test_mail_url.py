"""The address that opens a mail carries any text and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from crmdesk.gui.widgets.safe_link import mail_url, safe_url


@given(subject=st.text(max_size=60), body=st.text(max_size=200))
def test_any_text_is_carried(subject, body):
    address = mail_url("jane@example.com", subject, body)
    parts = urlsplit(address)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "jane@example.com")
    fields = parse_qs(parts.query, keep_blank_values=True)
    assert set(fields) <= {"subject", "body"}
    assert address.isascii()
    if subject:
        assert fields["subject"] == [subject]
    assert safe_url(address, 100_000) is not None


def test_another_receiver_cannot_be_added():
    for address, subject in (
        ("jane@example.com", "Hi&bcc=all@example.com"),
        ("jane@example.com?bcc=all@example.com", "Hi"),
    ):
        fields = parse_qs(urlsplit(mail_url(address, subject, "a\nb&cc=x")).query)
        assert set(fields) == {"subject", "body"}
