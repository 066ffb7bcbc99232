"""Files made to hurt: whatever the bytes, an error in words or records, in bounded memory.

Threat model rows 16 and 17 with their payloads; row 18 is in test_limits_of_cards.py.
"""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crmdesk.sync.sources import SourceError, archives, csv_rows, open_source
from crmdesk.sync.sources.archives import MEMBERS
from crmdesk.sync.sources.limits import COLUMNS, FIELD_CHARS, KIB, MIB
from tests.sync.limit_readers import filled, memory_below, read, read_or_refused

# --- any bytes ------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *(b"Name;Phone\r\n", b'"', b'""', b";", b",", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"'"),
        *(b"Eva", b"030 23125 101", b"4.93E+11", "Müller".encode(), b"M\xfcller", b'="1"'),
        *(b"\xff\xfe", b"\xef\xbb\xbf", b"01.02.2024", b"BEGIN:VCARD\n", b"END:VCARD\n"),
        *(b"AGENT:\n", b"FN:Eva\n", b"TEL;TYPE=cell:030\n", b" folded\n", b"item1.TEL:1\n"),
        *(b"N;ENCODING=QUOTED-PRINTABLE:=C3=\n", b"PHOTO;ENCODING=b:AAAA\n", b'{"a": 1}\n'),
        *(b"item1.X-ABLabel:x\n", b'{"a": [{"b": "\\ud800"}]}\n', b"[", b"]", b"{", b"}"),
        *(b'"a": ', b"NaN", b"1e999"),
    ]
)
_BYTES = st.one_of(st.binary(max_size=400), st.lists(_PIECES, max_size=40).map(b"".join))
_NAMES = st.sampled_from(["x.csv", "x.txt", "x.vcf", "x.jsonl", "x.json", "x.xlsx", "x"])
_KINDS = st.sampled_from(["", "csv", "vcard", "jsonl", "xlsx"])


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=_BYTES, name=_NAMES, kind=_KINDS)
@example(content=b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=\n", name="x.vcf", kind="")
@example(content=b'[{"a": 1e400}]', name="x.json", kind="")
@example(content=b"a;b\n\xff\xfe\0", name="x.csv", kind="csv")
@example(content=b';\r"', name="x.csv", kind="")
def test_any_bytes_are_records_or_an_error_in_words(tmp_path, content, name, kind):
    path = tmp_path / name
    path.write_bytes(content)
    read_or_refused(path, **({"kind": kind} if kind else {}))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused_in_words(tmp_path, imports, data):
    content = bytearray((imports / "office.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(1, len(content))))
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(content[:cut])
    read_or_refused(path)


_XML = st.lists(
    st.sampled_from(
        [
            *("<row>", '<row r="2">', '<row r="999999999">', '<row r="x">', "</row>", "<c>"),
            *('<c r="A1">', '<c r="XFD1" t="s">', '<c t="b">', '<c t="e">', '<c t="d">', "</c>"),
            *('<c s="99999">', '<c s="1">', "<v>", "</v>", "<f>", "</f>", "<is>", "</is>", "<t>"),
            *("</t>", "1", "-1", "1e999", "nan", "x", "_xD800_", "&amp;", "&lt;"),
            '<mergeCells><mergeCell ref="A1:B9"/></mergeCells>',
        ]
    ),
    max_size=40,
).map("".join)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(xml=_XML)
def test_any_sheet_is_read_or_refused_in_words(tmp_path, workbook, xml):
    read_or_refused(
        workbook(tmp_path / "x.xlsx", f"<worksheet><sheetData>{xml}</sheetData></worksheet>")
    )


@pytest.fixture(scope="session")
def imports(repository: Path) -> Path:
    """Files in the habits of other programs."""
    return repository / "tests" / "data" / "imports"


@pytest.fixture(scope="session")
def workbook() -> Callable[..., Path]:
    """Makes a workbook with the XML of its sheet given."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.save(made)

    def make(path: Path, sheet: str, **others: bytes) -> Path:
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for item in old.infolist():
                if item.filename == "xl/worksheets/sheet1.xml":
                    new.writestr(item.filename, sheet)
                elif item.filename not in others:
                    new.writestr(item.filename, old.read(item))
            for name, content in others.items():
                new.writestr(name, content)
        return path

    return make


# --- row 16: text tables --------------------------------------------------------------------------


def test_a_giant_field_is_one_bad_row(tmp_path):
    path = filled(tmp_path / "a.csv", b"Name;Phone\nEva;1\n", b"a" * MIB, 48, b"\nUta;2\n")
    with memory_below():
        records = read(path)
    assert [(r.place, bool(r.error)) for r in records] == [(2, False), (3, True), (4, False)]
    assert "longer" in records[1].error


def test_an_open_quote_costs_its_row_and_no_other(tmp_path):
    rows = b"".join(b"Uta Adler;030 23125 %03d\n" % n for n in range(1000))
    path = filled(tmp_path / "a.csv", b'Name;Phone\n"Eva;1\n', rows, 20)
    with memory_below(), open_source(path) as source:
        errors = [record.place for record in source.records() if record.error]
        assert errors == [2]
        assert sum(1 for _ in source.records()) == 20_001


def test_quotes_that_open_in_every_row_are_read_in_proportion(tmp_path, monkeypatch):
    """Each line reads as closed by itself and as open within another: reading again is bounded."""
    lines = 100_000
    path = filled(tmp_path / "a.csv", b"Name,Phone\n", b'a"b,"c\n' * 1000, lines // 1000)
    parsed = 0

    class Counting(csv_rows._LineFeed):
        def __next__(self):
            nonlocal parsed
            parsed += 1
            return super().__next__()

    monkeypatch.setattr(csv_rows, "_LineFeed", Counting)
    assert len(read(path)) == lines
    assert parsed < 8 * lines


def test_nul_characters_and_other_encodings_make_bad_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Name;Phone\nZoë;1\nE\0va;2\n".encode() + b"M\xfcller;3\n" + b"Uta;4\n")
    assert [bool(record.error) for record in read(path)] == [False, True, True, False]


def test_zeros_behind_the_last_row_do_not_hide_it(tmp_path):
    path = filled(tmp_path / "a.csv", b"Name;Phone\nEva;1\n", b"\0" * 4096, 1024)
    with memory_below():
        records = read(path)
    assert records[0].values == ("Eva", "1")
    assert all(record.error for record in records[1:])


def test_ten_million_columns_are_refused(tmp_path):
    path = filled(tmp_path / "a.csv", b"", b"a;" * 5_000, 2_000, b"\n1;2\n")
    with memory_below(), open_source(path) as source:
        assert len(source.facts.columns) <= COLUMNS
        assert "longer" in next(source.records()).error


def test_more_columns_than_read_are_said(tmp_path):
    path = tmp_path / "a.csv"
    names = ["Name", "Phone", *(f"Field {n}" for n in range(248))]
    path.write_text(
        ";".join(names) + "\n" + ";".join("030 23125 101" for _ in names) + "\n", "utf-8"
    )
    with open_source(path) as source:
        assert len(source.facts.columns) == COLUMNS
        assert any("250 columns" in note for note in source.facts.notes)
        assert [(r.error, len(r.values)) for r in source.records()] == [("", COLUMNS)]
    path.write_text(";".join(f"Field {n}" for n in range(1001)) + "\n", "utf-8")
    with pytest.raises(SourceError, match="columns"):
        open_source(path)


def test_a_value_over_the_limit_is_a_bad_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"Name;Note\nEva;{'x' * FIELD_CHARS}\nUta;{'x' * (FIELD_CHARS + 1)}\n", "utf-8")
    assert [bool(record.error) for record in read(path)] == [False, True]


def test_a_file_over_a_gibibyte_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"Name;Phone\n")
        file.truncate(1024 * MIB + 1)  # sparse: takes no room
    with pytest.raises(SourceError, match="MiB"):
        open_source(path)


def test_formulas_stay_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Name;Note\n=1+1;"=HYPERLINK(""http://x.invalid"";""a"")"\n', "utf-8")
    assert read(path)[0].values == ("=1+1", '=HYPERLINK("http://x.invalid";"a")')


def test_memory_does_not_grow_with_the_file(tmp_path):
    block = b"".join(b'"%d";"Uta Adler";"030 23125 101"\r\n' % n for n in range(2_000))

    def peak(times: int) -> int:
        path = filled(tmp_path / "a.csv", b'"Id";"Name";"Phone"\r\n', block, times)
        tracemalloc.start()
        with open_source(path) as source:
            assert sum(1 for _ in source.records()) == 2_000 * times
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(24) < 1.5 * peak(6)


# --- row 17: workbooks ----------------------------------------------------------------------------


def _opened_members(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    opened: list[str] = []
    original = zipfile.ZipFile.open

    def noted(self, name, *args, **kwargs):
        opened.append(str(name))
        return original(self, name, *args, **kwargs)

    monkeypatch.setattr(zipfile.ZipFile, "open", noted)
    return opened


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(tmp_path, workbook, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    workbook(path, "<worksheet/>")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(b" " * MIB)
    opened = _opened_members(monkeypatch)
    with memory_below(4 * MIB), pytest.raises(SourceError, match="unpack"):
        open_source(path)
    assert opened == []


def test_sheets_have_a_limit_of_their_own(tmp_path, workbook, monkeypatch):
    """They are read a block at a time: a list of ours of a million customers comes back."""
    sheet = "<worksheet><sheetData>" + '<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 20_000
    path = workbook(tmp_path / "large.xlsx", sheet + "</sheetData></worksheet>")
    monkeypatch.setattr(archives, "UNPACKED_BYTES", 64 * KIB)
    monkeypatch.setattr(archives, "SHEETS_BYTES", 2 * MIB)
    with memory_below(4 * MIB), open_source(path) as source:
        assert sum(1 for _ in source.records()) == 20_000
    monkeypatch.setattr(archives, "SHEETS_BYTES", 512 * KIB)
    with pytest.raises(SourceError, match="1 MiB unpacked"):
        open_source(path)


def test_a_part_that_packs_too_well_is_refused(tmp_path, workbook, monkeypatch):
    path = workbook(tmp_path / "bomb.xlsx", " " * (20 * MIB))
    opened = _opened_members(monkeypatch)
    with pytest.raises(SourceError, match="100 times"):
        open_source(path)
    assert opened == []


def test_a_part_larger_than_its_directory_says_is_damaged(tmp_path, workbook):
    sheet = "<worksheet><sheetData>" + '<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 50_000
    path = workbook(tmp_path / "lies.xlsx", sheet + "</sheetData></worksheet>")
    content = bytearray(path.read_bytes())
    at = content.rfind(b"xl/worksheets/sheet1.xml") - 46  # its entry in the directory
    struct.pack_into("<I", content, at + 24, 1000)
    path.write_bytes(content)
    with pytest.raises(SourceError, match="damaged"):
        read(path)


def test_too_many_members_are_refused(tmp_path):
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(MEMBERS + 1):
            archive.writestr(f"xl/{n}", b"")
    with pytest.raises(SourceError, match="members"):
        open_source(path)


def test_a_part_that_points_outside_is_refused(tmp_path):
    path = tmp_path / "outside.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/x", b"x")
    with pytest.raises(SourceError, match="outside"):
        open_source(path)


_LAUGHS = """<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]>"""


def test_entities_are_refused_in_every_part(tmp_path, workbook):
    sheet = "<worksheet><sheetData><row><c t='str'><v>&c;</v></c></row></sheetData></worksheet>"
    plain = sheet.replace("&c;", "Name")
    paths = [
        workbook(tmp_path / "1.xlsx", _LAUGHS + sheet),
        workbook(tmp_path / "2.xlsx", plain, **{"xl/styles.xml": f"{_LAUGHS}<w>&c;</w>".encode()}),
        workbook(
            tmp_path / "3.xlsx", plain, **{"xl/sharedStrings.xml": f"{_LAUGHS}<w>&c;</w>".encode()}
        ),
    ]
    for path in paths:
        with pytest.raises(SourceError, match="entities"):
            read(path)


def test_an_external_document_type_is_never_fetched(tmp_path, workbook):
    sheet = '<!DOCTYPE w SYSTEM "http://evil.invalid/x.dtd"><worksheet/>'
    with pytest.raises(SourceError, match="entities"):
        read(workbook(tmp_path / "x.xlsx", sheet))


def test_a_giant_cell_is_a_bad_row_in_bounded_memory(tmp_path, workbook):
    giant = "".join(f"word {n} " for n in range(2_000_000))
    row = '<row r="{}"><c t="inlineStr"><is><t>{}</t></is></c></row>'
    sheet = "".join(row.format(n, text) for n, text in enumerate(("Name", giant, "Eva"), 1))
    path = workbook(tmp_path / "x.xlsx", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>")
    with memory_below():
        records = read(path, header="1")
    assert [(r.place, bool(r.error)) for r in records] == [(2, True), (3, False)]


def test_a_row_far_down_is_not_waited_for(tmp_path, workbook):
    sheet = (
        '<worksheet><sheetData><row r="1"><c t="str"><v>Name</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c><c r="A1048576" t="str">'
        "<v>Eva</v></c></row></sheetData></worksheet>"
    )
    path = workbook(tmp_path / "x.xlsx", sheet)
    assert [r.values[0] for r in read(path, header="1")] == ["Eva"]
