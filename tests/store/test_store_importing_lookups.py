"""What an import asks the store: who is known by a record, fields of the company's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.importing.lookups import FOUND_OF_ONE
from tests.store.import_batches import PEOPLE, at_once, bring_in, draft, number


def test_known_by_what_a_record_says(store, read):
    _, drafts = bring_in(store)
    key = drafts[5].customer.id

    def only(found, value):
        assert set(found) == {value}
        return [one.customer_id for one in found[value]]

    assert only(read(lambda r: r.known_by_ref("shop", ["5", "none"])), "5") == [key]
    assert read(lambda r: r.known_by_ref("erp", ["5"])) == {}
    assert only(read(lambda r: r.known_by_email(["NIA5@EXAMPLE.COM"])), "nia5@example.com") == [key]
    assert only(read(lambda r: r.known_by_account(["ACC5", ""])), "ACC5") == [key]
    assert only(read(lambda r: r.known_by_name(["nia neu 5"])), "nia neu 5") == [key]
    by_number = read(lambda r: r.known_by_number([number(5)]))
    assert only(by_number, number(5)) == [key]
    assert by_number[number(5)][0].extension == "7"
    names = [one.name for one in read(lambda r: r.name_neighbours("nia neu 5x", "5x nia neu"))]
    assert "Nia Neu 5" in names
    assert "Nia Neu 6" in names
    assert len(names) < PEOPLE


def test_more_questions_than_one_statement_takes(store, read):
    _, drafts = bring_in(store, range(10))
    asked = [str(n) for n in range(40_000)]
    assert len(read(lambda r: r.known_by_ref("shop", asked))) == 10
    keys = [one.customer.id for one in drafts] * 100
    assert len(read(lambda r: r.whole_customers(keys))) == 10


def test_number_that_everybody_has_tells_a_few(store, read):
    with ImportBatch(store, "Crowd", "1001", pause=at_once) as batch:
        batch.create([draft(batch.new_key(), 1) for _ in range(2_500)])
        batch.create([draft(batch.new_key(), 2)])
    found = read(lambda r: r.known_by_number([number(1), number(2)]))
    assert [len(found[number(n)]) for n in (1, 2)] == [FOUND_OF_ONE, 1]


def test_look_ups_read_indexes(store):
    """Half a thousand questions at a time, and never a whole table."""

    def plans(writer):
        asked = (
            ("address COLLATE NOCASE IN ('a', 'b')", "email"),
            (
                "source = 's' AND external_id IN ('1', '2')",
                "external_ref",
            ),
        )
        return [
            writer._connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT customer_id FROM {table} WHERE {where}"
            ).all()[0][3]
            for where, table in asked
        ]

    by_email, by_ref = store.write(plans).result()
    assert by_email.startswith("SEARCH email USING INDEX ix_email_address")
    assert by_ref.startswith("SEARCH external_ref USING INDEX ix_external_ref_id")


# --- fields of the company's own, and where a sync goes on ----------------------------------------


def test_custom_fields_are_what_was_saved_last(write, read):
    card = CustomField("card", "Card", CustomFieldKind.CHOICE, ("Gold", "Silber & Söhne"))
    since = CustomField("since", "Member since", CustomFieldKind.DATE)
    write(lambda w: w.save_custom_fields([since, card]))
    assert read(lambda r: r.custom_fields()) == (since, card)
    write(lambda w: w.save_custom_fields([replace(card, title="Loyalty card")]))
    assert read(lambda r: r.custom_fields()) == (replace(card, title="Loyalty card"),)
    write(lambda w: w.save_custom_fields([card, since]))
    assert read(lambda r: r.custom_fields()) == (card, since)


def test_sync_state_is_kept_by_profile(write, read):
    assert read(lambda r: r.sync_state("shop")) == ""
    for body in ('{"token": "1"}', '{"token": "2"}'):
        write(lambda w, body=body: w.keep_sync_state("shop", body))
    write(lambda w: w.keep_sync_state("erp", "{}"))
    assert read(lambda r: r.sync_state("shop")) == '{"token": "2"}'


# --- size -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_memory_stays_flat(tmp_path):
    """Five times as many customers, brought in and taken back, need hardly more memory."""
    import resource

    def peak_mib():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    with open_store(tmp_path / "many.db", bytes(32)) as store:
        peaks = []
        for count in (40_000, 200_000):
            with ImportBatch(store, "Many", "1001", pause=at_once) as batch:
                for n in range(count):
                    batch.create([draft(batch.new_key(), n % 1_000)])
            change = batch.finish()
            assert change.created == count
            assert undo_in_parts(store, change.id, "1001").kept == 0
            peaks.append(peak_mib())
        assert peaks[1] - peaks[0] < 60
