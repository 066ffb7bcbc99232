"""Address books on a real Radicale, over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crmdesk.domain.importing import SourceKind, SourceRecord
from crmdesk.sync.carddav.source import CardDavSource
from crmdesk.sync.carddav.web import Access
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.server import ServerError, State
from tests.fakes.real_radicale import BOOK, Radicale, real_radicale


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with real_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def radicale(_server: Radicale) -> Iterator[Radicale]:
    """With an empty address book."""
    _server.make_book(BOOK, "Customers")
    yield _server
    _server.send("DELETE", BOOK)


def _run(
    access: Access, state: State | None = None, book: str = ""
) -> tuple[CardDavSource, list[SourceRecord]]:
    with CardDavSource(access, book, state) as source:
        return source, list(source.records())


def _value(source: CardDavSource, record: SourceRecord, column: str) -> str:
    names = [column.name for column in source.facts.columns]
    return record.values[names.index(column)]


def test_reads_an_address_book_from_the_address_of_the_server(radicale: Radicale) -> None:
    radicale.put(
        "u1",
        "Jane Doe",
        "TEL;TYPE=CELL:+49 171 39 20 001",
        "TEL;TYPE=WORK:+49 30 23125 101",
        "EMAIL;TYPE=WORK:jane@example.com",
        "ORG:Doe Ltd;Sales",
        "ADR;TYPE=WORK:;;Main St 1;Berlin;;10115;Germany",
        "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 5000,
    )
    source, records = _run(radicale.access)
    assert source.facts.kind is SourceKind.CARDDAV
    assert source.facts.records == source.size == 1
    assert source.facts.details["address book"] == "Customers"
    (record,) = records
    assert (record.key, record.place, record.error) == ("u1", 1, "")
    for column, value in {
        "Name": "Jane Doe",
        "Phone 1": "+49 171 39 20 001",
        "Phone 1 type": "mobile",
        "Phone 2": "+49 30 23125 101",
        "E-mail 1": "jane@example.com",
        "Company": "Doe Ltd",
        "Street": "Main St 1",
        "Postcode": "10115",
        "City": "Berlin",
        "UID": "u1",
    }.items():
        assert _value(source, record, column) == value, column
    guessed = guess(source.facts.columns)
    assert (guessed["Phone 1"], guessed["Phone 1 type"]) == ("number", "label_of_number")
    assert (guessed["UID"], guessed["City"]) == ("external_id", "city")


def test_second_run_brings_only_what_changed_and_says_what_is_gone(radicale: Radicale) -> None:
    for n in range(5):
        radicale.put(f"u{n}", f"Person {n}", f"TEL:+1 202 555 010{n}")
    first, records = _run(radicale.access)
    assert sorted(record.key for record in records) == [f"u{n}" for n in range(5)]
    state = first.state()
    assert state["token"]

    unchanged, records = _run(radicale.access, state)
    assert (records, unchanged.removed) == ([], ())
    assert unchanged.facts.details["compared by"] == "sync token"

    radicale.put("u1", "Person One", "TEL:+1 202 555 0111")
    radicale.put("new", "Somebody New", "TEL:+1 202 555 0112")
    radicale.send("DELETE", BOOK + "u3.vcf")
    changed, records = _run(radicale.access, unchanged.state())
    assert sorted(record.key for record in records) == ["new", "u1"]
    assert changed.removed == ("u3",)
    assert "1 card was deleted" in changed.facts.notes[0]
    again, records = _run(radicale.access, changed.state())
    assert (records, again.removed) == ([], ())


def test_token_the_server_does_not_know_compares_all_etags(radicale: Radicale) -> None:
    for n in range(3):
        radicale.put(f"u{n}", f"Person {n}")
    state = _run(radicale.access)[0].state()
    radicale.put("u0", "Person Zero")
    radicale.send("DELETE", BOOK + "u2.vcf")
    state["token"] = "http://radicale.org/ns/sync/" + "0" * 64
    source, records = _run(radicale.access, state)
    assert source.facts.details["compared by"] == "all etags"
    assert ([record.key for record in records], source.removed) == (["u0"], ("u2",))


def test_more_cards_than_one_batch_and_odd_paths(radicale: Radicale) -> None:
    for n in range(45):
        radicale.put(f"card%20{n}%C3%BC", f"Person {n} & <Söhne>")
    source, records = _run(radicale.access)
    assert len(records) == 45
    assert not any(record.error for record in records)
    assert _run(radicale.access, source.state())[1] == []


def test_numbers_beyond_the_columns_share_the_last(radicale: Radicale) -> None:
    radicale.put("u1", "Many Numbers", *(f"TEL:+1 202 555 01{n:02}" for n in range(10)))
    source, (record,) = _run(radicale.access)
    rest = _value(source, record, "Phone 6").split("; ")
    assert rest == [f"+1 202 555 01{n:02}" for n in range(5, 10)]


def test_several_address_books_are_asked_for(radicale: Radicale) -> None:
    radicale.make_book("/jane/private/", "Private Life")
    try:
        with pytest.raises(ServerError, match=r'several.*"Private Life" \(private\)'):
            _run(radicale.access)
        with pytest.raises(ServerError, match="no address book 'Nobody'"):
            _run(radicale.access, book="Nobody")
        for name in ("Private Life", "private"):
            assert _run(radicale.access, book=name)[0].facts.details[
                "address book"
            ] == name.replace("private", "Private Life")
    finally:
        radicale.send("DELETE", "/jane/private/")


def test_address_of_the_book_itself(radicale: Radicale) -> None:
    radicale.put("u1", "Jane Doe")
    url = radicale.access.url.rstrip("/") + BOOK
    assert len(_run(replace(radicale.access, url=url))[1]) == 1


def test_state_of_another_book_is_not_used(radicale: Radicale) -> None:
    radicale.put("u1", "Jane Doe")
    state = _run(radicale.access)[0].state() | {"book": "https://elsewhere.example/"}
    source, records = _run(radicale.access, state)
    assert (len(records), source.removed) == (1, ())


def test_card_that_vanishes_between_listing_and_fetching(radicale: Radicale) -> None:
    radicale.put("u1", "Jane Doe")
    radicale.put("u2", "John Doe")
    with CardDavSource(radicale.access) as source:
        radicale.send("DELETE", BOOK + "u2.vcf")
        assert [record.key for record in source.records()] == ["u1"]
        assert [key for _, key in source.state()["cards"].values()] == ["u1"]


def test_records_can_be_read_twice(radicale: Radicale) -> None:
    radicale.put("u1", "Jane Doe")
    with CardDavSource(radicale.access) as source:
        assert list(source.records()) == list(source.records())


def test_wrong_password_is_told(radicale: Radicale) -> None:
    with pytest.raises(ServerError, match="refuses the login"):
        CardDavSource(replace(radicale.access, password="wrong"))


def test_unknown_certificate_is_refused(radicale: Radicale) -> None:
    with pytest.raises(ServerError, match=r"not trusted.*No password was sent"):
        CardDavSource(replace(radicale.access, ca_file=""))


def test_certificate_for_another_name_is_refused(radicale: Radicale) -> None:
    url = radicale.access.url.replace("127.0.0.1", "localhost")
    with pytest.raises(ServerError, match="for another name than localhost"):
        CardDavSource(replace(radicale.access, url=url))


def test_server_without_tls_is_told(radicale: Radicale, tmp_path: Path) -> None:
    url = radicale.access.url.replace("https://", "http://")
    with pytest.raises(ServerError):
        CardDavSource(replace(radicale.access, url=url))
