"""Write the lock files: `python3 installer/lock.py`.

installer/lock/runtime.txt holds what the program needs, test.txt that and what the tests need. Both
are good for every supported system and Python: one version per environment marker, and the sha256
of every wheel of that version. They hold no address, so they work with any package index.

The resolver is uv, because it resolves for all platforms at once and pip does not; it is installed
into a temporary folder and asks the index that pip is configured for.

New releases wait seven days before they get into a lock: most hijacked packages are found and
withdrawn sooner.
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "installer" / "lock"
QUARANTINE = datetime.timedelta(days=7)
OLDEST_PYTHON = "3.11"

HEADER = """\
# Written by installer/lock.py; do not edit.
# Releases up to {until:%Y-%m-%d}, for CPython {oldest} and later on Linux, Windows and macOS.
"""


def main() -> int:
    """Resolve both sets and write both files."""
    parser = argparse.ArgumentParser(description="Write installer/lock/*.txt.")
    parser.add_argument(
        "--until",
        type=datetime.date.fromisoformat,
        default=datetime.datetime.now(datetime.UTC).date() - QUARANTINE,
        help="newest day of release that is taken (default: a week ago)",
    )
    until: datetime.date = parser.parse_args().until
    with tempfile.TemporaryDirectory() as folder:
        resolve = Resolver(Path(folder), until)
        runtime = resolve("runtime", runtime_requirements())
        resolve("test", runtime_requirements() + test_requirements(), same_as=runtime)
    return 0


def runtime_requirements() -> list[str]:
    """Return the program's dependencies and the build backend an editable install needs."""
    project = _pyproject()
    return [*project["project"]["dependencies"], *project["build-system"]["requires"]]


def test_requirements() -> list[str]:
    """Return the `test` extra."""
    extra: list[str] = _pyproject()["project"]["optional-dependencies"]["test"]
    return extra


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


class Resolver:
    """uv in a folder of its own.

    Args:
        folder: An empty folder; the caller removes it.
        until: Newest day of release that is taken.
    """

    def __init__(self, folder: Path, until: datetime.date) -> None:
        self._folder = folder
        self._until = until
        venv.create(folder / "venv", with_pip=True)
        self._bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        self._pip = [str(self._bin / "python"), "-m", "pip"]
        subprocess.run([*self._pip, "install", "--quiet", "uv"], check=True)

    def __call__(self, name: str, requirements: list[str], same_as: Path | None = None) -> Path:
        """Write `installer/lock/<name>.txt` and return its path.

        Args:
            name: Stem of the file.
            requirements: What to resolve, as in pyproject.toml.
            same_as: A lock whose versions must be kept.
        """
        wanted = self._folder / f"{name}.in"
        wanted.write_text("\n".join(requirements), encoding="utf-8")
        answer = subprocess.run(
            [
                *(str(self._bin / "uv"), "pip", "compile", str(wanted), "--universal"),
                *("--python-version", OLDEST_PYTHON, "--python", sys.executable),
                *("--fork-strategy", "requires-python", "--only-binary", ":all:"),
                *("--generate-hashes", "--no-header", "--no-annotate", "--quiet"),
                *("--exclude-newer", f"{self._until}T00:00:00Z"),
                *(("--constraint", str(same_as)) if same_as else ()),
            ],
            env=self._index_environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        lock = LOCK / f"{name}.txt"
        header = HEADER.format(until=self._until, oldest=OLDEST_PYTHON)
        lock.write_text(header + answer.stdout, encoding="utf-8")
        return lock

    def _index_environment(self) -> dict[str, str]:
        """Tell uv, in its own variable, the index pip is configured for."""
        environment = dict(os.environ)
        index = subprocess.run(
            [*self._pip, "config", "get", "global.index-url"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        index = environment.get("PIP_INDEX_URL", index)
        if index:
            environment.setdefault("UV_DEFAULT_INDEX", index)
        return environment


if __name__ == "__main__":
    sys.exit(main())
