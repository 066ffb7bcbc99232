"""Logins: nothing before the server asks, and no password in clear."""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import socket
import tracemalloc
from base64 import b64encode
from contextlib import suppress

import pytest

from crmdesk.sync.carddav.source import CardDavSource
from crmdesk.sync.carddav.web import Access
from crmdesk.sync.server import ServerError
from tests.fakes.card_server import END, HEAD, THE_BOOK, CardServer, read, response
from tests.fakes.web_script import Reply, Request, answer, web_script


def test_basic_login_only_after_the_server_asked() -> None:
    server = CardServer()
    expected = "Basic " + b64encode(b"jane:secret").decode()

    def reply(request: Request, sock: socket.socket) -> None:
        if request.headers.get("authorization") == expected:
            server(request, sock)
        else:
            answer(sock, 401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    with web_script(reply) as script:
        assert read(script, user="jane", password="secret") == ["a"]
    assert "authorization" not in script.asked[0].headers
    assert all("authorization" in request.headers for request in script.asked[1:])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def test_digest_login_is_preferred_and_right() -> None:
    server = CardServer()

    def is_right(request: Request) -> bool:
        sent = request.headers.get("authorization", "")
        parts = dict(re.findall(r'(\w+)="?([^",]+)"?', sent))
        secret = _md5("jane:books:secret")
        asked = _md5(f"{request.method}:{request.path}")
        try:
            joined = [secret, *(parts[name] for name in ("nonce", "nc", "cnonce", "qop")), asked]
        except KeyError:
            return False
        return sent.startswith("Digest ") and parts["response"] == _md5(":".join(joined))

    def reply(request: Request, sock: socket.socket) -> None:
        if is_right(request):
            server(request, sock)
        else:
            offer = 'Digest realm="books", nonce="abc123", qop="auth", algorithm=MD5'
            answer(sock, 401, headers={"WWW-Authenticate": offer})

    with web_script(reply) as script:
        assert read(script, user="jane", password="secret") == ["a"]
        with pytest.raises(ServerError, match="refuses the login"):
            read(script, user="jane", password="other")
    sent = " ".join(request.headers.get("authorization", "") for request in script.asked)
    assert "Basic" not in sent
    assert "secret" not in sent


@pytest.mark.parametrize("status", [401, 403])
def test_refusal_without_end_is_not_read(status: int) -> None:
    """httpx reads and unpacks the refusal before it answers a challenge: that would be memory."""

    def reply(request: Request, sock: socket.socket) -> None:
        with suppress(OSError):
            code = status if "authorization" in request.headers else 401
            head = f'HTTP/1.1 {code} x\r\nWWW-Authenticate: Basic realm="x"\r\n'
            sock.sendall(head.encode() + b"Content-Encoding: gzip\r\n\r\n")
            while True:
                sock.sendall(gzip.compress(bytes(4_000_000)))

    tracemalloc.start()
    try:
        with web_script(reply) as script:
            with pytest.raises(ServerError, match=r"refuses the login|packs its answers"):
                read(script, user="jane", password="secret")
            assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def _guarded(challenges: list[str], expected: str) -> Reply:
    """A server that wants a login that begins like `expected`."""
    server = CardServer()

    def reply(request: Request, sock: socket.socket) -> None:
        if request.headers.get("authorization", "").startswith(expected):
            server(request, sock)
            return
        lines = "".join(f"WWW-Authenticate: {one}\r\n" for one in challenges)
        sock.sendall(f"HTTP/1.1 401 x\r\n{lines}Content-Length: 0\r\n\r\n".encode())

    return reply


_DIGEST = 'Digest realm="b, x y=z", nonce="n", qop="auth"'


@pytest.mark.parametrize(
    ("challenges", "kind"),
    [
        ([f'Basic realm="a", {_DIGEST}'], "Digest "),
        ([_DIGEST, 'Basic realm="a"'], "Digest "),
        (['X-MobileMe-AuthToken realm="a", Basic realm="b"'], "Basic "),
        (["Negotiate", 'Basic realm="a"'], "Basic "),
        ([], "Basic "),
    ],
)
def test_challenges_as_servers_write_them(challenges: list[str], kind: str) -> None:
    with web_script(_guarded(challenges, kind)) as script:
        assert read(script, user="jörg", password="geheim ß") == ["a"]
    sent = [request.headers.get("authorization", kind) for request in script.asked]
    assert all(one.startswith(kind) for one in sent)


@pytest.mark.parametrize(
    "challenge",
    [
        'Bearer realm="https://accounts.google.com/"',
        "Negotiate",
        'Digest realm="x", nonce="n", algorithm=MAGIC',
        'Digest realm="x", nonce="n", qop="auth-int"',
        "Digest nonsense",
        "Digest realm=x",
    ],
)
def test_login_of_another_kind_gets_no_password(challenge: str) -> None:
    with (
        web_script(_guarded([challenge], "nothing")) as script,
        pytest.raises(ServerError, match=r"login that CRMDesk does not have|broke off"),
    ):
        read(script, user="jane", password="secret")
    assert not any("authorization" in request.headers for request in script.asked)


def test_server_that_answers_everybody_is_told_who_asks() -> None:
    """Cyrus and others answer without a login, and then know of no address book."""
    server = CardServer()
    nobody = "<current-user-principal><unauthenticated/></current-user-principal>"
    somebody = "<C:addressbook-home-set><href>/home/</href></C:addressbook-home-set>"

    def reply(request: Request, sock: socket.socket) -> None:
        if request.path == "/home/":
            answer(sock, 207, THE_BOOK)
        elif request.path == "/":
            props = somebody if "authorization" in request.headers else nobody
            answer(sock, 207, f"{HEAD}{response('/', props)}{END}")
        else:
            server(request, sock)

    with web_script(reply) as script:
        access = Access(script.url, "jane", "secret")
        with CardDavSource(access) as source:
            assert [record.key for record in source.records()] == ["a"]


def test_headers_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with web_script(_guarded([_DIGEST], "Digest ")) as script:
        read(script, user="jane", password="secret")
    assert "nonce" not in caplog.text
    assert "/b/" not in caplog.text
