"""CardDAV servers that break off, drip, never end, or answer what is none."""

from __future__ import annotations

import socket
import threading
import tracemalloc
from contextlib import suppress

import pytest

from crmdesk.sync.carddav import web
from crmdesk.sync.carddav.web import Patience
from crmdesk.sync.server import ServerError
from tests.fakes.card_server import (
    END,
    HEAD,
    THE_BOOK,
    CardServer,
    read,
    response,
    status,
)
from tests.fakes.web_script import Request, answer, web_script


def test_the_server_of_these_tests_is_read() -> None:
    with web_script(CardServer()) as script:
        assert read(script) == ["a"]


def test_server_that_stops_half_way_through_the_cards() -> None:
    server = CardServer()

    def reply(request: Request, sock: socket.socket) -> None:
        if b"multiget" not in request.body:
            server(request, sock)
            return
        head = f"HTTP/1.1 207 x\r\nContent-Length: {len(server.cards) * 2}\r\n\r\n"
        sock.sendall(head.encode() + server.cards.encode())

    with web_script(reply) as script, pytest.raises(ServerError, match="broke off"):
        read(script)


@pytest.mark.parametrize("at", ["head", "body"])
def test_silent_server(at: str) -> None:
    done = threading.Event()

    def reply(_request: Request, sock: socket.socket) -> None:
        if at == "body":
            sock.sendall(b"HTTP/1.1 207 x\r\nContent-Length: 100\r\n\r\n<multi")
        done.wait(20)

    with web_script(reply) as script:
        try:
            with pytest.raises(ServerError, match="stopped answering"):
                read(script)
        finally:
            done.set()


@pytest.mark.parametrize("head", ["HTTP/1.1 207 x\r\n\r\n<", "HTTP/1.1 207 x\r\nA: "])
def test_server_that_drips_for_ever(head: str) -> None:
    done = threading.Event()

    def reply(_request: Request, sock: socket.socket) -> None:
        sock.sendall(head.encode())
        with suppress(OSError):
            while not done.wait(0.02):
                sock.sendall(b"a")

    with web_script(reply) as script:
        try:
            with pytest.raises(ServerError, match="stopped answering"):
                read(script)
        finally:
            done.set()


def test_answer_without_end_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ANSWER_BYTES", 1_000_000)
    entry = response("/b/", "<getetag>1</getetag>").encode() * 100

    def reply(_request: Request, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.sendall(b"HTTP/1.1 207 x\r\n\r\n" + HEAD.encode())
            while True:
                sock.sendall(entry)

    server = CardServer()

    def endless_listing(request: Request, sock: socket.socket) -> None:
        (reply if b"sync-collection" in request.body else server)(request, sock)

    tracemalloc.start()
    try:
        with web_script(endless_listing) as script:
            with pytest.raises(ServerError, match="more than an address book"):
                read(script, Patience())
            assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


def test_packed_answer_is_refused() -> None:
    def reply(_request: Request, sock: socket.socket) -> None:
        answer(sock, 207, b"\x1f\x8b\x08", {"Content-Encoding": "gzip"})

    with web_script(reply) as script, pytest.raises(ServerError, match="packs its answers"):
        read(script)
    assert script.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_error_of_the_server(status: int) -> None:
    with (
        web_script(lambda _request, sock: answer(sock, status)) as script,
        pytest.raises(ServerError, match=f"error {status}"),
    ):
        read(script)


def test_not_http_at_all() -> None:
    with (
        web_script(lambda _request, sock: sock.sendall(b"SSH-2.0-x\r\n")) as script,
        pytest.raises(ServerError, match="broke off"),
    ):
        read(script)


def test_web_page_instead_of_a_server() -> None:
    def reply(_request: Request, sock: socket.socket) -> None:
        answer(sock, 200, "<!DOCTYPE html><html></html>")

    with web_script(reply) as script, pytest.raises(ServerError, match="No address book was found"):
        read(script)


def test_run_that_takes_too_long_is_ended() -> None:
    """Each answer is in time, and there are more and more of them."""
    server = CardServer()
    parts = iter(range(1_000_000))

    def reply(request: Request, sock: socket.socket) -> None:
        if b"sync-collection" in request.body:
            entry = response(f"/b/{next(parts)}.vcf", "<getetag>1</getetag>")
            cut = status("/b/", 507) + f"<sync-token>{next(parts)}</sync-token>"
            answer(sock, 207, f"{HEAD}{entry}{cut}{END}")
        else:
            server(request, sock)

    with web_script(reply) as script, pytest.raises(ServerError, match="stopped answering"):
        read(script, Patience(run=0.5))


def test_cookies_without_measure_do_not_come_along() -> None:
    server = CardServer()
    made = iter(range(1_000_000))

    def reply(request: Request, sock: socket.socket) -> None:
        if b"multiget" in request.body:
            server(request, sock)
            return
        body = THE_BOOK if request.method == "PROPFIND" else server.listing
        cookies = "".join(f"Set-Cookie: c{next(made)}={'x' * 500}\r\n" for _ in range(100))
        head = f"HTTP/1.1 207 x\r\n{cookies}Content-Length: {len(body)}\r\n\r\n"
        sock.sendall(head.encode() + body.encode())

    with web_script(reply) as script:
        assert read(script) == ["a"]
    assert max(len(request.headers.get("cookie", "")) for request in script.asked) < 20_000


def test_one_cookie_comes_along() -> None:
    """A load balancer finds the same server by it."""
    server = CardServer()

    def reply(request: Request, sock: socket.socket) -> None:
        if request.method == "PROPFIND":
            answer(sock, 207, THE_BOOK, {"Set-Cookie": "node=7"})
        else:
            server(request, sock)

    with web_script(reply) as script:
        read(script)
    assert script.asked[-1].headers["cookie"] == "node=7"
