"""The virtual environment of the checkout: .venv, made once, kept in step with the lock files."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCKS = ROOT / "installer" / "lock"

_STAMP = VENV / "crmdesk-setup.json"
_FOREIGN = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "QT_PLUGIN_PATH", "VIRTUAL_ENV")
"""Variables that would bring other code into the environment."""

_PIP_WITH_OTHER_PYTHON = (22, 3)
"""First pip that can install for another interpreter (`pip --python`)."""


class SetupError(Exception):
    """The set-up cannot go on; the text says what to do."""


class Environment:
    """.venv and what is installed in it.

    Attributes:
        python: Path of its interpreter.
        program: Command that starts CRMDesk in it, isolated from the caller's own Python settings.
    """

    def __init__(self) -> None:
        folder = VENV / ("Scripts" if os.name == "nt" else "bin")
        self.python = str(folder / ("python.exe" if os.name == "nt" else "python"))
        self.program = [self.python, "-I", "-m", "crmdesk"]

    def variables(self, extra: dict[str, str] | None = None) -> dict[str, str]:
        """Return the process environment for a program of .venv; an empty value removes one."""
        wanted = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        wanted |= {"PYTHONNOUSERSITE": "1", **(extra or {})}
        return {name: value for name, value in wanted.items() if value or name not in (extra or {})}

    def prepare(self, lock: str) -> None:
        """Make .venv if needed and bring it in step with a lock; quick when nothing changed.

        Args:
            lock: "runtime", or "test", which holds all of runtime and more.

        Raises:
            SetupError: When a step fails; says what to do.
        """
        wanted = _stamp_for(lock)
        have = _read_stamp()
        if wanted.items() <= have.items() and self._works():
            return
        if have.get("place") != wanted["place"] or not self._works():
            self._make()
        self._install(lock)
        both = _stamp_for("runtime") | wanted
        _STAMP.write_text(json.dumps(both, indent=1), encoding="utf-8")

    def why_qt_fails(self) -> str:
        """Return the last line of the error of importing Qt's widgets, or an empty string."""
        result = subprocess.run(
            [self.python, "-I", "-c", "import PySide6.QtWidgets"],
            capture_output=True,
            text=True,
            check=False,
        )
        return (result.stderr.strip().splitlines() or ["unknown"])[-1] if result.returncode else ""

    def _works(self) -> bool:
        return Path(self.python).exists() and not subprocess.call([self.python, "-I", "-c", ""])

    def _make(self) -> None:
        print(f"Making {VENV} with Python {sys.version.split()[0]}", flush=True)
        make = [sys.executable, "-m", "venv", "--clear"]
        if not _has("ensurepip") and not _pip_can_serve_others():
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            if not system_packages.want({f"ensurepip:{sys.executable}": f"python{version}-venv"}):
                raise SetupError("Python cannot make virtual environments here (see above).")
        without = [] if _has("ensurepip") else ["--without-pip"]
        _step([*make, *without, str(VENV)], "making the virtual environment", self.variables())

    def _install(self, lock: str) -> None:
        path = LOCKS / f"{lock}.txt"
        print("Installing the locked packages; the first time loads about 150 MB", flush=True)
        locked = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(path)]
        _step([*self._pip(), *locked], "installing the locked packages", self.variables())
        # compat: a plain path in a .pth file; setuptools' own finder would slow every start down.
        plain_path = ["--config-settings", "editable_mode=compat"]
        editable = ["--no-deps", "--no-build-isolation", *plain_path, "--editable", str(ROOT)]
        _step([*self._pip(), *editable], "installing CRMDesk itself", self.variables())

    def _pip(self) -> list[str]:
        """Return `pip install` for .venv: its own pip, or that of the calling Python."""
        has_pip = subprocess.run(
            [self.python, "-I", "-c", "import pip"], capture_output=True, check=False
        )
        own = [self.python, "-I", "-m", "pip"]
        other = [sys.executable, "-m", "pip", "--python", self.python]
        quiet = ["install", "--quiet", "--no-input", "--disable-pip-version-check"]
        return [*(other if has_pip.returncode else own), *quiet]


def _stamp_for(lock: str) -> dict[str, str]:
    """What must be equal for the environment to be up to date."""
    return {
        "place": str(ROOT),
        "python": sys.version,
        "pyproject": _digest(ROOT / "pyproject.toml"),
        lock: _digest(LOCKS / f"{lock}.txt"),
    }


def _read_stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _pip_can_serve_others() -> bool:
    if not _has("pip"):
        return False
    import pip

    return tuple(int(part) for part in pip.__version__.split(".")[:2]) >= _PIP_WITH_OTHER_PYTHON


def _step(command: list[str], what: str, variables: dict[str, str]) -> None:
    """Run one command, quietly unless it fails."""
    result = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    if result.returncode:
        reason = (result.stderr.strip() or result.stdout.strip())[-2000:]
        raise SetupError(f"It stopped while {what}:\n\n{reason}\n\nRun it again after that.")
