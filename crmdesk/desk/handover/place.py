"""Where a second start meets the first: a folder that only this user can open.

Squatting is met by refusing everything that is not this user's: the folder, the socket, and
the process at its other end.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys

from crmdesk.domain.errors import UserFacingError
from crmdesk.settings.runtime_place import HOME_VARIABLE, make_private_folder, runtime_folder

MAX_MESSAGE = 4096
"""Bytes of one request; a request is a verb, a number and a name."""

_ADDRESS_MAX = 100
"""sun_path holds 108 bytes on Linux and 104 on macOS."""

_PEER = struct.Struct("3i")


class UntrustedPlaceError(UserFacingError):
    """The meeting place belongs to somebody else, or others can write to it."""


def own_folder(*, make: bool) -> str | None:
    """The folder of the socket, checked.

    Args:
        make: Make it where it is missing (the running desk); else None is returned.

    Raises:
        UntrustedPlaceError: It is not this user's own.
    """
    folder = runtime_folder()
    if make:
        make_private_folder(folder)
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return None
    if os.name == "nt":
        return folder
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise _untrusted(folder)
    if found.st_mode & 0o077:
        os.chmod(folder, 0o700)
    return folder


def check_socket(path: str) -> bool:
    """Whether there is a socket.

    Raises:
        UntrustedPlaceError: Something else is there, or it is another user's.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
        raise _untrusted(path)
    return True


def is_same_user(connection: socket.socket) -> bool:
    """Whether the process at the other end runs as this user (Linux: SO_PEERCRED).

    Elsewhere the folder, which only this user can open, is the protection.
    """
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True
    _, user, _ = _PEER.unpack(connection.getsockopt(socket.SOL_SOCKET, option, _PEER.size))
    return bool(user == os.geteuid())


class SocketAddress:
    """The address to bind or connect; longer paths than a socket allows go through /proc.

    Use as a context manager around `bind` or `connect`.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._folder: int | None = None

    def __enter__(self) -> str:
        """Returns the address.

        Raises:
            UntrustedPlaceError: The path is too long for this system.
        """
        if len(os.fsencode(self._path)) <= _ADDRESS_MAX:
            return self._path
        folder, name = os.path.split(self._path)
        if sys.platform != "linux":
            raise UntrustedPlaceError(
                f"The folder {folder} has too long a name for a local socket.",
                "A second start cannot reach this one.",
                f"Choose a shorter folder for {HOME_VARIABLE}.",
            )
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{name}"

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            os.close(self._folder)


def _untrusted(path: str) -> UntrustedPlaceError:
    return UntrustedPlaceError(
        f"{path} was not made by you.",
        "Another user may be trying to listen to your calls, so it is not used.",
        "Remove it, or ask the administrator of this computer to.",
    )
