"""What the migrations make of an empty file, as SQL: `python -m tests.store.new_store_sql`.

That writes crmdesk/store/migrations/new_store.sql; run it after every change of a migration.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from crmdesk.store import schema
from crmdesk.store.engine import make_engine
from crmdesk.store.keys import DEMO_KEY

_MADE = """
SELECT name, tbl_name, sql FROM sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid
"""
_OUTER = ("CREATE", ")", "WITHOUT")
_SECURE = "INSERT INTO {0} ({0}, rank) VALUES ('secure-delete', 1)"


def migrated_store() -> list[str]:
    """The statements that make what the migrations make."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "new.db")
        schema._migrate(make_engine(place, DEMO_KEY))
        return statements_of(place, DEMO_KEY)


def statements_of(place: Path, key: bytes) -> list[str]:
    """The statements that make a store without its rows."""
    with make_engine(place, key, read_only=True).connect() as connection:
        made = connection.exec_driver_sql(_MADE).all()
        indexes = [name for name, _, sql in made if sql.startswith("CREATE VIRTUAL")]
        secure = [name for name in indexes if _is_secure(connection, name)]
        version = schema.stored_version(connection)
    parts = tuple(f"{name}_" for name in indexes)  # made with the index they belong to
    return [
        *(_tidy(sql) for _, table, sql in made if not table.startswith(parts)),
        *map(_SECURE.format, secure),
        f"INSERT INTO alembic_version VALUES ('{version}')",
    ]


def _is_secure(connection, name: str) -> bool:
    found = connection.exec_driver_sql(f"SELECT v FROM {name}_config WHERE k = 'secure-delete'")
    return found.scalar_one_or_none() == 1


def _tidy(sql: str) -> str:
    lines = [line.strip() for line in sql.splitlines() if line.strip()]
    return "\n".join(line if line.startswith(_OUTER) else f"    {line}" for line in lines)


if __name__ == "__main__":
    schema._NEW_STORE.write_text("".join(f"{one};\n" for one in migrated_store()), "utf-8")
    print(f"{schema._NEW_STORE} is written")
