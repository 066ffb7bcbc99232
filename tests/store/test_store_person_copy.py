"""The copy of one person's data holds every row and column there is of them, and no secret."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from sqlalchemy import Boolean, Date, Float, Integer, insert

from crmdesk.domain.changes import ChangeKind
from crmdesk.store.audit.person_copy import (
    MADE_OF_OTHERS,
    OF_NOBODY,
    PARTS,
    SECRET,
    SPECIAL,
    named_tables,
)
from crmdesk.store.columns import Instant, Key
from crmdesk.store.tables import metadata, payment_method

PERSON, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def test_every_table_is_copied_or_said_to_be_about_nobody():
    groups = [
        {table.name for table in named_tables()},
        {table.name for table in PARTS},
        {table.name for table in SPECIAL},
        MADE_OF_OTHERS,
        OF_NOBODY,
    ]
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert set().union(*groups) == set(metadata.tables)
    for column, parent in PARTS.values():
        assert column.table is not parent
    for name in OF_NOBODY:
        assert "customer_id" not in metadata.tables[name].c


def test_only_secrets_are_left_out():
    named = {(table.name, one.name) for table in metadata.sorted_tables for one in table.c}
    assert named >= SECRET
    tokens = {(table, name) for table, name in named if "token" in name}
    assert tokens == SECRET


def _value(column, table, marks, now):
    """Something that only this column of this table holds."""
    mark = f"mark-{table.name}-{column.name}"
    if isinstance(column.type, Instant):
        return now
    if isinstance(column.type, Date):
        return date(2026, 1, 31)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Key):
        return uuid.uuid4()
    if isinstance(column.type, Integer | Float):
        return 7
    if (table.name, column.name) not in SECRET:
        marks.append(mark)
    return mark


@pytest.fixture
def planted(write, now):
    """A row of one person in every table, each text a mark of its own."""
    marks: list[str] = []
    keys = {table.name: uuid.uuid4() for table in metadata.sorted_tables} | {"customer": PERSON}

    def plant(writer):
        for table in metadata.sorted_tables:
            if table.name in OF_NOBODY | MADE_OF_OTHERS | {"change_row", "change_set"}:
                continue
            row = {one.name: _value(one, table, marks, now) for one in table.c}
            row |= {"id": keys[table.name]} if "id" in row else {}
            row |= {name: PERSON for name in ("customer_id",) if name in row}
            row |= {"deleted_at": None, "merged_into": None, "company_id": None}
            if table in PARTS:
                column, parent = PARTS[table]
                row[column.name] = keys[parent.name]
            if table.name == "record_ref":
                row["row_id"] = keys["ticket"]
            if table.name == "secret":
                row["ref"] = f"draft.note.{keys['ticket']}"
                marks.remove("mark-secret-ref")
            if table.name == "ignored_number":
                row["text"] = "mark-customer_number-e164"
                marks.remove("mark-ignored_number-text")
            known = {name: value for name, value in row.items() if name in table.c}
            writer._connection.execute(insert(table), known)

    write(plant)
    return marks


def test_person_planted_in_every_table_is_found_in_the_copy(planted, write, read):
    with_token = {"last_four": "1111", "token": "mark-new-token"}

    def change(writer):
        with writer.change(ChangeKind.EDIT, "mark-of-a-step", "mark-who") as step:
            row = {"customer_id": PERSON, "kind": "card", **with_token}
            step.insert(payment_method, row)

    write(change)
    copy = read(lambda r: r.copy_of_person(PERSON))
    text = json.dumps(copy.tables)
    assert [mark for mark in planted if f'"{mark}"' not in text] == []
    assert "mark-of-a-step" in text
    assert "token" not in text
    assert copy.name == "mark-customer-name"
    assert set(copy.tables) == set(metadata.tables) - OF_NOBODY - MADE_OF_OTHERS


def test_copy_has_nothing_of_others_and_what_was_removed_or_merged(write, read, make_person):
    anna, ben, old = (make_person(name) for name in ("Anna", "Ben", "Anna Old"))
    for one in (anna, ben, old):
        write(lambda w, one=one: w.save_customer(one))
        write(lambda w, one=one: w.add_note(one.id, f"note of {one.name}", "1001", w.moment()))
    write(lambda w: w.merge_customers(anna.id, old.id, "1001"))
    copy = read(lambda r: r.copy_of_person(anna.id))
    text = json.dumps(copy.tables)
    assert "note of Anna Old" in text
    assert str(old.id) in text
    assert "Ben" not in text
    assert read(lambda r: r.copy_of_person(OTHER)) is None
