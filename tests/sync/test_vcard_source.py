"""Address books of phones, mail programs and servers as rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.domain.importing import SourceRecord
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.columns.targets import TARGETS
from crmdesk.sync.sources import SourceError, open_source


@pytest.fixture
def imports(repository: Path) -> Path:
    """Files in the habits of other programs."""
    return repository / "tests" / "data" / "imports"


@pytest.fixture
def book(tmp_path: Path):
    """Writes an address book of one card with these lines."""

    def write(*lines: str, encoding: str = "utf-8", version: str = "3.0") -> Path:
        path = tmp_path / "book.vcf"
        text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _records(path: Path, **options: str) -> list[SourceRecord]:
    with open_source(path, options) as source:
        return list(source.records())


def _cards(path: Path, **options: str) -> list[dict[str, str]]:
    """The values of each card by column, without empty ones."""
    with open_source(path, options) as source:
        titles = [column.name for column in source.facts.columns]
        return [
            {title: value for title, value in zip(titles, record.values, strict=True) if value}
            for record in source.records()
        ]


def test_an_address_book_of_apple(imports):
    with open_source(imports / "icloud.vcf") as source:
        assert source.facts.records == 2
        assert source.facts.notes == (
            "2 pictures were left out.", "1 list of other cards was left out."
        )  # fmt: skip
        assert source.facts.details == {"encoding": "utf-8", "version": "3.0"}
        assert [record.key for record in source.records()] == ["8f0c-1", "8f0c-2"]
    person, company = _cards(imports / "icloud.vcf")
    assert person == {
        "Name": "Dr. Jürgen Schäfer", "Prefix": "Dr.", "First name": "Jürgen",
        "Last name": "Schäfer", "Company": "Gärtnerei Adler, Inh. Schäfer",
        "Department": "Verkauf", "Job title": "Inhaber", "Phone 1 type": "mobile",
        "Phone 1": "0171 3920101", "Phone 2 type": "work", "Phone 2": "030 23125 101",
        "Phone 3 type": "Main", "Phone 3": "030 23125 109", "Phone 4 type": "Lager",
        "Phone 4": "030 23125 108", "E-mail 1 type": "work",
        "E-mail 1": "j.schaefer@example.com", "Address type": "work",
        "Street": "Weg 1", "Postcode": "10115",
        "City": "Berlin", "Country": "Deutschland", "Categories": "Kunden,Stamm",
        "Note": "Erste Zeile\nzweite Zeile, mit Komma und einem Satz der so lang ist dass er "
                "gefaltet wird",
        "UID": "8f0c-1",
    }  # fmt: skip
    assert company["Kind"] == "org"
    assert company["Phone 1 type"] == "work fax"


def test_an_address_book_of_android(imports):
    first, second = _cards(imports / "android-2.1.vcf")
    assert first == {
        "Name": "Änne Großmann", "First name": "Änne", "Last name": "Großmann",
        "Phone 1 type": "mobile", "Phone 1": "0171-3920102", "Phone 2 type": "home",
        "Phone 2": "+4930 23125102", "Phone 3": "03023125100", "E-mail 1 type": "home",
        "E-mail 1": "aenne@example.com", "Address type": "home",
        "Street": "Gasse 2", "Postcode": "50667", "City": "Köln",
        "Note": "Eins\nZwei",
    }  # fmt: skip
    assert second["Phone 1"] == "(202) 555-0101"


def test_version_4(imports):
    person, company, broken = _cards(imports / "version-4.vcf")
    assert [person[f"Phone {n}"] for n in (1, 2, 3)] == [
        "+44-7700-900123", "+44-20-7946-0102", "+44-20-7946-0101 x12"
    ]  # fmt: skip
    assert [person[f"Phone {n} type"] for n in (1, 2, 3)] == ["mobile", "home", "work"]
    assert (person["Language"], person["Kind"]) == ("en", "individual")
    assert company["Kind"] == "org"
    records = _records(imports / "version-4.vcf")
    assert [bool(record.error) for record in records] == [False, False, True]
    assert "breaks off" in records[2].error
    assert broken["Name"] == "Breaks off"


def test_columns_find_their_field(imports):
    with open_source(imports / "icloud.vcf") as source:
        targets = guess(source.facts.columns)
    assert targets["Phone 1"] == "number"
    assert targets["Phone 1 type"] == "label_of_number"
    assert targets["E-mail 1 type"] == "label_of_email"
    assert (targets["Job title"], targets["UID"], targets["Kind"]) == (
        "role",
        "external_id",
        "kind",
    )
    assert {target for target in targets.values() if target} <= set(TARGETS)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("FN:Eva\\, geb. Klar\\; \\\\",), {"Name": "Eva, geb. Klar; \\"}),
        (("FN:Ev", " a Ad", "\tler"), {"Name": "Eva Adler"}),
        (("N:Adler;Eva;Maria;Dr.;MBA",), {
            "Last name": "Adler", "First name": "Eva", "Middle name": "Maria", "Prefix": "Dr.",
            "Suffix": "MBA"}),
        (("FN:", "ORG:Adler\\; Söhne;Einkauf;Süd"), {
            "Company": "Adler; Söhne", "Department": "Einkauf, Süd"}),
        (('TEL;TYPE="cell,work":1',), {"Phone 1 type": "work mobile", "Phone 1": "1"}),
        (("TEL;HOME;FAX:1",), {"Phone 1 type": "home fax", "Phone 1": "1"}),
        (("tel;type=Pager:1",), {"Phone 1 type": "pager", "Phone 1": "1"}),
        (("TEL:", "TEL:2"), {"Phone 1": "2"}),
        (("EMAIL;PREF=2:b@x.example", "EMAIL;PREF=1:mailto:a@x.example"), {
            "E-mail 1": "a@x.example", "E-mail 2": "b@x.example"}),
        (("ADR:12;Hof;Weg 1;Ulm;BW;89073;DE", "ADR:;;Gasse 2;;;;"), {
            "Street": "Weg 1, Hof, 12", "City": "Ulm", "Region": "BW", "Postcode": "89073",
            "Country": "DE", "Street 2": "Gasse 2"}),
        (("NOTE:a", "NOTE:b\\nc"), {"Note": "a\nb\nc"}),
        (("A.TEL:1", "A.X-ABLabel:Werkstatt"), {"Phone 1 type": "Werkstatt", "Phone 1": "1"}),
        (("BDAY:1980-01-01", "X-SKYPE:eva", "IMPP:xmpp:eva", "FN:Eva"), {"Name": "Eva"}),
        (("no colon here", "FN:Eva", ":", ";;;:x"), {"Name": "Eva"}),
        (("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg",), {"Name": "Jörg"}),
        (("FN;ENCODING=QUOTED-PRINTABLE:=4A=C3=B6=", "=72=67"), {"Name": "Jörg"}),
        (("FN;ENCODING=B:SsO2cmc=",), {"Name": "Jörg"}),
        (("FN;CHARSET=NONSENSE:Eva",), {"Name": "Eva"}),
        (("X-ABShowAs:COMPANY", "ORG:Adler;"), {"Company": "Adler", "Kind": "org"}),
    ],
)  # fmt: skip
def test_lines_of_a_card(book, lines, expected):
    assert _cards(book(*lines)) == [expected]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_a_whole_file(book, encoding):
    assert _cards(book("FN:Jörg Größe", "TEL:1", encoding=encoding))[0]["Name"] == "Jörg Größe"


def test_encoding_can_be_set(book):
    path = book("FN:Łukasz Żak", encoding="cp1250")
    assert _cards(path, encoding="cp1250") == [{"Name": "Łukasz Żak"}]


def test_carriage_returns_alone_end_lines(tmp_path):
    path = tmp_path / "a.vcf"
    path.write_bytes(b"BEGIN:VCARD\rFN:Eva\rTEL:1\rEND:VCARD\r")
    assert _cards(path) == [{"Name": "Eva", "Phone 1": "1"}]


def test_one_bad_card_does_not_stop_the_rest(tmp_path):
    path = tmp_path / "a.vcf"
    good = "BEGIN:VCARD\nFN:Eva\nEND:VCARD\n"
    path.write_text(good + "BEGIN:VCARD\nFN:Open\n" + good + "garbage\n" + good, "utf-8")
    assert [(r.place, bool(r.error)) for r in _records(path)] == [
        (1, False), (2, True), (3, False), (4, False)
    ]  # fmt: skip


def test_no_card_of_a_customer(book):
    with pytest.raises(SourceError, match="no card"):
        open_source(book("KIND:group", "FN:All"))


def test_a_first_reading_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Eva\nNOTE:" + "x" * 5000 + "\nEND:VCARD\n"
    path.write_text(card * 200, "utf-8")
    heard: list[tuple[int, int, str]] = []
    with open_source(path, None, lambda *step: heard.append(step)) as source:
        assert source.facts.records == 200
    assert [done for done, _, _ in heard] == sorted(done for done, _, _ in heard)
    assert {of for _, of, _ in heard} == {path.stat().st_size}
    assert heard[0][0] < heard[-1][0]

    def stop(*_step: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_source(path, None, stop)
