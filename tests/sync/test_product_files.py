"""Exports of common programs, brought in by the real command with nothing but a guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import keys, open_store
from tests.sync.product_files import ProductFile, product_files, shown

FILES = product_files()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    store = tmp_path / "x.db"
    open_store(store, keys.DEMO_KEY).close()
    return store


def brought_in(
    store: Path, one: ProductFile, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the command says, and the customers in the store after it."""
    line = LineSettings(id="line", name="Support", region=one.region)
    file.save(paths.settings_file(), Settings(lines=(line,)))
    written = one.write(folder)
    assert main(["import", str(written), "--json", "--store", str(store)]) == 0
    said = json.loads(capsys.readouterr().out)
    out = folder / "out.jsonl"
    assert (
        main(["export", "customers", "--format", "jsonl", "--out", str(out), "--store", str(store)])
        == 0
    )
    capsys.readouterr()
    lines = out.read_text("utf-8").splitlines()
    return said, [shown(json.loads(line)) for line in lines]


@pytest.mark.parametrize("one", FILES, ids=[one.name for one in FILES])
def test_a_file_becomes_the_customers_one_expects(one, desk, tmp_path, capsys):
    said, found = brought_in(desk, one, tmp_path, capsys)

    expected = {customer["name"] for customer in one.customers}
    companies = {customer["company"] for customer in one.customers if customer.get("company")}
    assert {customer["name"] for customer in found} == expected | companies, said["source"]
    assert [_differences(wanted, found) for wanted in one.customers] == [{}] * len(one.customers)
    assert said["bad"] == one.bad


def _differences(wanted: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, Any]:
    """Field to what it is and what it was to be, of the customer that is nearest."""
    namesakes = [customer for customer in found if customer["name"] == wanted["name"]]
    differing = [
        {key: (one[key], value) for key, value in wanted.items() if one[key] != value}
        for one in namesakes
    ]
    return min(differing, key=len)
