"""A package that was changed on the way is not installed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

NAME = "honest_package-1.0-py3-none-any.whl"


@pytest.fixture
def wheel_and_lock(tmp_path: Path) -> tuple[Path, Path]:
    """A small wheel, and a lock file that holds its hash."""
    wheel = tmp_path / NAME
    info = "honest_package-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("honest_package.py", "answer = 42\n")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: honest-package\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    lock = tmp_path / "lock.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(f"honest-package==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    return wheel, lock


def _install(lock: Path) -> subprocess.CompletedProcess[str]:
    """Install as installer/environment.py does, from this folder only."""
    locked = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(lock)]
    here = ["--no-index", "--find-links", str(lock.parent), "--target", str(lock.parent / "site")]
    return subprocess.run(
        [sys.executable, "-m", "pip", "install", *locked, *here],
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_locked_is_installed(wheel_and_lock: tuple[Path, Path]) -> None:
    _, lock = wheel_and_lock
    assert _install(lock).returncode == 0
    assert (lock.parent / "site" / "honest_package.py").exists()


def test_one_changed_byte_is_refused(wheel_and_lock: tuple[Path, Path]) -> None:
    wheel, lock = wheel_and_lock
    content = bytearray(wheel.read_bytes())
    content[content.index(b"42")] = ord("6")
    wheel.write_bytes(content)
    result = _install(lock)
    assert result.returncode != 0
    assert "DO NOT MATCH THE HASHES" in result.stderr
    assert not (lock.parent / "site").exists()
