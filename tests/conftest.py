"""Strict by default, for every test of every room.

A test fails on an unexpected warning (pyproject), a log record of level WARNING or above, a thread
it left behind, or any attempt to reach another machine. It never sees the developer's own settings,
store or keyring.
"""

from __future__ import annotations

import errno
import ipaddress
import itertools
import logging
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LEAKED_THREAD_GRACE_S = 5.0
"""How long a thread that was told to stop may need; only threads that hang on reach it."""

_UNREACHABLE = tuple(
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
"""Documentation networks (RFC 5737, RFC 3849): here they answer "no route", on every machine."""


def pytest_configure(config: pytest.Config) -> None:
    """Set what must stand before any module of the program or Qt is imported."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # No session bus means no Secret Service: the keyring of the person at this machine is out of
    # reach. A test that wants one starts a private bus and passes its address on.
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/no-session-bus"
    for name in ("PYTHON_KEYRING_BACKEND", "CRMDESK_HOME", "QT_PLUGIN_PATH"):
        os.environ.pop(name, None)
    sys.addaudithook(_guard_network)


# --- no word leaves this machine ------------------------------------------------------------------

_calls_home: list[str] = []


def _guard_network(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: sees every Python socket of every thread, however it was made."""
    if event in ("socket.connect", "socket.sendto"):
        sock, address = arguments[0], arguments[1]
        if isinstance(sock, socket.socket) and sock.family != getattr(socket, "AF_UNIX", None):
            _refuse_unless_loopback(address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _refuse_unless_loopback((arguments[0],))


def _refuse_unless_loopback(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return
    name = str(host)
    if name.endswith(".invalid"):  # RFC 6761: no such name, ever
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    try:
        ip = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        ip = None
    if ip is not None and (ip.is_loopback or ip.is_unspecified):
        return
    if ip is not None and any(ip in network for network in _UNREACHABLE):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")
    _calls_home.append(name)
    raise PermissionError(errno.EACCES, f"tests may not reach {name}")


@pytest.fixture(autouse=True)
def _nobody_phones_home() -> Iterator[None]:
    _calls_home.clear()
    yield
    assert not _calls_home, f"tried to reach other machines: {_calls_home}"


# --- threads --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    left = [thread for thread in left if not isinstance(thread, threading._DummyThread)]
    for thread in left:
        thread.join(LEAKED_THREAD_GRACE_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"


# --- log records ----------------------------------------------------------------------------------


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class ExpectedLogs:
    """The log records of level WARNING and above that a test says will come."""

    def __init__(self) -> None:
        self._patterns: dict[str, int] = {}

    def __call__(self, pattern: str) -> None:
        """Expect one or more records whose text matches the regular expression."""
        self._patterns[pattern] = 0

    def allows(self, record: logging.LogRecord) -> bool:
        """Tell whether the record was announced, and remember that it came."""
        found = [pattern for pattern in self._patterns if re.search(pattern, record.getMessage())]
        for pattern in found:
            self._patterns[pattern] += 1
        return bool(found)

    def never_came(self) -> list[str]:
        """Return the patterns no record matched."""
        return [pattern for pattern, times in self._patterns.items() if not times]


@pytest.fixture
def expect_log() -> ExpectedLogs:
    """Announce a warning: `expect_log("wrong password")`; it must come, and others may not."""
    return ExpectedLogs()


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    expected = (
        request.getfixturevalue("expect_log") if "expect_log" in request.fixturenames else None
    )
    handler = _Records()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if "caplog" in request.fixturenames:  # the test reads the records itself
        return
    surprises = [r for r in handler.records if expected is None or not expected.allows(r)]
    assert not surprises, "unexpected log records:\n" + "\n".join(map(_one_line, surprises))
    if expected is not None:
        assert not expected.never_came(), f"announced but not logged: {expected.never_came()}"


def _one_line(record: logging.LogRecord) -> str:
    error = f" ({record.exc_info[1]!r})" if record.exc_info else ""
    return f"{record.levelname} {record.name}: {record.getMessage()}{error}"


# --- a home of its own ----------------------------------------------------------------------------

_homes = itertools.count()


@pytest.fixture(scope="session")
def _homes_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def crmdesk_home(_homes_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of settings, store, keys and socket for this test; made by who needs it."""
    home = _homes_root / str(next(_homes))
    monkeypatch.setenv("CRMDESK_HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    return home


# --- what is there --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture
def needs_program() -> Callable[[str], str]:
    """Return the path of a program of the system, or skip the test in plain words."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"needs the program {name}, which is not installed here")
        return path

    return find
