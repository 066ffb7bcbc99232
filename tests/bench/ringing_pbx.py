"""A PBX in a process of its own that rings when told, and hums meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from tests.bench.call_stream import blocks_of, told_again
from tests.fakes.fake_pbx import FakePbx

RINGING = "03-caller-hangs-up-ringing"
"""Rings the agent's phone 1001 until the caller gives up."""

USER, SECRET = "crmdesk", "s3cret-crmdesk"
AGENT = "1001"
_AGENT_OF_OTHERS = b"1101"
_HUM = ("06-queue-ringall-answered", "05-ring-group-second-answers", "01-direct-answered")
_HUM_STEP_S = 0.02
_FIRST_HUM = 400_000  # calls of the hum have other keys than those that ring
_STRANGER = b"+442079460991"


@dataclass(frozen=True, slots=True)
class RingingPbx:
    """The other end of the process; close it to end the PBX."""

    process: SpawnProcess
    pipe: Connection
    port: int

    @classmethod
    def start(cls) -> RingingPbx:
        """Starts it; it listens when this returns."""
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        return cls(process, ours, ours.recv())

    def ring(self, number: int, caller: str) -> None:
        """Rings; the moment when the bytes were handed to the socket comes through `pipe`."""
        self.pipe.send(("ring", number, caller))

    def end(self, number: int, caller: str) -> None:
        """The caller gives up."""
        self.pipe.send(("end", number, caller))

    def hum(self, events_per_s: int) -> None:
        """Other people's calls from now on, so many events a second; 0 for silence."""
        self.pipe.send(("hum", events_per_s, ""))

    def close(self) -> None:
        """Ends the process."""
        self.pipe.send(("quit", 0, ""))
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    with FakePbx() as pbx:
        pipe.send(pbx.port)
        hum = _Hum(pbx)
        while (order := pipe.recv())[0] != "quit":
            verb, number, caller = order
            if verb == "hum":
                hum.set_rate(number)
                continue
            block = _blocks(number, caller, ends=verb == "end")
            at = time.perf_counter()
            pbx.send(block)
            if verb == "ring":
                pipe.send(at)
        hum.set_rate(0)


def _blocks(number: int, caller: str, *, ends: bool) -> bytes:
    """The events of a ring, all at once, or those of its end."""
    blocks = blocks_of(RINGING)
    rings = next(place for place, block in enumerate(blocks) if _is_ringing(block)) + 1
    chosen = blocks[rings:] if ends else blocks[:rings]
    return b"".join(told_again(block, number, caller.encode()) for block in chosen)


def _is_ringing(block: bytes) -> bool:
    return block.startswith(b"Event: Newstate") and b"ChannelStateDesc: Ringing" in block


class _Hum:
    """Sends whole events of calls to other phones at an even pace."""

    def __init__(self, pbx: FakePbx) -> None:
        self._pbx = pbx
        self._thread: threading.Thread | None = None
        self._silence = threading.Event()
        self._number = _FIRST_HUM

    def set_rate(self, events_per_s: int) -> None:
        if self._thread is not None:
            self._silence.set()
            self._thread.join()
            self._thread = None
        if events_per_s:
            self._silence.clear()
            self._thread = threading.Thread(target=self._run, args=(events_per_s,))
            self._thread.start()

    def _run(self, events_per_s: int) -> None:
        blocks = self._blocks()
        began, sent = time.monotonic(), 0
        while not self._silence.wait(_HUM_STEP_S):
            due = int((time.monotonic() - began) * events_per_s) - sent
            self._pbx.send(b"".join(islice(blocks, due)))
            sent += due

    def _blocks(self) -> Iterator[bytes]:
        """Events without end, each call with keys of its own."""
        for name in cycle(_HUM):
            self._number += 1
            for block in blocks_of(name):
                told = told_again(block, self._number, _STRANGER)
                yield told.replace(AGENT.encode(), _AGENT_OF_OTHERS)
