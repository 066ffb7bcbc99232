"""On what was measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import PySide6
import sqlalchemy
import sqlcipher3.dbapi2 as sqlcipher


def description() -> dict[str, str]:
    """What figures depend on; nothing that names the machine or its user."""
    return {
        "Processor": f"{_field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "Memory": _memory(),
        "System": f"{_os_name()}, {platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
        "PySide6": PySide6.__version__,
        "SQLAlchemy": sqlalchemy.__version__,
        "SQLCipher": f"SQLite {sqlcipher.sqlite_version}",
    }


def _field(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, platform.processor() or "unknown")


def _memory() -> str:
    size = _field("/proc/meminfo", "MemTotal").split()
    return f"{int(size[0]) / 1e6:.0f} GB" if size and size[0].isdecimal() else "unknown"


def _os_name() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.platform())
    except OSError:
        return platform.platform()
