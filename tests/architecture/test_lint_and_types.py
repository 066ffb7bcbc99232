"""Lint, format and types are clean, as pyproject.toml sets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKED = ("crmdesk", "installer", "tests")


def _clean(command: list[str], folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("command", [("check", "--no-fix"), ("format", "--check", "--diff")])
def test_ruff(repository: Path, command: tuple[str, ...]) -> None:
    _clean(["ruff", *command, *CHECKED], repository)


def test_types_of_the_program(repository: Path) -> None:
    _clean(["mypy"], repository)


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_types_of_the_installer(repository: Path, platform: str) -> None:
    installer = repository / "installer"
    modules = sorted(
        path.name
        for path in installer.glob("*.py")
        if path.name not in ("dev.py", "resources_build.py")  # old Pythons; setuptools is untyped
    )
    apart = ["--cache-dir", os.devnull]  # several of these may run at a time
    _clean(["mypy", "--strict", *apart, "--platform", platform, *modules], installer)
