"""Customers in a SQLite file of another program, and what is no SELECT."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crmdesk.domain.importing import SourceKind, SourceRecord
from crmdesk.store.foreign import sqlite_file as foreign_sqlite
from crmdesk.store.foreign.database import ForeignDatabase, ForeignError, ForeignPlace, ForeignQuery
from crmdesk.sync.server import ServerError, State
from crmdesk.sync.sql import source
from crmdesk.sync.sql.source import SqlSource

TABLE = ForeignQuery(table="customer")
CHANGED = ForeignQuery(table="customer", updated="changed")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop's database."""
    file = tmp_path / "shop ü.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            """
            CREATE TABLE customer (nr INTEGER PRIMARY KEY, name TEXT, phone, "e-mail" TEXT,
                                   since, photo BLOB, changed TEXT);
            CREATE VIEW buyers AS SELECT nr, name FROM customer;
            INSERT INTO customer VALUES
              (1, 'Jane Doe', '+49 30 23125 101', 'jane@example.com', '2020-01-02', x'ffd8',
               '2026-01-01 10:00'),
              (2, 'John "x" O''Neill', 3023125102.0, NULL, NULL, NULL, '2026-01-02 10:00'),
              (3, 'Zoë', 2.5, '', 1e18, NULL, NULL);
            """
        )
    return file


def _place(file: Path) -> ForeignPlace:
    return ForeignPlace("sqlite", str(file))


def _run(
    file: Path, query: ForeignQuery = TABLE, state: State | None = None, key: str = ""
) -> tuple[SqlSource, list[SourceRecord]]:
    with SqlSource(_place(file), query, key, state) as source:
        return source, list(source.records())


@pytest.fixture
def database(shop: Path) -> Iterator[ForeignDatabase]:
    opened = ForeignDatabase(_place(shop))
    yield opened
    opened.close()


def test_reads_a_table_with_its_key(shop: Path) -> None:
    source, records = _run(shop)
    assert source.facts.kind is SourceKind.SQL
    assert [column.name for column in source.facts.columns] == [
        "nr",
        "name",
        "phone",
        "e-mail",
        "since",
        "photo",
        "changed",
    ]
    assert source.facts.columns[1].samples == ("Jane Doe", 'John "x" O\'Neill', "Zoë")
    assert source.facts.details["key"] == "nr"
    assert [record.key for record in records] == ["1", "2", "3"]
    assert [record.place for record in records] == [1, 2, 3]
    assert records[0].values[2:6] == ("+49 30 23125 101", "jane@example.com", "2020-01-02", "")
    assert records[1].values[2] == "3023125102"
    assert records[2].values[2:5] == ("2.5", "", "1000000000000000000")
    assert source.state() == {}


def test_only_some_columns_and_still_the_key(shop: Path) -> None:
    source, records = _run(
        shop, ForeignQuery(table="customer", columns=("name",), updated="changed")
    )
    assert [column.name for column in source.facts.columns] == ["name"]
    assert (records[0].key, records[0].values) == ("1", ("Jane Doe",))
    assert source.state()["mark"]["value"] == "2026-01-02 10:00"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT nr, name FROM customer WHERE name LIKE '%:x; DROP' OR 1 = 1",
        "select nr, name from customer; ",
        "SELECT nr, name FROM customer -- all of them; really",
        "SELECT nr, name /* ; */ FROM customer ; -- DELETE",
        'WITH a AS (SELECT * FROM customer) SELECT nr, name AS "update" FROM a',
    ],
)
def test_reads_a_query(shop: Path, query: str) -> None:
    _, records = _run(shop, ForeignQuery(query=query), key="nr")
    assert [(record.key, record.values[1]) for record in records][::2] == [
        ("1", "Jane Doe"),
        ("3", "Zoë"),
    ]


def test_second_run_reads_what_changed_since(shop: Path) -> None:
    first, records = _run(shop, CHANGED)
    assert len(records) == 3
    again, records = _run(shop, CHANGED, first.state())
    assert [record.key for record in records] == ["2", "3"]  # that moment again, and without time
    assert again.state() == first.state()
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("UPDATE customer SET changed = '2026-02-01 00:00' WHERE nr = 1")
    last, records = _run(shop, CHANGED, again.state())
    assert [record.key for record in records] == ["1", "2", "3"]
    assert last.state()["mark"]["value"] == "2026-02-01 00:00"


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"mark": {"kind": "text", "value": "2999"}},
        {"asked": {"table": "other"}, "mark": {"kind": "text", "value": "2999"}},
        {"asked": {"table": "customer", "query": "", "updated": "changed"}, "mark": {"kind": "x"}},
        {
            "asked": {"table": "customer", "query": "", "updated": "changed"},
            "mark": {"kind": "datetime", "value": "x"},
        },
    ],
)
def test_state_that_does_not_fit_reads_everything(shop: Path, state: State) -> None:
    assert len(_run(shop, CHANGED, state)[1]) == 3


def test_counting_numbers_tell_what_changed_too(shop: Path) -> None:
    query = ForeignQuery(table="customer", updated="nr")
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("INSERT INTO customer (nr) VALUES (2000)")
    first, _ = _run(shop, query)
    assert [record.key for record in _run(shop, query, first.state())[1]] == ["2000"]


def test_column_of_several_kinds_cannot_tell(shop: Path) -> None:
    with pytest.raises(ServerError, match="different kinds"):
        _run(shop, ForeignQuery(table="customer", updated="phone"))


# --- nothing is changed there ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM customer",
        "ATTACH 'other.db' AS x",
        "PRAGMA query_only = OFF",
        "CREATE TEMP TABLE t (a)",
        "VACUUM INTO 'copy.db'",
        "SELECT load_extension('x')",
        "INSERT INTO customer (nr) VALUES (9)",
    ],
)
def test_the_database_itself_refuses(
    shop: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the look at the words would let it through, and straight on the connection."""
    before = hashlib.sha256(shop.read_bytes()).hexdigest()
    opened = ForeignDatabase(_place(shop))
    raw = opened._connection.connection.driver_connection
    assert raw is not None
    with pytest.raises(sqlite3.DatabaseError):
        raw.execute(statement).fetchall()
    opened.close()
    assert hashlib.sha256(shop.read_bytes()).hexdigest() == before


