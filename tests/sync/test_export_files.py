"""What the files hold, byte by byte where it matters."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.exporting import CustomerRecord, Widths
from crmdesk.sync.export.columns import (
    MOST_ADDRESSES,
    MOST_NUMBERS,
    Cell,
    CustomerColumns,
    widths_of,
)
from crmdesk.sync.export.csv_file import CsvFile
from crmdesk.sync.export.formats import ExportError, FormatOptions, delimiter_of
from crmdesk.sync.export.jsonl_file import customer_object
from crmdesk.sync.export.vcard_file import VcardFile
from crmdesk.sync.export.xlsx_file import XlsxFile
from tests.sync.exported import AT, JANE, TODAY, number, record_of

FORMULAS = ["=cmd|'/c calc'!A1", "@SUM(1)", "\t=1", "＝1+1", "#REF!", "=1", "+493023125101"]


wall = datetime.fromisoformat
"""Cells hold the time of the clock on the wall."""


def csv_of(rows: list[list[Cell]], options: FormatOptions | None = None) -> bytes:
    out = io.BytesIO()
    with CsvFile(out, options or FormatOptions()) as file:
        for row in rows:
            file.write(row)
    return out.getvalue()


def book_of(rows: list[list[Cell]]) -> io.BytesIO:
    out = io.BytesIO()
    with XlsxFile(out, "Customers") as file:
        file.begin([f"Column {place}" for place in range(len(rows[0]))])
        for row in rows:
            file.write(row)
    out.seek(0)
    return out


# --- csv --------------------------------------------------------------------------------------


def test_csv_of_every_kind_of_cell() -> None:
    cells: list[Cell] = ["a,b", 'say "hi"', "two\nlines", 12.5, 0, date(2024, 3, 5),
                         wall("2024-03-05 09:30")]  # fmt: skip
    assert csv_of([cells]) == (
        b'"a,b","say ""hi""","two\nlines",12.5,0,2024-03-05,2024-03-05 09:30:00\r\n'
    )


def test_csv_with_mark_and_delimiter() -> None:
    written = csv_of([["Jörg", "a;b"]], FormatOptions(delimiter=";", has_mark=True))
    assert written == b'\xef\xbb\xbfJ\xc3\xb6rg;"a;b"\r\n'


def test_csv_has_no_cell_that_runs() -> None:
    rows = list(csv.reader(io.StringIO(csv_of([list(FORMULAS)]).decode(), newline="")))
    assert [cell[0] for cell in rows[0]] == ["'", "'", "'", "'", "#", "'", "'"]


def test_csv_of_what_no_text_file_can_hold() -> None:
    assert csv_of([["a\0b\ud800"]]).decode() == "a\ufffdb\ufffd\r\n"


@pytest.mark.parametrize(("word", "char"), [("semicolon", ";"), ("TAB", "\t"), ("|", "|")])
def test_delimiters(word: str, char: str) -> None:
    assert delimiter_of(word) == char


@pytest.mark.parametrize("word", ["", "ab", "a", '"', "'", "\n", "=", "+"])
def test_no_delimiters(word: str) -> None:
    with pytest.raises(ExportError, match="no delimiter"):
        delimiter_of(word)


# --- xlsx -------------------------------------------------------------------------------------


def test_a_workbook_has_texts_and_no_formulas() -> None:
    book = book_of([list(FORMULAS)])
    sheet = zipfile.ZipFile(book).read("xl/worksheets/sheet1.xml")
    assert b"<f" not in sheet
    row = list(openpyxl.load_workbook(book).active.iter_rows())[1]
    assert [cell.value for cell in row] == FORMULAS
    assert {cell.data_type for cell in row} == {"s"}


def test_a_workbook_has_days_times_and_quantities() -> None:
    cells: list[Cell] = [date(2024, 2, 29), wall("2024-03-31 23:59:59"), 7, 0.1, "", "x"]
    sheet = openpyxl.load_workbook(book_of([cells])).active
    values = [cell.value for cell in list(sheet.iter_rows())[1]]
    assert values == [wall("2024-02-29"), wall("2024-03-31 23:59:59"), 7, 0.1, None, "x"]
    assert sheet.freeze_panes == "A2"


def test_a_workbook_of_hostile_texts() -> None:
    texts = ["</t><f>1</f>", "a\x00\x0b\ud800b\uffff", " kept ", "two\nlines", "x" * 40_000]
    sheet = openpyxl.load_workbook(book_of([list(texts)])).active
    values = [cell.value for cell in list(sheet.iter_rows())[1]]
    assert values[:4] == ["</t><f>1</f>", "a\ufffd\ufffd\ufffdb\ufffd", " kept ", "two\nlines"]
    assert len(values[4]) == 32_767


