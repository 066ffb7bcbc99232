"""The program itself at night: killed, cancelled, left alone by its server, run twice."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmdesk.bootstrap import stores
from crmdesk.settings import paths
from crmdesk.store import keys, open_store
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from tests.fakes.card_server import END, HEAD, THE_BOOK, card, response
from tests.fakes.web_script import Request, WebScript, answer, web_script

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

CARDS = 1_300
STALLS_AFTER = 1_200
"""More than are written at once, so that a part of the run is in the store."""

DEADLINE_S = 120
PASSPHRASE, PASSWORD = "correct horse battery staple", "secret-of-jane-7731"
_ASKED = re.compile(r"<href>/b/(\d+).vcf</href>")
_LISTING = (
    HEAD
    + "".join(response(f"/b/{n}.vcf", "<getetag>1</getetag>") for n in range(CARDS))
    + f"<sync-token>t</sync-token>{END}"
)


class NightServer:
    """An address book that wants a login and, while `stalls`, falls silent after most cards."""

    def __init__(self) -> None:
        self.stalls = True
        self.wants_login = False
        self.breaks_off = False
        self.reached = threading.Event()
        self.released = threading.Event()
        self._given = 0

    def __call__(self, request: Request, sock: socket.socket) -> None:
        if self.wants_login and "authorization" not in request.headers:
            answer(sock, 401, headers={"WWW-Authenticate": 'Basic realm="x"'})
        elif request.method == "PROPFIND":
            self._given = 0
            answer(sock, 207, THE_BOOK)
        elif b"sync-collection" in request.body:
            answer(sock, 207, _LISTING)
        else:
            self._give(_ASKED.findall(request.body.decode()), sock)

    def _give(self, names: list[str], sock: socket.socket) -> None:
        self._given += len(names)
        if self._given > STALLS_AFTER and self.stalls:
            self.reached.set()
            if not self.breaks_off:
                self.released.wait(DEADLINE_S)
            return
        cards = "".join(_data(int(name)) for name in names)
        answer(sock, 207, f"{HEAD}{cards}{END}")


def _data(number: int) -> str:
    tel = f"TEL:+1 202 555 01{number % 100:02}"
    text = card(f"Person {number}", tel, f"EMAIL:p{number}@example.com")
    return response(f"/b/{number}.vcf", f"<C:address-data>{text}</C:address-data>")


@pytest.fixture
def night() -> Iterator[tuple[NightServer, WebScript]]:
    server = NightServer()
    with web_script(server) as script:
        try:
            yield server, script
        finally:
            server.stalls = False
            server.released.set()


@pytest.fixture
def store(
    crmdesk_home: Path, tmp_path: Path, night: tuple[NightServer, WebScript]
) -> tuple[str, ...]:
    """A store with the demo's key, which opens at once, and a profile without a password."""
    open_store(tmp_path / "customers.db", keys.DEMO_KEY).close()
    options = {"url": night[1].url + "b/"}
    profile = ImportProfile(
        name="night", kind="carddav", options=options, source_name="night", region="US",
        columns={"Name": "name", "Phone 1": "number", "E-mail 1": "email", "UID": "external_id"},
    )  # fmt: skip
    profiles.save(profile, "night")
    return ("--store", str(tmp_path / "customers.db"))


