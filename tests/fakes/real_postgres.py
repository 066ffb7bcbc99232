"""A real PostgreSQL in a folder of its own, where Debian's is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.certificates import CertificateAuthority
from tests.fakes.real_server import LISTENING_DEADLINE_S, free_port, running

_SERVER_USER = "postgres"
_READY = b"ready to accept connections"
_STEP_S = 0.05
OWNER, PASSWORD = "owner", "pass wörd:1@/"


@dataclass(frozen=True)
class Postgres:
    """A running server.

    Attributes:
        ca_file: Signed its certificate for 127.0.0.1.
    """

    port: int
    ca_file: Path


def programs() -> Path:
    """The folder of initdb and postgres; skips the test where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        pytest.skip("needs a PostgreSQL server (Debian: postgresql), which is not installed here")
    return found[-1].parent


@contextmanager
def real_postgres() -> Iterator[Postgres]:
    """A server on the loopback with one user, over TLS and without; gone after the block."""
    binaries = programs()
    # Not in pytest's folder: that is root's alone, and PostgreSQL does not run as root.
    with (
        tempfile.TemporaryDirectory(prefix="crmdesk-postgres-") as folder,
        _serving(binaries, Path(folder)) as server,
    ):
        yield server


@contextmanager
def _serving(binaries: Path, folder: Path) -> Iterator[Postgres]:
    authority = CertificateAuthority(folder)
    server = authority.issue("postgres", "127.0.0.1")
    secret = folder / "password"
    secret.write_text(PASSWORD + "\n", "utf-8")
    data, port = folder / "data", free_port()
    data.mkdir()
    _give(folder)
    subprocess.run(
        _as_server([str(binaries / "initdb"), "-D", str(data), "-U", OWNER, f"--pwfile={secret}",
                    "--auth=scram-sha-256", "--no-sync", "-E", "UTF8", "--locale=C"]),
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    command = [
        str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1",
        "-k", "", "-c", "fsync=off", "-c", "ssl=on", "-c", f"ssl_cert_file={server.certificate}",
        "-c", f"ssl_key_file={server.key}",
    ]  # fmt: skip
    log = folder / "postgres.log"
    with running(_as_server(command), port, log):
        _wait_until_ready(log)
        yield Postgres(port, authority.ca_file)


def _wait_until_ready(log: Path) -> None:
    """It listens a moment before it takes anybody in ("the database system is starting up")."""
    end = time.monotonic() + LISTENING_DEADLINE_S
    while _READY not in log.read_bytes():
        if time.monotonic() > end:
            raise AssertionError(f"PostgreSQL is not ready:\n{log.read_text(errors='replace')}")
        time.sleep(_STEP_S)


def _give(folder: Path) -> None:
    """PostgreSQL refuses to run as root, and reads a key that is its own alone."""
    for file in folder.glob("*.key"):
        file.chmod(0o600)
    if os.geteuid():
        return
    if not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and setpriv is not installed here")
    for place in (folder, *folder.rglob("*")):
        shutil.chown(place, _SERVER_USER, _SERVER_USER)


def _as_server(command: Sequence[str]) -> list[str]:
    if os.geteuid():
        return list(command)
    drop = ["setpriv", f"--reuid={_SERVER_USER}", f"--regid={_SERVER_USER}", "--clear-groups"]
    return [*drop, *command]
