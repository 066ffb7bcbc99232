"""The words of resources/demo/words.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from random import Random
from typing import Any

from crmdesk.settings.paths import resources


@lru_cache(1)
def words() -> dict[str, Any]:
    """All word lists."""
    return tomllib.loads((resources() / "demo" / "words.toml").read_text("utf-8"))


def pick(rng: Random, choices: list[str]) -> str:
    """One of some words; quicker than `Random.choice`, which a million people feel."""
    return choices[int(rng.random() * len(choices))]
