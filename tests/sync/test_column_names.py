"""What the names of columns say, whole and taken apart."""

from __future__ import annotations

import pytest

from crmdesk.domain.importing import SourceColumn
from crmdesk.sync.cells import names
from crmdesk.sync.cells.address_columns import grouped
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.columns.names import meaning
from crmdesk.sync.columns.targets import NOTHING


def guessed(*columns: str | tuple[str, ...]) -> list[str]:
    """The targets of columns, each a name or a name and its samples."""
    made = [SourceColumn(c) if isinstance(c, str) else SourceColumn(c[0], c[1:]) for c in columns]
    return list(guess(made).values())


@pytest.mark.parametrize(
    ("name", "target", "place"),
    [
        ("Adresse de facturation - Ville", "city", "billing"),
        ("Lieferadresse: PLZ", "postcode", "shipping"),
        ("Work Address Street", "street", "work"),
        ("Adres domowy - kod pocztowy", "postcode", "home"),
        ("default_shipping_address.city", "city", "shipping"),
        ("PrivatPLZ", "postcode", "home"),
        ("Firmentelefon", "number_work", ""),
        ("Phone (home)", "number_home", "home"),
        ("Fax op werk", "number_fax", "work"),
        ("Diensthandy", "number_mobile", ""),
        ("contact.firstName", "given_name", ""),
        ("Mobile Phone Number*", "number_mobile", ""),
        ("Customer_Number__c", "account_id", ""),
        ("Primäre E-Mail-Adresse", "email", ""),
    ],
)
def test_a_name_is_taken_apart(name: str, target: str, place: str) -> None:
    said = meaning(name)
    assert (said.target, said.place if place else "") == (target, place)


@pytest.mark.parametrize(
    "name",
    [
        "Owner phone", "Email opt out", "Phone status", "Account manager email", "Company ID",
        "E-mail display name", "Phone country code", "Tax number", "Date of birth", "Last contact",
        "Number of employees", "Order ID", "Website", "Emergency contact phone",
        "Region geschäftlich", "Bank account number", "Assistant name", "x" * 5_000, "a " * 3_000,
    ],
)  # fmt: skip
def test_what_is_somebody_elses_or_something_else_is_left_alone(name: str) -> None:
    assert meaning(name).target == NOTHING


def test_a_second_street_is_a_line_or_an_address() -> None:
    assert guessed("Street", "Street 2", "City") == ["street", "street_more", "city"]
    assert guessed("Street", "City", "Street 2", "City 2") == ["street", "city"] * 2


def test_an_address_in_one_cell_yields_to_its_parts() -> None:
    assert guessed("Address", "Street", "City") == [NOTHING, "street", "city"]
    assert guessed("Address", "City") == ["street", "city"]


def test_columns_of_one_address_are_found_together() -> None:
    columns = (
        ("Business Street", "street"), ("Business City", "city"), ("Home Street", "street"),
        ("Home City", "city"), ("Country", "country"),
    )  # fmt: skip
    work, home = grouped(columns)
    assert (work.place, work.parts) == ("work", {"street": [0], "city": [1], "country": [4]})
    assert (home.place, home.parts) == ("home", {"street": [2], "city": [3]})


def test_halves_of_an_address_are_put_together() -> None:
    (one,) = grouped((("Mailing Street", "street"), ("City", "city"), ("Shipping Zip", "postcode")))
    assert one.parts == {"street": [0], "city": [1], "postcode": [2]}


def test_columns_that_a_person_chose_make_addresses_in_their_order() -> None:
    columns = (("A", "street"), ("B", "city"), ("C", "street"), ("D", "city"))
    assert [one.parts for one in grouped(columns)] == [
        {"street": [0], "city": [1]},
        {"street": [2], "city": [3]},
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ((("Mobile", "yes", "no"),), [NOTHING]),
        ((("E-Mail", "ja", "nein"),), [NOTHING]),
        ((("Office", "Berlin"),), [NOTHING]),
        ((("Business", "+49 30 23125 101"),), ["number_work"]),
        ((("CEP", "01000-000"),), ["postcode"]),
        ((("CEP", "0171 3920012"),), ["number_mobile"]),
        ((("Title", "Dr."),), ["title"]),
        ((("Title", "Head of sales"),), ["role"]),
        ((("Type", "Company", "Person"),), ["kind"]),
        ((("Type", "Retail", "Person"),), ["segment"]),
        ((("Telefon", "030 23125"), ("Durchwahl", "101")), ["number", "extension"]),
        ((("Straße", "Am Hafen"), ("Nr.", "1")), ["street", "house_number"]),
    ],
)
def test_values_have_a_say(columns: tuple[tuple[str, ...], ...], expected: list[str]) -> None:
    assert guessed(*columns) == expected


