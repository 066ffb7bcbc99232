"""What is one SELECT, as each database reads it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from crmdesk.store.foreign.select_only import NotOneSelectError, check_select

ATTACKS = [
    "DELETE FROM customer",
    "SELECT 1; DELETE FROM customer",
    "SELECT 1) AS source; DELETE FROM customer; --",
    "WITH gone AS (DELETE FROM customer RETURNING nr) SELECT * FROM gone",
    "SELECT * INTO copy FROM customer",
    "SELECT * FROM customer FOR UPDATE",
    r"SELECT '\'; DELETE FROM customer; --'",
    r"SELECT '\') AS source; DROP TABLE customer; --'",
    "SELECT 'open",
    "SELECT $x$ ; DELETE FROM customer",
    "SELECT 1 /* open",
    "/* SELECT */ DROP TABLE customer",
    "ATTACH 'x.db' AS x",
    "PRAGMA writable_schema = ON",
    "VACUUM INTO 'x.db'",
    "COPY customer TO PROGRAM 'id'",
    "EXEC xp_cmdshell 'id'",
    "SELECT 1\0",
    "",
    ";",
    "SELECT " + "1," * 100_000 + "1",
]


@pytest.mark.parametrize("query", ATTACKS)
def test_what_is_not_one_select_is_refused(query: str) -> None:
    with pytest.raises(NotOneSelectError):
        check_select(query)


@pytest.mark.parametrize("system", ["", "postgresql", "mysql", "mssql", "sqlite", "oracle"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT name FROM customer WHERE name = 'it''s; DROP'",
        'SELECT "update" FROM customer -- DELETE',
        "WITH a AS (SELECT (1)) SELECT * FROM a;",
        "SELECT 1 /* ; DELETE */ FROM customer\r\n-- the end\r\n",
    ],
)
def test_what_is_one_select_is_so_everywhere(query: str, system: str) -> None:
    checked = check_select(query, system)
    assert checked.strip().startswith(("SELECT", "WITH"))
    assert "\r" not in checked


@pytest.mark.parametrize(
    ("system", "query"),
    [
        ("postgresql", "SELECT $$ it's; $$ AS a, tags['x'], E'\\'; ' FROM customer"),
        ("mysql", "SELECT 'it''s; ', `update` FROM customer # DELETE"),
        ("mssql", "SELECT [it's; DELETE], [a]]b] FROM dbo.customer"),
        ("sqlite", "SELECT [it's], `x;` FROM customer"),
    ],
)
def test_habits_of_a_database(system: str, query: str) -> None:
    check_select(query, system)


GONE = "DELETE FROM customer"


@pytest.mark.parametrize(
    ("system", "query"),
    [
        # Names in brackets hide a quote.
        ("mssql", f"SELECT [it's] FROM a) AS b; {GONE}; SELECT ('"),
        ("sqlite", f"SELECT [it's] ; {GONE}; --'"),
        # SQL Server needs no semicolon.
        ("mssql", "SELECT 1 AS a) AS b SHUTDOWN SELECT * FROM (SELECT 1 AS a"),
        # Comments that MySQL runs, and those that only it knows.
        ("mysql", "SELECT 1 /*!50000 INTO OUTFILE '/tmp/x' */"),
        ("mariadb", "SELECT 1 /*M!100000 INTO OUTFILE '/tmp/x' */"),
        ("mysql", "SELECT a FROM b # '\nINTO OUTFILE '/tmp/x' -- '"),
        ("mysql", "SELECT 1 --x INTO OUTFILE '/tmp/x'"),
        ("mysql", 'SELECT "\\" INTO OUTFILE "/tmp/x'),
        ("mysql", "SELECT 1 AS $a$ INTO OUTFILE '/tmp/x' -- $a$"),
        # What ends a line, and a comment in a comment.
        ("postgresql", f"SELECT 1 -- \r; {GONE}"),
        ("postgresql", f"SELECT 1 /* /* */ ' */ */ ; {GONE} -- '"),
        ("postgresql", f"SELECT 1 AS a$x$ ; {GONE}; -- $x$"),
        ("oracle", f"SELECT q'[ it's ]' FROM dual; {GONE}; --'"),
        # Out of the parentheses that it is put into, and in again.
        ("", "SELECT 1 AS a) AS b CROSS JOIN (SELECT 2 AS a"),
        ("", "SELECT (1 AS a"),
        # Of a database nobody knows the strictest reading counts.
        ("firebird", f"SELECT [it's] ; {GONE}; --'"),
        ("firebird", "SELECT 1 --x INTO OUTFILE '/tmp/x'"),
    ],
)
def test_what_only_one_database_would_run(system: str, query: str) -> None:
    with pytest.raises(NotOneSelectError):
        check_select(query, system)


def test_a_long_statement_costs_no_time() -> None:
    """No reading goes back over what it has read: this would take for ever."""
    for unit in ("a$", "'a", '"', "/*", "$a$", "[", "`", "q'", "''\\", "("):
        with suppress(NotOneSelectError):
            check_select("SELECT " + unit * (90_000 // len(unit)))
