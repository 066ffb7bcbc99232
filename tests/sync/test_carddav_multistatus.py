"""Answers made to do harm, and answers cut anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crmdesk.sync.carddav import multistatus
from crmdesk.sync.carddav.multistatus import Multistatus
from crmdesk.sync.server import ServerError
from tests.fakes.card_server import (
    A_BOOK,
    HEAD,
    response,
)


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
        pytest.param(HEAD, id="broken off"),
        pytest.param("", id="empty"),
        pytest.param(b"\x00\xff\xfe", id="no text"),
        pytest.param("<html xmlns='x'></html>", id="another document"),
        pytest.param(HEAD + "<a>" * 5000, id="deep"),
        pytest.param(HEAD + "".join(f"<a{n}/>" for n in range(2000)), id="many names"),
        pytest.param(
            HEAD + response("/", "".join(f"<a{n}/>" for n in range(500))), id="many properties"
        ),
    ],
)
def test_answer_made_to_do_harm(text: str | bytes) -> None:
    with pytest.raises(ServerError, match="cannot be used"):
        _parse(text)


def test_value_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multistatus, "TEXT_CHARS", 10_000)
    with pytest.raises(ServerError, match="a value of more than"):
        _parse(HEAD + "<response><href>" + "x" * 20_000)


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multistatus, "ENTRIES", 10)
    with pytest.raises(ServerError, match="more than 10 entries"):
        _parse(HEAD + response("/", "") * 11)


def test_entries_are_the_same_at_every_split() -> None:
    text = (
        f"{HEAD}<response><href> /b/ü.vcf </href><status>HTTP/1.1 404 x</status></response>"
        f"{response('/b/', A_BOOK + '<getetag>&quot;1&quot;</getetag>')}"
        "<sync-token>t</sync-token></multistatus>"
    )
    whole = _parse(text, 10_000)
    assert [(entry.href, entry.status) for entry in whole] == [("/b/ü.vcf", 404), ("/b/", 0)]
    assert whole[1].text("{DAV:}getetag") == '"1"'
    for step in range(1, 60):
        assert _parse(text, step) == whole


@pytest.mark.parametrize("begin", ["<!-- ", '<response a="', "<?x "])
def test_tag_without_end_costs_no_time(begin: str) -> None:
    """The parser of older Pythons reads such a tag again from its beginning for every piece."""
    block, fed = b"x" * 65_536, 0

    def pieces() -> Iterator[bytes]:
        nonlocal fed
        yield (HEAD + begin).encode()
        for _ in range(1_000):
            fed += len(block)
            yield block

    with pytest.raises(ServerError, match="a tag in it does not end"):
        list(Multistatus().entries(pieces()))
    assert fed < 2 * multistatus.SILENT_BYTES
