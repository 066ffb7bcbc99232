"""installer/dev.py: what it installs from the system, its display, and its words when it cannot."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

WANT = """
import os, sys
sys.path.insert(0, {installer!r})
os.geteuid = lambda: {user}
import system_packages
there = system_packages.want({{"crmdesk-test-tool": "crmdesk-test-package"}})
print("there" if there else "missing")
"""
WANT_SERVER = """
import os, pathlib, sys
sys.path.insert(0, {installer!r})
os.geteuid = lambda: {user}
import system_packages
system_packages._SYSTEMD = pathlib.Path({systemd!r})
server = {folder!r} + "/crmdesk-test-*l"
there = system_packages.want_servers({{server: "crmdesk-test-package"}})
print("there" if there else "missing")
"""
INSTALL = "install --yes --no-install-recommends crmdesk-test-package"

FAKE_APT = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
    *update) touch "{folder}/updated" ;;
    *install*)
        if [ -e "{folder}/needs-update" ] && [ ! -e "{folder}/updated" ]; then exit 100; fi
        printf '#!/bin/sh\\n' > "{folder}/crmdesk-test-tool"
        chmod +x "{folder}/crmdesk-test-tool" ;;
esac
"""

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="system packages and Xvfb are for Linux"
)


class FakeSystem:
    """A PATH that holds an apt-get which notes what it was asked, and little else."""

    def __init__(self, folder: Path, installer: Path) -> None:
        self.folder = folder
        self._log = folder / "apt.log"
        self._installer = installer
        apt = folder / "apt-get"
        apt.write_text(FAKE_APT.format(log=self._log, folder=folder), encoding="utf-8")
        apt.chmod(0o755)
        for name in ("sh", "touch", "chmod"):
            (folder / name).symlink_to(f"/bin/{name}")

    def want(self, user: int) -> str:
        """Ask for a program that is not there, as this user; return what was printed."""
        return self._run(WANT.format(installer=str(self._installer), user=user))

    def want_server(self, systemd: Path) -> str:
        """Ask for a server that is not there, as root; systemd runs where that folder is."""
        names = {"installer": str(self._installer), "user": 0, "folder": str(self.folder)}
        return self._run(WANT_SERVER.format(systemd=str(systemd), **names))

    def _run(self, code: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def asked(self) -> list[str]:
        """Return the command lines apt-get got, without its options."""
        if not self._log.exists():
            return []
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [line.replace("-o DPkg::Lock::Timeout=120 ", "") for line in lines]


@pytest.fixture
def system(tmp_path: Path, repository: Path) -> FakeSystem:
    """A system that lacks a package."""
    return FakeSystem(tmp_path, repository / "installer")


def test_root_installs_what_is_missing_once(system: FakeSystem) -> None:
    assert system.want(user=0).endswith("there\n")
    assert system.want(user=0) == "there\n"
    assert system.asked() == [INSTALL]


def test_old_package_lists_are_refreshed(system: FakeSystem) -> None:
    (system.folder / "needs-update").touch()
    assert system.want(user=0).endswith("there\n")
    assert system.asked() == [INSTALL, "update", INSTALL]


def test_others_are_told_the_exact_command(system: FakeSystem) -> None:
    said = system.want(user=1000)
    assert f"\n    sudo apt-get {INSTALL}\n" in said
    assert said.endswith("missing\n")
    assert system.asked() == []


def test_sudo_without_a_question_is_used(system: FakeSystem) -> None:
    sudo = system.folder / "sudo"
    sudo.write_text('#!/bin/sh\nshift\nexec "$@"\n', encoding="utf-8")
    sudo.chmod(0o755)
    (system.folder / "env").symlink_to("/usr/bin/env")
    (system.folder / "true").symlink_to("/bin/true")
    assert system.want(user=1000).endswith("there\n")
    assert system.asked() == [INSTALL]


def test_server_is_installed_where_it_starts_no_service(system: FakeSystem) -> None:
    nowhere = system.folder / "no-systemd"
    assert system.want_server(nowhere).endswith("there\n")
    assert system.want_server(nowhere) == "there\n"
    assert system.asked() == [INSTALL]


def test_server_is_not_installed_where_it_would_stay(system: FakeSystem) -> None:
    said = system.want_server(systemd=system.folder)
    assert "Tests with crmdesk-test-package skip" in said
    assert said.endswith("missing\n")
    assert system.asked() == []


def test_private_display_answers_and_ends(
    repository: Path, needs_program: Callable[[str], str]
) -> None:
    needs_program("Xvfb")
    code = (
        "import display, subprocess\n"
        "with display.private() as name:\n"
        "    assert display._x11_answers(name), name\n"
        "assert not display._x11_answers(name), name\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=repository / "installer", check=True)


def test_old_pythons_can_read_the_script(repository: Path) -> None:
    source = (repository / "installer" / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))


def test_old_python_is_told_in_plain_words(repository: Path) -> None:
    code = (
        "import runpy, shutil, sys\n"
        "sys.version_info, sys.version = (3, 9, 2), '3.9.2 (main)'\n"
        "shutil.which = lambda name: None\n"
        "runpy.run_path('installer/dev.py', run_name='__main__')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "CRMDesk needs Python 3.11 to 3.14; this is 3.9.2" in result.stderr
    assert "Traceback" not in result.stderr
