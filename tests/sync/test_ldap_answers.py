"""Directories whose answers are made to do harm, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, repeat

import pytest

from crmdesk.sync.ldap import directory
from crmdesk.sync.ldap.directory import Directory, DirectoryEntry, DirectoryPlace, Patience
from crmdesk.sync.ldap.source import read_attributes
from crmdesk.sync.server import ServerError
from tests.fakes.ldap_script import bind_ok, entry, page_end, serving, starttls_ok

IMPATIENT = Patience(connect=5, page=2)


def _search(place: DirectoryPlace, patience: Patience = IMPATIENT) -> list[DirectoryEntry]:
    with Directory(place, patience) as opened:
        return list(opened.search("dc=example,dc=com", "(cn=*)", ["cn"]))


def _answering(*answers: bytes) -> Iterator[bytes]:
    return iter((bind_ok(1), *answers))


def test_the_server_of_these_tests_is_read() -> None:
    found = entry(2, "cn=a", cn=["a", "b"]) + page_end(2, b"")
    with serving(_answering(found)) as place:
        assert _search(place) == [DirectoryEntry("cn=a", {"cn": [b"a", b"b"]})]


def test_any_byte_may_be_another() -> None:
    """Whatever comes: entries, or an error in words."""
    good = entry(2, "cn=a,dc=x", cn=["a"], sn=["b"]) + page_end(2, b"")
    for at in range(len(good)):
        for byte in (0x00, 0x30, 0x7F, 0x80, 0xFF):
            bad = good[:at] + bytes([byte]) + good[at + 1 :]
            with serving(_answering(bad)) as place, suppress(ServerError):
                _search(place)


@pytest.mark.parametrize("has_entries", [True, False])
def test_pages_without_end(monkeypatch: pytest.MonkeyPatch, has_entries: bool) -> None:
    monkeypatch.setattr(directory, "EMPTY_PAGES", 20)
    monkeypatch.setattr(directory, "MOST_ENTRIES", 50)

    def page(number: int) -> bytes:
        more = entry(number, f"cn={number}", cn=["x"]) if has_entries else b""
        return more + page_end(number, b"%d" % number)

    words = "more than 50 entries" if has_entries else "pages without end"
    with serving(chain((bind_ok,), repeat(page))) as place, pytest.raises(ServerError, match=words):
        _search(place)


def test_run_that_takes_too_long_is_ended() -> None:
    def page(number: int) -> bytes:
        return entry(number, "cn=x", cn=["x"]) + page_end(number, b"%d" % number)

    with (
        serving(chain((bind_ok,), repeat(page))) as place,
        pytest.raises(ServerError, match="pages without end"),
    ):
        _search(place, Patience(connect=5, page=2, run=0.3))


def test_nothing_said_before_starttls_counts_after_it() -> None:
    """Somebody on the way adds a login and customers of his own to the answer in clear."""
    injected = starttls_ok(1) + bind_ok(2) + entry(3, "cn=evil", cn=["evil"]) + page_end(3, b"")
    with serving(iter((injected,))) as place:
        place = DirectoryPlace(place.host, "starttls", place.port)
        with pytest.raises(ServerError):
            _search(place)


def test_starttls_that_the_server_refuses_sends_no_password() -> None:
    heard: list[bytes] = []
    with serving(iter((starttls_ok(1, code=2), bind_ok(2))), heard) as place:
        place = DirectoryPlace(place.host, "starttls", place.port, "cn=x", "secret-of-jane")
        with pytest.raises(ServerError):
            _search(place)
    assert b"secret-of-jane" not in b"".join(heard)


@pytest.mark.parametrize("text", ["jpegPhoto", "cn, thumbnailPhoto:2", "userCertificate"])
def test_pictures_and_secrets_are_not_asked_for(text: str) -> None:
    with pytest.raises(ServerError, match="a picture, a certificate or a secret"):
        read_attributes(text)
