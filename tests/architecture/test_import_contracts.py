"""The rooms import only what stands below them, and the contracts notice when they do not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"

VIOLATIONS = {
    "domain knows a room above": ("domain/injected.py", "import crmdesk.matching"),
    "settings know matching": ("settings/injected.py", "import crmdesk.matching"),
    "store knows its sibling": ("store/injected.py", "import crmdesk.telephony"),
    "telephony knows its sibling": ("telephony/injected.py", "import crmdesk.store"),
    "desk knows the windows": ("desk/injected.py", "import crmdesk.gui"),
    "windows know the command line": ("gui/injected.py", "import crmdesk.cli"),
    "Qt outside gui": ("desk/injected.py", "import PySide6.QtCore"),
    "SQL outside store": ("desk/injected.py", "import sqlalchemy"),
    "SQLite outside store": ("gui/injected.py", "import sqlite3"),
    "matching reads a clock": ("matching/injected.py", "import time"),
    "domain does I/O": ("domain/injected.py", "import socket"),
    "protocol does I/O": ("telephony/asterisk/protocol.py", "import asyncio"),
    "a room nobody drew": ("attic.py", "ROOM = 1"),
}


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_contracts_are_kept(repository: Path) -> None:
    result = _lint(repository)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """A copy of the program that a test may spoil."""
    shutil.copytree(
        repository / "crmdesk", tmp_path / "crmdesk", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(repository / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "line"),
    [pytest.param(*violation, id=name) for name, violation in VIOLATIONS.items()],
)
def test_injected_violation_is_found(copy: Path, module: str, line: str) -> None:
    with (copy / "crmdesk" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = _lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout or "Missing layer" in result.stdout + result.stderr
