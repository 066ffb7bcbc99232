"""The help in the program tells what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crmdesk.gui.help.viewer import topics
from crmdesk.gui.shortcuts import keys

ALL_KEYS = {name: key for name, key in vars(keys).items() if isinstance(key, keys.Key)}


@pytest.fixture
def pages(repository: Path) -> dict[str, str]:
    """The help pages by name."""
    folder = repository / "resources" / "help"
    return {page.stem: page.read_text(encoding="utf-8") for page in folder.glob("*.md")}


@pytest.mark.parametrize("name", ALL_KEYS)
def test_every_key_is_explained(pages: dict[str, str], name: str) -> None:
    shown = ALL_KEYS[name].sequence.replace("Return", "Enter")
    cells = re.findall(r"^\| (.+?) \|", pages["keys"], re.MULTILINE)
    assert shown in {key for cell in cells for key in cell.split(", ")} | set(cells)


def test_every_page_is_short_and_has_a_title(pages: dict[str, str]) -> None:
    assert topics()[0].path.stem == "getting-started"
    for name, text in pages.items():
        assert text.startswith("# "), name
        longest = 140 if name == "keys" else 80  # a table is looked into, not read
        assert len(text.splitlines()) <= longest, name
