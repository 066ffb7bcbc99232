"""An Asterisk manager on a real socket, as far as a client can tell.

It runs on its own thread, so tests of any kind can use it:

    with FakePbx(tls=certificates) as pbx:
        line = LineSettings(..., host=pbx.host, port=pbx.port, tls_ca=str(pbx.ca_file))
        pbx.wait_for_login()
        pbx.play(DATA / "01-direct-answered.ami", speed=10)
        pbx.drop()

What it answers follows main/manager.c of Asterisk 22 as recorded in tests/data/asterisk.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from crmdesk.telephony.recording import Recording
from tests.fakes.certificates import CertificateAuthority

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
WAIT_S = 60.0
"""How long a test waits for something that must happen; only failures reach it."""
_SPLIT_BYTES = 1400
_TURNS_TO_CLOSE = 4
"""Turns of the loop until a transport that was told to close has closed its socket."""
_BLOCK_END = b"\r\n\r\n"

ALL_READ = frozenset({"system", "call", "agent", "cdr", "reporting"})
ALL_WRITE = frozenset({"reporting", "originate"})
_WRITE_CLASS = {"CoreShowChannels": "reporting", "Originate": "originate"}


@dataclass
class Account:
    """A manager user."""

    secret: str
    read: frozenset[str] = ALL_READ
    write: frozenset[str] = ALL_WRITE


@dataclass
class Behaviour:
    """What the PBX does differently; may be changed while it runs.

    Attributes:
        refuse_logins: Answers every login "Authentication failed".
        garbage: Sent instead of the banner.
        mute: Takes connections and says nothing at all.
        answer_pings: False plays a PBX that hangs.
        close_after_banner: Drops the connection after the banner.
        booted: False plays a PBX that has just been restarted.
        channels: Blocks of the answer to CoreShowChannels, without ActionID.
        queue_status: Blocks of the answer to QueueStatus, without ActionID.
    """

    refuse_logins: bool = False
    garbage: bytes = b""
    mute: bool = False
    answer_pings: bool = True
    close_after_banner: bool = False
    booted: bool = True
    channels: list[str] = field(default_factory=list)
    queue_status: list[str] = field(default_factory=list)


class FakePbx:
    """See above. All methods may be called from any thread.

    Attributes:
        actions: Every action received, as key to value, in order.
        received: Every byte received.
        connections: How often somebody connected.
        logins: How often a login was accepted.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        accounts: dict[str, Account] | None = None,
        tls: CertificateAuthority | None = None,
        certificate_for: str = "127.0.0.1",
        expired: bool = False,
        behaviour: Behaviour | None = None,
    ) -> None:
        self.accounts = accounts or {"crmdesk": Account("s3cret-crmdesk")}
        self.behaviour = behaviour or Behaviour()
        self.actions: list[dict[str, str]] = []
        self.received = bytearray()
        self.connections = 0
        self.logins = 0
        self.port = 0
        self.ca_file = tls.ca_file if tls else None
        self._context = _server_context(tls, certificate_for, expired) if tls else None
        self._news = threading.Condition()
        self._sessions: set[_Session] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fake-pbx", daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> FakePbx:
        self._thread.start()
        self._do(self.listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._do(self._shut())
        self._do(self._end_handshakes())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_S)
        self._loop.close()

    # --- what a test does -------------------------------------------------------------------

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Waits until something is true that changes with connections and actions."""
        with self._news:
            if not self._news.wait_for(happened, WAIT_S):
                raise AssertionError("the client did not do what the test waits for")

    def wait_for_login(self, count: int = 1) -> None:
        """Waits until clients have logged in this often, all connections together."""
        self.wait_until(lambda: self.logins >= count)

    def wait_for_action(self, name: str, count: int = 1) -> dict[str, str]:
        """Waits for an action and returns it."""
        self.wait_until(lambda: len(self.actions_named(name)) >= count)
        return self.actions_named(name)[count - 1]

    def actions_named(self, name: str) -> list[dict[str, str]]:
        """The actions of one name so far."""
        return [action for action in self.actions if action["Action"] == name]

    def play(self, path: Path, speed: float = 0.0, split: int = _SPLIT_BYTES) -> None:
        """Sends the events of a recording to everybody logged in; returns when sent.

        Args:
            path: A recording; its own banner and login answer are left out, and where its
                connection ends ours is dropped and waited for.
            speed: 1.0 keeps the pace of the recording, 0 does not wait.
            split: Largest piece that is written at once, in bytes.
        """
        recording = Recording.load(path)
        began, first = time.monotonic(), recording.chunks[0][0]
        for at, data in _without_greetings(recording):
            if speed:
                time.sleep(
                    max(0.0, began + (at - first).total_seconds() / speed - time.monotonic())
                )
            if data:
                self.send(*(data[i : i + split] for i in range(0, len(data), split)))
            else:
                logins = self.logins
                self.drop()
                self.wait_for_login(logins + 1)

    def send(self, *pieces: bytes) -> None:
        """Sends raw bytes to everybody logged in, each piece with a write of its own."""
        self._do(self._send(pieces))

    def drop(self) -> None:
        """Drops all connections, as a PBX does that is killed."""
        self._do(self._drop())

    def stop_listening(self) -> None:
        """Drops everybody and refuses new connections; the port stays ours to reopen."""
        self._do(self._shut())

    def start_listening(self) -> None:
        """Listens again on the same port."""
        self._do(self.listen())

    # --- the server, on its own thread --------------------------------------------------------

    async def listen(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, ssl=self._context
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def note(self, change: Callable[[], object]) -> None:
        """Changes what tests wait for."""
        with self._news:
            change()
            self._news.notify_all()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # A client that hangs up in the middle of a handshake is nothing to tell anybody.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._loop.run_forever()

    def _do(self, work: Any) -> None:
        future: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.result(WAIT_S)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self, reader, writer)
        self._sessions.add(session)
        self.note(self._count)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await session.run()
        finally:
            self._sessions.discard(session)
            session.close()

    def _count(self) -> None:
        self.connections += 1

    def count_login(self) -> None:
        self.logins += 1

    async def _send(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            for session in list(self._sessions):
                if session.is_logged_in:
                    session.write_raw(piece)
            await asyncio.sleep(0)

    async def _drop(self) -> None:
        for session in list(self._sessions):
            session.close()

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._drop()
        tasks = [session.task for session in list(self._sessions) if session.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _end_handshakes(self) -> None:
        """Ends connections that never became sessions; their sockets would be left open."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # A handshake that was done at this very moment ends politely, and waits for the other side.
        for transport in list(getattr(self._loop, "_transports", {}).values()):
            transport.abort()
        for _turn in range(_TURNS_TO_CLOSE):
            turn = self._loop.create_future()
            self._loop.call_soon(turn.set_result, None)
            await turn


