"""A real MariaDB in a folder of its own, where Debian's is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.certificates import CertificateAuthority
from tests.fakes.real_server import LISTENING_DEADLINE_S, free_port, running

READER, PASSWORD = "reader", "pass wörd:1@/"
_READY = b"ready for connections"
_STEP_S = 0.05
_FIRST = f"""
FLUSH PRIVILEGES;
CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE USER 'shop'@'%' IDENTIFIED BY 'shop';
GRANT ALL ON *.* TO 'shop'@'%' WITH GRANT OPTION;
CREATE USER '{READER}'@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON *.* TO '{READER}'@'%';
"""
"""The reader may do everything: nothing but the program itself keeps it from writing."""


@dataclass(frozen=True)
class MariaDb:
    """A running server.

    Attributes:
        ca_file: Signed its certificate for 127.0.0.1.
        folder: That the server may write to.
    """

    port: int
    ca_file: Path
    folder: Path

    def run(self, *statements: str) -> Any:
        """Runs statements as the shop does, and gives the rows of the last one."""
        import pymysql

        connection = pymysql.connect(
            host="127.0.0.1", port=self.port, user="shop", password="shop", database="shop"
        )
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                rows = cursor.fetchall()
            connection.commit()
            return rows
        finally:
            connection.close()


def program() -> str:
    """The path of the server; skips the test where there is none."""
    found = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("needs a MariaDB server (Debian: mariadb-server-core), not installed here")
    return found


@contextmanager
def real_mariadb() -> Iterator[MariaDb]:
    """A server on the loopback, over TLS and without; gone after the block."""
    server = program()
    with tempfile.TemporaryDirectory(prefix="crmdesk-mariadb-") as name:
        folder = Path(name)
        authority = CertificateAuthority(folder)
        made = authority.issue("mariadb", "127.0.0.1")
        data, first, port = folder / "data", folder / "first.sql", free_port()
        (data / "mysql").mkdir(parents=True)
        first.write_text("SET NAMES utf8mb4;\nUSE mysql;\n" + _system_tables() + _FIRST, "utf-8")
        common = [
            server, "--no-defaults", f"--datadir={data}", "--character-set-server=utf8mb4",
            *_as_somebody(),
        ]  # fmt: skip
        with first.open("rb") as script:
            subprocess.run(
                [*common, "--bootstrap", "--innodb-flush-method=nosync"],
                stdin=script, check=True, capture_output=True,
            )  # fmt: skip
        log = folder / "mariadb.log"
        command = [
            *common, "--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder}/socket",
            f"--ssl-cert={made.certificate}", f"--ssl-key={made.key}", "--skip-log-bin",
            "--innodb-flush-method=nosync", f"--pid-file={folder}/pid", "--skip-name-resolve",
        ]  # fmt: skip
        with running(command, port, log):
            _wait_until_ready(log)
            yield MariaDb(port, authority.ca_file, folder)


def _system_tables() -> str:
    share = Path("/usr/share/mysql")
    names = ("mysql_system_tables.sql", "mysql_performance_tables.sql",
             "mysql_system_tables_data.sql")  # fmt: skip
    if not all((share / name).is_file() for name in names):
        pytest.skip("needs the system tables of MariaDB (Debian: mariadb-server-core)")
    return "".join((share / name).read_text("utf-8") for name in names)


def _as_somebody() -> list[str]:
    return [] if os.geteuid() else ["--user=root"]


def _wait_until_ready(log: Path) -> None:
    end = time.monotonic() + LISTENING_DEADLINE_S
    while _READY not in log.read_bytes():
        if time.monotonic() > end:
            raise AssertionError(f"MariaDB is not ready:\n{log.read_text(errors='replace')}")
        time.sleep(_STEP_S)
