"""A directory that answers as a test says, in BER written by hand (RFC 4511)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from crmdesk.sync.ldap.directory import DirectoryPlace

Answer = bytes | Callable[[int], bytes]
"""What is sent, or how it follows from the number of the question."""

_PAGED = b"1.2.840.113556.1.4.319"


def _ber(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4)
    return bytes([tag]) + length + body


def _message(number: int, operation: bytes, *controls: bytes) -> bytes:
    return _ber(0x30, _ber(0x02, number.to_bytes(2)), operation, *controls)


def _result(code: int) -> bytes:
    return _ber(0x0A, bytes([code])) + _ber(0x04) + _ber(0x04)


def bind_ok(number: int) -> bytes:
    """The login is right."""
    return _message(number, _ber(0x61, _result(0)))


def starttls_ok(number: int, code: int = 0) -> bytes:
    """TLS begins, or with another code does not."""
    return _message(number, _ber(0x78, _result(code)))


def entry(number: int, name: str, **values: list[str]) -> bytes:
    """An entry that was found."""
    attributes = (
        _ber(0x30, _ber(0x04, key.encode()), _ber(0x31, *(_ber(0x04, v.encode()) for v in several)))
        for key, several in values.items()
    )
    return _message(number, _ber(0x64, _ber(0x04, name.encode()), _ber(0x30, *attributes)))


def page_end(number: int, cookie: bytes) -> bytes:
    """The end of a page, with the cookie for the next one."""
    value = _ber(0x30, _ber(0x02, b"\0"), _ber(0x04, cookie))
    control = _ber(0x30, _ber(0x04, _PAGED), _ber(0x04, value))
    return _message(number, _ber(0x65, _result(0)), _ber(0xA0, control))


def _number(asked: bytes) -> int:
    at = 2 + (asked[1] & 0x7F if asked[1] & 0x80 else 0)
    return int.from_bytes(asked[at + 2 : at + 2 + asked[at + 1]])


@contextmanager
def serving(
    answers: Iterator[Answer], heard: list[bytes] | None = None
) -> Iterator[DirectoryPlace]:
    """A server that takes one connection and gives an answer to each question."""

    def serve() -> None:
        with suppress(OSError):
            sock, _ = listener.accept()
            with sock, suppress(OSError):
                sock.settimeout(10)
                for answer in answers:
                    if not (asked := sock.recv(65536)):
                        return
                    if heard is not None:
                        heard.append(asked)
                    sock.sendall(answer if isinstance(answer, bytes) else answer(_number(asked)))
                if heard is not None:
                    heard.append(sock.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield DirectoryPlace("127.0.0.1", "none", listener.getsockname()[1])
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()
