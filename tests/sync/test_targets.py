"""Columns of other programs' exports find their field by themselves."""

from __future__ import annotations

import tomllib

import pytest

from crmdesk.domain.importing import SourceColumn
from crmdesk.settings import paths
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.columns.names import folded
from crmdesk.sync.columns.targets import NOTHING, TARGETS


def _guessed(*names: str) -> dict[str, str]:
    return guess([SourceColumn(name) for name in names])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param(
            ("First Name", "Last Name", "Organization Name", "E-mail 1 - Label",
             "E-mail 1 - Value", "Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Value"),
            ("given_name", "family_name", "company", "label_of_email",
             "email", "label_of_number", "number", "number"),
            id="Google Contacts",
        ),
        pytest.param(
            ("First Name", "Last Name", "Company", "Job Title", "Business Phone", "Mobile Phone",
             "Home Phone", "E-mail Address", "Business Street", "Business Postal Code"),
            ("given_name", "family_name", "company", "role", "number_work", "number_mobile",
             "number_home", "email", "street", "postcode"),
            id="Outlook",
        ),
        pytest.param(
            ("Kd-Nr.", "Firma", "Ansprechpartner", "Straße", "PLZ", "Ort", "Telefon", "Handy",
             "E-Mail", "Anrede", "Kunde seit", "Bemerkung"),
            ("account_id", "company", "name", "street", "postcode", "city", "number",
             "number_mobile", "email", "salutation", "customer_since", "note"),
            id="German office",
        ),
        pytest.param(
            ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Contact owner",
             "Lead Status", "Lifecycle Stage", "Create Date"),
            ("external_id", "given_name", "family_name", "email", "number", "owner", "status",
             NOTHING, "customer_since"),
            id="HubSpot",
        ),
        pytest.param(
            ("Salutation", "First Name", "Last Name", "Title", "Account Name", "Phone"),
            ("salutation", "given_name", "family_name", "role", "company", "number"),
            id="Salesforce",
        ),
        pytest.param(
            ("Account Name", "Phone", "Title", "Job Title", "Salutation"),
            ("name", "number", "title", "role", "salutation"),
            id="companies of Salesforce",
        ),
        pytest.param(
            ("Vorname", "Nachname", "Straße geschäftlich", "Ort geschäftlich",
             "Postleitzahl geschäftlich", "Land/Region geschäftlich", "Telefon geschäftlich 2"),
            ("given_name", "family_name", "street", "city", "postcode", "country", "number_work"),
            id="Outlook in German",
        ),
        pytest.param(
            ("Konto", "Name (Adressattyp Unternehmen)", "Name (Adressattyp natürl. Person)",
             "Vorname (Adressattyp natürl. Person)", "Name (Adressattyp keine Angabe)",
             "Titel/Akad. Grad", "Anrede"),
            ("account_id", "company", "family_name", "given_name", "name", "title", "salutation"),
            id="DATEV",
        ),
        pytest.param(
            ("Customer ID", "First Name", "Last Name", "Email", "Default Address Phone", "Phone",
             "Default Address City", "Tags", "Note"),
            ("external_id", "given_name", "family_name", "email", "number", "number", "city",
             "segment", "note"),
            id="Shopify",
        ),
        pytest.param(
            ("Prénom", "Nom", "Société", "Tél. portable", "Code postal", "Ville", "Courriel"),
            ("given_name", "family_name", "company", "number_mobile", "postcode", "city", "email"),
            id="French",
        ),
        pytest.param(
            ("firstName", "lastName", "phoneNumber", "emailAddress", "createdAt"),
            ("given_name", "family_name", "number", "email", "customer_since"),
            id="camel case",
        ),
    ],
)  # fmt: skip
def test_names_of_known_programs(columns, expected):
    assert tuple(_guessed(*columns).values()) == expected


def test_a_target_for_one_column_takes_the_first():
    assert _guessed("City", "Town", "Phone", "Tel") == {
        "City": "city", "Town": NOTHING, "Phone": "number", "Tel": "number"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (("anna@example.org", "b@example.com", ""), "email"),
        (("+49 30 23125 101", "030/23125-102", "x"), "number"),
        (("10001", "10002", "10003"), NOTHING),
        (("1 299,00", "45,50"), NOTHING),
        ((), NOTHING),
    ],
)
def test_values_speak_where_the_name_says_nothing(samples, expected):
    assert guess([SourceColumn("Spalte F", samples)])["Spalte F"] == expected


@pytest.mark.parametrize(
    "name", ["", "   ", "1", "\x00", "=cmd|' /C calc'!A0", "x" * 100_000, "電話"]
)
def test_any_name_is_taken(name):
    assert guess([SourceColumn(name)])[name] in {NOTHING, *TARGETS}


def test_the_table_of_names_is_right():
    table = tomllib.loads((paths.resources() / "import" / "columns.toml").read_text("utf-8"))
    assert set(table) <= set(TARGETS)
    seen: dict[str, str] = {}
    for target, entry in table.items():
        for name in entry["names"]:
            assert seen.setdefault(folded(name), target) == target, name


def test_better_columns_go_first() -> None:
    names = ("Department", "Job Title", "Address 1 - Formatted", "Address 1 - Street")
    guessed = guess([SourceColumn(name, ("x",)) for name in names])
    assert list(guessed.values()) == ["", "role", "", "street"]
    assert guess([SourceColumn("Department")]) == {"Department": "role"}


def test_numbers_of_orders_are_no_names() -> None:
    columns = [SourceColumn("Name", ("#1001",)), SourceColumn("Billing Name", ("Jane Hansen",))]
    assert guess(columns) == {"Name": "", "Billing Name": "name"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Krause", "Lutz"), "family_name"),
        (("Eva Krause", "Max Lutz"), "name"),
        ((), "family_name"),
    ],
)
def test_name_beside_a_given_name(names: tuple[str, ...], expected: str) -> None:
    columns = [SourceColumn("Name", names), SourceColumn("Vorname", ("Eva", "Max"))]
    assert guess(columns) == {"Name": expected, "Vorname": "given_name"}
