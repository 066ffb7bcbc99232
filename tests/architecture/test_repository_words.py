"""The repository holds nothing of the machines it was made on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

TEXT_SUFFIXES = {"", ".py", ".md", ".toml", ".txt", ".json", ".qss", ".svg", ".desktop", ".reg"}
PUBLIC_INDEX = ".".join(("pypi", "org"))

# Put together here, so that this file does not hold what it looks for.
MACHINE_PATHS = [
    re.compile(r"(?<![\w.:/])/" + name + r"/[\w.]")
    for name in ("root", "work", "home/(?!user/)[a-z]+", "Users/(?!user/)[A-Za-z]+")
] + [re.compile(r"C:\\Us" + r"ers\\(?!user\\)\w")]


def _files(repository: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repository,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.decode().split("\0")
    files = [repository / name for name in names if name]
    return [path for path in files if path.suffix in TEXT_SUFFIXES and path.is_file()]


def _index_hosts() -> set[str]:
    """The package indexes of this machine, from the configuration of pip."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    variables = [os.environ.get(name, "") for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX")]
    urls = re.findall(r"https?://[^\s'\"]+", " ".join([listed, *variables]))
    hosts = {urllib.parse.urlsplit(url).hostname or "" for url in urls}
    return {host for host in hosts if host and PUBLIC_INDEX not in host}


def _found(repository: Path, pattern: re.Pattern[str]) -> list[str]:
    hits = []
    for path in _files(repository):
        match = pattern.search(path.read_text(encoding="utf-8", errors="replace"))
        if match:
            hits.append(f"{path.relative_to(repository)}: {match[0]}")
    return hits


@pytest.mark.parametrize("pattern", MACHINE_PATHS, ids=lambda pattern: str(pattern.pattern))
def test_no_path_of_a_machine(repository: Path, pattern: re.Pattern[str]) -> None:
    assert _found(repository, pattern) == []


def test_no_package_index(repository: Path) -> None:
    for host in _index_hosts():
        assert _found(repository, re.compile(re.escape(host))) == []


def test_patterns_find_what_they_look_for() -> None:
    samples = ["/ro" + "ot/.cache", "/wo" + "rk/main", "/ho" + "me/anna/x", "/Us" + "ers/anna/x"]
    samples.append("C:\\Us" + "ers\\anna")
    for pattern, sample in zip(MACHINE_PATHS, samples, strict=True):
        assert pattern.search(f"see {sample}")
