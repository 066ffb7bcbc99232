"""Records of other programs become drafts of customers."""

from __future__ import annotations

from datetime import date

import pytest

from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.profile import ImportProfile, Unknown
from crmdesk.sync.reading.record import BadRecord, Draft, RecordReader

BOTH = [("+493023125101", "home"), ("+491713920012", "mobile")]


def read(row: dict[str, str], profile: ImportProfile | None = None, region: str = "DE") -> Draft:
    draft = read_any(row, profile, region)
    assert isinstance(draft, Draft), draft
    return draft


def read_any(
    row: dict[str, str], profile: ImportProfile | None = None, region: str = "DE"
) -> Draft | BadRecord:
    columns = tuple(SourceColumn(name, (value,)) for name, value in row.items())
    profile = profile or ImportProfile(columns=guess(columns))
    reader = RecordReader(profile, columns, region)
    return reader.read(SourceRecord(7, tuple(row.values())))


def numbers(draft: Draft) -> list[tuple[str | None, str]]:
    return [(number.e164, number.label) for number in draft.numbers]


def test_a_german_row() -> None:
    draft = read({
        "Anrede": "Frau", "Vorname": "Jane", "Nachname": "Hansen", "Firma": "Hansen GmbH",
        "Telefon": "030 / 23125-101", "Handy": "0171 / 39 20 012", "E-Mail": "Jane@Example.com",
        "Strasse": "Am Hafen 1", "PLZ": "10115", "Ort": "Berlin", "Kunde seit": "05.03.24",
        "Kundennr": "K-1",
    })  # fmt: skip
    assert (draft.name, draft.kind, draft.company) == (
        "Jane Hansen", CustomerKind.PERSON, "Hansen GmbH",
    )  # fmt: skip
    assert numbers(draft) == [("+493023125101", "work"), ("+491713920012", "mobile")]
    assert draft.emails[0].address == "Jane@Example.com"
    assert draft.address is not None
    assert (draft.address.kind, draft.address.postcode) == ("work", "10115")
    assert draft.customer_since == date(2024, 3, 5)
    assert (draft.account_id, draft.salutation) == ("K-1", "Frau")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hansen, Jane", "Jane Hansen"),
        ("Dr. Weber, Katharina", "Dr. Katharina Weber"),
        ("Hansen, Dr. Jane", "Dr. Jane Hansen"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("Hansen GmbH, Berlin", "Hansen GmbH, Berlin"),
        ("Jane Hansen, PhD", "Jane Hansen, PhD"),
        ("Smith, Jones, Brown", "Smith, Jones, Brown"),
        ("Jane\u202e Hansen\x00", "Jane Hansen"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert read({"Name": name}).name == expected


def test_a_company_alone_is_a_company() -> None:
    assert read({"Firma": "Hansen GmbH", "Telefon": "030 23125 101"}).kind is CustomerKind.COMPANY
    assert read({"Name": "Hansen GmbH"}).kind is CustomerKind.COMPANY
    assert read({"Name": "Nord", "Company": "Nord"}).kind is CustomerKind.COMPANY


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("030 23125 101; 0171 39 20 012", BOTH),
        ("030 23125 101 / 0171 39 20 012", BOTH),
        ("030 23125 101, 0171 3920012", BOTH),
        ("+49 30 23125 101 ::: +49 171 3920012", BOTH),
        ("030 / 23125 101", [("+493023125101", "home")]),
        ("+49 (0)30 23125-101", [("+493023125101", "home")]),
        ("Tel.: 030 23125 101 (Büro)", [("+493023125101", "work")]),
        ("Fax: 030 23125 101", [("+493023125101", "fax")]),
        ("493023125101.0", [("+493023125101", "home")]),
        ('="03023125101"', [("+493023125101", "home")]),
        ("'03023125101", [("+493023125101", "home")]),
        ("0049 30 23125101", [("+493023125101", "home")]),
        ("030 23125 101\n030 23125 101", [("+493023125101", "home")]),
    ],
)  # fmt: skip
def test_numbers_of_a_cell(cell: str, expected: list[tuple[str, str]]) -> None:
    assert numbers(read({"Name": "Jane Hansen", "Telefon": cell})) == expected


def test_an_extension_is_kept() -> None:
    number = read({"Name": "A B", "Phone": "+49 30 23125 101 ext. 12"}).numbers[0]
    assert (number.e164, number.extension) == ("+493023125101", "12")


def test_the_row_says_the_country_of_its_numbers() -> None:
    row = {"Name": "A B", "Country": "United Kingdom", "Phone": "020 7946 0123"}
    assert numbers(read(row)) == [("+442079460123", "home")]


def test_digits_that_a_spreadsheet_cut_are_told_and_not_stored() -> None:
    draft = read({"Name": "A B", "Phone": "4.93023E+11"})
    assert not draft.numbers
    assert "spreadsheet" in draft.why[0]


