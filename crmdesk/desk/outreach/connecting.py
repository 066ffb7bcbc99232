"""Connects to a server so that whoever waits can stop waiting.

`socket.create_connection` sits in the system until its time is over, for each address of a name
anew; here it is asked a few times a second whether it is still wanted.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from typing import Any

from crmdesk.desk.outreach.brake import Brake

_LOOK_S = 0.2
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}


def connect(host: str, port: int, timeout_s: float, brake: Brake) -> socket.socket:
    """Connects to the first address of a name that answers.

    Args:
        host: Name or address.
        port: TCP port.
        timeout_s: For each address, and for each read and write later.
        brake: Ends it.

    Raises:
        OSError: Nobody answers, or the brake was pulled.
    """
    failed: OSError = ConnectionRefusedError(errno.ECONNREFUSED, "no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        brake.check()
        connection = socket.socket(family, kind, protocol)
        try:
            _connect(connection, address, timeout_s, brake)
        except OSError as error:
            connection.close()
            failed = error
        else:
            connection.settimeout(timeout_s)
            return connection
    raise failed


def _connect(connection: socket.socket, address: Any, timeout_s: float, brake: Brake) -> None:  # noqa: ANN401  of any family
    connection.setblocking(False)
    state = connection.connect_ex(address)
    if state not in _UNDER_WAY:
        raise OSError(state, os.strerror(state))
    end = time.monotonic() + timeout_s
    with selectors.DefaultSelector() as waiting:
        waiting.register(connection, selectors.EVENT_WRITE)
        while not waiting.select(_LOOK_S):
            brake.check()
            if time.monotonic() > end:
                raise TimeoutError(errno.ETIMEDOUT, "it does not answer")
    if state := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(state, os.strerror(state))