@pytest.fixture
def own_store(
    crmdesk_home: Path, tmp_path: Path, night: tuple[NightServer, WebScript]
) -> tuple[str, ...]:
    """An own store under a passphrase, with a profile whose password is in its vault."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    options = ("--passphrase-file", str(secret))
    stores.open_customers(paths.store_file(), PASSPHRASE).store.close()
    url = night[1].url + "b/"
    night[0].stalls, night[0].wants_login = False, True
    done = subprocess.run(
        _command("sync", "add", "carddav", "night", f"url={url}", "user=jane", *options),
        input=PASSWORD, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    night[0].stalls = True
    return options


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "crmdesk", *arguments]


def _nightly(*options: str) -> list[str]:
    return _command("sync", "carddav", "--profile", "night", *options)


def _begun(night: NightServer, *options: str) -> subprocess.Popen[bytes]:
    """A run that waits in the middle for its server."""
    child = subprocess.Popen(
        _nightly(*options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert night.reached.wait(DEADLINE_S)
    except BaseException:
        child.kill()
        child.communicate()
        raise
    return child


def _night_through(*options: str) -> dict[str, Any]:
    done = subprocess.run(
        _nightly("--json", *options), capture_output=True, timeout=DEADLINE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _customers(store: tuple[str, ...]) -> int:
    opened = open_store(Path(store[1]), keys.DEMO_KEY)
    try:
        return opened.read(lambda reader: reader.counts()).result().customers
    finally:
        opened.close()


def test_killed_in_the_middle_leaves_nothing_and_the_next_night_brings_all(
    night: tuple[NightServer, WebScript], store: tuple[str, ...]
) -> None:
    server, _ = night
    child = _begun(server, *store)
    child.kill()
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert _customers(store) == 0

    server.stalls = False
    server.released.set()
    result = _night_through(*store)
    assert (result["created"], result["updated"], result["bad"]) == (CARDS, 0, 0)
    assert _customers(store) == CARDS
    assert _night_through(*store)["records"] == 0


def test_cancelled_while_the_server_keeps_silent(
    night: tuple[NightServer, WebScript], store: tuple[str, ...]
) -> None:
    child = _begun(night[0], "--progress", "json", *store)
    child.terminate()
    told, error = child.communicate(timeout=DEADLINE_S)
    assert child.returncode == 130, error
    lines = [json.loads(line) for line in told.splitlines()]
    assert lines
    assert not any("error" in line or "result" in line for line in lines)
    assert _customers(store) == 0


def test_server_that_breaks_off_is_an_error_and_the_next_night_begins_anew(
    night: tuple[NightServer, WebScript], store: tuple[str, ...]
) -> None:
    server, _ = night
    server.breaks_off = True
    done = subprocess.run(
        _nightly("--json", *store), capture_output=True, timeout=DEADLINE_S, check=False
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"broke off in the middle" in done.stderr
    assert b"Traceback" not in done.stderr
    assert _customers(store) == 0
    server.stalls = False
    assert _night_through(*store)["created"] == CARDS


def test_a_second_run_does_not_disturb_the_first(
    night: tuple[NightServer, WebScript], store: tuple[str, ...]
) -> None:
    """A timer that fires again while the last night is not through."""
    server, _ = night
    child = _begun(server, *store)
    try:
        # The first one holds the only connection that this server takes.
        with web_script(NightServer()) as other:
            other.reply.stalls = False  # type: ignore[attr-defined]
            there = {"url": other.url + "b/"}
            second = msgspec.structs.replace(profiles.load("night"), options=there)
            profiles.save(second, "second")
            done = subprocess.run(
                _command("sync", "carddav", "--profile", "second", *store),
                capture_output=True, timeout=DEADLINE_S, check=False,
            )  # fmt: skip
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        server.stalls = False
        server.released.set()
    finally:
        with suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=DEADLINE_S)
        child.kill()
    assert child.returncode == 1  # at last its server closed the connection, without a card
    assert _customers(store) == 0


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_password_is_in_no_command_line_no_environment_and_no_file(
    night: tuple[NightServer, WebScript], own_store: tuple[str, ...], crmdesk_home: Path
) -> None:
    child = _begun(night[0], *own_store)
    try:
        for name in ("cmdline", "environ"):
            assert PASSWORD.encode() not in Path(f"/proc/{child.pid}/{name}").read_bytes()
    finally:
        child.kill()
        child.communicate()
    for file in crmdesk_home.rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes(), file


def test_password_that_is_in_no_vault_is_asked_for(
    night: tuple[NightServer, WebScript], store: tuple[str, ...]
) -> None:
    profile = profiles.load("night")
    options = {**profile.options, "user": "jane", "secret_ref": "sync-night"}
    profiles.save(msgspec.structs.replace(profile, options=options), "night")
    done = subprocess.run(_nightly(*store), capture_output=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 1
    assert b"crmdesk sync password" in done.stderr
