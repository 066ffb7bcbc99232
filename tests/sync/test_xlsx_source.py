"""Workbooks: what a cell shows becomes its value."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from crmdesk.domain.importing import SourceRecord
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.sources import SourceError, open_source
from crmdesk.sync.sources.xlsx_sheet import column_index, column_letters
from crmdesk.sync.sources.xlsx_values import date_text, number_text


@pytest.fixture
def imports(repository: Path) -> Path:
    """Files in the habits of other programs."""
    return repository / "tests" / "data" / "imports"


@pytest.fixture
def saved(tmp_path: Path):
    """Saves a workbook whose first sheet has these rows; gives its path."""

    def save(*rows: tuple[object, ...], change=lambda sheet: None, name: str = "a.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        for row in rows:
            sheet.append(row)
        change(sheet)
        book.save(tmp_path / name)
        return tmp_path / name

    return save


def _rows(path: Path, **options: str) -> list[SourceRecord]:
    with open_source(path, options) as source:
        return list(source.records())


def _values(path: Path, **options: str) -> list[tuple[str, ...]]:
    return [record.values for record in _rows(path, **options)]


def test_an_office_workbook(imports):
    with open_source(imports / "office.xlsx") as source:
        targets = guess(source.facts.columns)
        found = source.facts.details
        assert (found["sheet"], found["header"]) == ("Kunden", "3")
        assert set(found["sheets"].split("/")) == {"Deckblatt", "Kunden"}
        assert any('also "Deckblatt"' in note for note in source.facts.notes)
        assert (targets["Telefon"], targets["Handy"]) == ("number", "number_mobile")
        records = list(source.records())
        assert source.position == source.size
        assert list(source.records()) == records
    assert [(r.place, r.values[:8]) for r in records[:2]] == [
        (4, ("1", "Gärtnerei Adler", "Jürgen Schäfer", "493023125101", "01713920101", "01067",
             "2020-02-01", "yes")),
        (5, ("2", "Gärtnerei Adler", "Änne Großmann", "03023125102", "0171 3920102", "10115",
             "2021-12-31", "no")),
    ]  # fmt: skip
    assert [(r.place, r.error[:20]) for r in records[2:]] == [
        (7, '"4.93E+11" in "Telef'), (8, "Cell D8 is a formula"), (9, "Cell D9 shows the er"),
    ]  # fmt: skip


def test_an_export_of_odoo(imports):
    with open_source(imports / "odoo.xlsx") as source:
        targets = guess(source.facts.columns)
        assert targets["External ID"] == "external_id"
        assert targets["Mobile"] == "number_mobile"
        first, second = source.records()
    assert first.values[10] == "2024-03-01T10:15:22"
    assert second.values[8] == "01067"


@pytest.mark.parametrize(
    ("text", "number_format", "shown"),
    [
        ("49302312510.0", "General", "49302312510"),
        ("4.9302312510E10", "General", "49302312510"),
        ("1067", "00000", "01067"),
        ("1713920101", '"0"#', "01713920101"),
        ("1713920101", '"0"###" "#######', "0171 3920101"),
        ("4930231251", '"+"0', "+4930231251"),
        ("2025550101", "(000) 000-0000", "(202) 555-0101"),
        ("2025550101", "[<=9999999]###-####;(###) ###-####", "202555-0101"),
        ("7", "000;-000", "007"),
        ("-5", "000", "-5"),
        ("1234.5", "#,##0.00", "1234.5"),
        ("1234", "#,##0.00", "1234"),
        ("0.1", "General", "0.1"),
        ("0.30000000000000004", "General", "0.3"),
        ("12", "_-* #,##0 [$€-407]_-", "12"),
        ("12345678901234567890", "General", "12345678901234567890"),
    ],
)
def test_numbers_as_the_cell_shows_them(text, number_format, shown):
    assert number_text(text, number_format) == shown


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "x"])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match=text):
        number_text(text, "General")


def test_dates_of_both_epochs():
    windows, mac = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)  # noqa: DTZ001
    assert date_text("45352", windows) == "2024-03-01"
    assert date_text("45352.4270833333", windows) == "2024-03-01T10:15:00"
    assert date_text("43890", mac) == "2024-03-01"
    with pytest.raises(ValueError, match="99999999999"):
        date_text("99999999999", windows)


def test_sheet_can_be_chosen(imports):
    path = imports / "office.xlsx"
    assert _values(path, sheet="Deckblatt", header="none") == [("Kundenliste",)]
    with pytest.raises(SourceError, match='no sheet "Nope"'):
        open_source(path, {"sheet": "Nope"})


def test_header_can_be_set(saved):
    path = saved(("Adler", "Eva"), ("Hirsch", "Jo"))
    assert len(_rows(path, header="none")) == 2
    assert _values(path, header="1") == [("Hirsch", "Jo")]
    with pytest.raises(SourceError, match='row "7"'):
        open_source(path, {"header": "7"})


def test_hidden_sheets_are_not_taken_first(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Name"])
    book.active.append(["Hidden"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Shown")
    for name in ("Name", "Eva"):
        sheet.append([name])
    book.save(tmp_path / "a.xlsx")
    assert _values(tmp_path / "a.xlsx") == [("Eva",)]


def test_empty_rows_and_columns(saved):
    path = saved((), (None, "Name", None, "Phone"), (), (None, "Eva", None, "030 23125 101"), ("",))
    with open_source(path) as source:
        names = [column.name for column in source.facts.columns]
        assert names == ["Column 1", "Name", "Column 3", "Phone"]
        assert [(r.place, r.values) for r in source.records()] == [
            (4, ("", "Eva", "", "030 23125 101"))
        ]


def test_a_wrong_dimension_hides_nothing(saved, tmp_path):
    path = saved(("Name", "Phone"), ("Eva", "030 23125 101"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith("sheet1.xml"):
                assert b'ref="A1:B2"' in content
                content = content.replace(b'ref="A1:B2"', b'ref="A1"')
            new.writestr(item.filename, content)
    assert _values(tmp_path / "b.xlsx") == [("Eva", "030 23125 101")]


def test_cells_merged_downwards_give_their_value_to_each_row(saved):
    path = saved(
        ("Company", "Name"), ("Adler", "Eva"), (None, "Jo"), (None, "Uta"), (None, "Max"),
        change=lambda sheet: sheet.merge_cells("A2:A4"),
    )  # fmt: skip
    assert _values(path) == [("Adler", "Eva"), ("Adler", "Jo"), ("Adler", "Uta"), ("", "Max")]


def _with_formula(path: Path, to: Path, cell: bytes) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith("sheet1.xml"):
                at = content.index(b'<c r="B2"')
                end = content.index(b"</c>", at) + 4
                content = content[:at] + cell + content[end:]
            new.writestr(item.filename, content)
    return to


@pytest.mark.parametrize(
    ("cell", "value", "is_bad"),
    [
        (b'<c r="B2" t="str"><f>A1</f><v>030 23125 101</v></c>', "030 23125 101", False),
        (b'<c r="B2"><f>1+1</f><v>2</v></c>', "2", False),
        (b'<c r="B2" t="str"><f>""</f><v></v></c>', "", False),
        (b'<c r="B2"><f>A1</f></c>', "", True),
        (b'<c r="B2" t="e"><f>A1</f><v>#REF!</v></c>', "#REF!", True),
        (b'<c r="B2" t="s"><v>999</v></c>', "999", True),
        (b'<c r="B2" t="inlineStr"><is><r><t>030 </t></r><r><t>1</t></r></is></c>', "030 1", False),
        (b'<c r="B2" t="d"><v>2024-03-01T00:00:00</v></c>', "2024-03-01T00:00:00", False),
        (b'<c r="B2" t="str"><v>a_x000D_b</v></c>', "a\rb", False),
    ],
)
def test_formulas_give_what_was_calculated(saved, tmp_path, cell, value, is_bad):
    path = _with_formula(saved(("Name", "Phone"), ("Eva", 1)), tmp_path / "b.xlsx", cell)
    [record] = _rows(path, header="1")
    assert (record.values[1], bool(record.error)) == (value, is_bad)


def test_how_japanese_names_are_read_is_not_part_of_them(saved, tmp_path):
    texts = b"<t>\xe5\xb1\xb1\xe7\x94\xb0</t><rPh sb='0' eb='2'><t>\xe3\x83\xa4</t></rPh>"
    cell = b'<c r="B2" t="inlineStr"><is>' + texts + b"</is></c>"
    path = _with_formula(saved(("Phone", "Name"), ("1", 1)), tmp_path / "b.xlsx", cell)
    assert _values(path, header="1") == [("1", "山田")]


def test_a_workbook_with_macros_is_read_without_them(saved, tmp_path):
    path = saved(("Name", "Phone"), ("Eva", "030 23125 101"))
    macros = tmp_path / "a.xlsm"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(macros, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            new.writestr(item.filename, content)
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert _values(macros) == [("Eva", "030 23125 101")]


def test_a_workbook_with_few_styles_is_no_reason_to_warn(saved, tmp_path):
    """Many programs write no default style; openpyxl says so, and a warning fails a test."""
    path = saved(("Name", "Phone"), ("Eva", "030 23125 101"))
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "xl/styles.xml":
                content = f'<styleSheet xmlns="{namespace}"/>'.encode()
            new.writestr(item.filename, content)
    assert _values(tmp_path / "b.xlsx") == [("Eva", "030 23125 101")]


def test_the_name_of_a_workbook_does_not_matter(imports, tmp_path):
    shutil.copy(imports / "odoo.xlsx", tmp_path / "contacts.csv")
    assert len(_rows(tmp_path / "contacts.csv")) == 2


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"mimetype": b"application/vnd.oasis", "content.xml": b""}, "OpenDocument"),
        ({"[Content_Types].xml": b"", "xl/workbook.bin": b""}, "xlsb"),
        ({"Index/Document.iwa": b""}, "Numbers"),
        ({"customers.csv": b"Name"}, "archive"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "damaged"),
    ],
)
def test_other_archives_are_refused_in_words(tmp_path, members, words):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(SourceError, match=words):
        open_source(path)


def test_names_of_columns():
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD"
    ]  # fmt: skip
    assert all(column_index(column_letters(n)) == n for n in range(800))
