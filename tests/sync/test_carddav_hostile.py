"""CardDAV servers that break off, never end, lie, or send us elsewhere."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import tracemalloc
from base64 import b64encode
from contextlib import suppress

import pytest

from crmdesk.sync.carddav import book, multistatus, web
from crmdesk.sync.carddav.multistatus import Multistatus
from crmdesk.sync.carddav.source import CardDavSource
from crmdesk.sync.carddav.web import Access, Patience
from crmdesk.sync.server import ServerError
from tests.fakes.web_script import Request, WebScript, answer, web_script

IMPATIENT = Patience(connect=5, silence=0.3, answer=0.8)

_HEAD = '<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
_TYPE = "<resourcetype><collection/><C:addressbook/></resourcetype>"


def _response(href: str, props: str) -> str:
    return (
        f"<response><href>{href}</href><propstat><prop>{props}</prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response>"
    )


THE_BOOK = f"{_HEAD}{_response('/b/', _TYPE)}</multistatus>"


def _card(name: str) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nUID:{name}\nFN:{name}\nEND:VCARD\n"


class Server:
    """An address book with one card, until a test makes it behave otherwise."""

    def __init__(self) -> None:
        etag = _response("/b/a.vcf", "<getetag>1</getetag>")
        self.listing = f"{_HEAD}{etag}<sync-token>t1</sync-token></multistatus>"
        data = _response("/b/a.vcf", f"<C:address-data>{_card('a')}</C:address-data>")
        self.cards = f"{_HEAD}{data}</multistatus>"

    def __call__(self, request: Request, sock: socket.socket) -> None:
        if request.method == "PROPFIND":
            answer(sock, 207, THE_BOOK)
        elif b"sync-collection" in request.body:
            answer(sock, 207, self.listing)
        else:
            answer(sock, 207, self.cards)


def _read(script: WebScript, patience: Patience = IMPATIENT, **more: str) -> list[str]:
    with CardDavSource(Access(script.url + "b/", **more), patience=patience) as source:
        return [record.key for record in source.records()]


def test_the_server_of_these_tests_is_read() -> None:
    with web_script(Server()) as script:
        assert _read(script) == ["a"]


# --- other addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/",
        "//192.0.2.1/b/",
        "https://127.0.0.1/b/",
        "file:///etc/passwd",
        "http://x@127.0.0.1:1/",
        "http://[::1",
        "gopher://127.0.0.1/",
    ],
)
def test_redirect_to_another_address_is_not_followed(target: str) -> None:
    def reply(_request: Request, sock: socket.socket) -> None:
        answer(sock, 302, headers={"Location": target})

    with (
        web_script(reply) as script,
        pytest.raises(ServerError, match=r"another address|broke off"),
    ):
        _read(script)
    assert len(script.asked) == 1


def test_redirect_to_another_port_of_the_same_machine_is_not_followed() -> None:
    with web_script(Server()) as inner:

        def reply(_request: Request, sock: socket.socket) -> None:
            answer(sock, 307, headers={"Location": inner.url})

        with web_script(reply) as script, pytest.raises(ServerError, match="another address"):
            _read(script, user="jane", password="secret")
    assert inner.asked == []


def test_redirects_within_the_server_are_followed_up_to_a_limit() -> None:
    def reply(request: Request, sock: socket.socket) -> None:
        answer(sock, 301, headers={"Location": request.path + "x"})

    with web_script(reply) as script, pytest.raises(ServerError, match="circles"):
        _read(script)
    assert len(script.asked) == 6


@pytest.mark.parametrize("where", ["listing", "home"])
def test_addresses_in_an_answer_lead_nowhere_else(where: str) -> None:
    server = Server()
    if where == "listing":
        server.listing = server.listing.replace("/b/a.vcf", "http://192.0.2.1/a.vcf")
        reply = server
    else:
        home = "<C:addressbook-home-set><href>http://192.0.2.1/</href></C:addressbook-home-set>"

        def reply(_request: Request, sock: socket.socket) -> None:
            answer(sock, 207, f"{_HEAD}{_response('/', home)}</multistatus>")

    with web_script(reply) as script, pytest.raises(ServerError, match="another address"):
        _read(script)


def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    with web_script(Server()) as script:
        assert _read(script) == ["a"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cloud.example.com",
        "ftp://cloud.example.com",
        "https://",
        "https://jane:pw@cloud.example",
        "https://cloud.example:99999/",
        "https://[::1",
    ],
)
def test_address_that_is_none(url: str) -> None:
    with pytest.raises(ServerError, match="no address") as caught:
        CardDavSource(Access(url))
    assert "pw" not in str(caught.value)


def test_password_is_not_sent_in_clear_over_a_network() -> None:
    with pytest.raises(ServerError, match="without encryption"):
        CardDavSource(Access("http://192.0.2.1/", "jane", "secret"))
    with pytest.raises(ServerError, match="cannot be reached"):
        CardDavSource(Access("http://192.0.2.1/", "jane", "secret", without_tls=True))


def test_password_stands_in_no_repr() -> None:
    assert "secret" not in repr(Access("https://cloud.example.com", "jane", "secret"))


# --- logins ---------------------------------------------------------------------------------------


def test_basic_login_only_after_the_server_asked() -> None:
    server = Server()
    expected = "Basic " + b64encode(b"jane:secret").decode()

    def reply(request: Request, sock: socket.socket) -> None:
        if request.headers.get("authorization") == expected:
            server(request, sock)
        else:
            answer(sock, 401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    with web_script(reply) as script:
        assert _read(script, user="jane", password="secret") == ["a"]
    assert "authorization" not in script.asked[0].headers
    assert all("authorization" in request.headers for request in script.asked[1:])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def test_digest_login_is_preferred_and_right() -> None:
    server = Server()

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
        assert _read(script, user="jane", password="secret") == ["a"]
        with pytest.raises(ServerError, match="refuses the login"):
            _read(script, user="jane", password="other")
    sent = " ".join(request.headers.get("authorization", "") for request in script.asked)
    assert "Basic" not in sent
    assert "secret" not in sent


# --- servers that stop, drip or never end ---------------------------------------------------------


def test_server_that_stops_half_way_through_the_cards() -> None:
    server = Server()

    def reply(request: Request, sock: socket.socket) -> None:
        if b"multiget" not in request.body:
            server(request, sock)
            return
        head = f"HTTP/1.1 207 x\r\nContent-Length: {len(server.cards) * 2}\r\n\r\n"
        sock.sendall(head.encode() + server.cards.encode())

    with web_script(reply) as script, pytest.raises(ServerError, match="broke off"):
        _read(script)


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
                _read(script)
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
                _read(script)
        finally:
            done.set()


def test_answer_without_end_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ANSWER_BYTES", 1_000_000)
    entry = _response("/b/", "<getetag>1</getetag>").encode() * 100

    def reply(_request: Request, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.sendall(b"HTTP/1.1 207 x\r\n\r\n" + _HEAD.encode())
            while True:
                sock.sendall(entry)

    server = Server()

    def endless_listing(request: Request, sock: socket.socket) -> None:
        (reply if b"sync-collection" in request.body else server)(request, sock)

    tracemalloc.start()
    try:
        with web_script(endless_listing) as script:
            with pytest.raises(ServerError, match="more than an address book"):
                _read(script, Patience())
            assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


def test_packed_answer_is_refused() -> None:
    def reply(_request: Request, sock: socket.socket) -> None:
        answer(sock, 207, b"\x1f\x8b\x08", {"Content-Encoding": "gzip"})

    with web_script(reply) as script, pytest.raises(ServerError, match="packs its answers"):
        _read(script)
    assert script.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_error_of_the_server(status: int) -> None:
    with (
        web_script(lambda _request, sock: answer(sock, status)) as script,
        pytest.raises(ServerError, match=f"error {status}"),
    ):
        _read(script)


def test_not_http_at_all() -> None:
    with (
        web_script(lambda _request, sock: sock.sendall(b"SSH-2.0-x\r\n")) as script,
        pytest.raises(ServerError, match="broke off"),
    ):
        _read(script)


def test_web_page_instead_of_a_server() -> None:
    def reply(_request: Request, sock: socket.socket) -> None:
        answer(sock, 200, "<!DOCTYPE html><html></html>")

    with web_script(reply) as script, pytest.raises(ServerError, match="No address book was found"):
        _read(script)


# --- lies in the answers --------------------------------------------------------------------------


def _parse(text: str | bytes, step: int = 1000) -> list[multistatus.Entry]:
    data = text.encode() if isinstance(text, str) else text
    pieces = (data[at : at + step] for at in range(0, len(data), step))
    return list(Multistatus().entries(pieces))


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "'
    + "x" * 1000
    + '">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9))
    + ']><multistatus xmlns="DAV:"><response><href>&a8;</href></response></multistatus>'
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_BOMB, id="entity bomb"),
        pytest.param(
            '<!DOCTYPE m SYSTEM "http://192.0.2.1/x.dtd"><m/>', id="external document type"
        ),
        pytest.param('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><m>&x;</m>', id="file"),
        pytest.param(_HEAD, id="broken off"),
        pytest.param("", id="empty"),
        pytest.param(b"\x00\xff\xfe", id="no text"),
        pytest.param("<html xmlns='x'></html>", id="another document"),
        pytest.param(_HEAD + "<a>" * 5000, id="deep"),
        pytest.param(_HEAD + "".join(f"<a{n}/>" for n in range(2000)), id="many names"),
        pytest.param(
            _HEAD + _response("/", "".join(f"<a{n}/>" for n in range(500))), id="many properties"
        ),
    ],
)
def test_answer_made_to_do_harm(text: str | bytes) -> None:
    with pytest.raises(ServerError, match="cannot be used"):
        _parse(text)


def test_value_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multistatus, "TEXT_CHARS", 10_000)
    with pytest.raises(ServerError, match="a value of more than"):
        _parse(_HEAD + "<response><href>" + "x" * 20_000)


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multistatus, "ENTRIES", 10)
    with pytest.raises(ServerError, match="more than 10 entries"):
        _parse(_HEAD + _response("/", "") * 11)


def test_entries_are_the_same_at_every_split() -> None:
    text = (
        f"{_HEAD}<response><href> /b/ü.vcf </href><status>HTTP/1.1 404 x</status></response>"
        f"{_response('/b/', _TYPE + '<getetag>&quot;1&quot;</getetag>')}"
        "<sync-token>t</sync-token></multistatus>"
    )
    whole = _parse(text, 10_000)
    assert [(entry.href, entry.status) for entry in whole] == [("/b/ü.vcf", 404), ("/b/", 0)]
    assert whole[1].text("{DAV:}getetag") == '"1"'
    for step in range(1, 60):
        assert _parse(text, step) == whole


def test_too_many_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_CARDS", 3)
    server = Server()
    cards = "".join(_response(f"/b/{n}.vcf", "<getetag>1</getetag>") for n in range(5))
    server.listing = f"{_HEAD}{cards}<sync-token>t</sync-token></multistatus>"
    with web_script(server) as script, pytest.raises(ServerError, match="more than 3 cards"):
        _read(script)


def test_listing_that_never_ends_is_left() -> None:
    server = Server()
    cut = "<response><href>/b/</href><status>HTTP/1.1 507 x</status></response>"
    server.listing = server.listing.replace("<sync-token>", cut + "<sync-token>")
    with web_script(server) as script, pytest.raises(ServerError, match="comes to an end"):
        _read(script)


def test_listing_in_parts_is_put_together() -> None:
    server = Server()
    part = (
        f"{_HEAD}{_response('/b/z.vcf', '<getetag>1</getetag>')}"
        "<response><href>/b/</href><status>HTTP/1.1 507 x</status></response>"
        "<sync-token>part</sync-token></multistatus>"
    )

    def reply(request: Request, sock: socket.socket) -> None:
        if b"<sync-token></sync-token>" in request.body:
            answer(sock, 207, part)
        else:
            server(request, sock)

    with web_script(reply) as script, CardDavSource(Access(script.url + "b/")) as source:
        records = list(source.records())
    assert [(record.key, record.error) for record in records] == [
        ("a", ""),
        ("/b/z.vcf", "The server gave no card."),
    ]
    assert source.state()["token"] == "t1"
    assert source.state()["cards"]["/b/z.vcf"][0] == ""  # asked for again the next time


def test_server_without_sync_collection_lists_etags() -> None:
    server = Server()
    listing = (
        f"{_HEAD}{_response('/b/', '<getetag>9</getetag>' + _TYPE)}"
        f"{_response('/b/a.vcf', '<getetag>1</getetag>')}</multistatus>"
    )

    def reply(request: Request, sock: socket.socket) -> None:
        if b"sync-collection" in request.body:
            answer(sock, 415)
        elif request.headers.get("depth") == "1" and request.method == "PROPFIND":
            answer(sock, 207, listing)
        else:
            server(request, sock)

    with web_script(reply) as script:
        access = Access(script.url + "b/")
        with CardDavSource(access) as first:
            assert [record.key for record in first.records()] == ["a"]
        with CardDavSource(access, state=first.state()) as second:
            assert list(second.records()) == []
        assert second.removed == ()
        listing = listing.replace("/b/a.vcf", "/b/c.vcf")
        with CardDavSource(access, state=second.state()) as third:
            assert third.removed == ("a",)
            assert len(list(third.records())) == 1


@pytest.mark.parametrize(
    "card",
    [
        "",
        "nonsense",
        "BEGIN:VCARD\nFN:x",
        "BEGIN:VCARD\n" * 3000,
        "BEGIN:VCARD\n" + "TEL:1\n" * 12_000 + "END:VCARD",
    ],
)
def test_broken_card_is_a_bad_record_and_asked_for_again(card: str) -> None:
    server = Server()
    server.cards = server.cards.replace(_card("a"), card)
    with web_script(server) as script, CardDavSource(Access(script.url + "b/")) as source:
        (record,) = source.records()
    assert record.error
    assert source.state()["cards"]["/b/a.vcf"][0] == ""


def test_card_nobody_asked_for_is_ignored() -> None:
    server = Server()
    other = _response("/b/other.vcf", f"<C:address-data>{_card('other')}</C:address-data>")
    server.cards = server.cards.replace("</multistatus>", other * 3 + "</multistatus>")
    with web_script(server) as script:
        assert _read(script) == ["a"]


@pytest.mark.parametrize("state", [{"book": 1}, {"cards": [1]}, {"cards": {"/b/a.vcf": [1, 2]}}])
def test_state_that_is_none_means_everything_again(state: dict[str, object]) -> None:
    with web_script(Server()) as script:
        state = {"book": script.url + "b/", "token": 7, **state}
        with CardDavSource(Access(script.url + "b/"), state=state) as source:
            assert len(list(source.records())) == 1
