"""A source that is brought in again: rows that say nothing new come to what they came to before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmdesk.domain.customers import Address, Customer, CustomerStatus, Email, PhoneNumber
from crmdesk.domain.importing import RowAction, RowPlan
from crmdesk.store import Store, keys, open_store
from crmdesk.sync import importing
from crmdesk.sync.planning.answers import ask
from crmdesk.sync.planning.unchanged import unchanged
from crmdesk.sync.profile import ImportProfile, MatchBy, Merge
from crmdesk.sync.reading.ahead import ReadAhead
from crmdesk.sync.reading.drafts import Draft
from crmdesk.sync.reading.frames import ReadingOrder
from tests.sync.import_runs import Rows, bring_in, customer, everybody

TARGETS = {
    "Id": "external_id", "No": "account_id", "Name": "name", "Title": "salutation",
    "Role": "role", "Found": "source", "Group": "segment", "Owner": "owner",
    "Language": "language", "Status": "status", "Since": "customer_since",
    "Calls": "do_not_call", "Company": "company", "Phone": "number_work",
    "Mobile": "number_mobile", "Mail": "email", "Street": "street", "Postcode": "postcode",
    "City": "city", "Country": "country", "Card": "custom:card", "Note": "note",
}  # fmt: skip
PROFILE = ImportProfile(columns=TARGETS, source_name="shop", region="DE", date_order="dmy")


def row(number: int, **more: str) -> dict[str, str]:
    cells = dict.fromkeys(TARGETS, "")
    cells |= {
        "Id": f"{number}", "No": f"K{number}", "Name": f'Zoë "{number}" Hánsen{number}',
        "Title": "Frau", "Role": "Einkauf \\ Lager", "Found": "Messe", "Group": "Gold",
        "Owner": "Ann", "Language": "de", "Status": "active", "Since": "05.03.2024",
        "Calls": "no", "Company": "Nord AG", "Phone": f"030 23125 {100 + number}",
        "Mobile": f"0171 3920 {100 + number}; x{number}", "Mail": f"Zoë{number}@Example.com",
        "Street": "Weg 1", "Postcode": "20457", "City": "Hamburg", "Country": "DE",
        "Card": 'a "b"\n\\c',
    }  # fmt: skip
    return cells | more


BY_HAND: tuple[Callable[[Customer], Customer], ...] = (
    lambda one: replace(one, name="Zoe Nowak"),
    lambda one: replace(one, role="Verkauf"),
    lambda one: replace(one, account_id="K999"),
    lambda one: replace(one, language="fr"),
    lambda one: replace(one, salutation="Frau Dr."),
    lambda one: replace(one, salutation=""),
    lambda one: replace(one, source="Web"),
    lambda one: replace(one, segment="Silver"),
    lambda one: replace(one, owner=""),
    lambda one: replace(one, status=CustomerStatus.FORMER),
    lambda one: replace(one, customer_since=date(2020, 1, 1)),
    lambda one: replace(one, do_not_call=True),
    lambda one: replace(one, company_id=None, company_name=""),
    lambda one: replace(one, numbers=()),
    lambda one: replace(one, numbers=one.numbers[::-1]),
    lambda one: replace(one, numbers=(*one.numbers, PhoneNumber("0", "+493023125799"))),
    lambda one: replace(one, emails=(Email("other@example.com"),)),
    lambda one: replace(one, emails=(Email(one.emails[0].address.upper()),)),
    lambda one: replace(one, addresses=(Address("work", "Weg 2", "20457", "Hamburg", "DE"),)),
    lambda one: replace(one, addresses=()),
)
COUNT = len(BY_HAND) + 10


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


def planned(
    store: Store, *rows: dict[str, str], profile: ImportProfile = PROFILE, **more: Any
) -> list[RowPlan]:
    """What would become of each row."""
    plan: list[RowPlan] = []
    bring_in(store, *rows, profile=profile, is_dry=True, each_row=plan.append, **more)
    return plan


def looked_at(
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    *rows: dict[str, str],
    profile: ImportProfile = PROFILE,
) -> list[RowPlan]:
    """The same where each of them is looked at whole."""
    with monkeypatch.context() as patch:
        patch.setattr(importing, "ask", lambda reader, drafts, by, _=(): ask(reader, drafts, by))
        return planned(store, *rows, profile=profile)


def without_keys(plan: list[RowPlan]) -> list[RowPlan]:
    """With what a new customer's key is left out of."""
    return [one if one.action is not RowAction.CREATE else replace(one, customer_id=None)
            for one in plan]  # fmt: skip


def passed_over(store: Store, *rows: dict[str, str], profile: ImportProfile = PROFILE) -> set[str]:
    """Ids of the rows that are not looked at."""
    source = Rows(*rows)
    order = ReadingOrder(profile, source.facts.columns, "DE", compares=True)
    with ReadAhead(source, order, 0) as ahead:
        (piece,) = ahead.pieces()
    drafts = [one for one in piece.outcomes if isinstance(one, Draft)]
    same = store.read(lambda r: unchanged(r, drafts, piece.facts, profile)).result()
    return {external_id for _place, external_id in same}