def test_a_text_like_an_escape_is_no_escape() -> None:
    sheet = zipfile.ZipFile(book_of([["_x000D_"]])).read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x000D_" in sheet


# --- vcard ------------------------------------------------------------------------------------


def card_of(customer: Customer, version: str) -> str:
    out = io.BytesIO()
    VcardFile(out, version, TODAY).write(record_of(customer))
    return out.getvalue().decode()


def test_a_card_of_version_3() -> None:
    lines = card_of(JANE, "3.0").split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert "N:Doe;Jane;;;" in lines
    assert "ORG:Hansen\\; Söhne\\, Co. KG" in lines
    assert "TEL;TYPE=WORK:+493023125101 x12" in lines
    assert "TEL;TYPE=CELL:+491713920012" in lines
    assert lines[-2:] == ["END:VCARD", ""]


def test_a_card_of_version_4() -> None:
    lines = card_of(JANE, "4.0").split("\r\n")
    assert "TEL;VALUE=uri;TYPE=WORK:tel:+493023125101;ext=12" in lines
    assert f"UID:urn:uuid:{JANE.id}" in lines


def test_a_former_number_is_in_no_address_book() -> None:
    out = io.BytesIO()
    file = VcardFile(out, "3.0", TODAY)
    file.write(record_of(JANE))
    assert (file.left_out, b"125199" in out.getvalue()) == (1, False)


def test_a_company_is_no_person() -> None:
    company = Customer(id=JANE.id, kind=CustomerKind.COMPANY, name="Hansen GmbH")
    assert "KIND:org" in card_of(company, "4.0")
    assert "X-ABSHOWAS:COMPANY" in card_of(company, "3.0")


def test_no_line_is_too_long_or_broken_within_a_character() -> None:
    name = "日本" * 60 + "\r\nEND:VCARD\nX:y"
    raw = card_of(Customer(id=JANE.id, kind=CustomerKind.PERSON, name=name), "4.0")
    lines = raw.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])
    assert raw.count("\r\nEND:VCARD\r\n") == 1
    assert "FN:" + "日本" * 60 + "\\nEND:VCARD\\nX:y\r\n" in raw.replace("\r\n ", "")


# --- columns ----------------------------------------------------------------------------------


def test_former_numbers_are_words() -> None:
    columns = CustomerColumns(widths_of([record_of(JANE)]), TODAY)
    row = dict(zip(columns.titles, columns.row(record_of(JANE)), strict=True))
    assert row["Former phones"] == "+493023125199 (work, until 2023-05-31)"
    assert "+493023125199" not in [v for k, v in row.items() if k.endswith("Value")]
    plain = customer_object(record_of(JANE), TODAY)
    assert plain["former_phones"] == ["+493023125199 (work, until 2023-05-31)"]
    json.dumps(plain)


def test_more_numbers_than_columns_share_the_last() -> None:
    many = tuple(number(f"+4930231251{place:02}") for place in range(MOST_NUMBERS + 2))
    crowd = record_of(Customer(id=JANE.id, kind=CustomerKind.PERSON, name="C", numbers=many))
    columns = CustomerColumns(widths_of([crowd]), TODAY)
    row = dict(zip(columns.titles, columns.row(crowd), strict=True))
    last = str(row[f"Phone {MOST_NUMBERS} - Value"])
    assert re.findall(r"\d+", last) == ["493023125119", "493023125120", "493023125121"]


def test_addresses_without_a_column_are_counted() -> None:
    homes = tuple(Address("home", f"Street {n}") for n in range(MOST_ADDRESSES + 3))
    rich = record_of(Customer(id=JANE.id, kind=CustomerKind.PERSON, name="R", addresses=homes))
    columns = CustomerColumns(widths_of([rich]), TODAY)
    assert len(columns.row(rich)) == len(columns.titles)
    assert columns.left_out == 3


def test_every_title_is_there_once() -> None:
    fields = [("a", "Name"), ("b", "Name"), ("c", "Id")]
    titles = CustomerColumns(Widths(), TODAY, fields).titles
    assert len(set(titles)) == len(titles)
    one = Customer(id=JANE.id, kind=CustomerKind.PERSON, name="X", emails=(Email("x@y.example"),))
    row = CustomerColumns(Widths(), TODAY, fields).row(CustomerRecord(one, AT, AT, {"b": "two"}))
    assert dict(zip(titles, row, strict=True))["Name (3)"] == "two"


def test_a_number_nobody_can_read_stays_as_typed() -> None:
    odd = PhoneNumber("ask Bob", None, "other")
    one = record_of(Customer(id=JANE.id, kind=CustomerKind.PERSON, name="O", numbers=(odd,)))
    columns = CustomerColumns(widths_of([one]), TODAY)
    assert "ask Bob" in columns.row(one)
