"""Customers go in and come out as they were; numbers find their owners."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)

BERLIN = "+493023125012"


def _everything() -> Customer:
    return Customer(
        id=uuid.uuid4(),
        kind=CustomerKind.PERSON,
        name="Käthe Brückner",
        role="Purchasing",
        account_id="4711",
        language="de",
        salutation="Frau Brückner",
        source="Trade fair",
        status=CustomerStatus.DORMANT,
        segment="Gold",
        customer_since=date(2019, 2, 28),
        do_not_call=True,
        numbers=(PhoneNumber("030 23125 012", BERLIN, "work", "12"),),
        emails=(Email("kaethe@example.com", "work"),),
        addresses=(Address("home", "Lindenstraße 1", "10115", "Berlin", "DE"),),
    )


def _without_row_ids(customer: Customer) -> Customer:
    return replace(customer, numbers=tuple(replace(n, id=None) for n in customer.numbers))


def test_customer_comes_back_as_it_was_saved(write, read):
    customer = _everything()
    write(lambda w: w.save_customer(customer))
    assert _without_row_ids(read(lambda r: r.customer(customer.id))) == customer


def test_company_name_is_that_of_the_company(write, read, make_person):
    company = make_person("Nordlicht GmbH", kind=CustomerKind.COMPANY)
    employee = make_person("Anna Groß", company_id=company.id)
    write(lambda w: (w.save_customer(company), w.save_customer(employee)))
    assert read(lambda r: r.customer(employee.id)).company_name == "Nordlicht GmbH"


def test_changed_sets_keep_the_rows_that_stay(write, read, make_person):
    customer = make_person("Anna Groß", BERLIN, "+493023125013")
    write(lambda w: w.save_customer(customer))
    before = read(lambda r: r.customer(customer.id)).numbers
    write(lambda w: w.save_customer(replace(customer, numbers=customer.numbers[:1])))
    after = read(lambda r: r.customer(customer.id)).numbers
    assert after == tuple(number for number in before if number.e164 == BERLIN)
    assert read(lambda r: r.by_e164("+493023125013")) == ()


def test_deleted_customer_is_gone_everywhere_but_marked(write, read, make_person):
    customer = make_person("Anna Groß", BERLIN)
    write(lambda w: w.save_customer(customer))
    write(lambda w: w.delete_customer(customer.id))
    assert read(lambda r: r.customer(customer.id)) is None
    assert read(lambda r: r.by_e164(BERLIN)) == ()
    assert read(lambda r: r.search("Anna")) == ()
    assert read(lambda r: r.customers()).customers == ()
    write(lambda w: w.save_customer(customer))
    assert [hit.name for hit in read(lambda r: r.search("Anna"))] == ["Anna Groß"]


def test_number_that_cannot_be_read_is_found_by_its_digits(write, read):
    customer = replace(_everything(), numbers=(PhoneNumber("(030) 23125-012", None),))
    write(lambda w: w.save_customer(customer))
    assert [o.customer_id for o in read(lambda r: r.by_national("3023125012", ""))] == [customer.id]


def test_national_number_may_be_asked_for_one_country(write, read, make_person):
    write(lambda w: w.save_customer(make_person("Anna Groß", BERLIN)))
    found = read(lambda r: [r.by_national("3023125012", c) for c in ("", "DE", "GB")])
    assert [len(owners) for owners in found] == [1, 1, 0]


def test_account_id_finds_its_owner_and_an_empty_one_nobody(write, read):
    customer = _everything()
    write(
        lambda w: (
            w.save_customer(customer),
            w.save_customer(replace(_everything(), account_id="")),
        )
    )
    assert [o.customer_id for o in read(lambda r: r.by_account("4711"))] == [customer.id]
    assert read(lambda r: r.by_account("")) == ()


def test_list_is_paged_by_family_name_without_gaps(write, read, make_person):
    names = ["Zoë Abel", "Anna Öz", "Ümit Abel", "Björn Möwe", "Jan Zorn", "Mia Abel"]
    write(lambda w: [w.save_customer(make_person(name)) for name in names])
    seen, after = [], None
    while True:
        page = read(lambda r, after=after: r.customers(after, limit=2))
        seen += [hit.name for hit in page.customers]
        after = page.next
        if after is None:
            break
    assert seen == ["Mia Abel", "Ümit Abel", "Zoë Abel", "Björn Möwe", "Anna Öz", "Jan Zorn"]


def test_every_row_carries_what_replication_needs(write, store, make_person, now):
    customer = make_person("Anna Groß", BERLIN)
    write(lambda w: w.save_customer(customer))

    def stamps(w):
        from crmdesk.store.tables import customer_number as table

        row = w._connection.execute(table.select()).one()
        return row.id.version, row.created_at, row.updated_at, row.deleted_at, row.origin

    assert write(stamps) == (7, now, now, None, store.desk_id)


def test_counts(write, read, make_person, make_call, now):
    customer = make_person("Anna Groß", BERLIN)

    def fill(w):
        w.save_customer(customer)
        w.save_call(make_call("1"), BERLIN)
        w.add_ticket(customer.id, now, number="1", kind="Question", subject="?")
        w.add_ticket(customer.id, now, number="2", kind="Question", subject="?", status="solved")

    write(fill)
    counts = read(lambda r: r.counts())
    assert (counts.customers, counts.numbers, counts.calls, counts.open_tickets) == (1, 1, 1, 1)


def test_failed_job_leaves_nothing_behind(store, make_person):
    customer = make_person("Anna Groß")

    def half(w):
        w.save_customer(customer)
        raise RuntimeError("after the write")

    future = store.write(half)
    assert isinstance(future.exception(), RuntimeError)
    assert store.read(lambda r: r.customer(customer.id)).result() is None
    assert store.write(lambda w: w.customers()).result().customers == ()


# --- numbers with days ----------------------------------------------------------------------------


def _days(customer):
    return [(n.raw, n.label, n.since, n.until) for n in customer.numbers]


def test_owner_and_days_of_numbers_come_back(write, read, make_person):
    spans = ((None, None), (date(2019, 1, 1), None), (date(2001, 2, 3), date(2023, 12, 31)))
    numbers = tuple(
        PhoneNumber(f"{BERLIN}{n}", BERLIN, "work", since=since, until=until)
        for n, (since, until) in enumerate(spans)
    )
    customer = replace(make_person("Anna Groß", owner="Jonas Weber"), numbers=numbers)
    write(lambda w: w.save_customer(customer))
    assert _without_row_ids(read(lambda r: r.customer(customer.id))) == customer


def test_number_typed_anew_keeps_its_days_and_its_row(write, read, make_person):
    until = date(2023, 12, 31)
    former = PhoneNumber(BERLIN, BERLIN, "work", until=until)
    customer = replace(make_person("Anna Groß"), numbers=(former,))
    write(lambda w: w.save_customer(customer))
    before = read(lambda r: r.customer(customer.id)).numbers[0]
    typed = replace(customer, numbers=(PhoneNumber(BERLIN, BERLIN, "mobile"),))
    write(lambda w: w.save_customer(typed))
    after = read(lambda r: r.customer(customer.id)).numbers
    assert after == (replace(before, label="mobile"),)


def test_number_read_from_the_store_gets_the_days_it_is_given(write, read, make_person):
    customer = replace(
        make_person("Anna"), numbers=(PhoneNumber(BERLIN, BERLIN, until=date(2023, 12, 31)),)
    )
    write(lambda w: w.save_customer(customer))
    stored = read(lambda r: r.customer(customer.id))
    open_again = replace(stored, numbers=(replace(stored.numbers[0], until=None),))
    write(lambda w: w.save_customer(open_again))
    assert read(lambda r: r.customer(customer.id)) == open_again


def test_same_number_at_two_times_stays_two_rows(write, read, make_person):
    first = PhoneNumber(BERLIN, BERLIN, "work", until=date(2020, 12, 31))
    again = PhoneNumber(BERLIN, BERLIN, "work", since=date(2024, 1, 1))
    customer = make_person("Anna Groß", BERLIN)
    write(lambda w: w.save_customer(customer))
    stored = read(lambda r: r.customer(customer.id))
    both = replace(stored, numbers=(replace(again), replace(stored.numbers[0], until=first.until)))
    write(lambda w: w.save_customer(both))
    stored = read(lambda r: r.customer(customer.id))
    assert {(n.since, n.until) for n in stored.numbers} == {
        (None, first.until), (again.since, None),
    }  # fmt: skip
    write(lambda w: w.save_customer(replace(stored, name="Anna Grün")))
    assert set(_days(read(lambda r: r.customer(customer.id)))) == set(_days(stored))


def test_number_typed_twice_is_stored_once(write, read, make_person):
    customer = make_person("Anna Groß", BERLIN, BERLIN)
    write(lambda w: w.save_customer(customer))
    assert len(read(lambda r: r.customer(customer.id)).numbers) == 1
