"""The second start's side. Standard library only: a ringing phone waits for it."""

from __future__ import annotations

import os
import socket
import time

from crmdesk.desk.handover.place import (
    MAX_MESSAGE,
    SocketAddress,
    check_socket,
    is_same_user,
    own_folder,
)
from crmdesk.domain.errors import UserFacingError
from crmdesk.settings.runtime_place import runtime_folder, socket_path

ANSWER_DEADLINE_S = 2.0
"""The running desk answers from its network thread, which never waits for anything."""

WAITING_PATTERN = "waiting-*.json"
"""Requests that came before the desk could listen."""

Message = dict[str, str]


class NoWindowsError(UserFacingError):
    """The desk that runs has no windows, and the request needs one."""

    def __init__(self) -> None:
        super().__init__(
            "CRMDesk is running without windows (crmdesk listen).",
            "So nothing was opened.",
            "Stop crmdesk listen and try again.",
        )


OK = b"ok\n"
REFUSED = b"refused\n"
NO_WINDOWS = b"no windows\n"


def hand_over(message: Message) -> bool:
    """Gives a request to the running desk; False where none runs.

    Raises:
        NoWindowsError: The desk that runs cannot show what was asked for.
        UntrustedPlaceError: The meeting place is another user's.
        ValueError: The request is too long, or the desk refused it.
    """
    data = _encoded(message)
    if os.name == "nt":
        from crmdesk.desk.handover.pipe import send

        return send(data)
    if own_folder(make=False) is None or not check_socket(socket_path()):
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_DEADLINE_S)
        try:
            with SocketAddress(socket_path()) as address:
                connection.connect(address)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        return _exchange(connection, data)


def leave(message: Message) -> str:
    """Leaves a request for a desk that is about to start.

    Raises:
        UntrustedPlaceError: The meeting place is another user's.
        OSError: It cannot be written.
    """
    folder = own_folder(make=True) or runtime_folder()
    path = f"{folder}/waiting-{time.time_ns()}-{os.getpid()}.json"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_encoded(message))
    return path


def _encoded(message: Message) -> bytes:
    fields = ",".join(f"{_quoted(name)}:{_quoted(text)}" for name, text in message.items())
    data = b"{%s}\n" % fields.encode("ascii")
    if len(data) > MAX_MESSAGE:
        raise ValueError("the request is too long")
    return data


def _quoted(text: str) -> str:
    """A JSON string; `json` itself would take longer to import than all else here."""
    units = text.encode("utf-16-be", "surrogatepass")
    codes = [high << 8 | low for high, low in zip(units[::2], units[1::2], strict=True)]
    escaped = (
        chr(code) if 0x20 <= code < 0x7F and code not in b'"\\' else f"\\u{code:04x}"
        for code in codes
    )
    return f'"{"".join(escaped)}"'


def _exchange(connection: socket.socket, data: bytes) -> bool:
    if not is_same_user(connection):
        return False
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)
    check_answer(connection.recv(64))
    return True


def check_answer(answer: bytes) -> None:
    """Understands what the running desk said.

    Raises:
        NoWindowsError: It has no windows.
        ValueError: It refused the request, or said nothing.
    """
    if answer == NO_WINDOWS:
        raise NoWindowsError
    if answer != OK:
        raise ValueError("the running desk refused the request")
