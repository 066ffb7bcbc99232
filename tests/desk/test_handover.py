"""Single instance: requests reach the running desk, and only from its own user.

Row 15 of the threat model.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from crmdesk.desk.handover import client, messages, pipe, place, server
from crmdesk.desk.handover.server import AlreadyRunningError, HandoverServer
from crmdesk.domain.requests import DeskRequest, PhoneEvent, RequestVerb
from crmdesk.settings import paths

pytestmark = pytest.mark.skipif(os.name == "nt", reason="local sockets of POSIX")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)

NOBODY = 65534
POP = {"verb": "pop", "number": "+493023125000", "name": "Jané \U0001f600", "called": "100"}
REQUEST = DeskRequest(RequestVerb.POP, "+493023125000", "Jané \U0001f600", "100")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    return tmp_path


def _with_desk(act: Callable[[], Awaitable[object]]) -> list[DeskRequest]:
    """Runs something while a desk listens; what the desk heard."""
    heard: list[DeskRequest] = []

    async def desk() -> None:
        running = HandoverServer(heard.append)
        await running.start()
        try:
            await act()
        finally:
            running.stop()

    asyncio.run(desk())
    return heard


def _say(data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        with place.SocketAddress(str(paths.socket_path())) as address:
            connection.connect(address)
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(64)
        except (BrokenPipeError, ConnectionResetError):
            return b""


def test_request_reaches_the_running_desk() -> None:
    async def act() -> None:
        assert await asyncio.to_thread(client.hand_over, POP)

    assert _with_desk(act) == [REQUEST]


def test_without_a_desk_nobody_hears() -> None:
    assert not client.hand_over(POP)


def test_desk_without_windows_says_so() -> None:
    def without_windows(_request: DeskRequest) -> None:
        raise client.NoWindowsError

    async def desk() -> None:
        running = HandoverServer(without_windows)
        await running.start()
        try:
            with pytest.raises(client.NoWindowsError, match="without windows"):
                await asyncio.to_thread(client.hand_over, {"verb": "front"})
        finally:
            running.stop()

    asyncio.run(desk())


def test_desk_that_was_killed_does_not_stand_in_the_way() -> None:
    code = (
        "import asyncio, os\n"
        "from crmdesk.desk.handover.server import HandoverServer\n"
        "async def main():\n"
        "    await HandoverServer(print).start()\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(server.__file__).parents[3])
    assert paths.socket_path().is_socket()
    assert not client.hand_over(POP)

    async def act() -> None:
        assert await asyncio.to_thread(client.hand_over, POP)

    assert _with_desk(act) == [REQUEST]
    assert not paths.socket_path().exists()


def test_second_desk_is_told_to_use_the_first() -> None:
    async def act() -> None:
        with pytest.raises(AlreadyRunningError, match="already running"):
            await HandoverServer(lambda _request: None).start()
        assert await asyncio.to_thread(client.hand_over, POP)

    assert _with_desk(act) == [REQUEST]


def test_requests_left_before_the_start_are_taken_in_order() -> None:
    second = {"verb": "dial", "number": "+493023125001"}
    client.leave(POP)
    client.leave(second)

    async def act() -> None:
        assert not list(paths.runtime_folder().glob("waiting-*"))

    assert _with_desk(act) == [REQUEST, DeskRequest(RequestVerb.DIAL, "+493023125001")]


def test_requests_left_long_ago_are_forgotten() -> None:
    path = client.leave(POP)
    os.utime(path, (1, 1))

    async def act() -> None:
        """Nothing: the start is what counts."""

    assert _with_desk(act) == []
    assert not Path(path).exists()


def test_long_folder_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux has /proc")
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / ("long-" * 30)))
    test_request_reaches_the_running_desk()


# --- only this user -------------------------------------------------------------------------------


def test_folder_and_socket_are_private() -> None:
    paths.runtime_folder().mkdir(mode=0o777)
    paths.runtime_folder().chmod(0o777)

    async def act() -> None:
        assert stat.S_IMODE(paths.runtime_folder().stat().st_mode) == 0o700
        assert stat.S_IMODE(paths.socket_path().stat().st_mode) == 0o600

    _with_desk(act)


@needs_root
def test_another_user_is_refused(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Even where the folder lets everybody in: the desk asks the kernel who is there."""
    code = (
        "import os, socket, sys\n"
        f"os.setuid({NOBODY})\n"
        "with socket.socket(socket.AF_UNIX) as s:\n"
        "    s.connect(sys.argv[1])\n"
        "    try:\n"
        '        s.sendall(b\'{"verb":"front"}\'); s.shutdown(socket.SHUT_WR)\n'
        "        print(s.recv(64))\n"
        "    except OSError: print(b'')\n"
    )

    async def connect_as_nobody() -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, str(paths.socket_path()),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return (out + err).decode()

    async def act() -> None:
        assert "PermissionError" in await connect_as_nobody()
        for folder in (home, *home.parents):
            if folder.stat().st_uid == 0 and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o011)
        paths.runtime_folder().chmod(0o777)
        paths.socket_path().chmod(0o777)
        assert await connect_as_nobody() == "b''\n"

    assert _with_desk(act) == []
    assert "another user" in caplog.text
    caplog.clear()


