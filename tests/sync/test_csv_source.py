"""Text tables as other programs write them: what is detected, and what becomes of each row."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.domain.importing import SourceKind, SourceRecord
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.sources import SourceError, open_source

NO_ROWS = "There are no rows below the names of the columns."


@pytest.fixture
def imports(repository: Path) -> Path:
    """Files in the habits of other programs."""
    return repository / "tests" / "data" / "imports"


@pytest.fixture
def table(tmp_path: Path):
    """Writes a table and gives its path."""

    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _rows(path: Path, **options: str) -> list[SourceRecord]:
    with open_source(path, options) as source:
        return list(source.records())


def _values(path: Path, **options: str) -> list[tuple[str, ...]]:
    return [record.values for record in _rows(path, **options)]


def _details(path: Path, **options: str) -> dict[str, str]:
    with open_source(path, options) as source:
        return source.facts.details


def _of(path: Path, place: int, **wanted: str) -> dict[str, str]:
    """The values of one record by the target that is guessed for their column; first of each."""
    with open_source(path) as source:
        targets = guess(source.facts.columns)
        record = next(record for record in source.records() if record.place == place)
        assert record.error == ""
        found: dict[str, str] = {}
        for column, value in zip(source.facts.columns, record.values, strict=True):
            found.setdefault(targets[column.name], value)
        return {target: found[target] for target in wanted}


# --- files of known programs ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "place", "wanted"),
    [
        ("google-contacts-2024.csv", 2, {
            "given_name": "Jürgen", "family_name": "Schäfer", "company": "Gärtnerei Adler",
            "label_of_number": "Work", "number": "+49 30 23125 101", "city": "Berlin"}),
        ("google-contacts-2016.csv", 2, {
            "name": "Jürgen Schäfer", "number": "0171 3920101", "company": "Gärtnerei Adler"}),
        ("outlook-german.csv", 2, {
            "salutation": "Herr", "family_name": "Schäfer", "number_work": "030 23125-101",
            "number_mobile": "0171 3920101", "number_fax": "030 23125-199"}),
        ("outlook-german.csv", 4, {"given_name": "Änne", "number_home": "030 23125-102"}),
        ("outlook-english.csv", 3, {"number_home": "(202) 555-0101",
                                    "note": 'Said "call back", twice'}),
        ("thunderbird.csv", 2, {"name": "Jürgen Schäfer", "number_work": "030 23125101",
                                "number_mobile": "0171 3920101"}),
        ("hubspot.csv", 2, {"external_id": "51", "number": "+44 20 7946 0101",
                            "company": "Brightwater Ltd"}),
        ("salesforce.csv", 2, {"given_name": "Zoë", "number_mobile": "+44 7700 900123",
                               "customer_since": "2024-03-14"}),
        ("shopify.csv", 2, {"external_id": "6789012345678", "number": "+442079460101"}),
        ("woocommerce.csv", 2, {"name": "O'Neil, Zoë", "number": "020 7946 0101",
                                "customer_since": "2024-03-01 10:15:22"}),
        ("lexware.csv", 5, {"account_id": "10001", "company": 'Gärtnerei "Zum Adler"',
                            "postcode": "01067", "number": "030/23125-101",
                            "customer_since": "2020-02-01"}),
        ("excel-unicode-text.txt", 3, {"name": "Łukasz Żak", "number": "030 23125 103"}),
        ("libreoffice-polish.csv", 3, {"name": "Zażółć Gęśl", "city": "Kraków"}),
        ("mac-classic.csv", 3, {"name": "Änne Großmann", "city": "Düsseldorf"}),
        ("tab-named.xls", 2, {"name": "Max Power", "number": "(202) 555-0101"}),
    ],
)  # fmt: skip
def test_files_of_other_programs(imports, file, place, wanted):
    assert _of(imports / file, place, **wanted) == wanted


@pytest.mark.parametrize(
    ("file", "details"),
    [
        ("lexware.csv", {"encoding": "cp1252", "delimiter": ";", "header": "4", "decimal": ",",
                         "dates": "dmy"}),
        ("excel-unicode-text.txt", {"encoding": "utf-16-le", "delimiter": "tab"}),
        ("google-contacts-2016.csv", {"encoding": "utf-16-le", "delimiter": ","}),
        ("libreoffice-polish.csv", {"encoding": "cp1250", "delimiter": ";"}),
        ("mac-classic.csv", {"encoding": "mac_roman"}),
        ("woocommerce.csv", {"encoding": "utf-8", "delimiter": ","}),
        ("sep-line.csv", {"delimiter": "|", "header": "2"}),
        ("no-header.csv", {"header": "none"}),
        ("shopify.csv", {"decimal": "."}),
        ("salesforce.csv", {"dates": "mdy"}),
    ],
)  # fmt: skip
def test_what_is_detected_is_shown(imports, file, details):
    assert details.items() <= _details(imports / file).items()


def test_facts_of_a_file(imports):
    with open_source(imports / "lexware.csv") as source:
        assert source.facts.kind is SourceKind.CSV
        assert source.facts.records is None
        assert source.facts.columns[7].name == "Telefon 1"
        assert source.facts.columns[7].samples[:2] == ("030/23125-101", "030/23125-102")
        assert "What stands above line 4 is left out." in source.facts.notes


def test_records_can_be_read_again(imports):
    with open_source(imports / "hubspot.csv") as source:
        first = list(source.records())
        assert source.position == source.size
        assert list(source.records()) == first


# --- encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_a_mark(table, mark):
    path = table("Name;Telefon\r\nZoë Żak;030 23125 101\r\n" * 3, mark)
    assert _values(path)[0] == ("Zoë Żak", "030 23125 101")


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["Jürgen Müller", "Änne Groß", "Straße"]),
        ("cp1252", ["Françoise Lefèvre", "Zoé Bœuf", "Noël"]),
        ("cp1252", ["Søren Ærø", "Åse Bjørn", "Pär Öst"]),
        ("cp1252", ["Muñoz", "José Ibáñez", "Peña"]),
        ("cp1250", ["Jiří Dvořák", "Zdeněk Černý", "Růžena Šťastná"]),
        ("cp1250", ["Łukasz Żak", "Małgorzata Wójcik", "Gęśl"]),
        ("cp1250", ["Erdős Pál", "Szőke Ágnes", "Fűzfa"]),
        ("mac_roman", ["Jürgen Müller", "Änne Groß", "Straße"]),
        ("cp850", ["Jürgen Müller", "Änne Groß", "Straße"]),
        ("cp1251", ["Иван Петров", "Ольга Щукина"]),
        ("cp1253", ["Γιώργος Παπαδόπουλος", "Ελένη"]),
        ("cp1254", ["Gülşah Yıldız", "İbrahim Çağlar", "Ayşe"]),
        ("cp932", ["山田太郎", "スズキ", "たなか"]),
    ],
)  # fmt: skip
def test_old_encodings_by_the_languages_they_make(table, encoding, names):
    rows = "".join(f"{name};030 23125 10{n}\r\n" for n, name in enumerate(names))
    path = table("Name;Telefon\r\n" + rows, encoding)
    assert [values[0] for values in _values(path)] == names


def test_one_letter_at_the_end_of_a_long_file_decides(table):
    rows = "Max;030 23125 101\n" * 60_000
    path = table("Name;Telefon\n" + rows + "Jörg;030 23125 102\n", "cp1252")
    assert _values(path)[-1][0] == "Jörg"


def test_rows_in_another_encoding_say_so(imports, tmp_path):
    records = _rows(imports / "mixed-encodings.csv")
    assert [record.values[0] for record in records] == ["Jürgen", "Änne", "Zoë", "Groß"]
    assert [record.place for record in records if record.error] == [3]
    assert "not in utf-8" in records[1].error
    path = tmp_path / "other.csv"
    lines = [
        b"Name;Telefon",
        *(f"J\xfcrgen {n};1".encode("cp1252") for n in range(40)),
        "Änne;2".encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    assert [(r.values[0], bool(r.error)) for r in _rows(path)][-2:] == [
        ("Jürgen 39", False), ("Änne", True)
    ]  # fmt: skip


def test_encoding_can_be_set(table):
    path = table("Name;Telefon\nJürgen;1\n", "cp850")
    assert _values(path, encoding="cp850")[0][0] == "Jürgen"
    assert _values(path, encoding="latin-1")[0][0] == "J\x81rgen"
    assert _details(path, encoding="ibm850")["encoding"] == "cp850"


@pytest.mark.parametrize("name", ["nonsense", "base64", "idna", "utf-7", "cp037", "unicode_escape"])
def test_what_is_no_encoding_of_text_is_refused(table, name):
    with pytest.raises(SourceError, match="no encoding"):
        open_source(table("Name\nEva\n"), {"encoding": name})


# --- delimiters and quotes ------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^", "~", "\x1f", "§"])
def test_any_delimiter(table, mark):
    rows = [("Name", "Telefon", "Ort"), ("Eva", "030 23125 101", "Köln"), ("Jo", "", "Ulm")]
    path = table("\n".join(mark.join(row) for row in rows))
    assert _values(path) == rows[1:]


def test_commas_in_german_amounts_are_no_delimiter(table):
    path = table("Firma;Umsatz;Telefon\nAdler;1,50;030 1234567\nHirsch;2,75;030 1234568\n")
    assert _values(path)[0] == ("Adler", "1,50", "030 1234567")


def test_one_column(table):
    path = table("Telefon\n030 23125 101\n+49 30 23125 102\n")
    assert _values(path) == [("030 23125 101",), ("+49 30 23125 102",)]
    assert _details(path)["delimiter"] == "none"


def test_delimiter_can_be_set(table):
    path = table("a:b\n1:2\n")
    assert _values(path, delimiter=":", header="1") == [("1", "2")]
    assert _values(path, delimiter="semicolon", header="none") == [("a:b",), ("1:2",)]
    with pytest.raises(SourceError, match="no delimiter"):
        open_source(path, {"delimiter": "ab"})


def test_apostrophes_as_quotation_marks(table):
    path = table("'Name','Phone'\n'Eva, Adler','030 23125 101'\n'Jo','030 23125 102'\n")
    assert _values(path)[0] == ("Eva, Adler", "030 23125 101")
    assert _details(path)["quote"] == "'"


def test_an_open_quote_is_one_bad_row(imports):
    records = _rows(imports / "open-quote.csv")
    assert [(r.place, bool(r.error)) for r in records] == [
        (2, True), (3, False), (4, False), (5, False)
    ]  # fmt: skip
    assert "quotation mark" in records[0].error
    assert "030 23125 101" in "".join(records[0].values)
    assert records[3].values[1] == "zwei\r\nZeilen"


def test_an_open_quote_in_the_last_row(table):
    path = table('Name;Phone\nEva;1\n"Jo;2\n')
    assert [bool(record.error) for record in _rows(path)] == [False, True]


def test_quotes_within_quotes_are_read_as_meant(table):
    path = table('Name;Firma;Ort\n"Eva";"Gasthaus "Zum Adler"";"Ulm"\nJo;Monitor 24";Bonn\n')
    assert _values(path) == [("Eva", 'Gasthaus "Zum Adler"', "Ulm"), ("Jo", 'Monitor 24"', "Bonn")]


def test_a_damaged_row_over_several_lines_is_one(table):
    path = table('Name;Note;Ort\nEva;"eins\nzwei\ndrei"\nJo;ok;Ulm\n')
    assert [(r.place, bool(r.error)) for r in _rows(path)] == [(2, True), (5, False)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(table, end):
    path = table(end.join(["Name;Phone", "Eva;1", "", "Jo;2", ""]))
    assert [(r.place, r.values) for r in _rows(path)] == [(2, ("Eva", "1")), (4, ("Jo", "2"))]


# --- header ---------------------------------------------------------------------------------------


def test_header_can_be_set(imports):
    path = imports / "lexware.csv"
    assert _details(path, header="none")["header"] == "none"
    assert len(_rows(path, header="none")) > len(_rows(path))
    with pytest.raises(SourceError, match='line "99"'):
        open_source(path, {"header": "99"})


def test_unknown_names_above_values_are_a_header(table):
    path = table("Xyz;Qqq\nAdler;030 23125 101\nHirsch;030 23125 102\n")
    assert _details(path)["header"] == "1"


def test_columns_have_a_name_each(table):
    path = table("Phone;Phone;;Name;Phone\n1;2;3;4;5\n")
    with open_source(path) as source:
        assert [column.name for column in source.facts.columns] == [
            "Phone", "Phone (2)", "Column 3", "Name", "Phone (3)"
        ]  # fmt: skip


def test_only_a_header(table):
    with open_source(table("Name;Phone;City\n")) as source:
        assert NO_ROWS in source.facts.notes
        assert list(source.records()) == []


def test_a_delimiter_at_the_end_of_each_line_is_no_column(table):
    path = table("Name;Phone;\nEva;030 23125 101;\nJo;030 23125 102;\n")
    with open_source(path) as source:
        assert len(source.facts.columns) == 2
        assert [record.error for record in source.records()] == ["", ""]


# --- ragged rows ----------------------------------------------------------------------------------


def test_ragged_rows_are_bad_and_lose_nothing(table):
    path = table("Name;Phone;City\nEva;1;Ulm\nJo;2\nUta;3;Bonn;x;y\nMax;4;Köln;;\n;;\n")
    records = _rows(path)
    assert [(r.place, r.error) for r in records] == [
        (2, ""),
        (3, "The row has 2 values, the file has 3 columns."),
        (4, "The row has 5 values, the file has 3 columns."),
        (5, ""),
    ]
    assert records[1].values == ("Jo", "2", "")
    assert records[2].values == ("Uta", "3", "Bonn;x;y")


def test_excel_leaves_empty_values_at_the_end_out(table):
    rows = "".join(f"Eva {n};030 23125 10{n}\n" for n in range(5))
    path = table("Name;Phone;Note\nUta;030 23125 100;x\n" + rows)
    assert all(not record.error for record in _rows(path))
    assert _details(path)["short_rows"] == "fill"
    assert sum(bool(record.error) for record in _rows(path, short_rows="bad")) == 5
    with pytest.raises(SourceError, match="short rows"):
        open_source(path, {"short_rows": "maybe"})


# --- what spreadsheets do -------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["4.93E+11", "4,93023E+11", "2.03e+09", "1E+10"])
def test_numbers_without_their_last_digits_are_bad(table, written):
    path = table(f'Name;Phone\nEva;"{written}"\n')
    [record] = _rows(path)
    assert "shortened" in record.error
    assert written in record.values


def test_numbers_with_all_their_digits_are_restored(table):
    path = table("Name;Phone;Code\nEva;4.9302312510E+10;1E+12\n")
    assert [(r.values, r.error) for r in _rows(path)] == [(("Eva", "49302312510", "1E+12"), "")]


def test_guards_against_spreadsheets_are_taken_off(table):
    path = table('Name;Phone;Note\n="Eva";\'+49 30 23125 101;\'tis\nJo;"=""030 23125""";O\'2\n')
    assert _values(path) == [("Eva", "+49 30 23125 101", "'tis"), ("Jo", "030 23125", "O'2")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["31.12.2024", "1.2.24"], ["2024-12-31", "2024-02-01"]),
        (["12/31/2024", "1/2/2024 3:05 PM"], ["2024-12-31", "2024-01-02 3:05 PM"]),
        (["31/12/2024", "01/02/2024 00:00:00"], ["2024-12-31", "2024-02-01"]),
        (["2024/3/1", "2024-12-31 10:00"], ["2024-03-01", "2024-12-31 10:00"]),
        (["01/02/2024", "03/04/2024"], ["01/02/2024", "03/04/2024"]),  # nobody knows
    ],
)
def test_dates_of_a_column_tell_their_order(table, written, read):
    path = table("Name;Since\n" + "".join(f"Eva;{date}\n" for date in written))
    assert [values[1] for values in _values(path)] == read


