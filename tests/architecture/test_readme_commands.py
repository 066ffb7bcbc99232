"""What the README tells people to type exists, and works where it is marked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
MARK = "<!-- run by the tests -->\n\n```"


def _text() -> str:
    return README.read_text(encoding="utf-8")


def _fences() -> list[str]:
    return re.findall(r"^```(?:sh|shell|bash)?\n(.*?)^```", _text(), re.MULTILINE | re.DOTALL)


def _subcommands() -> list[str]:
    """Every `crmdesk SUBCOMMAND` of the code blocks and of the table of commands."""
    in_fences = re.findall(r"^(?:\$ )?crmdesk ([a-z]+)", "\n".join(_fences()), re.MULTILINE)
    in_text = re.findall(r"`crmdesk ([a-z]+)", _text())
    return sorted(set(in_fences + in_text))


def _marked() -> list[str]:
    blocks = re.findall(re.escape(MARK) + r"(?:sh)?\n(.*?)^```", _text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def _run(arguments: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crmdesk", *arguments],
        cwd=README.parent,
        env={**os.environ, "CRMDESK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_readme_names_commands() -> None:
    assert {"demo", "pop", "calls", "lines", "listen", "doctor", "replay"} <= set(_subcommands())
    assert _marked()


@pytest.mark.parametrize("subcommand", _subcommands())
def test_command_exists(subcommand: str, crmdesk_home: Path) -> None:
    result = _run([subcommand, "--help"], crmdesk_home)
    assert result.returncode == 0, result.stderr
    assert f"crmdesk {subcommand}" in result.stdout


def test_help_lists_every_command(crmdesk_home: Path) -> None:
    shown = _run(["--help"], crmdesk_home).stdout
    assert [name for name in _subcommands() if not re.search(rf"\b{name}\b", shown)] == []


def test_marked_commands_run_in_order(crmdesk_home: Path) -> None:
    for line in _marked():
        program, *arguments = line.split()
        assert program == "crmdesk", line
        result = _run(arguments, crmdesk_home)
        assert result.returncode == 0, f"{line}\n{result.stdout}{result.stderr}"


@pytest.mark.parametrize("line", re.findall(r"python3? (installer/dev\.py \w+)", _text()))
def test_developer_command_exists(line: str) -> None:
    script, command = line.split()
    result = subprocess.run(
        [sys.executable, script, command, "--help"],
        cwd=README.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
