"""However CRMDesk is installed, `crmdesk` starts and finds its resources."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

import crmdesk

if TYPE_CHECKING:

    class FreshEnvironment(Protocol):
        def install(self, *what: str | Path) -> None: ...
        def crmdesk(self, *arguments: str) -> str: ...
        def evaluate(self, code: str) -> str: ...


WHERE_IS_THE_PROGRAM = "import crmdesk; print(crmdesk.__file__)"
WHERE_ARE_RESOURCES = "from crmdesk.settings import paths; print(paths.resources())"
OLD_ZIP = "315532800"
"""1 January 1980 as SOURCE_DATE_EPOCH, the first day a zip file can name."""


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _check(fresh: FreshEnvironment, source: Path, inside: Path) -> None:
    """Check that the program runs, and from where, and that no resource is missing."""
    program = Path(fresh.evaluate(WHERE_IS_THE_PROGRAM))
    assert program.is_relative_to(inside)
    assert crmdesk.__version__ in fresh.crmdesk("--version")
    resources = Path(fresh.evaluate(WHERE_ARE_RESOURCES))
    assert resources.is_relative_to(program.parents[1])
    assert _files(source / "resources") <= _files(resources)


def test_wheel(fresh_environment: FreshEnvironment, wheel: Path, source: Path) -> None:
    fresh_environment.install(wheel)
    _check(fresh_environment, source, inside=_home(fresh_environment))


def test_sdist(fresh_environment: FreshEnvironment, sdist: Path, source: Path) -> None:
    fresh_environment.install(sdist)
    _check(fresh_environment, source, inside=_home(fresh_environment))


def test_folder(
    fresh_environment: FreshEnvironment, make_copy: Callable[[Path], Path], tmp_path: Path
) -> None:
    source = make_copy(tmp_path / "source")
    fresh_environment.install(source)
    _check(fresh_environment, source, inside=_home(fresh_environment))


def test_editable(
    fresh_environment: FreshEnvironment, make_copy: Callable[[Path], Path], tmp_path: Path
) -> None:
    source = make_copy(tmp_path / "source")
    fresh_environment.install("--editable", source)
    _check(fresh_environment, source, inside=source)
    assert fresh_environment.evaluate(WHERE_ARE_RESOURCES) == str(source / "resources")


def _home(fresh: FreshEnvironment) -> Path:
    return Path(fresh.evaluate("import sys; print(sys.prefix)"))


def test_wheel_holds_every_file(wheel: Path, source: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    program = {f"crmdesk/{name}" for name in _files(source / "crmdesk")}
    resources = {f"crmdesk/_resources/{name}" for name in _files(source / "resources")}
    assert program | resources <= packed
    outside = {name for name in packed if not name.startswith("crmdesk")}
    assert outside == set()


def test_sdist_holds_what_the_wheel_is_built_from(sdist: Path, source: Path) -> None:
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("crmdesk", "resources"):
        assert {f"{folder}/{name}" for name in _files(source / folder)} <= packed


def test_two_builds_are_the_same_bytes(
    make_copy: Callable[[Path], Path], build: Callable[..., Path], tmp_path: Path
) -> None:
    wheels = []
    for name in ("one", "two"):
        source = make_copy(tmp_path / name / "source")
        wheels.append(build(source, tmp_path / name / "dist", SOURCE_DATE_EPOCH=OLD_ZIP))
    assert wheels[0].read_bytes() == wheels[1].read_bytes()


@pytest.mark.parametrize("command", ["crmdesk", "crmdesk-gui"])
def test_entry_point_is_declared(wheel: Path, command: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
        assert f"{command} = crmdesk.cli:main" in archive.read(entry_points).decode()
