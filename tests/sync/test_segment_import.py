"""An import that changes only the customers of a segment, from the command line and a profile."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from crmdesk.cli import main
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.store import Store, Writer, keys, open_store
from crmdesk.sync.profile import ImportProfile, load
from tests.sync.import_runs import actions, bring_in, everybody

GOLD = Segment(
    uuid.uuid4(), "Gold ones", Group((Condition("segment", Operator.ANY_OF, ("Gold",)),))
)
COLUMNS = {"Account": "account_id", "Name": "name", "Role": "role"}
ONLY_GOLD = ImportProfile(columns=COLUMNS, segment="gold ones")
ANNA = {"Account": "1", "Name": "Anna Hansen", "Role": "buyer"}
BOB = {"Account": "2", "Name": "Bob Stone", "Role": "buyer"}
NEW = {"Account": "3", "Name": "Zoe Hive", "Role": "buyer"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))

    def fill(writer: Writer) -> None:
        for account, name, segment in (("1", "Anna Hansen", "Gold"), ("2", "Bob Stone", "")):
            one = Customer(
                uuid.uuid4(), CustomerKind.PERSON, name, account_id=account, segment=segment
            )
            writer.save_customer(one)
        writer.save_segments((GOLD,), "Ann")

    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as opened:
        opened.write(fill).result()
    return tmp_path / "test.db"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    with open_store(place, keys.DEMO_KEY) as opened:
        yield opened


def roles(store: Store) -> dict[str, str]:
    return {one.name: one.role for one in everybody(store)}


@pytest.mark.parametrize("is_dry", [True, False])
def test_others_stay_as_they_are_and_new_ones_come(store: Store, is_dry: bool) -> None:
    result = bring_in(store, ANNA, BOB, NEW, profile=ONLY_GOLD, is_dry=is_dry)
    assert actions(result) == ["update", "skip", "create"]
    (left,) = (row for row in result.rows if row.action.value == "skip")
    assert left.why[-1] == "not in the segment “gold ones”"
    before = {"Anna Hansen": "", "Bob Stone": ""}
    after = {"Anna Hansen": "buyer", "Bob Stone": "", "Zoe Hive": "buyer"}
    assert roles(store) == (before if is_dry else after)


def test_who_is_brought_or_changed_by_a_record_is_not_left_by_the_next(store: Store) -> None:
    """New ones are in no segment yet, and a record may take somebody out of it."""
    leaves = {**ANNA, "Segment": "Silver"}
    again = {**ANNA, "Role": "boss"}
    more = {**NEW, "Role": "boss"}
    profile = replace(ONLY_GOLD, columns={**COLUMNS, "Segment": "segment"})
    result = bring_in(store, leaves, again, NEW, more, profile=profile)
    assert actions(result)[0] == "update"
    assert "not in the segment" not in str(result.rows)
    assert roles(store) == {"Anna Hansen": "boss", "Bob Stone": "", "Zoe Hive": "boss"}


def test_a_segment_that_is_gone_changes_nothing(store: Store) -> None:
    profile = ImportProfile(columns=COLUMNS, segment="Silver ones")
    with pytest.raises(UserFacingError, match="There is no segment “Silver ones”"):
        bring_in(store, ANNA, NEW, profile=profile)
    assert roles(store) == {"Anna Hansen": "", "Bob Stone": ""}


def test_the_command_line_says_it_and_a_profile_keeps_it(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Account,Name,Role\n1,Anna Hansen,buyer\n2,Bob Stone,buyer\n", encoding="utf-8")
    words = ["import", str(file), "--store", str(place), "--json"]
    columns = [f"--map={name}={target}" for name, target in COLUMNS.items()]
    first = [*words, *columns, "--segment", "Gold ones", "--save-profile", "golden"]
    assert main([*first, "--dry-run"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["updated"], told["skipped"]) == (1, 1)
    assert load("golden").segment == "Gold ones"
    assert main([*words, "--profile", "golden"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["updated"], told["skipped"]) == (1, 1)
    assert main([*words, "--profile", "golden", "--segment", ""]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["updated"], told["skipped"]) == (1, 0)
