"""Database servers of somebody else: they ask for files and passwords, and say what they like."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from crmdesk.store.foreign.database import ForeignDatabase, ForeignError, ForeignPlace, ForeignQuery

PASSWORD = "secret-of-jane"


class Serving:
    """A server that takes one connection and does as told.

    Attributes:
        heard: All it was sent.
    """

    def __init__(self, talk: Callable[[Serving, socket.socket], None]) -> None:
        self.heard = b""
        self.port = 0
        self._talk = talk

    def hear(self, sock: socket.socket) -> bytes:
        piece = sock.recv(65536)
        self.heard += piece
        return piece

    def serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                with sock, suppress(OSError):
                    sock.settimeout(10)
                    self._talk(self, sock)


@contextmanager
def _serving(talk: Callable[[Serving, socket.socket], None]) -> Iterator[Serving]:
    serving = Serving(talk)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving.port = listener.getsockname()[1]
        thread = threading.Thread(target=serving.serve, args=(listener,))
        thread.start()
        try:
            yield serving
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _place(serving: Serving, system: str, **more: object) -> ForeignPlace:
    return ForeignPlace(system, "shop", "127.0.0.1", serving.port, "jane", PASSWORD, **more)  # type: ignore[arg-type]


# --- MySQL ----------------------------------------------------------------------------------------


def _packet(number: int, body: bytes) -> bytes:
    return struct.pack("<I", len(body))[:3] + bytes([number]) + body


_CAPABILITIES = 0x81FFF7FF & ~0x0800  # everything but TLS
_GREETING = (
    b"\x0a8.0.0\0" + struct.pack("<I", 1) + b"12345678\0"
    + struct.pack("<H", _CAPABILITIES & 0xFFFF) + b"\x2d" + struct.pack("<H", 2)
    + struct.pack("<H", _CAPABILITIES >> 16) + b"\x15" + bytes(10) + b"123456789012\0"
    + b"mysql_native_password\0"
)  # fmt: skip
_OK = b"\0\0\0\x02\0\0\0"


@pytest.fixture
def _pymysql() -> None:
    pytest.importorskip("pymysql", reason="needs the extra crmdesk[mysql]")


@pytest.mark.usefixtures("_pymysql")
@pytest.mark.parametrize("plugin", [b"mysql_clear_password", b"dialog"])
def test_mysql_server_that_asks_for_the_password_gets_none(plugin: bytes) -> None:
    def talk(serving: Serving, sock: socket.socket) -> None:
        sock.sendall(_packet(0, _GREETING))
        serving.hear(sock)
        sock.sendall(_packet(2, b"\xfe" + plugin + b"\0" + b"\x02Password:\0"))
        while serving.hear(sock):
            pass

    with _serving(talk) as serving, pytest.raises(ForeignError, match="password in clear"):
        ForeignDatabase(_place(serving, "mysql"))
    assert PASSWORD.encode() not in serving.heard


@pytest.mark.usefixtures("_pymysql")
def test_mysql_server_that_has_suddenly_no_tls_is_not_logged_in_to(tmp_path: Path) -> None:
    from tests.fakes.certificates import CertificateAuthority

    authority = CertificateAuthority(tmp_path)

    def talk(serving: Serving, sock: socket.socket) -> None:
        sock.sendall(_packet(0, _GREETING))
        while serving.hear(sock):
            pass

    with _serving(talk) as serving, pytest.raises(ForeignError, match=r"SSL|TLS"):
        ForeignDatabase(_place(serving, "mysql", ca_file=str(authority.ca_file)))
    assert b"jane" not in serving.heard


@pytest.mark.usefixtures("_pymysql")
def test_mysql_server_that_asks_for_a_file_of_ours_gets_none(tmp_path: Path) -> None:
    file = tmp_path / "id_rsa"
    file.write_text("the key of the house")

    def talk(serving: Serving, sock: socket.socket) -> None:
        sock.sendall(_packet(0, _GREETING))
        serving.hear(sock)
        sock.sendall(_packet(2, _OK))
        while serving.hear(sock):
            sock.sendall(_packet(1, b"\xfb" + str(file).encode()))

    with (
        _serving(talk) as serving,
        pytest.raises(ForeignError, match="what its driver cannot read"),
    ):
        ForeignDatabase(_place(serving, "mysql"))
    assert b"the key of the house" not in serving.heard


@pytest.mark.usefixtures("_pymysql")
def test_words_of_a_server_are_harmless_where_they_are_shown() -> None:
    said = b"\x1b]0;owned\x07\x1b[2J\xe2\x80\xae" + b"x" * 5000

    def talk(serving: Serving, sock: socket.socket) -> None:
        sock.sendall(_packet(0, b"\xff\x15\x04#28000" + said))
        serving.hear(sock)

    with _serving(talk) as serving, pytest.raises(ForeignError, match="owned") as caught:
        ForeignDatabase(_place(serving, "mysql"))
    assert caught.value.what.isprintable()
    assert len(caught.value.what) < 300


@pytest.mark.usefixtures("_pymysql")
@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-x\r\n", b"\xff" * 40, _packet(0, b"\x0a")])
def test_what_is_no_mysql_server(greeting: bytes) -> None:
    def talk(_serving: Serving, sock: socket.socket) -> None:
        sock.sendall(greeting)

    with _serving(talk) as serving, pytest.raises(ForeignError, match=r"127\.0\.0\.1"):
        ForeignDatabase(_place(serving, "mysql"))


# --- PostgreSQL -----------------------------------------------------------------------------------


def test_postgresql_server_that_asks_for_the_password_gets_none() -> None:
    """Whoever takes the port of a server that is down only had to ask."""
    pytest.importorskip("psycopg", reason="needs the extra crmdesk[postgresql]")

    def talk(serving: Serving, sock: socket.socket) -> None:
        if serving.hear(sock)[4:8] == struct.pack(">I", 80877103):  # SSLRequest
            sock.sendall(b"N")
            serving.hear(sock)
        sock.sendall(b"R" + struct.pack(">II", 8, 3))  # AuthenticationCleartextPassword
        while serving.hear(sock):
            pass

    with _serving(talk) as serving, pytest.raises(ForeignError, match="auth"):
        ForeignDatabase(_place(serving, "postgresql"))
    assert PASSWORD.encode() not in serving.heard


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "127.evil.example", "127.0.0.1.evil.example", "localhost.example"]
)
@pytest.mark.parametrize("system", ["mssql", "oracle", "mysql+mysqldb", "postgresql+pg8000"])
def test_driver_that_checks_no_server_asks_none_on_a_network(host: str, system: str) -> None:
    place = ForeignPlace(system, "shop", host, 1, "jane", PASSWORD)
    with pytest.raises(ForeignError, match=r"cannot check|is not installed"):
        ForeignDatabase(place)


def test_name_that_only_looks_like_this_machine_is_on_a_network() -> None:
    for host in ("127.evil.example", "127.0.0.1.evil.example"):
        assert not ForeignPlace("postgresql", "x", host).is_here
    for host in ("", "localhost", "127.0.0.1", "::1", "[::1]", "127.8.8.8", "/run/postgresql"):
        assert ForeignPlace("postgresql", "x", host).is_here


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1,evil.example",
        "jane:pw@db.example",
        "db.example/shop",
        "db.example?sslmode=disable",
        "db.example;Encrypt=no",
        "db.example sslmode=disable",
        "@abstract",
    ],
)
def test_hosts_that_are_more_than_one(host: str) -> None:
    for system in ("postgresql", "mysql", "mssql"):
        with pytest.raises(ForeignError, match="is no host") as caught:
            ForeignDatabase(ForeignPlace(system, "shop", host, None, "jane", PASSWORD))
        assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "system",
    [
        "postgresql://jane:secret-of-jane@db.example/shop",
        "postgresql+asyncpg",
        "mysql+aiomysql",
        "os:system",
        "x y",
        "",
    ],
)
def test_systems_that_are_none(system: str) -> None:
    with pytest.raises(ForeignError, match=r"no database system|is not installed") as caught:
        ForeignDatabase(ForeignPlace(system, "shop", "127.0.0.1", None, "jane", PASSWORD))
    assert "secret-of-jane" not in str(caught.value)


def test_driver_with_arguments_of_its_own_is_told_in_words() -> None:
    """A URL's options could load a library; a profile has no place for them."""
    place = ForeignPlace("sqlite", "/etc/passwd?mode=rw&vfs=evil", "", None)
    with pytest.raises(ForeignError, match="does not exist"):
        list(ForeignDatabase(place).rows(ForeignQuery(query="SELECT 1")))