def test_kinds_beside_the_numbers() -> None:
    row = {
        "Name": "A B",
        "Phone 1 - Type": "Work", "Phone 1 - Value": "+49 30 23125 101",
        "Phone 2 - Type": "Home Fax", "Phone 2 - Value": "+49 30 23125 102",
    }  # fmt: skip
    assert numbers(read(row)) == [("+493023125101", "work"), ("+493023125102", "fax")]


def test_people_without_a_name_are_called_by_their_number() -> None:
    draft = read({"Name": "", "Phone": "030 23125 101", "Mail": ""})
    assert (draft.name, draft.names_itself) == ("+493023125101", False)


def test_nothing_to_know_them_by_is_bad() -> None:
    bad = read_any({"Name": " ", "Phone": "n/a", "Ort": "Berlin"})
    assert isinstance(bad, BadRecord)
    assert (bad.place, bad.title) == (7, "Berlin")
    assert "no name" in bad.reason


def test_a_record_that_cannot_be_read_is_bad() -> None:
    columns = (SourceColumn("Name"),)
    reader = RecordReader(ImportProfile(columns={"Name": "name"}), columns)
    bad = reader.read(SourceRecord(3, ("Jane",), error="An open quote."))
    assert bad == BadRecord(3, "Jane", "An open quote.")


def test_words_of_status_and_flags() -> None:
    draft = read({"Name": "A B", "Status": "Interessent", "DNC": "x", "Sprache": "Deutsch"})
    assert (draft.status, draft.do_not_call, draft.language) == (CustomerStatus.LEAD, True, "de")
    assert read({"Name": "A B", "DNC": "nein"}).do_not_call is False


def test_a_picklist_goes_before_the_words() -> None:
    profile = ImportProfile(
        columns={"Name": "name", "S": "status", "K": "segment"},
        picklists={"status": {"7": "former"}, "segment": {"a": "Gold"}},
    )
    draft = read({"Name": "A B", "S": "7", "K": "A"}, profile)
    assert (draft.status, draft.segment) == (CustomerStatus.FORMER, "Gold")
    assert read({"Name": "A B", "S": "7", "K": "B"}, profile).segment == "B"


def test_a_picklist_of_labels_goes_before_the_words() -> None:
    profile = ImportProfile(
        columns={"Name": "name", "Art": "label_of_number", "Nummer": "number"},
        picklists={"label_of_number": {"Sekretariat": "switchboard"}},
    )
    draft = read({"Name": "A B", "Art": "sekretariat", "Nummer": "030 23125101"}, profile)
    assert [number.label for number in draft.numbers] == ["switchboard"]


def test_unknown_words_are_told_or_make_the_row_bad() -> None:
    columns = {"Name": "name", "S": "status"}
    told = read({"Name": "A B", "S": "blue"}, ImportProfile(columns=columns))
    assert told.status is None
    assert "'blue'" in told.why[0]
    strict = ImportProfile(columns=columns, unknown=Unknown.BAD)
    assert isinstance(read_any({"Name": "A B", "S": "blue"}, strict), BadRecord)


def test_the_code_of_a_card_is_masked_without_its_number() -> None:
    assert read({"Name": "A B", "Notes": "cvv 123"}).note == "cvv •••"


def test_family_and_given_name_of_a_german_list() -> None:
    assert read({"Name": "Krause", "Vorname": "Eva"}).name == "Eva Krause"


def test_formulas_stay_text() -> None:
    draft = read({"Name": "A B", "Notes": '=HYPERLINK("http://x")\nsecond\x00 line'})
    assert draft.note == '=HYPERLINK("http://x")\nsecond line'


def test_emails_of_a_cell() -> None:
    draft = read({"Name": "A B", "E-Mail": "Jane <jane@example.com>; bad@, x@example.org"})
    assert [email.address for email in draft.emails] == ["jane@example.com"]
    draft = read({"Name": "A B", "E-Mail": "jane@example.com, bad@"})
    assert [email.address for email in draft.emails] == ["jane@example.com"]
    assert draft.why == ("bad@: no e-mail address",)


def test_own_fields() -> None:
    profile = ImportProfile(columns={"Name": "name", "Shoe": "custom:Shoe size"})
    assert read({"Name": "A B", "Shoe": "41"}, profile).custom == {"Shoe size": "41"}


@pytest.mark.parametrize("cell", ["030 23125 012", "030 23125 007 919", "(030) 23125 044"])
def test_a_group_that_begins_with_zero_begins_no_other_number(cell: str) -> None:
    (number,) = read({"Name": "Jane", "Phone": cell}).numbers
    assert number.e164 == "+4930" + "".join(filter(str.isdecimal, cell))[3:]
