"""An HTTP server on the loopback that answers as a test says, byte by byte."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Reply = Callable[["Request", socket.socket], None]
"""Writes the answer to a request; when it returns, the connection is closed."""


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebScript:
    """A running server.

    Attributes:
        asked: Every request, in order.
    """

    reply: Reply
    port: int = 0
    asked: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address without TLS."""
        return f"http://127.0.0.1:{self.port}/"


def answer(
    sock: socket.socket, status: int, body: bytes | str = b"", headers: dict[str, str] | None = None
) -> None:
    """Writes a whole answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(data)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + data)


@contextmanager
def web_script(reply: Reply, tls: ssl.SSLContext | None = None) -> Iterator[WebScript]:
    """Serves until the end of the block, one connection at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script = WebScript(reply, listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, script, tls))
        thread.start()
        try:
            yield script
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()


def _serve(listener: socket.socket, script: WebScript, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        with suppress(OSError), sock:
            sock.settimeout(30)
            stream = tls.wrap_socket(sock, server_side=True) if tls else sock
            with stream:
                request = _read(stream)
                if request is not None:
                    script.asked.append(request)
                    script.reply(request, stream)


def _read(sock: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    method, path, _ = first.split(" ", 2)
    return Request(method, path, headers, body)
