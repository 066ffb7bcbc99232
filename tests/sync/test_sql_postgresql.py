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
from crmdesk.store import foreign  # noqa: E402
from crmdesk.store.foreign import (  # noqa: E402
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
