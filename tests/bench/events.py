"""How many events of a phone system one core takes."""

from __future__ import annotations

from datetime import UTC, datetime

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.pop_policy import PopPolicy
from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.calls import Call
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.messages import Message
from crmdesk.telephony.asterisk.protocol import AmiProtocol
from tests.bench.call_stream import chunks, stream
from tests.bench.measuring import Figure, Outcome, Scale, agree, alternate, rates

READ_BYTES = 1400
"""What a read returns from a PBX in the same building: one Ethernet frame."""

_AT = datetime(2026, 11, 22, tzinfo=UTC)
_MOST_EVENTS = 20_000
_MOST_ROUNDS = 15
"""Enough: a round takes seconds and its figures vary little."""
_TARGET = "20,000/s; stretch 100,000/s"


def run(scale: Scale) -> Outcome:
    """Bytes to messages, messages to call events, call events to calls, and all of it."""
    data = stream(min(_MOST_EVENTS, 1_000 * scale.rounds))
    messages = parse(data)
    events = translate(messages)
    count = data.count(b"\r\n\r\n")
    protocol = AmiProtocol()
    protocol.receive_data(data)
    seen = len(protocol.messages()) + protocol.counts.ignored
    agree(seen, len(split(data)), "events in the stream")
    raw, parsed, translated, tracked, whole = alternate(
        min(scale.rounds, _MOST_ROUNDS),
        lambda: split(data),
        lambda: parse(data),
        lambda: translate(messages),
        lambda: track(events),
        lambda: track(translate(parse(data))),
    )
    split_rates = rates(count, raw)
    name = "bytes.split of the stream"

    def figure(what: str, taken: tuple[float, ...], target: str = "") -> Figure:
        return Figure(what, rates(count, taken), split_rates, name, "/s", target)

    return Outcome(
        "Events of a phone system, on one core",
        (
            figure("bytes to messages (AmiProtocol)", parsed),
            figure("messages to call events (AsteriskCalls)", translated),
            figure("call events to calls (CallTracker)", tracked),
            figure("all three: bytes to calls", whole, _TARGET),
        ),
        (
            f"{count:,} events ({len(data) / 1e6:.1f} MB) from the recordings, in reads of"
            f" {READ_BYTES} bytes; {len(messages):,} of them concern calls, the others are"
            f" dropped by name. They make {len(events):,} call events.",
        ),
    )


def split(data: bytes) -> list[bytes]:
    """The baseline: find where events end, and nothing else."""
    found: list[bytes] = []
    rest = b""
    for chunk in chunks(data, READ_BYTES):
        *blocks, rest = (rest + chunk).split(b"\r\n\r\n")
        found += blocks
    return found


def parse(data: bytes) -> list[Message]:
    """As the driver does it, read by read."""
    protocol = AmiProtocol()
    messages: list[Message] = []
    for chunk in chunks(data, READ_BYTES):
        protocol.receive_data(chunk)
        messages += protocol.messages()
    return messages


def translate(messages: list[Message]) -> list[CallEvent]:
    """As the source does it."""
    calls = AsteriskCalls()
    events: list[CallEvent] = []
    for message in messages:
        events += calls.handle(message, _AT)
    return events


def track(events: list[CallEvent]) -> list[Call]:
    """As the desk does it, who gets a card included."""
    tracker, policy = CallTracker("line", "pbx"), PopPolicy()
    return [policy.decide(tracker, event).call for event in events]
