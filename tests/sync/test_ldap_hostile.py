"""Directories that stop, never end or speak something else, and places that are none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from crmdesk.sync.ldap import bounds
from crmdesk.sync.ldap.directory import Directory, DirectoryEntry, DirectoryPlace, Patience
from crmdesk.sync.ldap.source import ATTRIBUTES, _key, read_attributes
from crmdesk.sync.server import ServerError

IMPATIENT = Patience(connect=5, page=0.5)
_BIND_OK = bytes.fromhex("300c02010161070a010004000400")


@contextmanager
def _serving(talk: Callable[[socket.socket], None]) -> Iterator[DirectoryPlace]:
    """A server that takes one connection and then does as told."""

    def serve() -> None:
        with suppress(OSError):
            sock, _ = listener.accept()
            with sock, suppress(OSError):
                sock.settimeout(20)
                talk(sock)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield DirectoryPlace("127.0.0.1", "none", listener.getsockname()[1])
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _search(place: DirectoryPlace) -> list[DirectoryEntry]:
    with Directory(place, IMPATIENT) as opened:
        return list(opened.search("dc=example,dc=com", "(cn=*)", ["cn"]))


def test_silent_from_the_beginning() -> None:
    with _serving(_drain) as place, pytest.raises(ServerError, match="stopped answering"):
        _search(place)


def _drain(sock: socket.socket) -> None:
    while sock.recv(4096):
        pass


def test_stops_half_way() -> None:
    def talk(sock: socket.socket) -> None:
        sock.recv(4096)
        sock.sendall(_BIND_OK)
        sock.recv(4096)
        sock.sendall(bytes.fromhex("3084000003e8020102"))
        _drain(sock)

    with _serving(talk) as place, pytest.raises(ServerError, match="stopped answering"):
        _search(place)


def test_closes_half_way() -> None:
    def talk(sock: socket.socket) -> None:
        sock.recv(4096)
        sock.sendall(_BIND_OK)
        sock.recv(4096)
        sock.sendall(bytes.fromhex("3084000003e8020102"))

    with (
        _serving(talk) as place,
        pytest.raises(ServerError, match=r"stopped answering|cannot be used"),
    ):
        _search(place)


def test_drips_for_ever() -> None:
    done = threading.Event()

    def talk(sock: socket.socket) -> None:
        sock.recv(4096)
        sock.sendall(bytes.fromhex("30847fffffff"))
        while not done.wait(0.01):
            sock.sendall(b"\0")

    with _serving(talk) as place:
        try:
            with pytest.raises(ServerError, match="stopped answering"):
                _search(place)
        finally:
            done.set()


def test_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PAGE_BYTES", 500_000)

    def talk(sock: socket.socket) -> None:
        sock.recv(4096)
        sock.sendall(bytes.fromhex("30847fffffff"))
        while True:
            sock.sendall(bytes(65536))

    with _serving(talk) as place, pytest.raises(ServerError, match="sends more than"):
        _search(place)


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x03\x02\x01\x01",
        b"\x30\x80" * 3000,
        b"\x30\x05" + b"\xff" * 5,
        bytes.fromhex("300c02010161070a010004000400")[:-1] + b"\xff" * 50,
    ],
)
def test_speaks_something_else(garbage: bytes) -> None:
    def talk(sock: socket.socket) -> None:
        sock.recv(4096)
        sock.sendall(garbage)

    with _serving(talk) as place, pytest.raises(ServerError, match=r"127\.0\.0\.1"):
        _search(place)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (DirectoryPlace("ldap.invalid"), "cannot be reached"),
        (DirectoryPlace("192.0.2.1"), "cannot be reached"),
        (DirectoryPlace("ldap://x.example"), "is no host"),
        (DirectoryPlace(""), "is no host"),
        (DirectoryPlace("x.example", "tls"), "no security"),
        (DirectoryPlace("192.0.2.1", "none", user="cn=x", password="y"), "without encryption"),
        (DirectoryPlace("x.example", user="cn=x"), "no password"),
    ],
)
def test_places_that_are_none(place: DirectoryPlace, words: str) -> None:
    with pytest.raises(ServerError, match=words):
        Directory(place, IMPATIENT)


def test_password_stands_in_no_repr() -> None:
    assert "secret" not in repr(DirectoryPlace("x.example", user="cn=x", password="secret"))


def test_attributes_of_a_profile() -> None:
    assert read_attributes("") == ATTRIBUTES
    assert read_attributes("cn, telephoneNumber:3 ,mail") == {
        "cn": 1,
        "telephoneNumber": 3,
        "mail": 1,
    }
    for text in ("cn:0", "cn:x", "a b", "(cn=*)", "cn:10", ":2", "ü"):
        with pytest.raises(ServerError, match="no attribute"):
            read_attributes(text)


def test_keys_that_stay() -> None:
    guid = bytes.fromhex("33221100554477668899aabbccddeeff")
    entry = DirectoryEntry("cn=x", {"objectguid": [guid]})
    assert _key(entry) == "00112233-4455-6677-8899-aabbccddeeff"
    assert _key(DirectoryEntry("cn=x", {"entryuuid": [b"u"]})) == "u"
    assert _key(DirectoryEntry("cn=x", {})) == "cn=x"