def test_hostile_names_stay_names(shop: Path) -> None:
    for name in ('customer" WHERE 0; --', "customer; DROP TABLE customer", "x.y.z", "'"):
        with pytest.raises(ForeignError):
            _run(shop, ForeignQuery(table=name))
    with pytest.raises(ServerError, match="no column"):
        _run(shop, ForeignQuery(table="customer", columns=("name FROM customer; --",)))


# --- bad places -----------------------------------------------------------------------------------


def test_views_are_tables_too(shop: Path, database: ForeignDatabase) -> None:
    assert database.tables() == ("buyers", "customer")
    source, records = _run(shop, ForeignQuery(table="buyers"))
    assert [record.key for record in records] == ["", "", ""]
    assert "No column is the key" in source.facts.notes[0]


@pytest.mark.parametrize("query", [ForeignQuery(), ForeignQuery(table="a", query="SELECT 1")])
def test_table_or_query(shop: Path, query: ForeignQuery) -> None:
    with pytest.raises(ServerError, match="either table or query"):
        _run(shop, query)


def test_column_of_change_that_is_not_there(shop: Path) -> None:
    with pytest.raises(ServerError, match=r"no column 'gone'.*nr, name"):
        _run(shop, ForeignQuery(table="customer", updated="gone"))


def test_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ForeignError, match="does not exist"):
        _run(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "shop.db"
    file.write_bytes(content)
    with pytest.raises(ForeignError, match="says"):
        _run(file)


def test_value_that_is_too_long_is_an_error(shop: Path) -> None:
    query = ForeignQuery(query=f"SELECT hex(zeroblob({foreign_sqlite.CELL_BYTES})) AS a")
    with pytest.raises(ForeignError, match="too big"):
        _run(shop, query)


def test_query_without_end_is_ended(shop: Path) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n"
    )
    with pytest.raises(ForeignError, match="interrupted"):
        SqlSource(_place(shop), ForeignQuery(query=endless), statement_s=0)


