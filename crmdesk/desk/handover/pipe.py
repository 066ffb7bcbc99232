"""The same on Windows: a named pipe and a key that only this user can read.

The default rights of a pipe let others connect, so each side proves that it knows the key
(`multiprocessing.connection`: HMAC challenge in both directions). Only bytes are read,
never pickles.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from pathlib import Path

from crmdesk.desk.handover.client import check_answer
from crmdesk.desk.handover.place import MAX_MESSAGE, own_folder
from crmdesk.settings import paths

log = logging.getLogger(__name__)

ANSWER_DEADLINE_S = 2.0
_KEY_BYTES = 32


def pipe_address() -> str:
    """The pipe of this user and this data folder; elsewhere than on Windows a socket path."""
    if os.name != "nt":
        return str(paths.socket_path())
    place = hashlib.sha256(str(paths.runtime_folder()).lower().encode()).hexdigest()[:24]
    return rf"\\.\pipe\crmdesk-{place}"


def send(data: bytes) -> bool:
    """Gives a request to the running desk; False where none runs.

    Raises:
        NoWindowsError: The desk that runs cannot show what was asked for.
        ValueError: The desk refused it.
    """
    folder = own_folder(make=False)
    key = _read_key(Path(folder)) if folder else None
    if key is None:
        return False
    try:
        with Client(pipe_address(), authkey=key) as connection:
            connection.send_bytes(data)
            answer = connection.recv_bytes(64) if connection.poll(ANSWER_DEADLINE_S) else b""
    except (OSError, EOFError, AuthenticationError):
        return False
    check_answer(answer)
    return True


class PipeListener:
    """Listens on a thread of its own and answers on the loop.

    Args:
        answer: From request to answer, called on the loop.
        loop: The NET loop.
    """

    def __init__(self, answer: Callable[[bytes], bytes], loop: asyncio.AbstractEventLoop) -> None:
        folder = Path(own_folder(make=True) or paths.runtime_folder())
        self._key = _read_key(folder) or _make_key(folder)
        self._answer = answer
        self._loop = loop
        self._closing = False
        self._listener = Listener(pipe_address(), authkey=self._key)
        self._thread = threading.Thread(target=self._run, name="crmdesk-pipe", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening."""
        self._closing = True
        # Wakes `accept`. Without a key, as the thread may have ended by itself just now, and nobody
        # would ever answer the challenge.
        with suppress(OSError):
            Client(pipe_address()).close()
        self._thread.join(ANSWER_DEADLINE_S)
        self._listener.close()

    def _run(self) -> None:
        while not self._closing:
            try:
                with self._listener.accept() as connection:
                    if self._closing or not connection.poll(ANSWER_DEADLINE_S):
                        continue
                    data = connection.recv_bytes(MAX_MESSAGE)
                    connection.send_bytes(self._on_loop(data).result(ANSWER_DEADLINE_S))
            except (OSError, EOFError, AuthenticationError, TimeoutError) as error:
                log.info("a local client was refused: %s", type(error).__name__)

    def _on_loop(self, data: bytes) -> Future[bytes]:
        answer: Future[bytes] = Future()
        self._loop.call_soon_threadsafe(lambda: answer.set_result(self._answer(data)))
        return answer


def _read_key(folder: Path) -> bytes | None:
    try:
        key = (folder / "desk.key").read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == _KEY_BYTES else None


def _make_key(folder: Path) -> bytes:
    from crmdesk.settings.atomic import write_private

    key = secrets.token_bytes(_KEY_BYTES)
    write_private(folder / "desk.key", key)
    return key
