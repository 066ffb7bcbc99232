"""The strict rules of tests/conftest.py do fail a test that breaks them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

BREAKERS = {
    "warning": "import warnings; warnings.warn('careless', stacklevel=1)",
    "log record": "import logging; logging.getLogger('crmdesk.x').warning('lost it')",
    "announced log that never comes": "expect_log('never said')",
    "thread": "import threading; threading.Thread(target=forever.wait, daemon=True).start()",
    "thread that raises": (
        "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()"
    ),
    "name look-up": "import socket; socket.getaddrinfo('phone-home.example', 443)",
    "connection": "import socket; s = socket.socket(); s.settimeout(1); s.connect(('8.8.8.8', 53))",
    "swallowed connection": (
        "import socket, contextlib\n"
        "    with contextlib.suppress(OSError), socket.socket() as s: s.connect(('8.8.8.8', 53))"
    ),
    "datagram": (
        "import socket\n"
        "    with socket.socket(type=socket.SOCK_DGRAM) as s: s.sendto(b'x', ('8.8.8.8', 53))"
    ),
    "unraisable": "class A:\n        def __del__(self): 1 / 0\n    A()",
    "open file": "import sys; f = open(sys.executable, 'rb'); del f",
}

INNOCENT = {
    "announced log": "import logging; expect_log('lost'); logging.getLogger('x').error('lost it')",
    "loopback": (
        "import socket\n"
        "    with socket.create_server(('127.0.0.1', 0)) as s:\n"
        "        socket.create_connection(s.getsockname()).close()"
    ),
    "ended thread": "import threading; threading.Thread(target=int).start()",
    "no such name": (
        "import socket, pytest\n"
        "    with pytest.raises(socket.gaierror): socket.getaddrinfo('pbx.invalid', 1)"
    ),
    "no route": (
        "import socket, pytest\n"
        "    with socket.socket() as s, pytest.raises(OSError): s.connect(('192.0.2.1', 5039))"
    ),
}


@pytest.fixture
def strict(
    pytester: pytest.Pytester, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """A small project with this repository's conftest and warnings filter."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    conftest = (repository / "tests" / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest.replace("GRACE_S = 5.0", "GRACE_S = 0.1"))
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    return pytester


def _run(strict: pytest.Pytester, body: str) -> pytest.RunResult:
    strict.makepyfile(
        textwrap.dedent(
            """
            import threading
            forever = threading.Event()

            def test_it(expect_log):
                {body}
            """
        ).replace("{body}", body)
    )
    return strict.runpytest_subprocess("-p", "no:cacheprovider", "-q")


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in BREAKERS.items()])
def test_careless_test_fails(strict: pytest.Pytester, body: str) -> None:
    result = _run(strict, body)
    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) >= 1, result.stdout.str()
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in INNOCENT.items()])
def test_careful_test_passes(strict: pytest.Pytester, body: str) -> None:
    _run(strict, body).assert_outcomes(passed=1)
