"""The running desk's side, on its NET loop."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from crmdesk.desk.handover.client import (
    NO_WINDOWS,
    OK,
    REFUSED,
    WAITING_PATTERN,
    NoWindowsError,
)
from crmdesk.desk.handover.messages import BadRequestError, parse_request
from crmdesk.desk.handover.place import (
    MAX_MESSAGE,
    SocketAddress,
    check_socket,
    is_same_user,
    own_folder,
)
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.requests import DeskRequest
from crmdesk.settings import paths

log = logging.getLogger(__name__)

READ_DEADLINE_S = 2.0
"""A client that does not say what it wants is let go."""

WAITING_FOR_S = 300.0
"""Requests left for us that are older were meant for a start that never came."""

_BACKLOG = 16

OnRequest = Callable[[DeskRequest], None]


class AlreadyRunningError(UserFacingError):
    """Another desk of this user runs; hand it the request instead."""

    def __init__(self) -> None:
        super().__init__(
            "CRMDesk is already running.",
            "Only one can, with windows or without (crmdesk listen).",
            "Use the one that runs, or end it first.",
        )


class _Listener(Protocol):
    def close(self) -> None: ...


class HandoverServer:
    """Takes requests of later starts, while this desk runs.

    Args:
        on_request: Told of each request, on the loop that called `start`; raises
            `NoWindowsError` where it has no window to show.
    """

    def __init__(self, on_request: OnRequest) -> None:
        self._on_request = on_request
        self._lock: int | None = None
        self._listener: _Listener | None = None

    async def start(self) -> None:
        """Becomes the one desk of this user and takes what was left for it.

        Raises:
            AlreadyRunningError: Another one is.
            UntrustedPlaceError: The meeting place is another user's.
        """
        folder = Path(own_folder(make=True) or paths.runtime_folder())
        if os.name == "nt":
            from crmdesk.desk.handover.pipe import PipeListener

            self._listener = PipeListener(self._answer, asyncio.get_running_loop())
        else:
            self._lock = _lock(folder / "desk.lock")
            try:
                self._listener = await self._listen()
            except BaseException:
                self.stop()
                raise
        self._take_waiting(folder)

    def stop(self) -> None:
        """Lets the next start be the one. Idempotent."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            with suppress(OSError):
                paths.socket_path().unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _listen(self) -> _Listener:
        path = paths.socket_path()
        if check_socket(str(path)):
            path.unlink()  # we hold the lock: whoever made it is gone
        sock = socket.socket(socket.AF_UNIX)
        try:
            with SocketAddress(str(path)) as address:
                sock.bind(address)
            path.chmod(0o600)
            return await asyncio.start_unix_server(
                self._serve, sock=sock, backlog=_BACKLOG, limit=MAX_MESSAGE
            )
        except BaseException:
            sock.close()
            raise

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if is_same_user(writer.get_extra_info("socket")):
                async with asyncio.timeout(READ_DEADLINE_S):
                    writer.write(self._answer(await _read_message(reader)))
                    await writer.drain()
            else:
                log.warning("a program of another user was refused at the local socket")
        except (TimeoutError, OSError):
            log.info("a local client went away")
        finally:
            writer.close()

    def _answer(self, data: bytes) -> bytes:
        """Acts on a request; the answer for the other side."""
        try:
            request = parse_request(data)
        except BadRequestError as error:
            log.info("a local request was refused: %s", error)
            return REFUSED
        try:
            self._on_request(request)
        except NoWindowsError:
            return NO_WINDOWS
        return OK

    def _take_waiting(self, folder: Path) -> None:
        for path in sorted(folder.glob(WAITING_PATTERN)):
            with suppress(OSError):
                fresh = time.time() - path.lstat().st_mtime < WAITING_FOR_S
                data = path.read_bytes() if fresh else b""
                path.unlink()
                if data:
                    self._answer(data)


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """Up to the end of the stream, but no more than just too much."""
    data = bytearray()
    while len(data) <= MAX_MESSAGE:
        part = await reader.read(MAX_MESSAGE + 1 - len(data))
        if not part:
            break
        data += part
    return bytes(data)


def _lock(path: Path) -> int:
    """Holds the lock of the one desk; the system lets go when the process ends.

    Raises:
        AlreadyRunningError: Another process holds it.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise AlreadyRunningError from None
    return descriptor
