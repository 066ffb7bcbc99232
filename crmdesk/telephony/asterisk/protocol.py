"""AMI framing and parsing: bytes in, messages out; no I/O, no clock, no exceptions.

The wire (AMI v2 specification, and tests/data/asterisk): one banner line, then blocks of
`Key: Value` lines, each ended by CR LF, a block ended by an empty line. A bare CR or LF is
part of a value. Everything in a value may come from a stranger who calls.

A block over the line limits is dropped and counted. Only a block that never ends is worth
the connection: then `error` is set, what follows is ignored, the buffer is emptied.
"""

from __future__ import annotations

from dataclasses import dataclass

from crmdesk.domain.text import sanitise_external
from crmdesk.telephony.asterisk.blocks import MAX_LINE, MAX_LINES, parse_block
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.trouble import RemoteProtocolError

MAX_BLOCK = MAX_LINE * MAX_LINES
"""Bytes without an empty line after which the peer cannot be speaking AMI."""

BANNER = b"Asterisk Call Manager/"

IGNORED_EVENTS = frozenset(
    {
        b"ChallengeResponseFailed",
        b"ChallengeSent",
        b"ContactStatus",
        b"DeviceStateChange",
        b"ExtensionStatus",
        b"InvalidPassword",
        b"PeerStatus",
        b"PresenceStateChange",
        b"PresenceStatus",
        b"QueueMemberStatus",
        b"RTCPReceived",
        b"RTCPSent",
        b"Registry",
        b"SuccessfulAuth",
    }
)
"""Most of the stream of a busy PBX, and nothing about calls: dropped before decoding."""

_SLICE = 64 * 1024  # bytes taken in at once, so that a huge chunk cannot grow the buffer
_EVENT_KEY = b"Event: "


@dataclass(slots=True)
class ProtocolCounts:
    """What the parser did, for the health page and bug reports.

    Attributes:
        messages: Messages handed out.
        ignored: Events of `IGNORED_EVENTS`.
        dropped: Blocks over a limit, or with a second `Event:` (header injection).
    """

    messages: int = 0
    ignored: int = 0
    dropped: int = 0


class AmiProtocol:
    """One direction of AMI connections: what the PBX sends.

    A second banner in one stream (a recording of two connections) is one more `BANNER`
    message; the block it cut off is dropped.

    Args:
        ignored: Names of events to drop unread.
    """

    def __init__(self, ignored: frozenset[bytes] = IGNORED_EVENTS) -> None:
        self.counts = ProtocolCounts()
        self.error: RemoteProtocolError | None = None
        self._ignored = ignored
        self._buffer = bytearray()
        self._searched = 0  # no block end starts before this offset
        self._messages: list[Message] = []

    @property
    def buffered(self) -> int:
        """Bytes kept of a message that is not complete yet."""
        return len(self._buffer)

    def peek(self, size: int) -> bytes:
        """The start of the message that is not complete yet."""
        return bytes(self._buffer[:size])

    def receive_data(self, data: bytes) -> None:
        """Takes what a read returned, of any size, cut anywhere."""
        for start in range(0, len(data), _SLICE):
            if self.error is not None:
                return
            self._buffer += data[start : start + _SLICE]
            self._take_blocks()

    def receive_eof(self) -> None:
        """The connection ended: a half message is worth nothing, a new stream may follow."""
        self._buffer.clear()
        self._searched = 0
        self.error = None

    def messages(self) -> list[Message]:
        """The messages completed since the last call, in order."""
        ready, self._messages = self._messages, []
        self.counts.messages += len(ready)
        return ready

    def _take_blocks(self) -> None:
        buffer = self._buffer
        start = 0
        while True:
            start = _skip_empty_lines(buffer, start)
            end = self._banner_end(start)
            if end < 0:
                end = buffer.find(b"\r\n\r\n", max(start, self._searched))
                if end < 0 or end - start > MAX_BLOCK:
                    break
                self._take_block(bytes(buffer[start:end]))
                end += 2  # the second CR LF is an empty line, skipped above
            start = end + 2
            self._searched = start
        self._keep_rest(start)

    def _banner_end(self, start: int) -> int:
        """Offset of the end of a banner line at `start`, which is then told; -1 if none."""
        if not self._buffer.startswith(BANNER, start):
            return -1
        end = self._buffer.find(b"\r\n", start)
        if end >= 0:
            self._take_banner(bytes(self._buffer[start:end]))
        return end

    def _keep_rest(self, start: int) -> None:
        del self._buffer[:start]
        if len(self._buffer) > MAX_BLOCK + 3:  # three bytes may belong to the block's end
            self._fail()
            return
        self._searched = max(0, len(self._buffer) - 3)

    def _fail(self) -> None:
        self._buffer.clear()
        self._searched = 0
        self.error = RemoteProtocolError(
            "The phone system sent a message that does not end.",
            "The connection was dropped to protect this computer.",
            "If this happens again, check that host and port are those of the Asterisk manager.",
        )

    def _take_banner(self, line: bytes) -> None:
        text = sanitise_external(line[:MAX_LINE].decode("utf-8", "replace"))
        self._messages.append(Message(MessageKind.BANNER, text))

    def _take_block(self, block: bytes) -> None:
        if BANNER in block:
            block = self._after_inner_banner(block)
        if not block:
            return
        if block.startswith(_EVENT_KEY):
            head_end = block.find(b"\r\n")
            name = block[len(_EVENT_KEY) : head_end if head_end >= 0 else None]
            if name in self._ignored:
                self.counts.ignored += 1
                return
        message = parse_block(block)
        if message is None:
            self.counts.dropped += 1
        else:
            self._messages.append(message)

    def _after_inner_banner(self, block: bytes) -> bytes:
        """Cuts off a block that a new connection interrupted (line start only)."""
        _, found, after = block.partition(b"\r\n" + BANNER)
        if not found:
            return block
        self.counts.dropped += 1
        version, _, rest = after.partition(b"\r\n")
        self._take_banner(BANNER + version)
        return self._after_inner_banner(rest)


def _skip_empty_lines(buffer: bytearray, start: int) -> int:
    while buffer.startswith(b"\r\n", start):
        start += 2
    return start
