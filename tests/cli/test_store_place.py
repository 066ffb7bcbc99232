"""`store.url` of the settings: one setting for another place."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from crmdesk.bootstrap.stores import open_customers
from crmdesk.cli import main
from crmdesk.settings import file, paths
from crmdesk.settings.model import Settings, StoreSettings
from crmdesk.store import keys, open_store
from crmdesk.store.demo import make_demo


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    place = tmp_path / "elsewhere" / "customers.db"
    with open_store(place, keys.DEMO_KEY) as store:
        make_demo(store, 5, calls=20)
    return place


def set_url(url: str) -> None:
    paths.settings_file().parent.mkdir(parents=True, exist_ok=True)
    file.save(paths.settings_file(), Settings(store=StoreSettings(url=url)))


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}", "file://{}"])
def test_calls_of_a_store_elsewhere(
    crmdesk_home: Path, demo: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_url(form.format(demo.as_posix()))
    assert main(["calls", "--json", "--limit", "100"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 20
    assert not paths.store_file().exists()


def test_new_store_elsewhere_is_encrypted_under_its_own_keys(
    crmdesk_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / "srv" / "customers.db"
    set_url(f"sqlite:///{place.as_posix()}")
    secret = tmp_path / "passphrase"
    secret.write_text("river lamp cloud seven")
    secret.chmod(0o600)
    line = ("Main", "--host", "pbx.example", "--username", "crmdesk", "--region", "DE")
    monkeypatch.setattr(sys, "stdin", io.StringIO("of-the-manager\n"))
    assert main(["lines", "add", *line, "--passphrase-file", str(secret)]) == 0
    assert "recovery key" in capsys.readouterr().err
    assert main(["calls", "--passphrase-file", str(secret)]) == 0
    assert keys.has_keys(place)
    assert not place.read_bytes().startswith(b"SQLite format")
    open_customers(place, "river lamp cloud seven").store.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://team.example/crm", "not supported yet"),
        ("postgresql://anna:s3cret@team.example/crm", "holds a password"),
    ],
)
def test_other_kinds_are_refused_in_words(
    crmdesk_home: Path, url: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_url(url)
    assert main(["calls"]) != 0
    told = capsys.readouterr()
    assert words in told.err
    assert "s3cret" not in told.err + told.out
    assert "Traceback" not in told.err
