"""Built packages, and fresh environments to install them in; all of it without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCES = ("crmdesk", "resources", "installer", "pyproject.toml", "README.md", "LICENSE")
BUILD_SDIST = "from setuptools.build_meta import build_sdist; build_sdist('dist')"


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a command, which must succeed, and return what it printed."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def build_wheel(source: Path, target: Path, **variables: str) -> Path:
    """Build the wheel of a source folder or sdist with the tools that are installed here."""
    offline = ["--no-build-isolation", "--no-deps", "--no-index", "--quiet"]
    pip = [sys.executable, "-m", "pip", "wheel", *offline]
    run(*pip, "--wheel-dir", target, source, cwd=target.parent, **variables)
    (wheel,) = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def make_copy(repository: Path) -> Callable[[Path], Path]:
    """Copy what a package is built from, so that the build leaves nothing in the checkout."""

    def copy(target: Path) -> Path:
        ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
        for name in SOURCES:
            source = repository / name
            if source.is_dir():
                shutil.copytree(source, target / name, ignore=ignored)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target / name)
        return target

    return copy


@pytest.fixture(scope="session")
def build() -> Callable[..., Path]:
    """`build_wheel`, for tests that build one of their own."""
    return build_wheel


@pytest.fixture(scope="session")
def source(make_copy: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout that the wheel and the sdist are built from."""
    return make_copy(tmp_path_factory.mktemp("packages") / "source")


@pytest.fixture(scope="session")
def wheel(source: Path) -> Path:
    """The wheel of the checkout."""
    return build_wheel(source, source.with_name("wheel"))


@pytest.fixture(scope="session")
def sdist(source: Path) -> Path:
    """The source package of the checkout."""
    run(sys.executable, "-c", BUILD_SDIST, cwd=source)
    (archive,) = (source / "dist").glob("*.tar.gz")
    return archive


class FreshEnvironment:
    """A virtual environment that has the libraries of this one but not the program.

    Args:
        folder: Where it is made.
    """

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
        self.folder = folder
        self._bin = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self._bin / ("python.exe" if os.name == "nt" else "python")
        paths = {"base": str(folder), "platbase": str(folder)}
        site = Path(sysconfig.get_path("purelib", "venv", paths))
        # A path added by a .pth file is not searched for further .pth files, so an editable
        # install of the program in the running environment is not seen.
        libraries = sysconfig.get_path("purelib")
        (site / "zz-libraries.pth").write_text(libraries + "\n", encoding="utf-8")

    def install(self, *what: str | Path) -> None:
        """Install with the pip of the running environment, from this machine only."""
        offline = ["--no-index", "--no-deps", "--no-build-isolation", "--quiet"]
        pip = [sys.executable, "-m", "pip", "--python", self.python]
        # The running environment's distributions are in sight; without this pip would leave
        # an installed CRMDesk alone, or try to remove it.
        run(*pip, "install", "--ignore-installed", *offline, *what, cwd=self.folder)

    def crmdesk(self, *arguments: str) -> str:
        """Run the `crmdesk` script and return what it printed."""
        script = self._bin / ("crmdesk.exe" if os.name == "nt" else "crmdesk")
        return run(script, *arguments, cwd=self.folder)

    def evaluate(self, code: str) -> str:
        """Run Python code in the environment and return what it printed."""
        return run(self.python, "-I", "-c", code, cwd=self.folder).strip()


@pytest.fixture
def fresh_environment(tmp_path: Path) -> FreshEnvironment:
    """An environment without the program."""
    return FreshEnvironment(tmp_path / "venv")
