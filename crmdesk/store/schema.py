"""The version of the tables: make them, bring them up to date, refuse what is newer."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, Text, inspect, select, table
from sqlalchemy import column as sql_column
from sqlalchemy.engine import Connection

from crmdesk.store.backup import backup
from crmdesk.store.errors import StoreNewer, StoreOlder

VERSIONS = ("0001", "0002", "0003", "0004", "0005")
"""All versions ever released, oldest first; each has a file in crmdesk/store/migrations."""

HEAD = VERSIONS[-1]

_MIGRATIONS = Path(__file__).parent / "migrations"
_NEW_STORE = _MIGRATIONS / "new_store.sql"
_version = select(sql_column("version_num", Text)).select_from(table("alembic_version"))


def stored_version(connection: Connection) -> str | None:
    """The version of the tables in a database, None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_version).scalar_one_or_none()


def make_current(engine: Engine, file: Path, *, read_only: bool) -> None:
    """Brings the tables to `HEAD`; a file with data is copied first.

    Args:
        engine: Of the database.
        file: Its file.
        read_only: Refuse what would have to be changed.

    Raises:
        StoreNewer: A newer CRMDesk has written it.
        StoreOlder: It needs a migration and is open for reading only.
    """
    with engine.connect() as connection, connection.begin():
        found = stored_version(connection)
    if found == HEAD:
        return
    if found is not None and found not in VERSIONS:
        raise StoreNewer(found, HEAD)
    if read_only:
        raise StoreOlder(found or "0", HEAD)
    if found is None:
        _make_new(engine)
    else:
        backup(engine, file, found)
        _migrate(engine)


def _make_new(engine: Engine) -> None:
    """Makes in one go what the migrations make one after the other, in a tenth of the time.

    The statements are those of a store they made; the tests hold the two together.
    """
    with engine.begin() as connection:
        if stored_version(connection) is None:  # else another process was quicker
            for statement in _NEW_STORE.read_text("utf-8").split(";\n")[:-1]:
                connection.exec_driver_sql(statement)


def _migrate(engine: Engine) -> None:
    # Takes 0.2 s to import and is needed once per version.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
