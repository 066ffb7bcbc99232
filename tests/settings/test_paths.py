"""One folder moves everything; resources are found in checkout, wheel and frozen program."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crmdesk.settings import paths
from crmdesk.settings.runtime_place import make_private_folder


@pytest.fixture
def portable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / "desk"))
    return tmp_path / "desk"


def test_home_moves_everything(portable: Path) -> None:
    places = [
        paths.settings_file(),
        paths.state_file(),
        paths.store_file(),
        paths.keys_file(),
        paths.log_folder(),
        paths.runtime_folder(),
        paths.socket_path(),
    ]
    assert all(place.is_relative_to(portable) for place in places)
    assert len(set(places)) == len(places)
    assert not portable.exists()


def test_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRMDESK_HOME", "desk")
    assert paths.home() == tmp_path / "desk"
    assert paths.runtime_folder() == tmp_path / "desk" / "run"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders")
def test_system_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRMDESK_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert paths.store_file() == tmp_path / ".local/share/crmdesk/crmdesk.db"
    assert paths.settings_file() == tmp_path / ".config/crmdesk/settings.toml"
    assert paths.runtime_folder() == tmp_path / ".local/share/crmdesk/run"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run-1000"))
    assert paths.socket_path() == tmp_path / "run-1000/crmdesk/desk.sock"


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_every_folder_that_is_made_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "run"
    make_private_folder(folder)
    make_private_folder(folder)
    for made in (folder, folder.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_private_folder(tmp_path / "file")


def test_resources_of_the_checkout() -> None:
    assert (paths.resources() / "help").is_dir()


def _package(folder: Path) -> Path:
    """A copy of the room in another place, as an installation has it."""
    package = folder / "crmdesk" / "settings"
    package.mkdir(parents=True)
    for name in ("paths.py", "runtime_place.py", "__init__.py"):
        (package / name).write_bytes((Path(paths.__file__).parent / name).read_bytes())
    (folder / "crmdesk" / "__init__.py").write_text("")
    return folder


def _resources_seen_from(folder: Path, before: str = "pass") -> subprocess.CompletedProcess[str]:
    code = f"import sys; {before}; from crmdesk.settings import paths; print(paths.resources())"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )


def test_resources_of_a_wheel(tmp_path: Path) -> None:
    _package(tmp_path)
    (tmp_path / "resources").mkdir()
    (tmp_path / "crmdesk" / "_resources").mkdir()
    found = _resources_seen_from(tmp_path).stdout.strip()
    assert Path(found) == tmp_path / "crmdesk" / "_resources"


def test_resources_of_a_frozen_program(tmp_path: Path) -> None:
    _package(tmp_path)
    frozen = tmp_path / "bundle"
    (frozen / "resources").mkdir(parents=True)
    found = _resources_seen_from(tmp_path, f"sys._MEIPASS = {str(frozen)!r}").stdout.strip()
    assert Path(found) == frozen / "resources"


def test_missing_resources_are_told(tmp_path: Path) -> None:
    result = _resources_seen_from(_package(tmp_path))
    assert "Install again" in result.stderr
