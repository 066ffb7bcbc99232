"""Every library the program imports is declared, and every declared one is used."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

IMPORT_NAMES = {"pyside6-essentials": "PySide6"}
"""Distribution -> module, where several distributions share a module or names differ."""


SAME_RELEASE = {"shiboken6": "pyside6-essentials"}
"""Distribution -> the declared one that brings and pins it: PySide6 and its binding."""


@pytest.fixture(scope="module")
def imported(repository: Path) -> set[str]:
    """The top-level modules that crmdesk imports, wherever in a file."""
    names = set()
    for path in (repository / "crmdesk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - {"crmdesk"} - sys.stdlib_module_names


@pytest.fixture(scope="module")
def declared(repository: Path) -> set[str]:
    """The distributions that pyproject.toml names."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}


@pytest.fixture(scope="module")
def extras(repository: Path) -> set[str]:
    """The distributions of the extras, which the program uses where they are installed."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    several = project["optional-dependencies"]
    return {
        canonicalize_name(Requirement(line).name)
        for name, lines in several.items()
        for line in lines
        if name != "test"
    }


def test_what_is_imported_is_declared(
    imported: set[str], declared: set[str], extras: set[str]
) -> None:
    made_by = packages_distributions()

    def sources(name: str) -> set[str]:
        made = {canonicalize_name(distribution) for distribution in made_by.get(name, [])}
        return {SAME_RELEASE.get(distribution, distribution) for distribution in made}

    assert {name for name in imported if not (declared | extras) & sources(name)} == set()


def test_what_is_declared_is_used(repository: Path, declared: set[str]) -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in (repository / "crmdesk").rglob("*.py")
    )
    modules = {name: IMPORT_NAMES.get(name, name.replace("-", "_")) for name in declared}
    assert {name for name, module in modules.items() if module not in text} == set()