def change(store: Store, one: Customer) -> None:
    store.write(lambda writer: writer.save_customer(one)).result()


def test_rows_of_whom_nothing_changed_are_passed_over(store: Store) -> None:
    rows = [row(number) for number in range(COUNT)]
    bring_in(store, *rows, profile=PROFILE)
    assert passed_over(store, *rows) == {f"{number}" for number in range(COUNT)}
    plan = planned(store, *rows)
    assert {one.action for one in plan} == {RowAction.SAME}
    assert [one.why[0] for one in plan] == [f"same id {number}" for number in range(COUNT)]
    assert {one.customer_id for one in plan} <= {one.id for one in everybody(store)}
    assert planned(store, *rows, workers=0) == plan


def test_who_was_changed_by_hand_is_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(number) for number in range(COUNT)]
    bring_in(store, *rows, profile=PROFILE)
    for number, by_hand in enumerate(BY_HAND):
        change(store, by_hand(customer(store, rows[number]["Name"])))
    untouched = {f"{number}" for number in range(len(BY_HAND), COUNT)}
    no_change = {"14", "17"}  # neither the order of numbers nor the case of an address is one
    assert passed_over(store, *rows) == untouched | no_change
    plan = planned(store, *rows)
    assert plan == looked_at(monkeypatch, store, *rows)
    assert {one.action for one in plan[len(BY_HAND) :]} == {RowAction.SAME}
    assert sum(one.action is RowAction.UPDATE for one in plan) > len(BY_HAND) // 2

    bring_in(store, *rows, profile=PROFILE)  # it comes to what the plan said
    assert {one.action for one in planned(store, *rows)} == {RowAction.SAME}


def test_rows_that_changed_are_looked_at(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(number) for number in range(len(TARGETS) + 5)]
    bring_in(store, *rows, profile=PROFILE)
    other = {"Since": "06.03.2024", "Calls": "yes", "Status": "lead", "Language": "fr",
             "Mail": "new@example.com", "Phone": "030 23125 900", "Mobile": "0171 3920 900",
             "Id": "900", "No": "K900", "Country": "FR"}  # fmt: skip
    for number, name in enumerate(TARGETS):
        rows[number] = row(number, **{name: other.get(name, f"other {name}")})
    empty = len(TARGETS)
    rows[empty] = {"Id": f"{empty}", "Name": rows[empty]["Name"], "Title": "Frau"}
    rows = [dict.fromkeys(TARGETS, "") | one for one in rows]
    said = passed_over(store, *rows)
    assert said == {f"{number}" for number in range(empty, len(rows))}
    plan = planned(store, *rows)
    assert without_keys(plan) == without_keys(looked_at(monkeypatch, store, *rows))
    assert sum(one.action is RowAction.UPDATE for one in plan) >= len(TARGETS) - 2


@pytest.mark.parametrize(
    "other",
    [
        {"name": "nightly"},
        {"merge": dict.fromkeys(("numbers", "emails", "role"), Merge.OVERWRITE)},
        {"match_by": (MatchBy.NUMBER, MatchBy.EXTERNAL_ID)},
        {"source_name": "other"},
        {"updates": False},
    ],
)
def test_every_profile_comes_to_what_it_came_to(
    store: Store, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    profile = msgspec.structs.replace(PROFILE, **other)
    rows = [row(number) for number in range(6)]
    bring_in(store, *rows, profile=PROFILE)
    rows[2] = row(2, City="Bremen")
    plan = planned(store, *rows, profile=profile)
    assert plan == looked_at(monkeypatch, store, *rows, profile=profile)


def test_rows_that_come_twice_and_people_of_one_number_come_to_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(number) for number in range(8)]
    bring_in(store, *rows, profile=PROFILE)
    again = [
        *rows[:4],
        rows[1],  # the very same row
        row(2, City="Bremen"),  # the same id, and something new
        row(50, Phone=rows[3]["Phone"], Mobile=""),  # somebody new of a number that was told
        row(51, Name=rows[0]["Name"], No="", Phone=rows[0]["Phone"], Mobile="", Mail=""),
        row(5, Name="Herr und Frau Hansen"),
        row(6, Name="Nord AG", Company=""),
        rows[7],
    ]
    plan = planned(store, *again)
    assert without_keys(plan) == without_keys(looked_at(monkeypatch, store, *again))
    assert [one.action for one in plan[:5]] == [RowAction.SAME] * 4 + [RowAction.SKIP]


def test_an_id_that_means_several_or_nobody_is_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(number) for number in range(4)]
    bring_in(store, *rows, profile=PROFILE)
    first, second = (customer(store, one["Name"]) for one in rows[:2])
    store.write(lambda writer: writer.merge_customers(first.id, second.id, "Ann")).result()
    store.write(lambda writer: writer.delete_customer(customer(store, rows[2]["Name"]).id)).result()
    plan = planned(store, *rows)
    assert without_keys(plan) == without_keys(looked_at(monkeypatch, store, *rows))
    assert passed_over(store, *rows) <= {"0", "3"}