class _Session:
    """One client."""

    def __init__(
        self, pbx: FakePbx, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.writer = writer
        self.is_logged_in = False
        self.task = asyncio.current_task()
        self._pbx = pbx
        self._reader = reader
        self._account = Account("")
        self._challenge = ""
        self._tail = _BLOCK_END
        self._waiting: list[bytes] = []

    def close(self) -> None:
        with suppress(AttributeError):  # CPython 3.11.2 on a TLS connection that is gone
            self.writer.transport.abort()

    async def run(self) -> None:
        behaviour = self._pbx.behaviour
        if behaviour.mute:
            await self._reader.read()
            return
        self.writer.write(behaviour.garbage or BANNER)
        if behaviour.close_after_banner:
            await self.writer.drain()
            return
        while True:
            block = await self._reader.readuntil(b"\r\n\r\n")
            action = dict(
                line.split(": ", 1) for line in block.decode().split("\r\n") if ": " in line
            )
            self._pbx.note(lambda b=block, a=action: self._keep(b, a))
            await self._answer(action)

    def _keep(self, block: bytes, action: dict[str, str]) -> None:
        self._pbx.received += block
        self._pbx.actions.append(action)

    async def _answer(self, action: dict[str, str]) -> None:
        name = action["Action"]
        if name == "Challenge":
            self._challenge = "814085687"
            self._respond(action, "Success", f"Challenge: {self._challenge}")
        elif name == "Login":
            await self._login(action)
        elif not self.is_logged_in or not self._may(name):
            self._respond(action, "Error", "Message: Permission denied")
        else:
            getattr(self, f"_on_{name.lower()}", self._on_unknown)(action)

    def _may(self, name: str) -> bool:
        wanted = _WRITE_CLASS.get(name)
        return wanted is None or wanted in self._account.write

    async def _login(self, action: dict[str, str]) -> None:
        account = self._pbx.accounts.get(action.get("Username", ""))
        proof = hashlib.md5((self._challenge + (account.secret if account else "")).encode())
        if account is None or self._pbx.behaviour.refuse_logins:
            right = False
        else:
            right = action.get("Key") == proof.hexdigest()
        if not right or account is None:
            self._respond(action, "Error", "Message: Authentication failed")
            await self.writer.drain()
            self.writer.close()
            return
        self._account = account
        self._respond(action, "Success", "Message: Authentication accepted")
        self.is_logged_in = True
        self._pbx.note(self._pbx.count_login)
        if "system" in account.read and self._pbx.behaviour.booted:
            self._event("FullyBooted", "Privilege: system,all", "Status: Fully Booted")

    def _on_ping(self, action: dict[str, str]) -> None:
        if self._pbx.behaviour.answer_pings:
            self._respond(action, "Success", "Ping: Pong", "Timestamp: 1795310478.000000")

    def _on_logoff(self, action: dict[str, str]) -> None:
        self._respond(action, "Goodbye", "Message: Thanks for all the fish.")
        self.writer.close()

    def _on_listcommands(self, action: dict[str, str]) -> None:
        names = ("Challenge", "Login", "Logoff", "Ping", "QueueStatus", *_WRITE_CLASS)
        allowed = [f"{name}: Something  (Priv: <none>)" for name in names if self._may(name)]
        self._respond(action, "Success", *allowed)

    def _on_coreshowchannels(self, action: dict[str, str]) -> None:
        blocks = self._pbx.behaviour.channels
        self._list(action, "Channels will follow", blocks, "CoreShowChannelsComplete")

    def _on_queuestatus(self, action: dict[str, str]) -> None:
        blocks = self._pbx.behaviour.queue_status
        self._list(action, "Queue status will follow", blocks, "QueueStatusComplete")

    def _on_originate(self, action: dict[str, str]) -> None:
        self._respond(action, "Success", "Message: Originate successfully queued")
        self._event(
            "OriginateResponse",
            "Privilege: call,all",
            f"ActionID: {action['ActionID']}",
            "Response: Success" if action["Channel"] != "PJSIP/1999" else "Response: Failure",
            f"Channel: {action['Channel']}-0000003f",
            f"Context: {action['Context']}",
            f"Exten: {action['Exten']}",
            "Reason: 4" if action["Channel"] != "PJSIP/1999" else "Reason: 0",
            "Uniqueid: 1795310734.123",
        )

    def _on_unknown(self, action: dict[str, str]) -> None:
        self._respond(action, "Error", "Message: Invalid/unknown command")

    def _list(self, action: dict[str, str], text: str, blocks: list[str], end: str) -> None:
        self._respond(action, "Success", "EventList: start", f"Message: {text}")
        for block in blocks:
            self._write(*block.strip().splitlines(), f"ActionID: {action['ActionID']}")
        action_id = f"ActionID: {action['ActionID']}"
        self._event(end, action_id, "EventList: Complete", f"ListItems: {len(blocks)}")

    def _respond(self, action: dict[str, str], word: str, *lines: str) -> None:
        self._write(f"Response: {word}", f"ActionID: {action.get('ActionID', '')}", *lines)

    def _event(self, name: str, *lines: str) -> None:
        self._write(f"Event: {name}", *lines)

    def _write(self, *lines: str) -> None:
        """An answer; it waits while a message of a recording is half sent."""
        self._waiting.append(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._write_waiting()

    def write_raw(self, piece: bytes) -> None:
        """A piece of a recording, cut anywhere."""
        if self._is_gone():
            return
        self.writer.write(piece)
        self._tail = (self._tail + piece)[-len(_BLOCK_END) :]
        self._write_waiting()

    def _write_waiting(self) -> None:
        if self._tail == _BLOCK_END:
            if not self._is_gone():
                self.writer.writelines(self._waiting)
            self._waiting.clear()

    def _is_gone(self) -> bool:
        """Whether the client has hung up; asyncio warns where one writes on to it."""
        return self._reader._eof or self.writer.is_closing()


def _server_context(authority: CertificateAuthority, host: str, expired: bool) -> ssl.SSLContext:
    files = authority.issue(f"pbx-{host}-{expired}", host, expired=expired)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    return context


def _without_greetings(recording: Recording) -> Iterable[tuple[Any, bytes]]:
    """The chunks of a recording without what each of its connections begins with.

    Banner and answer to the login are sent by us, and so is FullyBooted: a second one would
    make the client ask again what is going on, in the middle of the calls.
    """
    greeting = b""
    is_new = True
    for at, data in recording:
        if not is_new or not data:
            is_new = is_new or not data
            yield at, data
            continue
        greeting += data
        _, complete, rest = greeting.partition(_BLOCK_END)
        if complete and (len(rest) >= len(_BOOTED) or not _BOOTED.startswith(rest)):
            is_new = False
            greeting = b""
            events = rest.partition(_BLOCK_END)[2] if rest.startswith(_BOOTED) else rest
            if events:
                yield at, events


_BOOTED = b"Event: FullyBooted\r\n"
