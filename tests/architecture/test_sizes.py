"""Files and functions stay small enough to be read at one go."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
NINE_OF_TEN_FUNCTIONS = 30
MEDIAN_FUNCTION = 9
DRAWERS = {"utils", "util", "misc", "helpers", "helper", "common", "manager", "managers"}
"""Module names that say nothing about what is inside."""


def _modules(repository: Path) -> list[Path]:
    modules = sorted((repository / "crmdesk").rglob("*.py"))
    assert modules
    return modules


def _functions(path: Path) -> dict[str, int]:
    """Return each function's lines without its docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    sizes = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            said = len(docstring.splitlines()) if docstring else 0
            sizes[f"{path.name}:{node.lineno} {node.name}"] = lines - said
    return sizes


@pytest.fixture(scope="module")
def functions(repository: Path) -> dict[str, int]:
    """Every function of the program -> its lines."""
    return {k: v for path in _modules(repository) for k, v in _functions(path).items()}


def test_no_file_is_too_long(repository: Path) -> None:
    lengths = {
        path.relative_to(repository).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in _modules(repository)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_too_long(functions: dict[str, int]) -> None:
    assert {name: n for name, n in functions.items() if n > LONGEST_FUNCTION} == {}


def test_most_functions_are_short(functions: dict[str, int]) -> None:
    sizes = sorted(functions.values())
    assert statistics.median(sizes) <= MEDIAN_FUNCTION
    assert sizes[int(len(sizes) * 0.9)] <= NINE_OF_TEN_FUNCTIONS


def test_no_drawer_modules(repository: Path) -> None:
    assert [path for path in _modules(repository) if path.stem in DRAWERS] == []
