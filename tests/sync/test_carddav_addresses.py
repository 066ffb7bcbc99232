"""Redirects and addresses in answers: one server is asked, and no other."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from crmdesk.sync.carddav.source import CardDavSource
from crmdesk.sync.carddav.web import Access
from crmdesk.sync.server import ServerError
from tests.fakes.card_server import A_BOOK, END, HEAD, CardServer, read, response
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.web_script import Request, answer, web_script


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
        read(script)
    assert len(script.asked) == 1


def test_redirect_to_another_port_of_the_same_machine_is_not_followed() -> None:
    with web_script(CardServer()) as inner:

        def reply(_request: Request, sock: socket.socket) -> None:
            answer(sock, 307, headers={"Location": inner.url})

        with web_script(reply) as script, pytest.raises(ServerError, match="another address"):
            read(script, user="jane", password="secret")
    assert inner.asked == []


def test_redirects_within_the_server_are_followed_up_to_a_limit() -> None:
    def reply(request: Request, sock: socket.socket) -> None:
        answer(sock, 301, headers={"Location": request.path + "x"})

    with web_script(reply) as script, pytest.raises(ServerError, match="circles"):
        read(script)
    assert len(script.asked) == 6


@pytest.mark.parametrize("where", ["listing", "home"])
def test_addresses_in_an_answer_lead_nowhere_else(where: str) -> None:
    server = CardServer()
    if where == "listing":
        server.listing = server.listing.replace("/b/a.vcf", "http://192.0.2.1/a.vcf")
        reply = server
    else:
        home = "<C:addressbook-home-set><href>http://192.0.2.1/</href></C:addressbook-home-set>"

        def reply(_request: Request, sock: socket.socket) -> None:
            answer(sock, 207, f"{HEAD}{response('/', home)}</multistatus>")

    with web_script(reply) as script, pytest.raises(ServerError, match="another address"):
        read(script)


def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    with web_script(CardServer()) as script:
        assert read(script) == ["a"]


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


def _tls(folder: Path) -> tuple[ssl.SSLContext, str]:
    authority = CertificateAuthority(folder)
    made = authority.issue("server", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    return context, str(authority.ca_file)


@pytest.mark.parametrize("port", ["", ":80", "same"])
def test_server_that_does_not_know_of_its_tls_is_still_asked_over_it(
    tmp_path: Path, port: str
) -> None:
    """Nextcloud behind a proxy calls itself http:// in redirects and answers."""
    server = CardServer()
    context, ca_file = _tls(tmp_path)

    def reply(request: Request, sock: socket.socket) -> None:
        here = f"http://127.0.0.1{f':{script.port}' if port == 'same' else port}"
        if request.path != "/b/":
            answer(sock, 301, headers={"Location": here + "/b/"})
            return
        server.listing = CardServer().listing.replace("/b/a.vcf", here + "/b/a.vcf")
        server(request, sock)

    with web_script(reply, context) as script:
        url = script.url.replace("http://", "https://")
        with CardDavSource(Access(url, ca_file=ca_file)) as source:
            assert [record.key for record in source.records()] == ["a"]


def test_start_page_that_leads_elsewhere_does_not_hide_the_well_known_place() -> None:
    """As of a company whose web site is www.example.com."""
    server = CardServer()

    def reply(request: Request, sock: socket.socket) -> None:
        if request.path == "/":
            answer(sock, 301, headers={"Location": "http://192.0.2.1/"})
        elif request.path == "/.well-known/carddav":
            answer(sock, 301, headers={"Location": "/b/"})
        else:
            server(request, sock)

    with web_script(reply) as script, CardDavSource(Access(script.url)) as source:
        assert [record.key for record in source.records()] == ["a"]
        assert source.state()["book"] == script.url + "b/"


def test_address_book_that_is_gone_is_not_replaced_by_another_one() -> None:
    server = CardServer()

    def reply(request: Request, sock: socket.socket) -> None:
        if request.path == "/gone/":
            answer(sock, 404)
        else:
            server(request, sock)

    with web_script(reply) as script, pytest.raises(ServerError, match="nothing at /gone/"):
        CardDavSource(Access(script.url + "gone/"))


def test_two_address_books_of_one_name_are_told_apart_by_their_address() -> None:
    home = "<C:addressbook-home-set><href>/h/</href></C:addressbook-home-set>"
    books = "".join(
        response(f"/h/{n}/", A_BOOK + "<displayname>Contacts</displayname>") for n in (1, 2)
    )

    def reply(request: Request, sock: socket.socket) -> None:
        entries = books if request.path == "/h/" else response("/", home)
        answer(sock, 207, f"{HEAD}{entries}{END}")

    with web_script(reply) as script:
        for wanted in ("", "Contacts"):
            with pytest.raises(ServerError, match=r"several.*\(1\).*\(2\)"):
                CardDavSource(Access(script.url), wanted)
