"""Customers in a real MariaDB, only read: by a user who may do everything."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("pymysql", reason="needs the extra crmdesk[mysql]")

from crmdesk.domain.importing import SourceRecord
from crmdesk.store.foreign import database as foreign
from crmdesk.store.foreign.database import (
    ForeignDatabase,
    ForeignError,
    ForeignPlace,
    ForeignQuery,
)
from crmdesk.store.foreign.select_only import NotOneSelectError
from crmdesk.sync.server import State
from crmdesk.sync.sql.source import SqlSource
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.real_mariadb import PASSWORD, READER, MariaDb, real_mariadb

CUSTOMERS = ForeignQuery(table="customer", updated="updated_at")


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDb]:
    with real_mariadb() as running:
        running.run("SET GLOBAL sql_mode = ''")  # as old shops have it
        yield running


@pytest.fixture
def place(server: MariaDb) -> Iterator[ForeignPlace]:
    server.run(
        """CREATE TABLE customer (id BINARY(16) PRIMARY KEY, name VARCHAR(200), phone BIGINT,
           newsletter TINYINT(1), born DATE, opens TIME, extra JSON, photo MEDIUMBLOB,
           credit DECIMAL(10,2), updated_at DATETIME)""",
        """INSERT INTO customer VALUES
           (UNHEX('00112233445566778899aabbccddeeff'), 'Zoë 100 %s', 493023125101, 1, '1980-02-01',
            '09:30:00', '{"a": 1}', REPEAT('x', 100), 10.50, '2026-01-01 10:00'),
           (UNHEX('ff112233445566778899aabbccddeeff'), 'O''Neill', NULL, 0, '0000-00-00', NULL,
            NULL, NULL, NULL, '0000-00-00 00:00')""",
    )
    yield ForeignPlace(
        "mariadb", "shop", "127.0.0.1", server.port, READER, PASSWORD, str(server.ca_file)
    )
    server.run("DROP TABLE customer")


def _run(
    place: ForeignPlace, query: ForeignQuery = CUSTOMERS, state: State | None = None, key: str = ""
) -> tuple[SqlSource, list[SourceRecord]]:
    with SqlSource(place, query, key, state) as source:
        return source, list(source.records())


@pytest.mark.parametrize("system", ["mariadb", "mysql"])
def test_reads_a_table_of_a_shop_over_tls(place: ForeignPlace, system: str) -> None:
    place = replace(place, system=system)
    source, records = _run(place)
    values = dict(
        zip((column.name for column in source.facts.columns), records[0].values, strict=True)
    )
    assert records[0].key == values["id"] == "00112233445566778899aabbccddeeff"
    assert (values["name"], values["phone"], values["born"]) == (
        "Zoë 100 %s",
        "493023125101",
        "1980-02-01",
    )
    assert (values["credit"], values["photo"]) == ("10.5", "")
    assert records[1].values[1] == "O'Neill"
    with ForeignDatabase(place) as database:
        (row,) = database.rows(ForeignQuery(query="SELECT @@tx_read_only AS a"))
        assert row[0] == 1
        cipher = database._connection.exec_driver_sql("SHOW STATUS LIKE 'Ssl_cipher'").one()[1]
    assert cipher


def test_zero_dates_are_no_time(place: ForeignPlace, server: MariaDb) -> None:
    first, _ = _run(place)
    assert first.state()["mark"] == {"kind": "datetime", "value": "2026-01-01T10:00:00"}
    assert [record.values[1] for record in _run(place, state=first.state())[1]] == ["Zoë 100 %s"]
    server.run("INSERT INTO customer (id, name, updated_at) VALUES (1, 'Typo', '2099-01-01')")
    server.run("INSERT INTO customer (id, name, updated_at) VALUES (2, 'New', '2026-02-01')")
    second, records = _run(place, state=first.state())
    assert {record.values[1] for record in records} == {"Zoë 100 %s", "Typo", "New"}
    assert datetime.fromisoformat(second.state()["mark"]["value"]).year == 2026


def test_percent_colon_and_comments_in_a_query(place: ForeignPlace) -> None:
    query = "SELECT name, ':x' AS a FROM customer WHERE name LIKE '%100 %' # ' all of them\n;"
    _, records = _run(place, ForeignQuery(query=query))
    assert [record.values for record in records] == [("Zoë 100 %s", ":x")]


def test_rows_are_streamed(place: ForeignPlace) -> None:
    """Forty megabytes take no memory."""
    query = ForeignQuery(query="SELECT seq, REPEAT('x', 5000) AS a FROM seq_1_to_8000")
    with ForeignDatabase(place) as database:
        tracemalloc.start()
        try:
            assert sum(1 for _ in database.rows(query)) == 8_000
            assert tracemalloc.get_traced_memory()[1] < 16_000_000
        finally:
            tracemalloc.stop()


WRITING = [
    "DELETE FROM customer",
    "SELECT name FROM customer FOR UPDATE; DELETE FROM customer",
    "SELECT 1 AS a) AS source; DELETE FROM customer; -- ",
    "SELECT shop.wipe() AS a",
    "SELECT 1 AS a /*!50000 ) AS x; DROP TABLE customer; -- */",
]


@pytest.mark.parametrize("query", WRITING)
def test_database_refuses_where_the_look_at_the_words_would_not(
    place: ForeignPlace, server: MariaDb, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.run(
        "CREATE OR REPLACE FUNCTION wipe() RETURNS INT MODIFIES SQL DATA"
        " BEGIN DELETE FROM customer; RETURN 1; END"
    )
    monkeypatch.setattr(foreign, "check_select", lambda statement, _system: statement)
    with pytest.raises(ForeignError):
        _run(place, ForeignQuery(query=query))
    assert server.run("SELECT count(*) FROM customer") == ((2,),)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT name /*!50000 INTO OUTFILE '{file}' */ FROM customer",
        "SELECT name FROM customer) AS source # '\nINTO OUTFILE '{file}' -- '",
        "SELECT name INTO OUTFILE '{file}' FROM customer",
    ],
)
def test_no_file_is_written_on_the_server(place: ForeignPlace, server: MariaDb, query: str) -> None:
    """Reading only does not keep MariaDB from it, so the statement is not even sent."""
    file = server.folder / "stolen"
    with pytest.raises(NotOneSelectError):
        _run(place, ForeignQuery(query=query.format(file=file)))
    assert not file.exists()


def test_certificates_are_checked(place: ForeignPlace, tmp_path: Path) -> None:
    other = CertificateAuthority(tmp_path)
    with pytest.raises(ForeignError, match="certificate verify failed"):
        ForeignDatabase(replace(place, ca_file=str(other.ca_file)))
    with pytest.raises(ForeignError, match="certificate verify failed"):
        ForeignDatabase(replace(place, host="localhost"))
    with pytest.raises(ForeignError, match="cannot be used"):
        ForeignDatabase(replace(place, ca_file=str(tmp_path / "none.pem")))


def test_wrong_password_and_table_are_told_without_the_password(place: ForeignPlace) -> None:
    with pytest.raises(ForeignError, match="Access denied") as caught:
        ForeignDatabase(replace(place, password="wrong " + PASSWORD))
    assert PASSWORD not in str(caught.value)
    with pytest.raises(ForeignError, match="doesn't exist"):
        _run(place, ForeignQuery(table="nobody"))


def test_statement_that_takes_too_long(place: ForeignPlace) -> None:
    with pytest.raises(ForeignError):
        SqlSource(place, ForeignQuery(query="SELECT SLEEP(30) AS a"), statement_s=1)


def test_on_this_computer_no_certificate_is_asked_for(place: ForeignPlace) -> None:
    assert len(_run(replace(place, ca_file=""))[1]) == 2
