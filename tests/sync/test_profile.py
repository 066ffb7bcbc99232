"""Profiles are kept under a name and read again; what cannot be used is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.domain.importing import SourceColumn
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile, MatchBy, Merge, ProfileError, Unknown, fit

FULL = ImportProfile(
    name="shop",
    kind="csv",
    options={"encoding": "cp1252", "delimiter": ";"},
    columns={"Name": "name", "Tel 1": "number", "Tel 2": "number", "Size": "custom:Size", "X": ""},
    picklists={"status": {"A": "active"}},
    unknown=Unknown.BAD,
    date_order="mdy",
    region="DE",
    area_code="30",
    match_by=(MatchBy.NUMBER,),
    merge={"numbers": Merge.OVERWRITE, "custom:Size": Merge.FILL},
    creates=False,
    source_name="shop",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    return tmp_path


def test_a_profile_is_the_same_when_it_is_read(home: Path) -> None:
    file = profiles.save(FULL, "shop")
    assert file == home / "profiles" / "shop.toml"
    assert profiles.load("shop") == FULL
    profiles.save(ImportProfile(), "Ä book 2")
    assert profiles.names() == ("shop", "Ä book 2")


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", "a\\b", ".hidden", "con", "x" * 65, "a\n", "a."]
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(ProfileError, match="no name"):
        profiles.save(ImportProfile(), name)


def test_an_unknown_one_names_those_there_are() -> None:
    profiles.save(ImportProfile(), "shop")
    with pytest.raises(ProfileError, match="The profiles are: shop"):
        profiles.load("show")


@pytest.mark.parametrize(
    "text",
    ["not toml", "version = 2", "merge = 1", 'unknown = "often"', 'columns = {a = "nothing"}',
     'merge = {name = "add"}', 'merge = {height = "keep"}', 'date_order = "ydm"',
     'columns = {a = "name", b = "name"}', 'columns = {a = "custom:"}', "\udc80"],
)  # fmt: skip
def test_files_that_cannot_be_used(home: Path, text: str) -> None:
    (home / "profiles").mkdir()
    data = text.encode("utf-8", "surrogateescape")
    (home / "profiles" / "shop.toml").write_bytes(data)
    with pytest.raises(ProfileError):
        profiles.load("shop")


def test_a_file_that_fits_and_one_that_does_not() -> None:
    columns = [SourceColumn(name) for name in ("Name", "Tel 1", "Tel 2", "Size", "New")]
    assert fit(FULL, columns) == ("New",)
    with pytest.raises(ProfileError, match=r'no column "Tel 2"\. New in the file: "New"'):
        fit(FULL, [column for column in columns if column.name != "Tel 2"])


def test_usual_rules() -> None:
    usual = ImportProfile()
    assert usual.rule("numbers") is Merge.ADD
    assert usual.rule("role") is Merge.OVERWRITE
    assert usual.rule("note") is Merge.KEEP
