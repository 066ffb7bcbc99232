"""A desk saves its calls while another program brings customers in."""

from __future__ import annotations

import threading

import pytest

from crmdesk.store import open_store
from crmdesk.store.importing import batch as batches
from crmdesk.store.importing.batch import ImportBatch
from tests.store.import_batches import draft

PARTS, PART = 25, 250
FEW = 3
"""Parts that may go by: the one that is being written, and more only where this machine is slow
to wake the desk."""


@pytest.fixture
def importing(store, store_file, key, monkeypatch):
    """An import by another connection, part after part, with its usual pauses."""
    for name in ("CREATED_AT_ONCE", "_FEWEST", "_MOST"):
        monkeypatch.setattr(batches, name, PART)

    def bring_in():
        with open_store(store_file, key) as other, ImportBatch(other, "Import", "1001") as batch:
            for part in range(PARTS):
                people = range(part * PART, (part + 1) * PART)
                batch.create([draft(batch.new_key(), n) for n in people])

    thread = threading.Thread(target=bring_in)
    thread.start()
    yield thread
    thread.join()


def test_a_desk_waits_for_the_part_that_is_being_written_and_for_no_more(
    store, read, write, make_call, importing
):
    def parts_written():
        return sum(change.created for change in read(lambda r: r.unfinished_changes())) // PART

    waited, saved = [], 0
    while importing.is_alive():
        before, call = parts_written(), make_call(str(saved))
        write(lambda w, call=call: w.save_call(call, None))
        saved, after = saved + 1, parts_written()
        if before and after:  # begun, and not over meanwhile
            waited.append(after - before)
    assert max(waited) <= FEW
    assert read(lambda r: r.counts()).calls == saved
