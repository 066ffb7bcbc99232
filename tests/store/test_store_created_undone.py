"""A customer with whom anything happened since stays, whatever brought them in and is undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from crmdesk.domain.audit import EditedCustomer
from crmdesk.store.audit.editing import CustomerEdits
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.tables.of_customers import history_tables
from tests.store.history_rows import add_row
from tests.store.import_batches import PEOPLE, bring_in, ticking

__all__ = ["ticking"]


@pytest.mark.parametrize("table", history_tables(), ids=lambda table: table.name)
def test_whoever_was_made_by_hand_stays(read, write, make_person, table):
    new = make_person("Nora Neu")
    made = write(lambda w: CustomerEdits(w).create(EditedCustomer(new, {}), "Ben"))
    write(lambda w: add_row(w, table, new.id))
    assert write(lambda w: w.undo_change(made.id, "Ben")).kept > 0
    assert read(lambda r: r.customer(new.id)) == new


@pytest.mark.parametrize("table", history_tables(), ids=lambda table: table.name)
def test_whoever_was_imported_stays(ticking, table):
    change, drafts = bring_in(ticking)
    key = drafts[4].customer.id
    ticking.write(lambda w: add_row(w, table, key)).result()
    result = undo_in_parts(ticking, change.id, "1001")
    assert (result.restored, result.kept) == (PEOPLE - 1, 1)
    left = ticking.read(lambda r: r.customers()).result().customers
    assert [hit.id for hit in left] == [key]


def test_history_of_a_customer_is_found_by_an_index_in_every_table(read):
    """Undo and merge ask for it: a table without one would be read whole, part by part."""

    def plans(reader):
        asked = "EXPLAIN QUERY PLAN SELECT 1 FROM {} WHERE customer_id = x'00'"
        found = {}
        for table in history_tables():
            rows = reader._connection.execute(text(asked.format(table.name)))
            found[table.name] = " ".join(str(row[-1]) for row in rows)
        return found

    for name, plan in read(plans).items():
        assert "SEARCH" in plan, name


def test_whoever_nothing_happened_with_is_gone(read, write, make_person):
    new = replace(make_person("Nora Neu"), segment="Gold")
    made = write(lambda w: CustomerEdits(w).create(EditedCustomer(new, {}), "Ben"))
    assert write(lambda w: w.undo_change(made.id, "Ben")).kept == 0
    assert read(lambda r: r.customer(new.id)) is None
