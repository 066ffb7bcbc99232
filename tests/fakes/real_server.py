"""Real servers as child processes on the loopback, ended by their own pid."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

LISTENING_DEADLINE_S = 60.0
_ENDING_DEADLINE_S = 30.0
_STEP_S = 0.02


_held: list[socket.socket] = []


def free_port() -> int:
    """A port of the loopback that nobody uses, and that no other test is given meanwhile.

    It stays bound, without listening, as long as the tests run: nobody else gets it from the
    system, and a server that sets SO_REUSEADDR, as they do, listens on it all the same (socket(7)).
    """
    holder = socket.socket()
    if sys.platform != "win32":  # where the option would let two listen
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port: int = holder.getsockname()[1]
    if sys.platform == "win32":
        holder.close()
    else:
        _held.append(holder)
    return port


@contextmanager
def running(command: Sequence[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server until the end of the block; it is ready when it accepts on its port."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _wait_for(process, port, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_ENDING_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + LISTENING_DEADLINE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(_STEP_S)
        else:
            return
    raise AssertionError(f"{process.args} does not listen:\n{log.read_text(errors='replace')}")
