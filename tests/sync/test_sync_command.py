"""`crmdesk sync` from a new profile to the second night, on a real server and a database."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crmdesk.bootstrap import stores
from crmdesk.cli import main
from crmdesk.settings import paths
from crmdesk.store import keys, open_store
from crmdesk.sync.runs import ProfileRun, last_run
from tests.fakes.real_radicale import BOOK, PASSWORD, USER, real_radicale

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def store(crmdesk_home: Path, tmp_path: Path) -> tuple[str, ...]:
    """The options of an empty store with the demo's key, which opens at once."""
    place = tmp_path / "customers.db"
    open_store(place, keys.DEMO_KEY).close()
    return ("--store", str(place))


@pytest.fixture
def own_store(crmdesk_home: Path, tmp_path: Path) -> tuple[str, ...]:
    """The options of an own store under a passphrase."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    stores.open_customers(paths.store_file(), PASSPHRASE).store.close()
    return ("--passphrase-file", str(secret))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            """
            CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, changed TEXT);
            INSERT INTO customer VALUES
              (1, 'Jane Doe', '+1 202 555 0101', '2026-01-01 10:00'),
              (2, 'John Roe', '+1 202 555 0102', '2026-01-02 10:00'),
              (3, '', '', '2026-01-02 10:00');
            """
        )
    return file


@pytest.fixture
def profile(shop: Path, store: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    arguments = ["sync", "add", "sql", "shop", "system=sqlite", f"database={shop}"]
    assert main([*arguments, "table=customer", "updated=changed", "--region", "US", *store]) == 0
    said = capsys.readouterr().out
    assert "Saved. Try it: crmdesk sync sql --profile 'shop' --dry-run" in said
    return "shop"


def _change(shop: Path, statement: str) -> None:
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute(statement)


def _sync(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], *more: str, kind: str = "sql"
) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["sync", kind, "--profile", "shop", "--json", *store, *more]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def _counts(result: dict[str, Any]) -> tuple[int, ...]:
    return tuple(result[name] for name in ("created", "updated", "same", "bad"))


def test_a_database_night_after_night(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], shop: Path, profile: str
) -> None:
    dry = _sync(capsys, store, "--dry-run")
    assert _counts(dry) == (2, 0, 0, 1)
    first = _sync(capsys, store)
    assert _counts(first) == (2, 0, 0, 1)
    assert "id" in first["source"]["details"].values()
    bad = Path(first["bad_file"]).read_text("utf-8-sig")
    assert "why not imported" in bad

    second = _sync(capsys, store)
    assert _counts(second) == (0, 0, 1, 1)  # the last moment is read again
    assert second["batch"] is None

    _change(shop, "UPDATE customer SET name = 'Jane Smith', changed = '2026-02-01' WHERE id = 1")
    third = _sync(capsys, store)
    assert _counts(third) == (0, 1, 1, 1)
    assert _counts(_sync(capsys, store, "--all")) == (0, 0, 2, 1)


def test_taken_back_means_all_over_again(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], profile: str
) -> None:
    batch = _sync(capsys, store)["batch"]
    assert main(["import", "--undo", batch, *store]) == 0
    assert _counts(_sync(capsys, store))[0] == 2


def test_changed_profile_means_all_over_again(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], profile: str
) -> None:
    _sync(capsys, store)
    file = paths.settings_file().parent / "profiles" / "shop.toml"
    file.write_text(
        file.read_text("utf-8").replace('changed = ""', 'changed = "custom:seen"'), "utf-8"
    )
    assert _sync(capsys, store)["records"] == 3


def test_run_that_fails_keeps_the_old_state(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], shop: Path, profile: str
) -> None:
    _change(shop, "INSERT INTO customer VALUES (4, 'Max', '+1 202 555 0104', 7)")
    _change(shop, "UPDATE customer SET changed = CAST(7 AS INTEGER) WHERE id = 4")
    _change(shop, "CREATE TABLE other AS SELECT id, name, phone, CAST(changed AS BLOB) AS changed"
                  " FROM customer")  # fmt: skip
    _change(shop, "INSERT INTO other VALUES (9, 'Mia', '+1 202 555 0109', 'text')")
    _change(shop, "DROP TABLE customer")
    _change(shop, "ALTER TABLE other RENAME TO customer")
    assert main(["sync", "sql", "--profile", "shop", *store]) == 1
    assert "different kinds" in capsys.readouterr().err
    assert main(["import", "--list", "--json", *store]) == 0
    done = [one for one in json.loads(capsys.readouterr().out)["imports"] if one["state"] == "done"]
    assert done == []


def test_shows_what_is_there(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], profile: str
) -> None:
    shown = _sync(capsys, store, "--show")
    assert shown["kind"] == "sql"
    assert [column["target"] for column in shown["columns"]][:3] == [
        "external_id",
        "name",
        "number",
    ]
    assert len(shown["rows"]) == 3


def test_progress_for_a_desk(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], profile: str
) -> None:
    assert main(["sync", "sql", "--profile", "shop", "--progress", "json", *store]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "progress" in lines[0]
    assert lines[-1]["result"]["created"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sql", "--profile", "nobody"], "no profile 'nobody'"),
        (["ldap", "--profile", "shop"], "is for sql"),
        (["add", "sql", "shop", "system=sqlite", "database=x"], "already a profile"),
        (["add", "sql", "other", "system=sqlite"], "'database' is missing"),
        (["add", "ldap", "other", "host=x", "base=y", "bind=z"], "no option 'bind'"),
        (["add", "ldap", "other", "host=127.0.0.1", "base=y", "port=0"], "port '0' does not exist"),
        (["add", "carddav", "other", "url=https://x.invalid", "without_tls=maybe"], "yes or no"),
        (["password", "shop"], "needs no password"),
    ],
)
def test_mistakes_are_told(
    capsys: pytest.CaptureFixture[str],
    store: tuple[str, ...],
    profile: str,
    arguments: list[str],
    words: str,
) -> None:
    assert main(["sync", *arguments, *store]) == 1
    assert words in capsys.readouterr().err


def test_password_of_a_real_address_book_stays_in_the_vault(
    capsys: pytest.CaptureFixture[str],
    own_store: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    crmdesk_home: Path,
) -> None:
    with real_radicale(tmp_path_factory.mktemp("radicale")) as server:
        server.make_book(BOOK, "Customers")
        for n in range(3):
            server.put(f"u{n}", f"Person {n}", f"TEL:+1 202 555 010{n}")
        add = ["sync", "add", "carddav", "shop", f"url={server.access.url}", f"user={USER}"]
        monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
        assert main([*add, f"ca_file={server.access.ca_file}", *own_store]) == 0

        assert _counts(_sync(capsys, own_store, kind="carddav")) == (3, 0, 0, 0)
        assert _sync(capsys, own_store, kind="carddav")["records"] == 0
        server.send("DELETE", BOOK + "u1.vcf")
        server.put("u2", "Person Two", "TEL:+1 202 555 0102")
        changed = _sync(capsys, own_store, kind="carddav")
        assert (_counts(changed), changed["removed_keys"]) == ((0, 1, 0, 0), ["u1"])

        monkeypatch.setattr(sys, "stdin", io.StringIO("other\n"))
        assert main(["sync", "password", "shop", *own_store]) == 0
        assert main(["sync", "carddav", "--profile", "shop", *own_store]) == 1
        assert "refuses the login" in capsys.readouterr().err
    for file in crmdesk_home.rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes(), file


def test_a_look_saves_nothing_and_lists_tables(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], shop: Path
) -> None:
    where = ["system=sqlite", f"database={shop}"]
    assert main(["sync", "look", "sql", *where, "--json", *store]) == 0
    looked = json.loads(capsys.readouterr().out)
    assert looked["choices"] == {"table": [["customer", "customer"]]}
    assert (looked["columns"], looked["rows"]) == ([], [])
    assert main(["sync", "look", "sql", *where, "table=customer", *store]) == 0
    said = capsys.readouterr().out
    assert said.startswith('table: "customer" (customer)')
    assert "phone" in said
    assert main(["sync", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"profiles": []}


def test_a_run_is_kept_for_the_list_well_or_not(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], shop: Path, profile: str
) -> None:
    def last() -> ProfileRun | None:
        with open_store(Path(store[1]), keys.DEMO_KEY) as opened:
            return opened.read(lambda reader: last_run(reader, "shop")).result()

    _sync(capsys, store, "--dry-run")
    assert last() is None, "a dry run is none"
    batch = _sync(capsys, store)["batch"]
    run = last()
    assert run is not None
    assert (run.created, run.bad, str(run.batch), run.error) == (2, 1, batch, "")
    shop.unlink()
    assert main(["sync", "sql", "--profile", "shop", *store]) == 1
    run = last()
    assert run is not None
    assert "shop.db" in run.error


def test_a_plan_has_every_row(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], profile: str, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.jsonl"
    _sync(capsys, store, "--dry-run", "--plan", str(plan))
    rows = [json.loads(line) for line in plan.read_text("utf-8").splitlines()]
    assert [row["action"] for row in rows] == ["create", "create", "bad"]


def test_a_profile_is_removed(
    capsys: pytest.CaptureFixture[str], store: tuple[str, ...], profile: str
) -> None:
    assert main(["sync", "remove", "shop", *store]) == 0
    assert "Its customers were kept" in capsys.readouterr().out
    assert main(["sync", "remove", "shop", *store]) == 1
    assert "no profile 'shop'" in capsys.readouterr().err
