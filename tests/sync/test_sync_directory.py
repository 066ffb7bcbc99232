"""`crmdesk sync ldap` night after night, on a real directory."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from crmdesk.bootstrap import stores
from crmdesk.cli import main
from crmdesk.settings import paths
from tests.fakes.real_slapd import PASSWORD, READER, SUFFIX, real_slapd

PASSPHRASE = "correct horse battery staple"
PEOPLE = f"ou=people,{SUFFIX}"


@pytest.fixture
def own_store(crmdesk_home: Path, tmp_path: Path) -> tuple[str, ...]:
    """The options of an own store under a passphrase: a directory's password needs a vault."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    stores.open_customers(paths.store_file(), PASSPHRASE).store.close()
    return ("--passphrase-file", str(secret))


def test_the_second_night_brings_what_changed_and_tells_who_is_gone(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    own_store: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def night(*more: str) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["sync", "ldap", "--profile", "staff", "--json", *own_store, *more]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    with real_slapd(tmp_path_factory.mktemp("slapd")) as slapd:
        monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
        where = ["host=127.0.0.1", f"port={slapd.tls_port}", f"ca_file={slapd.ca_file}"]
        what = [f"base={PEOPLE}", "filter=(sn=10*)", f"user={READER}"]
        assert main(["sync", "add", "ldap", "staff", *where, *what, *own_store]) == 0

        first = night()
        assert (first["created"], first["bad"], first["removed"]) == (11, 0, 0)
        assert night()["records"] == 0
        slapd.change(
            lambda admin: admin.delete(f"cn=Person 100,{PEOPLE}"),
            lambda admin: admin.modify(
                f"cn=Person 101,{PEOPLE}", {"mail": [("MODIFY_ADD", ["p101@example.com"])]}
            ),
        )
        dry = night("--dry-run")
        assert (dry["updated"], dry["removed"]) == (1, 1)
        third = night("--all")
        assert (third["records"], third["updated"], third["removed"]) == (10, 1, 1)
        assert night()["records"] == 0