@needs_root
@pytest.mark.parametrize("what", ["folder", "socket"])
def test_squatted_place_is_refused(what: str) -> None:
    folder = paths.runtime_folder()
    folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as squatter:
        squatter.bind(str(paths.socket_path()))
        squatter.listen()
        os.chown(folder if what == "folder" else paths.socket_path(), NOBODY, NOBODY)
        with pytest.raises(place.UntrustedPlaceError, match="not made by you"):
            asyncio.run(HandoverServer(lambda _request: None).start())
        with pytest.raises(place.UntrustedPlaceError):
            client.hand_over(POP)
    assert paths.socket_path().exists()


def test_links_and_files_in_place_of_the_socket_are_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    paths.runtime_folder().symlink_to(tmp_path / "elsewhere")
    with pytest.raises(place.UntrustedPlaceError):
        client.hand_over(POP)
    paths.runtime_folder().unlink()
    paths.runtime_folder().mkdir(mode=0o700)
    paths.socket_path().write_text("")
    with pytest.raises(place.UntrustedPlaceError):
        asyncio.run(HandoverServer(lambda _request: None).start())


# --- bad requests ---------------------------------------------------------------------------------

BAD = {
    "nothing": b"",
    "no JSON": b"pop +493023125000",
    "unknown verb": b'{"verb": "originate", "number": "1"}',
    "no verb": b'{"number": "1"}',
    "unknown field": b'{"verb": "pop", "number": "1", "exec": "x"}',
    "wrong type": b'{"verb": "pop", "number": 1}',
    "list": b'["pop"]',
    "deep": b"[" * 4000,
    "unknown event": b'{"verb": "pop", "number": "1", "event": "explode"}',
    "one byte too much": json.dumps({"verb": "pop", "number": "1" * 5000}).encode(),
    "a megabyte": b'{"verb": "pop", "number": "' + b"1" * (1 << 20) + b'"}',
    "not text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_bad_requests_are_refused_and_the_desk_goes_on(data: bytes) -> None:
    async def act() -> None:
        assert await asyncio.to_thread(_say, data) in {b"refused\n", b""}
        assert await asyncio.to_thread(client.hand_over, POP)

    assert _with_desk(act) == [REQUEST]


def test_client_that_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "READ_DEADLINE_S", 0.05)

    async def act() -> None:
        reader, writer = await asyncio.open_unix_connection(str(paths.socket_path()))
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()

    assert _with_desk(act) == []


def test_texts_are_sanitised() -> None:
    data = json.dumps({"verb": "pop", "number": "+4930\u202e23125000", "name": "A\x00\u202eB"})
    request = messages.parse_request(data.encode())
    assert request == DeskRequest(RequestVerb.POP, "+493023125000", "AB")
    assert request.event is PhoneEvent.RING


def test_client_writes_json_that_json_reads() -> None:
    texts = ['"\\\x7f', "ö\U0001f600\ud800", "", "x" * 100]
    for text in texts:
        assert json.loads(client._encoded({"name": text})) == {"name": text}
    with pytest.raises(ValueError, match="too long"):
        client._encoded({"name": "ö" * 4096})


# --- the pipe of Windows, over a local socket here ------------------------------------------------


def test_pipe_takes_requests_from_who_knows_the_key() -> None:
    heard: list[bytes] = []

    def answer(data: bytes) -> bytes:
        heard.append(data)
        return b"ok\n"

    async def act() -> None:
        listener = pipe.PipeListener(answer, asyncio.get_running_loop())
        try:
            assert await asyncio.to_thread(pipe.send, b"one")
            key = paths.runtime_folder() / "desk.key"
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
            kept = key.read_bytes()
            key.write_bytes(bytes(32))
            assert not await asyncio.to_thread(pipe.send, b"forged")
            key.write_bytes(kept)
            assert await asyncio.to_thread(pipe.send, b"two")
        finally:
            await asyncio.to_thread(listener.close)

    asyncio.run(act())
    assert heard == [b"one", b"two"]
    assert not pipe.send(b"nobody is there")


def test_pipe_closes_also_when_its_thread_ended_by_itself() -> None:
    """It looks between two clients whether it shall go on; nobody answers the last one then."""

    async def act() -> None:
        listener = pipe.PipeListener(lambda data: data, asyncio.get_running_loop())
        listener._closing = True
        await asyncio.to_thread(pipe.send, b"after that the thread ends")
        await asyncio.to_thread(listener._thread.join)
        async with asyncio.timeout(60):
            await asyncio.to_thread(listener.close)

    asyncio.run(act())