def test_rows_are_streamed(shop: Path) -> None:
    """Of a million rows the first arrive before the last are made."""
    many = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000)"
        " SELECT i FROM n"
    )
    with SqlSource(_place(shop), ForeignQuery(query=many)) as source:
        rows = source.records()
        assert [next(rows).values for _ in range(2000)][-1] == ("2000",)
        rows.close()


def test_systems_and_drivers_that_are_not_there() -> None:
    with pytest.raises(ForeignError, match="no database system"):
        ForeignDatabase(ForeignPlace("dbase", "x"))
    with pytest.raises(ForeignError, match=r"driver for oracle is not installed: oracledb"):
        ForeignDatabase(ForeignPlace("oracle", "x", host="127.0.0.1"))


def test_password_stands_in_no_repr() -> None:
    assert "secret" not in repr(ForeignPlace("postgresql", "shop", user="jane", password="secret"))


@pytest.mark.parametrize("system", ["sqlite+pysqlite", "sqlite+aiosqlite", "sqlite+nonsense"])
def test_driver_that_is_named_goes_round_no_wall(shop: Path, tmp_path: Path, system: str) -> None:
    with ForeignDatabase(ForeignPlace(system, str(shop))) as opened:
        raw = opened._connection.connection.driver_connection
        assert raw is not None
        with pytest.raises(sqlite3.DatabaseError):
            raw.execute("DELETE FROM customer")
    with pytest.raises(ForeignError, match="does not exist"):
        ForeignDatabase(ForeignPlace(system, str(tmp_path / "none.db")))
    assert not (tmp_path / "none.db").exists()


def test_values_that_are_none_and_keys_in_bytes(shop: Path) -> None:
    query = ForeignQuery(
        query="SELECT x'00112233445566778899aabbccddeeff' AS id, x'ffd8' AS photo, 9e999 AS a,"
        " -9e999 AS b, 1e300 AS c, 'x' || char(0) || 'y' AS d"
    )
    _, (record,) = _run(shop, query, key="id")
    assert record.key == record.values[0] == "00112233445566778899aabbccddeeff"
    assert record.values[1:4] == ("", "", "")
    assert record.values[4].startswith("1000")
    assert record.values[5] == "xy"


def test_table_without_end_is_left(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view of a hostile file: each row comes in time."""
    monkeypatch.setattr(source, "MOST_ROWS", 2_000)
    endless = ForeignQuery(
        query="WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    )
    with pytest.raises(ServerError, match="more than 2,000 rows"):
        _run(shop, endless)


def test_damaged_file_is_read_or_refused_in_words(shop: Path, tmp_path: Path) -> None:
    """Threat model row 19: truncated, and with bytes turned over."""
    good = shop.read_bytes()
    file = tmp_path / "damaged.db"
    chance = random.Random(19)
    for _ in range(300):
        bad = bytearray(good[: chance.choice((len(good), chance.randrange(len(good))))])
        for _ in range(chance.randrange(1, 8)):
            if bad:
                bad[chance.randrange(len(bad))] = chance.randrange(256)
        file.write_bytes(bad)
        with suppress(ForeignError, ServerError):
            _run(file)


def test_views_and_triggers_of_a_hostile_file_run_nothing(tmp_path: Path) -> None:
    """Threat model row 19: a table that is a view of something else."""
    file = tmp_path / "evil.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            """
            CREATE TABLE t (a);
            INSERT INTO t VALUES (1);
            CREATE VIEW customer AS SELECT load_extension('/tmp/evil') AS name FROM t;
            CREATE VIEW other AS SELECT name FROM pragma_database_list;
            CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT writefile('/tmp/evil', 'x'); END;
            """
        )
    for name in ("customer", "other"):
        with pytest.raises(ForeignError):
            _run(file, ForeignQuery(table=name))
    assert [record.values for record in _run(file, ForeignQuery(table="t"))[1]] == [("1",)]
