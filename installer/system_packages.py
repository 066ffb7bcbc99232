"""What CRMDesk needs from the system beyond Python, on Linux: which parts are missing, and apt.

Windows and macOS bring all of it. The lists were found in a minimal Debian 12.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""Shared library -> Debian package, for Qt with its X11 and Wayland windows."""

VIRTUAL_DISPLAY = {"Xvfb": "xvfb"}
"""Program -> Debian package, to show windows where there is no screen."""

TEST_PROGRAMS = VIRTUAL_DISPLAY | {
    "xdotool": "xdotool",
    "openbox": "openbox",
    "xprop": "x11-utils",
    "dbus-daemon": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
}
"""Program -> Debian package, for tests with real windows and a real keyring; else they skip."""

TEST_SERVERS = {
    "/usr/sbin/slapd": "slapd",
    "/usr/lib/postgresql/*/bin/postgres": "postgresql",
    "/usr/sbin/mariadbd": "mariadb-server-core",
}
"""File -> Debian package, for tests with real servers; else they skip."""

_SYSTEMD = Path("/run/systemd/system")
"""Is there where systemd runs the machine, as sd_booted(3) says."""

_APT = ["apt-get", "-o", "DPkg::Lock::Timeout=120"]


def want(needs: dict[str, str]) -> bool:
    """Install what is missing, or print the command that does.

    Args:
        needs: What must be there -> the Debian package that brings it. A shared library by its
            file name, a program by its name or its path with wildcards, or "ensurepip:PYTHON".

    Returns:
        Whether everything is there now.
    """
    if not sys.platform.startswith("linux"):
        return True
    missing = {need: package for need, package in needs.items() if not _is_there(need)}
    if not missing:
        return True
    if not shutil.which("apt-get"):
        print(f"Missing on this system: {', '.join(missing)}. Install them with its own tools.")
        return False
    install = ["install", "--yes", "--no-install-recommends", *sorted(set(missing.values()))]
    root = _as_root()
    if root is None:
        print("Missing on this system. As an administrator, run:\n")
        print(f"    sudo apt-get {' '.join(install)}\n", flush=True)
        return False
    print(f"Installing from the system: {' '.join(sorted(set(missing.values())))}", flush=True)
    return _apt(root, install) and all(_is_there(need) for need in missing)


def want_servers(needs: dict[str, str]) -> bool:
    """Install servers where that starts no service for good: in containers and the like.

    Debian starts a server when it is installed and at every boot. The tests start their own, so
    somebody's desktop is left as it is.

    Args:
        needs: As for `want`.

    Returns:
        Whether everything is there now.
    """
    missing = sorted({package for need, package in needs.items() if not _is_there(need)})
    if missing and _SYSTEMD.exists():
        print(f"Tests with {' and '.join(missing)} skip: installed, they would run as services.")
        return False
    return want(needs)


def _apt(root: list[str], install: list[str]) -> bool:
    """Run apt-get quietly; package lists are refreshed only when it fails with those at hand."""
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    last = subprocess.CompletedProcess[str]([], 1, "", "")
    for arguments in (install, ["update"], install):
        last = subprocess.run(
            [*root, *_APT, *arguments], env=variables, capture_output=True, text=True, check=False
        )
        if last.returncode == 0 and arguments is install:
            return True
    print(last.stderr.strip())
    print(f"That did not work. The command was:\n\n    apt-get {' '.join(install)}\n", flush=True)
    return False


def _as_root() -> list[str] | None:
    """Return what to put before a command to run it as root without a question, or None."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _is_there(need: str) -> bool:
    if need.startswith("/"):
        return any(Path("/").glob(need[1:]))
    kind, _, python = need.partition(":")
    if python:
        return subprocess.call([python, "-c", f"import {kind}"], stderr=subprocess.DEVNULL) == 0
    if ".so" not in need:
        return shutil.which(need) is not None
    try:
        ctypes.CDLL(need)
    except OSError:
        return False
    return True
