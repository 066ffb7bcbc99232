"""Search as one types, and what hostile text does to it: nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.store.customers.search import index_query
from crmdesk.store.customers.search_text import number_digits
from crmdesk.store.fold import fold, sort_key, spellings
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import custom_value

BERLIN = "+493023125012"


@pytest.fixture
def people(write, make_person):
    company = make_person("Süßholz & Söhne GmbH", kind=CustomerKind.COMPANY)
    made = [
        company,
        make_person("Jürgen Müller", BERLIN, company_id=company.id, account_id="AB-4711"),
        make_person("Anna Mühlbauer", "+442079460123", emails=("anna.m@example.org",)),
        make_person("Zoë O'Brien", "+12025550123"),
        make_person("Łukasz Sørensen"),
        make_person("100% Rabatt_Shop", kind=CustomerKind.COMPANY),
    ]
    write(lambda w: [w.save_customer(one) for one in made])
    return {one.name: one for one in made}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("m", ["Anna Mühlbauer", "Jürgen Müller"]),
        ("mü", ["Anna Mühlbauer", "Jürgen Müller"]),
        ("MUELLER", ["Jürgen Müller"]),
        ("muller", ["Jürgen Müller"]),
        ("jürgen mü", ["Jürgen Müller"]),
        ("müller jür", ["Jürgen Müller"]),
        ("ller", ["Jürgen Müller"]),
        ("suess", ["Jürgen Müller", "Süßholz & Söhne GmbH"]),
        ("söhne gmbh", ["Jürgen Müller", "Süßholz & Söhne GmbH"]),
        ("sorensen", ["Łukasz Sørensen"]),
        ("lukasz", ["Łukasz Sørensen"]),
        ("o'brien", ["Zoë O'Brien"]),
        ("030 23125", ["Jürgen Müller"]),
        ("+49 (30) 23125-012", ["Jürgen Müller"]),
        ("0044 20 7946", ["Anna Mühlbauer"]),
        ("5550123", ["Zoë O'Brien"]),
        ("anna.m@exa", ["Anna Mühlbauer"]),
        ("4711", ["Jürgen Müller"]),
        ("ab-47", ["Jürgen Müller"]),
        ("100%", ["100% Rabatt_Shop"]),
        ("nobody", []),
        ("", []),
        ("   ", []),
    ],
)
def test_finds(read, people, typed, found):
    assert sorted(hit.name for hit in read(lambda r: r.search(typed))) == sorted(found)


def test_detail_is_what_was_found(read, people):
    assert read(lambda r: r.search("23125"))[0].detail == BERLIN
    assert read(lambda r: r.search("anna.m@"))[0].detail == "anna.m@example.org"


def test_names_that_begin_so_come_first(write, read, make_person):
    names = ["Joanna Baum", "Anna Zorn", "Hanna Anna-Lena Fuchs"]
    write(lambda w: [w.save_customer(make_person(name)) for name in names])
    assert [h.name for h in read(lambda r: r.search("anna"))] == [
        "Anna Zorn",
        "Hanna Anna-Lena Fuchs",
        "Joanna Baum",
    ]


def test_limit(write, read, make_person):
    write(lambda w: [w.save_customer(make_person(f"Anna {n}")) for n in range(30)])
    assert len(read(lambda r: r.search("anna", limit=7))) == 7


def test_index_follows_changes(write, read, people):
    person = people["Jürgen Müller"]
    write(lambda w: w.save_customer(replace(person, name="Jürgen Schmidt", numbers=())))
    assert read(lambda r: r.search("mueller")) == ()
    assert read(lambda r: r.search("23125")) == ()
    assert [h.name for h in read(lambda r: r.search("schmidt"))] == ["Jürgen Schmidt"]


def test_people_are_found_by_their_companys_new_name(write, read, people):
    company = people["Süßholz & Söhne GmbH"]
    write(lambda w: w.save_customer(replace(company, name="Kornblume AG")))
    assert "Jürgen Müller" in {h.name for h in read(lambda r: r.search("kornblume"))}
    assert read(lambda r: r.search("süßholz")) == ()


HOSTILE = [
    '" OR * NEAR(',
    "%%%%%%_",
    '"' * 10_000,
    "name:anna",
    "anna* AND (",
    "NOT anna",
    "^anna -bob",
    "{a b} : c",
    "'; DROP TABLE customer; --",
    "anna\x00bob",
    "\ud800",
    "\u202e4321",
    "a" * 1_000_000,
    "é" * 100_000,
    "( ( ( (" * 100,
    "NEAR(a b, 5)",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_text(read, people, typed):
    assert isinstance(read(lambda r: r.search(typed)), tuple)
    assert read(lambda r: r.counts()).customers == len(people)


def test_percent_and_underscore_are_no_wildcards(read, people):
    assert [h.name for h in read(lambda r: r.search("rabatt_"))] == ["100% Rabatt_Shop"]
    assert read(lambda r: r.search("rabatt%")) == ()


def test_reading_stops_at_its_time_limit(store, people):
    """A statement that would never end is stopped, and the thread serves the next job."""
    from sqlalchemy import text

    from crmdesk.store.errors import TookTooLong

    endless = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    )
    work = store.read(lambda r: r.within_time_limit(lambda: r._connection.execute(endless).all()))
    assert isinstance(work.exception(), TookTooLong)
    assert store.read(lambda r: r.counts()).result().customers == len(people)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("030 23125", "3023125"),
        ("+49 30-23125", "493023125"),
        ("0049", "49"),
        ("anna", ""),
        ("anna 030", ""),
        ("", ""),
        ("000", ""),
    ],
)
def test_digits_of_what_can_only_be_a_number(typed, digits):
    assert number_digits(typed) == digits


def test_words_are_quoted_for_the_index():
    assert index_query(['a"b', "c d"]) == '"a""b" "c d"'


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Zoë  GROẞ ", "zoe gross"), ("Ærø", "aero"), ("ŁÓDŹ", "lodz"), ("plain", "plain")],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_umlauts_have_two_spellings():
    assert spellings("Müller") == ("muller", "mueller")
    assert spellings("Miller") == ("miller",)


def test_sort_key_of_people_begins_with_the_family_name():
    assert sort_key("Anna Maria Öz", is_person=True) == "oz anna maria"
    assert sort_key("Öz & Co", is_person=False) == "oz & co"


# --- fields of the company's own ---------------------------------------------------------------


def _give(write, one, **values):
    def work(writer):
        with writer.change(ChangeKind.EDIT, "Own fields", "Ann") as change:
            for key, value in values.items():
                row = {"customer_id": one.id, "field_key": key, "value": value}
                change.insert(custom_value, row)
        return change.id

    return write(work)


def _found(read, typed):
    return [(hit.name, hit.detail) for hit in read(lambda r: r.search(typed))]


@pytest.mark.parametrize(
    "typed",
    [
        "süd-77", "SUD-77", "bonus sud", "0815",
        "2031-05-07", "7.5.2031", "07.05.2031", "7 May 2031", "07 may 2031", "7. Mai 2031",
    ],
)  # fmt: skip
def test_own_field_is_found_and_shown_and_no_longer_when_it_is_taken_back(
    read, write, people, typed
):
    zoe = people["Zoë O'Brien"]
    step = _give(write, zoe, card="Bonus SÜD-77", renewal="2031-05-07", seat="0815", vip="1")
    [(name, detail)] = _found(read, typed)
    assert name == "Zoë O'Brien"
    assert detail in {"Bonus SÜD-77", "7 May 2031", "0815"}
    write(lambda w: w.undo_change(step, "Ann"))
    assert _found(read, typed) == []


def test_number_of_a_customer_comes_before_an_own_field_that_holds_it_too(read, write, people):
    _give(write, people["Jürgen Müller"], seat="23125012")
    assert _found(read, "23125012") == [("Jürgen Müller", BERLIN)]


def test_a_short_figure_of_an_own_number_field_is_found_and_no_other_short_value(
    read, write, people
):
    fields = [CustomField(key, key.capitalize(), CustomFieldKind.NUMBER) for key in ("seats", "x")]
    fields.append(CustomField("room", "Room"))
    write(lambda w: PlanWriting(w, "Ann").save_fields(fields))
    _give(write, people["Zoë O'Brien"], seats="43", x="7")
    _give(write, people["Jürgen Müller"], room="43", seats="143")
    assert _found(read, "43") == [("Zoë O'Brien", "43")]
    assert _found(read, "7") == [("Zoë O'Brien", "7")]
    write(lambda w: PlanWriting(w, "Ann").save_fields(fields[1:]))
    assert _found(read, "43") == []


@pytest.fixture
def own_fields(write):
    def _own_fields(*keys):
        fields = tuple(CustomField(key, key.capitalize()) for key in keys)
        return write(lambda w: PlanWriting(w, "Ann").save_fields(fields))

    return _own_fields


def test_values_of_a_field_that_was_removed_are_not_found_until_it_comes_back(
    read, write, people, own_fields
):
    own_fields("card", "seat")
    _give(write, people["Zoë O'Brien"], card="Bonus SÜD-77", seat="Row 0815")
    _give(write, people["Jürgen Müller"], seat="SÜD-77")
    both = {("Zoë O'Brien", "Bonus SÜD-77"), ("Jürgen Müller", "SÜD-77")}
    assert set(_found(read, "süd-77")) == both
    removed = own_fields("seat")
    assert _found(read, "süd-77") == [("Jürgen Müller", "SÜD-77")]
    assert _found(read, "bonus") == []
    assert _found(read, "o'brien")[0] == ("Zoë O'Brien", "+12025550123")
    write(lambda w: w.save_customer(replace(people["Zoë O'Brien"], name="Zoë Brien")))
    write(lambda w: w.undo_change(removed.id, "Ann"))
    assert set(_found(read, "süd-77")) == {
        ("Zoë Brien", "Bonus SÜD-77"),
        ("Jürgen Müller", "SÜD-77"),
    }


def test_customers_behind_hundreds_who_had_it_in_a_removed_field_are_found(
    read, write, own_fields, make_person
):
    own_fields("card", "seat")
    made = [make_person(f"Person {number}") for number in range(450)]
    write(lambda w: [w.save_customer(one) for one in made])

    def fill(w):
        with w.change(ChangeKind.EDIT, "Fields", "Ann") as change:
            for one in made:
                key = "seat" if one is made[-1] else "card"
                values = {"customer_id": one.id, "field_key": key, "value": "VIP lounge"}
                change.insert(custom_value, values)

    write(fill)
    assert len(_found(read, "lounge")) == 20
    own_fields("seat")
    assert _found(read, "lounge") == [("Person 449", "VIP lounge")]
    exported, place = [], None
    while True:
        page = read(lambda r, place=place: r.exported_customers("lounge", place, 100))
        exported += [one.customer.name for one in page.records]
        place = page.next
        if place is None:
            break
    assert exported == ["Person 449"]
    assert read(lambda r: r.count_exported("lounge")) is None