def test_whose_name_it_is() -> None:
    assert guessed("Name", "Contact person", "Phone") == ["company", "name", "number"]
    assert guessed("Name", "Contact person", "Company") == ["name", NOTHING, "company"]
    names = ("First name", "Jane"), ("Last name", "Hansen")
    assert guessed(("Name", "Adler Nord"), *names)[0] == "company"
    assert guessed(("Name", "Jane Hansen"), *names)[0] == "name"
    assert guessed(("Nome", "Marco"), ("Cognome", "Rossi")) == ["given_name", "family_name"]


def test_names_without_a_header_are_found_by_their_values() -> None:
    columns = ("Column 1", "Jane Hansen", "Jörg Müller"), ("Column 2", "030 23125 101")
    assert guessed(*columns) == ["name", "number"]
    assert guessed(("Column 1", "yes", "no"), ("Column 2", "030 23125 101"))[0] == NOTHING


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("Asiakasnumero;Nimi;Sähköposti;Puhelin;Katuosoite;Postinumero;Postitoimipaikka;"
         "Yhteyshenkilö",
         "account_id company email number street postcode city name"),
        ("会社名;役職;氏名;TEL会社;携帯電話;e-mail;郵便番号;住所",
         "company role name number_work number_mobile email postcode street"),
        ("Kod;Nazwa 1;Grupa;Ulica;Numer domu;Numer lokalu;Kod pocztowy;Miasto;Telefon SMS;Opiekun",
         "account_id name segment street house_number street_more postcode city number_mobile"
         " owner"),
        ("Kundenr.;Navn;Adresse;Postnr.;By;Tlf. nr.;Att.;Kundegruppe",
         "account_id company street postcode city number name segment"),
        ("Klantnr;Bedrijfsnaam;Voorletters;Tussenvoegsel;Achternaam;Straat;Huisnr;Toev.;Woonplaats",
         "account_id company given_name middle_name family_name street house_number street_more"
         " city"),
        ("OXCUSTNR;OXCOMPANY;OXFNAME;OXLNAME;OXSTREET;OXSTREETNR;OXZIP;OXCITY;OXFON",
         "account_id company given_name family_name street house_number postcode city number"),
        ("Code client;Civilité;Raison sociale;Nom;Prénom;Adresse 1 (facturation);"
         "Adresse 2 (facturation);Ville (facturation);Ville (livraison);E-mail (facturation)",
         "account_id salutation company family_name given_name street street_more city city email"),
        ("Mitgl.-Nr.;Nachname;Vorname;Str.;PLZ;Wohnort;Tel. priv.;Tel. gesch.;Handy;Eintritt",
         "account_id family_name given_name street postcode city number_home number_work"
         " number_mobile customer_since"),
        ("Client;Persoana contact;Localitate;Tara;Telefon;Observatii",
         "company name city country number note"),
        ("Full Name;Street & No.;ZIP/City;Do-Not-Call?", "name street city do_not_call"),
    ],
)  # fmt: skip
def test_columns_of_further_programs(columns: str, expected: str) -> None:
    assert guessed(*columns.split(";")) == expected.split()


@pytest.mark.parametrize(
    "name", ["Pan Wei", "Bay Michael", "Öberg Åsa", "Nguyen Van Ky", "Sia Lind"]
)
def test_names_that_are_words_elsewhere_stay(name: str) -> None:
    assert names.without_salutation(name) == (name, "")
    assert not names.is_company_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "ООО Ромашка",
        "株式会社青空",
        "藍天有限公司",
        "주식회사 하늘",
        "Weber & Söhne",
        "Hotel Adler",
        "Růže s.r.o.",
    ],
)
def test_companies_of_many_countries_are_known(name: str) -> None:
    assert names.is_company_name(name)
