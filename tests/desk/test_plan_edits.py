"""Edits of the company's plan: done to the list as it is, whoever changed it meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crmdesk.desk.planning import edits
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import Choice, PicklistKey, PlacedBlock

GOLD, SILVER, NEW = (Choice(name, name) for name in ("Gold", "Silver", "New"))


def keys(choices: list[Choice]) -> list[str]:
    return [one.key for one in choices]


def test_only_what_was_edited_is_changed() -> None:
    there = [replace(GOLD, tone="good"), SILVER, NEW]
    made = edits.edited(there, GOLD, replace(GOLD, title="Premium"))
    assert made == [Choice("Gold", "Premium", tone="good"), SILVER, NEW]


def test_what_is_gone_is_not_brought_back_by_an_edit() -> None:
    with pytest.raises(UserFacingError, match="“Gold” is not there any more"):
        edits.edited([SILVER], GOLD, replace(GOLD, title="Premium"))
    with pytest.raises(UserFacingError, match="not there any more"):
        edits.moved([SILVER], GOLD, SILVER)
    assert edits.removed([SILVER], GOLD) == [SILVER]


@pytest.mark.parametrize(
    ("item", "beside", "order"),
    [
        (GOLD, SILVER, ["Silver", "Gold", "New"]),
        (NEW, GOLD, ["New", "Gold", "Silver"]),
        (SILVER, Choice("x", "gone"), ["Gold", "Silver", "New"]),
    ],
)
def test_item_takes_the_place_of_another(item: Choice, beside: Choice, order: list[str]) -> None:
    assert keys(edits.moved([GOLD, SILVER, NEW], item, beside)) == order


def test_blocks_of_a_newer_program_are_passed_over_and_new_ones_come_last() -> None:
    placed = [PlacedBlock("b", is_shown=False), PlacedBlock("of_tomorrow")]
    every = edits.all_blocks(placed, ("a", "b", "c"))
    assert every == [PlacedBlock("b", is_shown=False), PlacedBlock("a"), PlacedBlock("c")]
    assert edits.shown_block(every, "b", is_shown=True)[0].is_shown
    assert [one.block for one in edits.moved_block(every, "c", "b")] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("title", "key", "made"),
    [
        ("Loyalty card", None, "loyalty_card"),
        ("Größe (m²)", None, "grösse_m²"),
        ("日本", None, "日本"),
        ("!!!", None, "choice"),
        ("Platinum plus", PicklistKey.SEGMENT, "Platinum plus"),
        ("Gold", PicklistKey.SEGMENT, "Gold_2"),
    ],
)
def test_key_is_made_of_the_first_title_and_is_nobody_elses(
    title: str, key: PicklistKey | None, made: str
) -> None:
    assert edits.new_key(title, {"Gold"}, key) == made
