"""The lock files pin every dependency by hash, for every system and Python, without an address."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PySide6.QtCore import QObject

SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCKS = ("runtime", "test")


def _environments() -> Iterator[dict[str, str]]:
    for system in SYSTEMS.values():
        for python in PYTHONS:
            yield system | {
                "python_version": python,
                "python_full_version": f"{python}.4",
                "implementation_name": "cpython",
                "platform_python_implementation": "CPython",
                "extra": "",
            }


ENVIRONMENTS = [
    pytest.param(env, id=f"{env['sys_platform']}-{env['python_version']}")
    for env in _environments()
]


@pytest.fixture
def project(repository: Path) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def _text(repository: Path, lock: str) -> str:
    return (repository / "installer" / "lock" / f"{lock}.txt").read_text(encoding="utf-8")


def _locked(repository: Path, lock: str) -> list[tuple[Requirement, list[str]]]:
    """Return each requirement of a lock with its hashes."""
    joined = _text(repository, lock).replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [
        (Requirement(line.split(" --hash")[0]), re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line))
        for line in lines
    ]


def _versions(repository: Path, lock: str, environment: dict[str, str]) -> dict[str, str]:
    versions: dict[str, str] = {}
    for requirement, _ in _locked(repository, lock):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in versions, f"two versions of {name}"
            versions[name] = str(requirement.specifier).removeprefix("==")
    return versions


@pytest.mark.parametrize("lock", LOCKS)
def test_each_requirement_is_one_version_with_hashes(repository: Path, lock: str) -> None:
    for requirement, hashes in _locked(repository, lock):
        assert [spec.operator for spec in requirement.specifier] == ["=="], requirement
        assert hashes, requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address(repository: Path, lock: str) -> None:
    assert not re.search(r"://|\bindex|find-links|^-[^-]", _text(repository, lock), re.MULTILINE)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lock_covers_pyproject(
    repository: Path, project: dict[str, Any], environment: dict[str, str]
) -> None:
    dependencies = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    extra = project["project"]["optional-dependencies"]["test"]
    for lock, wanted in (("runtime", dependencies), ("test", dependencies + extra)):
        versions = _versions(repository, lock, environment)
        for requirement in map(Requirement, wanted):
            if requirement.marker is None or requirement.marker.evaluate(environment):
                version = versions[canonicalize_name(requirement.name)]
                assert requirement.specifier.contains(version), f"{lock}: {requirement}"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_test_lock_holds_the_runtime_lock(repository: Path, environment: dict[str, str]) -> None:
    runtime = _versions(repository, "runtime", environment)
    assert runtime.items() <= _versions(repository, "test", environment).items()


@pytest.mark.parametrize(("python", "accepted"), [("3.11", False), ("3.12", True), ("3.14", True)])
def test_qt_6_12_is_refused_on_python_3_11(
    project: dict[str, Any], python: str, accepted: bool
) -> None:
    pins = [Requirement(line) for line in project["project"]["dependencies"]]
    pins = [pin for pin in pins if pin.name == "PySide6-Essentials"]
    active = [pin for pin in pins if pin.marker and pin.marker.evaluate({"python_version": python})]
    assert [pin.specifier.contains("6.12.0") for pin in active] == [accepted]


def test_qt_keeps_its_references_to_none() -> None:
    """PySide6 6.12.0 on Python 3.11 drops one with every void call, and aborts in the end."""
    calls = 2_000
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(calls):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < calls // 2
