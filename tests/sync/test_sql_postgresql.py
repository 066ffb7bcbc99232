"""Customers in a real PostgreSQL, only read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

psycopg = pytest.importorskip("psycopg", reason="needs the extra crmdesk[postgresql]")

from crmdesk.domain.importing import SourceRecord  # noqa: E402
from crmdesk.store.foreign import database as foreign  # noqa: E402
from crmdesk.store.foreign.database import (  # noqa: E402
    ForeignDatabase,
    ForeignError,
    ForeignPlace,
    ForeignQuery,
)
from crmdesk.sync.server import State  # noqa: E402
from crmdesk.sync.sql.marks import OVERLAP  # noqa: E402
from crmdesk.sync.sql.source import SqlSource  # noqa: E402
from tests.fakes.real_postgres import OWNER, PASSWORD, Postgres, real_postgres  # noqa: E402

CUSTOMERS = ForeignQuery(table="shop.customer", updated="changed")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with real_postgres() as running:
        yield running


def _sql(server: Postgres, statement: str) -> Any:
    """Runs a statement as the shop does."""
    with psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user=OWNER,
        password=PASSWORD,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def place(server: Postgres) -> Iterator[ForeignPlace]:
    _sql(
        server,
        """CREATE SCHEMA shop;
        CREATE TABLE shop.customer (nr serial PRIMARY KEY, name text, phone numeric, vip boolean,
            since date, picture bytea, tags text[], changed timestamptz);
        INSERT INTO shop.customer (name, phone, vip, since, picture, tags, changed) VALUES
          ('Jane Doe', 493023125101, true, '2020-01-02', 'x', '{a,b}', '2026-01-01 10:00+00'),
          ('Zoë', 493023125102.50, false, NULL, NULL, NULL, '2026-01-02 10:00+00')""",
    )
    yield ForeignPlace(
        "postgresql", "postgres", "127.0.0.1", server.port, OWNER, PASSWORD, str(server.ca_file)
    )
    _sql(server, "DROP SCHEMA shop CASCADE")


def _run(
    place: ForeignPlace, query: ForeignQuery = CUSTOMERS, state: State | None = None
) -> tuple[SqlSource, list[SourceRecord]]:
    with SqlSource(place, query, state=state) as source:
        return source, list(source.records())


def test_reads_a_table_over_tls(place: ForeignPlace) -> None:
    source, records = _run(place)
    assert source.facts.details == {"table": "shop.customer", "key": "nr"}
    first = dict(
        zip((column.name for column in source.facts.columns), records[0].values, strict=True)
    )
    assert first["phone"] == "493023125101"
    assert (first["vip"], first["since"], first["picture"]) == ("yes", "2020-01-02", "")
    assert records[1].values[2] == "493023125102.5"
    assert [record.key for record in records] == ["1", "2"]
    with ForeignDatabase(place) as database:
        (row,) = database.rows(
            ForeignQuery(query="SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        )
    assert row[0] is True


def test_incremental_with_times(place: ForeignPlace, server: Postgres) -> None:
    first, _ = _run(place)
    mark = first.state()["mark"]
    assert mark["kind"] == "datetime"
    again, records = _run(place, state=first.state())
    assert [record.key for record in records] == ["2"]
    assert again.state() == first.state()
    late = f"'2026-01-02 10:00+00'::timestamptz - interval '{OVERLAP - timedelta(minutes=1)}'"
    _sql(server, f"INSERT INTO shop.customer (name, changed) VALUES ('Late', {late})")
    assert [record.key for record in _run(place, state=first.state())[1]] == ["2", "3"]


def test_columns_of_one_name(place: ForeignPlace) -> None:
    with pytest.raises(ForeignError, match="several columns of one name: name"):
        _run(place, ForeignQuery(query="SELECT name, name FROM shop.customer"))


def test_rows_come_through_a_cursor_of_the_server(place: ForeignPlace, server: Postgres) -> None:
    query = ForeignQuery(query="SELECT i FROM generate_series(1, 1000000) AS i")
    with ForeignDatabase(place) as database:
        rows = database.rows(query)
        assert next(rows)[0] == 1
        assert _sql(
            server, "SELECT state FROM pg_stat_activity WHERE application_name = 'CRMDesk'"
        ) == [("idle in transaction",)]
        rows.close()


WRITING = [
    "SELECT nextval('shop.customer_nr_seq') AS a",
    "SELECT set_config('transaction_read_only', 'off', false) AS a",
]


@pytest.mark.parametrize("query", WRITING)
def test_functions_that_write_are_refused_by_the_database(place: ForeignPlace, query: str) -> None:
    with pytest.raises(ForeignError, match=r"read-only|read-write"):
        _run(place, ForeignQuery(query=query))


def test_nothing_is_kept_of_what_the_database_lets_through(
    place: ForeignPlace, server: Postgres
) -> None:
    """PostgreSQL 15 makes large objects even when it shall only read; we never commit."""
    _run(place, ForeignQuery(query="SELECT lo_create(0) AS a"))
    assert _sql(server, "SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM shop.customer",
        "SELECT 1 AS a) AS source; DELETE FROM shop.customer; --",
        "WITH gone AS (DELETE FROM shop.customer RETURNING nr) SELECT nr FROM gone",
        r"SELECT '\') AS source; COMMIT; DELETE FROM shop.customer; --' AS a",
        "COPY shop.customer TO PROGRAM 'id'",
        "SELECT * FROM shop.customer FOR UPDATE",
    ],
)
def test_database_refuses_where_the_look_at_the_words_would_not(
    place: ForeignPlace, server: Postgres, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "check_select", lambda statement, _system: statement)
    with pytest.raises(ForeignError):
        _run(place, ForeignQuery(query=query))
    assert _sql(server, "SELECT count(*) FROM shop.customer") == [(2,)]


def test_statement_that_takes_too_long(place: ForeignPlace) -> None:
    with pytest.raises(ForeignError, match="statement timeout"):
        SqlSource(place, ForeignQuery(query="SELECT pg_sleep(30) AS a"), statement_s=1)


def test_password_reaches_no_message_and_no_log(
    place: ForeignPlace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with ForeignDatabase(place) as database:
        assert PASSWORD not in repr(database._engine) + str(database._engine.url)
        list(database.rows(CUSTOMERS))
    wrong = "wrong " + PASSWORD
    with pytest.raises(ForeignError, match="password authentication failed") as caught:
        ForeignDatabase(replace(place, password=wrong))
    assert PASSWORD not in caplog.text
    assert PASSWORD not in str(caught.value)
    assert caught.value.__suppress_context__


def test_certificate_of_nobody_is_refused(place: ForeignPlace, tmp_path: Path) -> None:
    from tests.fakes.certificates import CertificateAuthority

    other = CertificateAuthority(tmp_path)
    with pytest.raises(ForeignError, match=r"certificate verify failed|SSL error"):
        ForeignDatabase(replace(place, ca_file=str(other.ca_file)))


def test_certificate_for_another_name_is_refused(place: ForeignPlace) -> None:
    with pytest.raises(ForeignError, match="does not match host name"):
        ForeignDatabase(replace(place, host="localhost"))


def test_nobody_there() -> None:
    from tests.fakes.real_server import free_port

    with pytest.raises(ForeignError, match="refused"):
        ForeignDatabase(ForeignPlace("postgresql", "x", "127.0.0.1", free_port(), "x"))


def test_values_that_python_does_not_have_are_none(place: ForeignPlace, server: Postgres) -> None:
    """One "infinity" in a column of dates shall not end the run."""
    query = ForeignQuery(
        query="SELECT 'infinity'::timestamptz AS a, '-infinity'::timestamp AS b, "
        "'0044-03-15 BC'::date AS c, 'NaN'::numeric AS d, 'Infinity'::float8 AS e, "
        "ARRAY['x', NULL, 'y']::text[] AS f, '{\"a\": [1]}'::jsonb AS g, "
        "'00112233-4455-6677-8899-aabbccddeeff'::uuid AS h, repeat('x', 1000000) AS i, "
        "'192.0.2.1'::inet AS j, 5 / 2.0 AS k, NULL AS l"
    )
    _, (record,) = _run(place, query)
    assert record.values[:5] == ("", "", "", "", "")
    assert record.values[5:8] == ("x; y", '{"a": [1]}', "00112233-4455-6677-8899-aabbccddeeff")
    assert len(record.values[8]) == 32 * 1024
    assert record.values[9:] == ("192.0.2.1", "2.5", "")


def test_database_without_an_encoding(place: ForeignPlace, server: Postgres) -> None:
    """As old programs made them: bytes of Windows-1252 and UTF-8 side by side."""
    _sql(server, "DROP DATABASE IF EXISTS old")
    _sql(server, "CREATE DATABASE old ENCODING 'SQL_ASCII' TEMPLATE template0")
    old = replace(place, database="old")
    query = (
        "SELECT convert_from('\\x5a6feb'::bytea, 'SQL_ASCII') AS a,"
        " convert_from('\\x5a6fc3ab'::bytea, 'SQL_ASCII')::varchar AS b"
    )
    source, (record,) = _run(old, ForeignQuery(query=query))
    assert record.values == ("Zoë", "Zoë")
    assert [column.name for column in source.facts.columns] == ["a", "b"]


def test_server_with_habits_of_its_own(place: ForeignPlace, server: Postgres) -> None:
    _sql(server, f"ALTER ROLE {OWNER} SET datestyle = 'German'")
    try:
        assert [record.values[-1][:10] for record in _run(place)[1]] == ["2026-01-01", "2026-01-02"]
    finally:
        _sql(server, f"ALTER ROLE {OWNER} RESET datestyle")


def test_a_row_of_the_year_2099_does_not_hide_what_changes_later(
    place: ForeignPlace, server: Postgres
) -> None:
    _sql(server, "INSERT INTO shop.customer (name, changed) VALUES ('Typo', '2099-01-01')")
    first, _ = _run(place)
    _sql(server, "INSERT INTO shop.customer (name, changed) VALUES ('New', '2026-03-01')")
    assert "New" in [record.values[1] for record in _run(place, state=first.state())[1]]


def test_authorities_of_the_system_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The OpenSSL of psycopg's wheels looks for them in a folder that is on no computer."""
    from crmdesk.store.foreign import drivers as foreign_drivers

    place = ForeignPlace("postgresql", "shop", "db.example.com")
    root = foreign_drivers._postgresql(place, 1)["sslrootcert"]
    assert root == "system" or Path(root).is_file()
    assert foreign_drivers._postgresql(place, 1)["sslmode"] == "verify-full"


def test_on_this_computer_no_certificate_is_asked_for(place: ForeignPlace) -> None:
    assert len(_run(replace(place, ca_file=""))[1]) == 2
