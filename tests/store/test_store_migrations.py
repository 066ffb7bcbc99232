"""Every released schema opens; the models say what the migrations make."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crmdesk.domain.call_log import CallFilter
from crmdesk.store import Store, open_store, schema
from crmdesk.store.backup import backup
from crmdesk.store.engine import make_engine
from crmdesk.store.errors import StoreOlder
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.tables import metadata

RELEASED = Path(__file__).parent.parent / "data" / "stores"


def test_every_released_version_has_a_file():
    assert sorted(path.stem for path in RELEASED.glob("*.db")) == list(schema.VERSIONS)


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_released_store_opens_with_everything_in_it(version, tmp_path):
    path = tmp_path / "crmdesk.db"
    shutil.copy(RELEASED / f"{version}.db", path)
    with open_store(path, DEMO_KEY, key_is_right=True) as store:
        _assert_is_whole(store)


def _assert_is_whole(store: Store) -> None:
    counts = store.read(lambda r: r.counts()).result()
    assert (counts.customers, counts.calls) == (8, 24)
    everybody = store.read(lambda r: r.customers(limit=20)).result().customers
    for hit in everybody:
        assert store.read(lambda r, hit=hit: r.customer(hit.id)).result().name == hit.name
        found = store.read(lambda r, hit=hit: r.search(hit.name)).result()
        assert hit.id in {other.id for other in found}
    timelines = [store.read(lambda r, h=h: r.timeline(h.id)).result().entries for h in everybody]
    assert all(timelines)
    assert len(store.read(lambda r: r.calls(CallFilter())).result().rows) == 24


def _kept(_object, name, kind, _reflected, _other) -> bool:
    """The search index and its parts are no SQLAlchemy tables."""
    return not (kind == "table" and (name.startswith("customer_search") or name == "sqlite_stat1"))


def test_models_are_what_the_migrations_make(store_file, key):
    open_store(store_file, key).close()
    with make_engine(store_file, key).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _kept})
        assert compare_metadata(context, metadata) == []


def test_comparison_notices_a_difference(store_file, key):
    open_store(store_file, key).close()
    with make_engine(store_file, key).connect() as connection:
        connection.exec_driver_sql("DROP INDEX ix_number_e164")
        context = MigrationContext.configure(connection, opts={"include_object": _kept})
        assert [change[0] for change in compare_metadata(context, metadata)] == ["add_index"]


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
    with make_engine(store_file, key).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _kept})
        assert compare_metadata(context, metadata) == []
