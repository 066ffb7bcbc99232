"""Every released schema opens; the models say what the migrations make."""

from __future__ import annotations

import logging
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.ledger import LedgerFilter
from crmdesk.settings.runtime_place import make_private_folder
from crmdesk.store import Store, open_store, schema
from crmdesk.store.backup import backup
from crmdesk.store.engine import make_engine
from crmdesk.store.errors import StoreOlder
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.tables import metadata
from tests.store.new_store_sql import migrated_store, statements_of

RELEASED = Path(__file__).parent.parent / "data" / "stores"


def test_every_released_version_has_a_file():
    assert sorted(path.stem for path in RELEASED.glob("*.db")) == list(schema.VERSIONS)


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_released_store_opens_with_everything_in_it(version, tmp_path):
    path = tmp_path / "crmdesk.db"
    shutil.copy(RELEASED / f"{version}.db", path)
    with open_store(path, DEMO_KEY, key_is_right=True) as store:
        _assert_is_whole(store)


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_released_store_becomes_what_the_models_say(version, tmp_path):
    path = tmp_path / "crmdesk.db"
    shutil.copy(RELEASED / f"{version}.db", path)
    open_store(path, DEMO_KEY, key_is_right=True).close()
    assert differences(path, DEMO_KEY) == []


def test_changes_of_a_released_store_can_be_taken_back(tmp_path):
    """What was journaled by an earlier program is read by this one."""
    path = tmp_path / "crmdesk.db"
    shutil.copy(RELEASED / "0002.db", path)
    with open_store(path, DEMO_KEY, key_is_right=True) as store:
        changes = store.read(lambda r: r.changes()).result().changes
        kinds = {change.kind.value for change in changes}
        assert kinds == {"ownership", "assignment", "choice", "ignore", "number_fix"}
        for change in changes:
            if change.undone_at is None:
                result = store.write(lambda w, c=change: w.undo_change(c.id, "1001")).result()
                assert (result.restored, result.kept) == (change.rows, 0)
        assert store.read(lambda r: len(r.ignored())).result() == 2
        assert store.read(lambda r: r.ledger(LedgerFilter())).result().lines


def test_import_and_merge_of_a_released_store_can_be_taken_back(tmp_path):
    path = tmp_path / "crmdesk.db"
    shutil.copy(RELEASED / "0003.db", path)
    with open_store(path, DEMO_KEY, key_is_right=True) as store:
        merge, batch = store.read(lambda r: r.changes(limit=2)).result().changes
        assert (merge.kind.value, batch.kind.value) == ("merge", "import")
        assert [field.key for field in store.read(lambda r: r.custom_fields()).result()] == ["card"]
        (nia,) = store.read(lambda r: r.known_by_email(["nia@example.com"])).result().popitem()[1]
        refs = store.read(lambda r: r.external_refs(nia.customer_id)).result()
        assert [ref.external_id for ref in refs] == ["4711", "4712"]
        for change in (merge, batch):
            result = store.write(lambda w, c=change: w.undo_change(c.id, "1001")).result()
            assert (result.restored, result.kept) == (change.rows + change.created, 0)
        assert store.read(lambda r: r.search("nia new")).result() == ()


@pytest.mark.parametrize(("version", "table"), [("0001", "call"), ("0002", "customer")])
def test_new_columns_are_added_without_rewriting_rows(version, table, tmp_path):
    """Ten million calls, or a million customers, are not copied because they get a column."""
    said = _statements_of_migration(version, tmp_path / "crmdesk.db")
    of_rows = [text for text in said if re.search(rf"\b{table}\b", text)]
    assert any(text.startswith(f"ALTER TABLE {table} ADD COLUMN") for text in of_rows)
    usual = rf"ALTER TABLE {table} ADD|CREATE INDEX"
    assert [text for text in of_rows if not re.match(usual, text)] == []
    assert not [text for text in said if "_alembic_tmp" in text]


def test_from_0004_on_only_indexes_are_made(tmp_path):
    """No row is read twice or written: a million customers wait for seconds."""
    said = _statements_of_migration("0004", tmp_path / "crmdesk.db")
    changing = [text for text in said if not re.match(r"SELECT|PRAGMA", text)]
    assert len([text for text in changing if text.startswith("CREATE INDEX")]) > 10
    usual = r"CREATE INDEX|DROP INDEX|UPDATE alembic_version"
    assert [text for text in changing if not re.match(usual, text)] == []


def _statements_of_migration(version, path) -> list[str]:
    """What is executed when a store of a version becomes the present one."""
    shutil.copy(RELEASED / f"{version}.db", path)
    engine, said = make_engine(path, DEMO_KEY), []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, *_rest):
        said.append(statement.strip())

    schema.make_current(engine, path, read_only=False)
    return said