def test_order_of_dates_can_be_set(table):
    path = table("Name;Since\nEva;01/02/2024\n")
    assert _values(path, dates="mdy") == [("Eva", "2024-01-02")]
    assert _values(path, dates="dmy") == [("Eva", "2024-02-01")]
    assert _values(table("Name;Since\nEva;31.12.2024\n"), dates="text") == [("Eva", "31.12.2024")]


# --- which reader ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b"\x89PNG\r\n", "picture"),
        ("x.csv", b"%PDF-1.7", "PDF"),
        ("x.gz", b"\x1f\x8b\x08", "compressed"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Office"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "password"),
        ("x.xlsx", b"Name;Phone\n", "no text"),
        ("x.vcf", b"Name;Phone\n", "no card"),
        ("x.ics", b"BEGIN:VCALENDAR\n", "calendar"),
        ("x.ldif", b"dn: cn=eva\n", "directory"),
        ("x.xml", b"<?xml version='1.0'?><a/>", "XML"),
        ("x.csv", bytes(range(256)) * 8, "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=words) as caught:
        open_source(path)
    assert caught.value.remedy


def test_phone_book_and_web_page_are_refused_by_name(imports):
    with pytest.raises(SourceError, match="FRITZ!Box"):
        open_source(imports / "fritzbox.xml")
    with pytest.raises(SourceError, match="web page"):
        open_source(imports / "export.xls")


def test_missing_files_and_folders_are_said(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        open_source(tmp_path / "none.csv")
    with pytest.raises(SourceError, match="folder"):
        open_source(tmp_path)
    with pytest.raises(SourceError, match="no kind"):
        open_source(tmp_path / "x", {"kind": "exe"})


def test_a_file_that_vanishes_is_said(table):
    path = table("Name;Phone\nEva;1\n")
    with open_source(path) as source:
        path.unlink()
        with pytest.raises(SourceError, match="cannot be read"):
            list(source.records())
