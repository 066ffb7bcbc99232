"""Lists of cards as servers give them: in parts, without tokens, with cards that are none."""

from __future__ import annotations

import re
import socket

import pytest

from crmdesk.sync.carddav import book, multistatus, web
from crmdesk.sync.carddav.source import CardDavSource
from crmdesk.sync.carddav.web import Access
from crmdesk.sync.server import ServerError, read_again
from tests.fakes.card_server import A_BOOK, END, HEAD, CardServer, card, read, response, status
from tests.fakes.web_script import Request, answer, web_script


def test_too_many_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_CARDS", 3)
    server = CardServer()
    cards = "".join(response(f"/b/{n}.vcf", "<getetag>1</getetag>") for n in range(5))
    server.listing = f"{HEAD}{cards}<sync-token>t</sync-token></multistatus>"
    with web_script(server) as script, pytest.raises(ServerError, match="more than 3 cards"):
        read(script)


def test_listing_that_never_ends_is_left() -> None:
    server = CardServer()
    cut = "<response><href>/b/</href><status>HTTP/1.1 507 x</status></response>"
    server.listing = server.listing.replace("<sync-token>", cut + "<sync-token>")
    with web_script(server) as script, pytest.raises(ServerError, match="comes to an end"):
        read(script)


def test_listing_in_parts_is_put_together() -> None:
    server = CardServer()
    part = (
        f"{HEAD}{response('/b/z.vcf', '<getetag>1</getetag>')}"
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
    server = CardServer()
    listing = (
        f"{HEAD}{response('/b/', '<getetag>9</getetag>' + A_BOOK)}"
        f"{response('/b/a.vcf', '<getetag>1</getetag>')}</multistatus>"
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
    "text",
    [
        "",
        "nonsense",
        "BEGIN:VCARD\nFN:x",
        "BEGIN:VCARD\n" * 3000,
        "BEGIN:VCARD\n" + "TEL:1\n" * 12_000 + "END:VCARD",
    ],
)
def test_broken_card_is_a_bad_record_and_asked_for_again(text: str) -> None:
    server = CardServer()
    server.cards = server.cards.replace(card("a"), text)
    with web_script(server) as script, CardDavSource(Access(script.url + "b/")) as source:
        (record,) = source.records()
        assert record.error
        server.listing = f"{HEAD}<sync-token>t2</sync-token>{END}"  # nothing changed there
        server.cards = CardServer().cards
        with CardDavSource(Access(script.url + "b/"), state=source.state()) as again:
            assert [(record.key, record.error) for record in again.records()] == [("a", "")]


def test_card_nobody_asked_for_is_ignored() -> None:
    server = CardServer()
    other = response("/b/other.vcf", f"<C:address-data>{card('other')}</C:address-data>")
    server.cards = server.cards.replace("</multistatus>", other * 3 + "</multistatus>")
    with web_script(server) as script:
        assert read(script) == ["a"]


@pytest.mark.parametrize("state", [{"book": 1}, {"cards": [1]}, {"cards": {"/b/a.vcf": [1, 2]}}])
def test_state_that_is_none_means_everything_again(state: dict[str, object]) -> None:
    with web_script(CardServer()) as script:
        state = {"book": script.url + "b/", "token": 7, **state}
        with CardDavSource(Access(script.url + "b/"), state=state) as source:
            assert len(list(source.records())) == 1


def _listing(*entries: str, token: str = "t2") -> str:
    return f"{HEAD}{''.join(entries)}<sync-token>{token}</sync-token>{END}"


def _data(href: str, text: str) -> str:
    return response(href, f"<getetag>1</getetag><C:address-data>{text}</C:address-data>")


def test_card_that_only_moved_is_not_told_as_deleted() -> None:
    server = CardServer()
    with web_script(server) as script:
        access = Access(script.url + "b/")
        with CardDavSource(access) as first:
            list(first.records())
        server.listing = _listing(
            status("/b/a.vcf", 404), response("/b/moved.vcf", "<getetag>1</getetag>")
        )
        server.cards = f"{HEAD}{_data('/b/moved.vcf', card('a'))}{END}"
        with CardDavSource(access, state=first.state()) as second:
            assert [record.key for record in second.records()] == ["a"]
        assert (second.removed, second.facts.notes) == ((), ())
        server.listing = _listing(status("/b/moved.vcf", 404), token="t3")
        with CardDavSource(access, state=second.state()) as third:
            assert list(third.records()) == []
        assert third.removed == ("a",)
        assert "1 card was deleted" in third.facts.notes[0]


def test_known_card_that_is_not_given_keeps_its_key() -> None:
    server = CardServer()
    with web_script(server) as script:
        access = Access(script.url + "b/")
        with CardDavSource(access) as first:
            list(first.records())
        server.listing = _listing(response("/b/a.vcf", "<getetag>2</getetag>"))
        server.cards = f"{HEAD}{END}"
        with CardDavSource(access, state=first.state()) as second:
            (record,) = second.records()
    assert (record.key, record.error) == ("a", "The server gave no card.")
    assert second.state()["cards"] == {"/b/a.vcf": ["", "a"]}


def test_everything_again_still_tells_what_is_gone() -> None:
    server = CardServer()
    with web_script(server) as script:
        access = Access(script.url + "b/")
        with CardDavSource(access) as first:
            list(first.records())
        server.listing = _listing(response("/b/c.vcf", "<getetag>1</getetag>"))
        server.cards = f"{HEAD}{_data('/b/c.vcf', card('c'))}{END}"
        with CardDavSource(access, state=first.state()) as second:
            list(second.records())
        with CardDavSource(access, state=read_again(second.state())) as third:
            assert [record.key for record in third.records()] == ["c"]
        server.listing = _listing()
        with CardDavSource(access, state=read_again(third.state())) as fourth:
            assert list(fourth.records()) == []
    assert (third.removed, fourth.removed) == (("a",), ("c",))


def test_list_of_cards_that_is_deleted_is_nobody() -> None:
    server = CardServer()
    server.cards = f"{HEAD}{_data('/b/a.vcf', card('friends', 'KIND:group'))}{END}"
    with web_script(server) as script:
        access = Access(script.url + "b/")
        with CardDavSource(access) as first:
            assert list(first.records()) == []
        server.listing = _listing(status("/b/a.vcf", 404))
        with CardDavSource(access, state=first.state()) as second:
            list(second.records())
    assert second.removed == ()


@pytest.mark.parametrize("href", ["/b", "/b/"])
def test_address_book_that_lists_itself_is_no_card(href: str) -> None:
    server = CardServer()
    server.listing = server.listing.replace(HEAD, HEAD + response(href, "<getetag>7</getetag>"))
    with web_script(server) as script:
        assert read(script) == ["a"]


@pytest.mark.parametrize("code", [400, 403, 410, 412, 501])
def test_forgotten_token_that_is_not_told_as_such_compares_all_etags(code: int) -> None:
    server = CardServer()
    listing = f"{HEAD}{response('/b/a.vcf', '<getetag>1</getetag>')}{END}"

    def reply(request: Request, sock: socket.socket) -> None:
        if b"sync-collection" in request.body:
            answer(sock, code)
        elif request.headers.get("depth") == "1" and request.method == "PROPFIND":
            answer(sock, 207, listing)
        else:
            server(request, sock)

    with web_script(server) as script:
        with CardDavSource(Access(script.url + "b/")) as first:
            list(first.records())
        script.reply = reply
        with CardDavSource(Access(script.url + "b/"), state=first.state()) as second:
            assert list(second.records()) == []
    assert second.facts.details["compared by"] == "all etags"
    assert second.removed == ()


def test_list_that_is_cut_is_not_taken_for_the_whole() -> None:
    """What is missing in it would be told as deleted."""
    listing = f"{HEAD}{response('/b/a.vcf', '<getetag>1</getetag>')}{status('/b/', 507)}{END}"

    def reply(request: Request, sock: socket.socket) -> None:
        if b"sync-collection" in request.body:
            answer(sock, 415)
        elif request.headers.get("depth") == "1":
            answer(sock, 207, listing)
        else:
            CardServer()(request, sock)

    with web_script(reply) as script, pytest.raises(ServerError, match="not whole"):
        read(script)


def _asked_cards(request: Request) -> list[str]:
    return re.findall("<href>/b/(.*?).vcf</href>", request.body.decode())


def test_cards_that_are_too_much_for_one_answer_are_asked_for_in_fewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty cards with a picture of two megabytes each."""
    monkeypatch.setattr(web, "ANSWER_BYTES", 30_000)
    names = [f"c{n}" for n in range(20)]
    etags = [response(f"/b/{name}.vcf", "<getetag>1</getetag>") for name in names]
    sizes = dict.fromkeys(names, 8_000) | {"c7": 90_000}

    def reply(request: Request, sock: socket.socket) -> None:
        if b"multiget" in request.body:
            cards = [
                _data(f"/b/{name}.vcf", card(name, "PHOTO;ENCODING=b:" + "A" * sizes[name]))
                for name in _asked_cards(request)
            ]
            answer(sock, 207, f"{HEAD}{''.join(cards)}{END}")
        elif request.method == "PROPFIND":
            CardServer()(request, sock)
        else:
            answer(sock, 207, _listing(*etags))

    with web_script(reply) as script, CardDavSource(Access(script.url + "b/")) as source:
        records = {record.key: record.error for record in source.records()}
    assert set(records) == {*names} - {"c7"} | {"/b/c7.vcf"}
    assert [key for key, error in records.items() if error] == ["/b/c7.vcf"]
    assert "very large picture" in records["/b/c7.vcf"]


def test_one_value_without_measure_is_one_bad_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multistatus, "TEXT_CHARS", 10_000)
    server = CardServer()
    server.listing = _listing(
        *(response(f"/b/{name}.vcf", "<getetag>1</getetag>") for name in "ab")
    )
    big = _data("/b/b.vcf", card("b", "NOTE:" + "x" * 50_000))
    server.cards = server.cards.replace(END, big + END)
    with web_script(server) as script, CardDavSource(Access(script.url + "b/")) as source:
        assert [(one.key, bool(one.error)) for one in source.records()] == [
            ("a", False),
            ("/b/b.vcf", True),
        ]