def _assert_is_whole(store: Store) -> None:
    counts = store.read(lambda r: r.counts()).result()
    imported = len(store.read(lambda r: r.search("nia new")).result())
    assert (counts.customers - imported, counts.calls) == (8, 24)
    everybody = store.read(lambda r: r.customers(limit=20)).result().customers
    for hit in everybody:
        assert store.read(lambda r, hit=hit: r.customer(hit.id)).result().name == hit.name
        found = store.read(lambda r, hit=hit: r.search(hit.name)).result()
        assert hit.id in {other.id for other in found}
    timelines = [store.read(lambda r, h=h: r.timeline(h.id)).result().entries for h in everybody]
    assert all(timelines)
    assert len(store.read(lambda r: r.calls(CallFilter())).result().rows) == 24


def differences(place, key):
    """What the models and a database differ in; alembic says that it compares roughly."""
    logger = logging.getLogger("alembic.ddl.impl")
    logger.addFilter(_is_no_estimate)
    try:
        with make_engine(place, key).connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": _kept})
            return compare_metadata(context, metadata)
    finally:
        logger.removeFilter(_is_no_estimate)


def _is_no_estimate(record) -> bool:
    return not record.msg.startswith("Generating approximate signature for index")


def _kept(_object, name, kind, _reflected, _other) -> bool:
    """The search indexes and their parts are no SQLAlchemy tables."""
    others = ("customer_search", "record_search", "sqlite_stat1")
    return not (kind == "table" and name.startswith(others))


def test_models_are_what_the_migrations_make(store_file, key):
    open_store(store_file, key).close()
    assert differences(store_file, key) == []


def test_new_store_is_what_the_migrations_make(store_file, key):
    open_store(store_file, key).close()
    made = statements_of(store_file, key)
    assert made == migrated_store(), "run: python -m tests.store.new_store_sql"
    assert made[-1] == f"INSERT INTO alembic_version VALUES ('{schema.HEAD}')"


def test_two_who_make_a_store_at_once_make_one(store_file, key):
    make_private_folder(store_file.parent)
    engines = [make_engine(store_file, key) for _ in range(4)]
    with ThreadPoolExecutor() as threads:
        made = [threads.submit(schema._make_new, engine) for engine in engines]
    assert [one.result() for one in made] == [None] * 4
    assert differences(store_file, key) == []


def test_comparison_notices_a_difference(store_file, key):
    open_store(store_file, key).close()
    with make_engine(store_file, key).begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_number_e164")
    assert [change[0] for change in differences(store_file, key)] == ["add_index"]


@pytest.fixture
def older(monkeypatch, store_file, key, make_person):
    """A store of the version before, for a program that has one more."""
    with open_store(store_file, key) as store:
        store.write(lambda w: w.save_customer(make_person("Anna Groß"))).result()
    monkeypatch.setattr(schema, "VERSIONS", (*schema.VERSIONS, "next"))
    monkeypatch.setattr(schema, "HEAD", "next")
    return store_file


def test_older_store_is_copied_before_it_is_changed(older, key, monkeypatch):
    seen = []
    monkeypatch.setattr(schema, "_migrate", lambda _engine: seen.append(_copies(older)))
    schema.make_current(make_engine(older, key), older, read_only=False)
    (copies,) = seen
    assert len(copies) == 1
    monkeypatch.undo()
    with open_store(copies[0], key) as copy:
        assert [h.name for h in copy.read(lambda r: r.search("anna")).result()] == ["Anna Groß"]


def _copies(store_file):
    return sorted((store_file.parent / "backups").glob("*.db"))


def test_failed_migration_leaves_the_old_store(older, key):
    """There is no version "next" to go to: alembic gives up inside the transaction."""
    before = older.read_bytes()
    with pytest.raises(Exception, match="next"):
        schema.make_current(make_engine(older, key), older, read_only=False)
    assert older.read_bytes() == before
    assert len(_copies(older)) == 1


def test_older_store_is_not_migrated_for_reading(older, key):
    with pytest.raises(StoreOlder):
        schema.make_current(make_engine(older, key, read_only=True), older, read_only=True)


def test_backup_is_encrypted_private_and_leaves_nothing_half(store, store_file, key, make_person):
    store.write(lambda w: w.save_customer(make_person("ZQX-7731"))).result()
    copy = backup(make_engine(store_file, key), store_file, "test")
    assert b"ZQX-7731" not in copy.read_bytes()
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    assert copy.stat().st_mode & 0o077 == 0
    assert [path.suffix for path in copy.parent.iterdir()] == [".db"]


def test_interrupted_load_gets_its_indexes_back(store_file, key, make_person):
    with open_store(store_file, key) as store:
        store.write(lambda w: w.drop_indexes()).result()
        store.write(lambda w: w.save_customer(make_person("Anna Groß"))).result()
    open_store(store_file, key).close()
    assert differences(store_file, key) == []
