"""Cards and JSON made to hurt: an error in words or records, in bounded memory (row 18)."""

from __future__ import annotations

import json
import os

import pytest

from crmdesk.sync.sources import SourceError, open_source
from crmdesk.sync.sources.limits import FIELD_CHARS, MIB
from tests.sync.limit_readers import filled, memory_below, read


def _card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]).encode()


def test_a_name_of_20_mib_is_one_bad_card(tmp_path):
    for begin, block in ((b"FN:", b"a" * MIB), (b"FN:\r\n", b" " + b"a" * 74 + b"\r\n")):
        head = _card("FN:Eva") + b"BEGIN:VCARD\r\n" + begin
        times = 20 if len(block) == MIB else 100_000
        path = filled(
            tmp_path / "a.vcf", head, block, times, b"\r\nEND:VCARD\r\n" + _card("FN:Uta")
        )
        with memory_below():
            records = read(path)
        assert [bool(record.error) for record in records] == [False, True, False]
        assert "64 KiB" in records[1].error


def test_nested_cards_are_bad_and_end(tmp_path):
    path = tmp_path / "a.vcf"
    path.write_bytes(b"BEGIN:VCARD\r\n" * 3_000 + _card("FN:Eva"))
    records = read(path)
    assert len(records) == 3_001
    assert [record.place for record in records if not record.error] == [3_001]
    path.write_bytes(
        b"BEGIN:VCARD\r\nFN:Boss\r\n"
        + b"AGENT:\r\nBEGIN:VCARD\r\n" * 3_000
        + b"END:VCARD\r\n" * 3_001
    )
    assert ["deep" in record.error for record in read(path)] == [True]


def test_a_card_in_a_card_is_no_customer(tmp_path):
    path = tmp_path / "a.vcf"
    agent = ("AGENT:", "BEGIN:VCARD", "FN:Secretary", "TEL:2", "END:VCARD")
    path.write_bytes(_card("FN:Boss", *agent, "TEL:1"))
    [record] = read(path)
    assert (record.error, "1" in record.values, "2" in record.values) == ("", True, False)


def test_ten_thousand_properties_make_a_bad_card(tmp_path):
    path = tmp_path / "a.vcf"
    many = [f"X-{n}:x" for n in range(10_001)]
    phones = [f"TEL:030 23125 {n}" for n in range(9_000)]
    path.write_bytes(_card("FN:Eva", *many) + _card("FN:Uta", *phones) + _card("FN:Jo"))
    records = read(path)
    assert [record.error[:22] for record in records] == [
        "The card has more than", "The card has 9,000 of ", ""
    ]  # fmt: skip


def test_pictures_of_any_size_are_passed_by(tmp_path):
    head = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eva\r\nPHOTO;ENCODING=b:AAAA\r\n"
    path = filled(tmp_path / "a.vcf", head, b" " + b"A" * 74 + b"\r\n", 200_000, b"END:VCARD\r\n")
    with memory_below(), open_source(path) as source:
        assert source.facts.notes == ("1 picture was left out.",)
        assert [(r.values, r.error) for r in source.records()] == [(("Eva",), "")]


def test_a_picture_behind_an_address_is_not_fetched(tmp_path):
    """The guard of all tests fails this one if a name is looked up or a socket opened."""
    path = tmp_path / "a.vcf"
    path.write_bytes(_card("FN:Eva", "PHOTO;VALUE=uri:http://pictures.example/1.jpg"))
    assert [record.values for record in read(path)] == [("Eva",)]


def test_a_large_address_book_takes_no_more_memory(tmp_path):
    """Ours of a million customers has 300 MiB; a limit would keep it from coming back."""
    card = _card("FN:Eva", "NOTE:" + "x" * 60_000)
    path = filled(tmp_path / "a.vcf", b"", card, 400)
    with memory_below(4 * MIB), open_source(path) as source:
        assert source.facts.records == 400
        assert sum(not record.error for record in source.records()) == 400


def test_a_file_of_cards_has_an_end(tmp_path):
    path = tmp_path / "a.vcf"
    path.write_bytes(_card("FN:Eva"))
    os.truncate(path, 2048 * MIB)  # a file with a hole: it takes no room
    with pytest.raises(SourceError, match="2,048 MiB"):
        open_source(path)


# --- JSON -----------------------------------------------------------------------------------------


def test_deep_and_long_objects_are_bad_lines(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = [
        '{"name": "Eva"}',
        '{"name": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"name": ' + '{"a":' * 20 + "1" + "}" * 20 + "}",
        json.dumps({"name": "x" * (FIELD_CHARS + 1)}),
        json.dumps({f"k{n}": n for n in range(5_000)}),
        '{"name": "' + "x" * (2 * MIB) + '"}',
        '{"name": "Uta"}',
    ]
    path.write_text("\n".join(lines), "utf-8")
    records = read(path)
    assert [bool(record.error) for record in records] == [False, *5 * [True], False]


def test_a_long_list_is_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" + '{"name": "Eva"},\n' * 600_000 + "{}]", "utf-8")
    with pytest.raises(SourceError, match="8 MiB"):
        open_source(path)
