"""The file of records that could not be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.domain.errors import UserFacingError
from crmdesk.sync.bad_rows import BadRowsFile


def test_a_spreadsheet_runs_nothing_of_it(tmp_path: Path) -> None:
    place = tmp_path / "bad.csv"
    with BadRowsFile(place, ["Näme", "=1+1"]) as bad:
        bad.add(3, "no name", ["=HYPERLINK(1)", 'a;b\n"c"\udc80'])
    assert place.read_bytes().decode("utf-8-sig").splitlines() == [
        "record,why not imported,Näme,'=1+1",
        "3,no name,'=HYPERLINK(1),\"a;b",
        '""c""?"',
    ]
    assert place.stat().st_mode & 0o077 == 0


def test_an_import_that_failed_leaves_none(tmp_path: Path) -> None:
    def fail() -> None:
        with BadRowsFile(tmp_path / "b", ["N"]) as bad:
            bad.add(1, "no name", ["x"])
            raise ValueError("over")

    with pytest.raises(ValueError, match="over"):
        fail()
    assert not (tmp_path / "b").exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with BadRowsFile(tmp_path / "no" / "b", ["N"]) as bad, pytest.raises(UserFacingError):
        bad.add(1, "no name", ["x"])
