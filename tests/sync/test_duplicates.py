"""Whom a record means: nobody is joined wrongly, and nobody is made twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.importing import RowAction
from crmdesk.store import Store, keys, open_store
from crmdesk.sync.profile import ImportProfile
from tests.sync.import_runs import actions, bring_in, counts, customer, everybody, names, who

LINE = {"Telefon": "030 23125 100"}
MOBILE = {"Handy": "0171 39 20 012"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


HOUSEHOLDS = [
    ("Jane Doe", "John Doe", "J. Doe"),
    ("Jane Doe", "John Doe", "Doe"),
    ("John Doe sen.", "John Doe jun.", "John Doe"),
    ("Dr. Doe", "Doe", "Frau Doe"),
    ("Herr Doe", "Frau Doe", "Familie Doe"),
    ("Jane Doe-Smith", "Jane Doe", "Smith"),
    ("Robert Doe", "Bob Doe", "R. Doe"),
    ("Jane Doe", "Janet Doe", "Jan Doe"),
]


@pytest.mark.parametrize("family", HOUSEHOLDS)
def test_a_household_on_one_line_stays_apart_in_any_order(
    tmp_path: Path, family: tuple[str, ...]
) -> None:
    for place, order in enumerate(permutations(family)):
        with open_store(tmp_path / f"{place}.db", keys.DEMO_KEY) as store:
            rows = [{"Name": name, **LINE} for name in order]
            assert counts(bring_in(store, *rows)) == (3, 0, 0, 0, 0)
            assert len(who(store, "+493023125100")) == 3
            again = bring_in(store, *reversed(rows))
            assert counts(again) == (0, 0, 3, 0, 0)
            assert again.summary.batch is None


@pytest.mark.parametrize("family", HOUSEHOLDS)
def test_they_do_in_one_import_after_another(store: Store, family: tuple[str, ...]) -> None:
    for name in family:
        bring_in(store, {"Name": name, **LINE})
    assert len(who(store, "+493023125100")) == 3


def test_what_stays_open_says_why(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe", **LINE}, {"Name": "John Doe", **LINE})
    (row,) = bring_in(store, {"Name": "J. Doe", **LINE}, is_dry=True).rows
    assert row.action is RowAction.CREATE
    assert set(row.maybe) == {"Jane Doe", "John Doe"}
    assert row.why[0].startswith("same number +493023125100 as ")
    assert row.why[0].endswith("but the name does not say that it is the same one")
    profile = ImportProfile(columns={"Name": "name", "Telefon": "number"}, creates=False)
    (row,) = bring_in(store, {"Name": "J. Doe", **LINE}, profile=profile).rows
    assert row.action is RowAction.SKIP
    assert row.why[0].startswith("same number")


def test_the_whole_name_says_it_on_a_shared_line(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe", **LINE}, {"Name": "John Doe", **LINE})
    rows = [{"Name": name, **LINE} for name in ("DOE, Jane", "Dr. John Doe", "Doe John")]
    result = bring_in(store, *rows)
    assert [row.action for row in result.rows] == [RowAction.SAME, RowAction.SAME, RowAction.SKIP]


def test_a_mobile_phone_of_two_names_nobody_by_an_initial(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe", **MOBILE}, {"Name": "John Doe", **MOBILE})
    assert actions(bring_in(store, {"Name": "J. Doe", **MOBILE})) == ["create"]


def test_an_initial_becomes_the_name_and_stays_that_person(store: Store) -> None:
    """The second one would agree with "J. Doe", but not with the Jane that it is by then."""
    rows = [{"Name": name, **MOBILE} for name in ("J. Doe", "Jane Doe", "John Doe", "J. Doe")]
    assert actions(bring_in(store, *rows)) == ["create", "update", "create", "create"]
    assert who(store, "+491713920012") == ["J. Doe", "Jane Doe", "John Doe"]


def test_over_two_imports_too(store: Store) -> None:
    for name in ("J. Doe", "Jane Doe", "John Doe"):
        bring_in(store, {"Name": name, **MOBILE})
    assert who(store, "+491713920012") == ["Jane Doe", "John Doe"]


def test_a_mailbox_of_an_office_is_everybodys(store: Store) -> None:
    office = {"E-Mail": "info@example.com"}
    rows = [{"Name": name, **office} for name in ("Jane Doe", "J. Doe", "Peter Kern", "Jane Doe")]
    assert actions(bring_in(store, *rows)) == ["create", "create", "create", "skip"]


@pytest.mark.parametrize("number", ["030 000000", "0171 1111111", "030 123456", "0123456789"])
def test_a_made_up_number_says_nothing(store: Store, number: str) -> None:
    rows = [
        {"Name": "Thomas Kern", "Ort": "Kiel", "Telefon": number},
        {"Name": "Thomas Kern", "Ort": "Ulm", "Telefon": number},
        {"Name": "T. Kern", "Ort": "Ulm", "Telefon": number},
    ]
    assert counts(bring_in(store, *rows)) == (3, 0, 0, 0, 0)
    assert counts(bring_in(store, *rows)) == (0, 0, 3, 0, 0)


@pytest.mark.parametrize("address", ["noemail@example.com", "unknown@example.org", "none@none.com"])
def test_a_made_up_mailbox_says_nothing(store: Store, address: str) -> None:
    rows = [{"Name": name, "E-Mail": address} for name in ("Thomas Kern", "T. Kern", "Thomas Roth")]
    assert counts(bring_in(store, *rows)) == (3, 0, 0, 0, 0)


@pytest.mark.parametrize("nothing", ["0", "00000", "99999"])
def test_a_customer_number_of_everybody_says_nothing(store: Store, nothing: str) -> None:
    rows = [{"Kundennr": nothing, "Name": name, "Ort": "Kiel"} for name in ("Nord GmbH", "Süd AG")]
    rows.append({"Kundennr": nothing, "Name": "Jane Doe", "Ort": "Kiel"})
    assert counts(bring_in(store, *rows)) == (3, 0, 0, 0, 0)
    assert counts(bring_in(store, *rows)) == (0, 0, 3, 0, 0)
    assert customer(store, "Jane Doe").company_id is None


def test_swapped_names_are_the_same_person(store: Store) -> None:
    bring_in(store, {"Vorname": "Jane", "Nachname": "Doe", **LINE})
    assert actions(bring_in(store, {"Vorname": "Doe", "Nachname": "Jane", **LINE})) == ["same"]
    assert len(everybody(store)) == 1


def test_a_number_changed(store: Store) -> None:
    mail = {"Name": "Jane Doe", "E-Mail": "jane@example.com"}
    bring_in(store, {**mail, **MOBILE})
    assert actions(bring_in(store, {**mail, "Handy": "0171 39 20 077"})) == ["update"]
    assert who(store, "+491713920012") == who(store, "+491713920077") == ["Jane Doe"]


def test_companies_behind_one_switchboard(store: Store) -> None:
    several = ("Müller GmbH", "Müller GmbH & Co. KG", "Müller Verwaltungs GmbH", "Müller AG")
    rows = [{"Name": name, **LINE} for name in several]
    assert counts(bring_in(store, *rows)) == (4, 0, 0, 0, 0)
    assert counts(bring_in(store, *rows)) == (0, 0, 4, 0, 0)


def test_a_row_without_a_name_is_who_has_the_number(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe", **LINE})
    assert actions(bring_in(store, LINE)) == ["same"]
    more = {**LINE, "E-Mail": "john@example.com"}
    assert actions(bring_in(store, more)) == ["create"]


def test_a_number_gets_its_name(store: Store) -> None:
    bring_in(store, MOBILE)
    assert actions(bring_in(store, {"Name": "Jane Doe", **MOBILE})) == ["update"]
    assert names(store) == ["Jane Doe"]


# --- ids --------------------------------------------------------------------------------------


def test_a_contact_with_the_number_of_a_company_is_one_of_its_people(store: Store) -> None:
    bring_in(store, {"Kundennr": "7", "Name": "Weiss GmbH", **LINE})
    rows = [{"Kundennr": "7", "Name": name} for name in ("Anna Weiss", "Bernd Roth", "Weiss")]
    result = bring_in(store, *rows)
    assert actions(result) == ["create", "create", "same"]
    assert result.rows[0].why == ("customer number 7 is that of Weiss GmbH",)
    assert names(store) == ["Anna Weiss", "Bernd Roth", "Weiss GmbH"]
    weiss = customer(store, "Weiss GmbH")
    assert weiss.kind is CustomerKind.COMPANY
    assert customer(store, "Anna Weiss").company_id == weiss.id
    assert counts(bring_in(store, *rows)) == (0, 0, 3, 0, 0)
    assert [hit.name for hit in store.read(lambda r: r.search("roth weiss gmbh")).result()] == [
        "Bernd Roth"
    ]


def test_they_are_within_one_file_too_in_any_order(tmp_path: Path) -> None:
    rows = [
        {"Kundennr": "7", "Name": "Weiss GmbH", "Firma": ""},
        {"Kundennr": "7", "Name": "Anna Weiss", "Firma": "Weiss GmbH"},
        {"Kundennr": "7", "Name": "Bernd Roth", "Firma": "Weiss GmbH"},
    ]
    for place, order in enumerate(permutations(rows)):
        with open_store(tmp_path / f"{place}.db", keys.DEMO_KEY) as store:
            bring_in(store, *order)
            assert names(store) == ["Anna Weiss", "Bernd Roth", "Weiss GmbH"]
            weiss = customer(store, "Weiss GmbH")
            assert (weiss.kind, weiss.account_id) == (CustomerKind.COMPANY, "7")
            assert {customer(store, name).company_id for name in ("Anna Weiss", "Bernd Roth")} == {
                weiss.id
            }
            again = bring_in(store, *order)
            assert (again.summary.created, again.summary.batch) == (0, None)


def test_a_company_named_otherwise_is_not_made_beside_it(store: Store) -> None:
    bring_in(store, {"Kundennr": "7", "Name": "Weiss GmbH"})
    bring_in(store, {"Kundennr": "7", "Name": "Anna Roth", "Firma": "Weiss"})
    assert names(store) == ["Anna Roth", "Weiss GmbH"]
    bring_in(store, {"Kundennr": "7", "Name": "Peter Kern", "Firma": "Nord AG"})
    assert customer(store, "Peter Kern").company_name == "Nord AG"


def test_a_household_with_one_customer_number(store: Store) -> None:
    rows = [{"Kundennr": "7", "Name": name, **LINE} for name in ("Jane Doe", "John Doe")]
    assert counts(bring_in(store, *rows)) == (2, 0, 0, 0, 0)
    assert counts(bring_in(store, *rows)) == (0, 0, 2, 0, 0)


def test_who_married_has_the_same_customer_number(store: Store) -> None:
    bring_in(store, {"Kundennr": "7", "Name": "Jane Hansen"})
    assert actions(bring_in(store, {"Kundennr": "7", "Name": "Jane Petersen"})) == ["update"]
    assert names(store) == ["Jane Petersen"]


def test_a_customer_number_and_a_mobile_phone_say_it_whatever_the_name(store: Store) -> None:
    bring_in(store, {"Kundennr": "7", "Name": "Jane Hansen", **MOBILE})
    other = {"Kundennr": "7", "Name": "Nilüfer Petersen", **MOBILE}
    assert actions(bring_in(store, other)) == ["update"]


def test_a_company_that_is_called_otherwise_now(store: Store) -> None:
    bring_in(store, {"Kundennr": "7", "Name": "Nord Handels GmbH"})
    assert actions(bring_in(store, {"Kundennr": "7", "Name": "Nord AG"})) == ["update"]
    assert names(store) == ["Nord AG"]


def test_ids_of_two_programs_that_call_their_columns_alike(store: Store) -> None:
    bring_in(store, {"ID": "7", "Name": "Jane Doe", **MOBILE})
    other = {"ID": "7", "Name": "Peter Kern", "Handy": "0171 39 20 077"}
    assert actions(bring_in(store, other)) == ["create"]
    assert names(store) == ["Jane Doe", "Peter Kern"]
    assert counts(bring_in(store, other)) == (0, 0, 1, 0, 0)


def test_a_saved_profile_knows_whose_ids_they_are(store: Store) -> None:
    profile = ImportProfile(
        name="shop", source_name="shop", columns={"ID": "external_id", "Name": "name"}
    )
    bring_in(store, {"ID": "7", "Name": "Jane Doe"}, profile=profile)
    result = bring_in(store, {"ID": "7", "Name": "Petra Kern"}, profile=profile)
    assert actions(result) == ["update"]
    assert names(store) == ["Petra Kern"]


def test_one_id_twice_in_a_file_with_two_names_is_two_people(store: Store) -> None:
    profile = ImportProfile(
        name="shop", source_name="shop", columns={"ID": "external_id", "Name": "name"}
    )
    rows = [{"ID": "7", "Name": name} for name in ("Jane Doe", "Peter Kern")]
    assert counts(bring_in(store, *rows, profile=profile)) == (2, 0, 0, 0, 0)
    assert counts(bring_in(store, *rows, profile=profile)) == (0, 0, 2, 0, 0)


def test_two_ids_on_a_landline_are_two_people_of_one_name(store: Store) -> None:
    rows = [{"ID": number, "Name": "John Doe", **LINE} for number in ("7", "8")]
    assert counts(bring_in(store, *rows)) == (2, 0, 0, 0, 0)
    assert counts(bring_in(store, *rows)) == (0, 0, 2, 0, 0)


def test_several_of_one_name_on_one_line(store: Store) -> None:
    """Nobody can tell which of them a row means: it changes none of them."""
    two = [{"ID": number, "Name": "John Doe", **LINE} for number in ("7", "8")]
    bring_in(store, *two)
    result = bring_in(store, {"Name": "John Doe", **LINE, "Ort": "Kiel"})
    assert actions(result) == ["same"]
    assert actions(bring_in(store, {"Kundennr": "K1", "Name": "John Doe", **LINE})) == ["create"]
    assert [one.addresses for one in everybody(store)] == [(), (), ()]
    assert actions(bring_in(store, {"Name": "John Doe", **LINE, **MOBILE})) == ["create"]
    assert who(store, "+491713920012") == ["John Doe"]


# --- names alone --------------------------------------------------------------------------------


def test_a_company_that_its_people_named_gets_its_own_record_later(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe", "Firma": "Nord AG", **MOBILE})
    assert actions(bring_in(store, {"Firma": "Nord AG", **LINE})) == ["update"]
    assert names(store) == ["Jane Doe", "Nord AG"]


def test_a_name_alone_of_which_there_are_several(store: Store) -> None:
    bring_in(store, *({"Name": "Thomas Kern", "Handy": f"0171 39 20 01{n}"} for n in (1, 2)))
    alone = {"Name": "Thomas Kern"}
    assert actions(bring_in(store, alone)) == ["create"]
    assert actions(bring_in(store, alone)) == ["same"]


# --- our own ids ----------------------------------------------------------------------------------


def test_an_id_of_ours_is_known(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe"})
    own = str(customer(store, "Jane Doe").id)
    for text in (own, own.upper(), f"urn:uuid:{own}"):
        result = bring_in(store, {"Id": text, "Name": "Jane Doe", "Ort": "Kiel"}, is_dry=True)
        assert actions(result) == ["update"]
        assert [change.field for change in result.rows[0].changes] == ["addresses"]
    assert actions(bring_in(store, {"Id": own, "Name": "Petra Kern"})) == ["update"]
    assert names(store) == ["Petra Kern"]


def test_a_copied_row_is_somebody_new(store: Store) -> None:
    """Who adds a customer in a spreadsheet copies a row, and forgets the id."""
    bring_in(store, {"Name": "Jane Doe", **MOBILE})
    own = str(customer(store, "Jane Doe").id)
    rows = [
        {"Id": own, "Name": "Jane Doe", **MOBILE},
        {"Id": own, "Name": "Peter Kern", "Handy": "0171 39 20 077"},
    ]
    assert actions(bring_in(store, *rows)) == ["same", "create"]
    assert actions(bring_in(store, *rows)) == ["same", "same"]
    assert names(store) == ["Jane Doe", "Peter Kern"]


@pytest.mark.parametrize(
    "hostile",
    [
        "0190f5d0-1111-7abc-8def-0123456789ab",
        "'; DROP TABLE customer; --",
        "urn:uuid:" + "0" * 5_000,
        "00000000-0000-0000-0000-000000000000",
        "\u202e" + str(uuid.UUID(int=1)),
    ],
)
def test_an_id_of_another_store_is_an_id_like_others(store: Store, hostile: str) -> None:
    rows = [{"Id": hostile, "Name": "Jane Doe"}]
    assert actions(bring_in(store, *rows)) == ["create"]
    assert actions(bring_in(store, *rows)) == ["same"]


def test_the_id_of_a_deleted_customer_is_nobodys(store: Store) -> None:
    bring_in(store, {"Name": "Jane Doe"})
    gone = customer(store, "Jane Doe").id
    store.write(lambda writer: writer.delete_customer(gone)).result()
    rows = [{"Id": str(gone), "Name": "Jane Doe"}]
    assert actions(bring_in(store, *rows)) == ["create"]
    assert actions(bring_in(store, *rows)) == ["same"]


def test_merged_customers_are_followed(store: Store) -> None:
    bring_in(
        store,
        {"Name": "Robert Doe", **MOBILE, "Segment": "Gold"},
        {"Name": "Bob Smith", "Handy": "0171 39 20 077", "Segment": "Silver"},
    )
    keep, other = customer(store, "Robert Doe").id, customer(store, "Bob Smith").id
    store.write(lambda writer: writer.merge_customers(keep, other, "Ann")).result()
    rows = [
        {"Id": str(keep), "Name": "Robert Doe", **MOBILE, "Segment": "Gold"},
        {"Id": str(other), "Name": "Bob Smith", "Handy": "0171 39 20 077", "Segment": "Silver"},
    ]
    for order in (rows, rows[::-1]):
        result = bring_in(store, *order)
        assert (result.summary.created, result.summary.updated) == (0, 0)
        assert "who is Robert Doe now" in " ".join(row.why[0] for row in result.rows)
    assert names(store) == ["Robert Doe"]
    assert customer(store, "Robert Doe").segment == "Gold"


def test_records_of_a_program_whose_customers_were_merged_here(store: Store) -> None:
    profile = ImportProfile(
        name="shop", source_name="shop", columns={"ID": "external_id", "Name": "name"}
    )
    rows = [{"ID": "7", "Name": "Robert Doe"}, {"ID": "8", "Name": "Bob Smith"}]
    bring_in(store, *rows, profile=profile)
    ids = customer(store, "Robert Doe").id, customer(store, "Bob Smith").id
    store.write(lambda writer: writer.merge_customers(*ids, "Ann")).result()
    bring_in(store, *rows, profile=profile)
    again = bring_in(store, *rows, profile=profile)
    assert again.summary.created == 0
    assert again.summary.batch is None
    assert len(everybody(store)) == 1


# --- everybody at once --------------------------------------------------------------------------

PEOPLE = {
    "Jane Doe": ("0171 39 20 011", "jane@example.com"),
    "John Doe": ("0171 39 20 012", "john@example.com"),
    "Jim Doe": ("0171 39 20 013", "jim@example.com"),
    "Ann Miller": ("0171 39 20 014", "ann@example.com"),
    "Ann Doe": ("0171 39 20 015", "ann.doe@example.com"),
}
"""Of one house: who they are, and what is theirs alone."""


def row_of(random: Random, name: str) -> dict[str, str]:
    """A row of a messy list: some of what is known of somebody, in one of the usual forms."""
    given, family = name.split()
    mobile, mail = PEOPLE[name]
    own = random.choice(({"Handy": mobile}, {"E-Mail": mail}, {"Handy": mobile, "E-Mail": mail}))
    forms = (name, f"{family}, {given}", f"Dr. {name}", f"{given[0]}. {family}", name.upper())
    shared = random.choice(({}, LINE, {"Telefon": "030 23125 101"}))
    return {"Name": random.choice(forms), "Handy": "", "E-Mail": "", "Telefon": "", **own, **shared}


@pytest.mark.parametrize("seed", range(12))
def test_a_messy_list_of_a_house_joins_nobody_and_makes_nobody_twice(
    store: Store, seed: int
) -> None:
    random = Random(seed)
    rows = [row_of(random, random.choice(list(PEOPLE))) for _ in range(14)]
    bring_in(store, *rows[:7])
    bring_in(store, *rows)
    theirs = {text: name for name, own in PEOPLE.items() for text in own}
    for one in everybody(store):
        own = [number.raw for number in one.numbers if number.label == "mobile"]
        own += [each.address for each in one.emails]
        assert len({theirs[text] for text in own}) <= 1, one
    for mobile, _ in PEOPLE.values():
        assert len(who(store, f"+49{mobile.replace(' ', '')[1:]}")) <= 1
    again = bring_in(store, *rows)
    assert (again.summary.created, again.summary.batch) == (0, None)
