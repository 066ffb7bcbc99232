"""Call correlation against what really happened in recorded calls.

The expected objects were written from the people's side of each recording (`.truth.json`: SIP
messages of phones and carrier), not from this program's output.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmdesk.desk.call_json import call_to_json
from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.pop_policy import PopPolicy
from crmdesk.domain.call_events import CallEvent
from crmdesk.matching.ranges import InternalRanges
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.playback import play
from crmdesk.telephony.asterisk.protocol import AmiProtocol
from crmdesk.telephony.recording import Recording

DATA = Path(__file__).parents[1] / "data" / "asterisk"
EXPECTED = DATA / "expected"
RECORDINGS = sorted(str(path.relative_to(EXPECTED))[:-5] for path in EXPECTED.rglob("*.json"))
TOLERANCE_S = 0.25
"""The expected seconds come from the phones' clock, ours from when the PBX told."""
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
OURS = InternalRanges.parse(("1001-1199",))


def replay(path: Path, calls: AsteriskCalls) -> list[dict[str, Any]]:
    tracker, policy = CallTracker("line", "pbx"), PopPolicy()
    found = {}
    for _, events in play(Recording.load(path), calls):
        for event in events:
            found[event.call] = policy.decide(tracker, event).call
    in_order = sorted(found.values(), key=lambda call: call.started_at)
    return [call_to_json(call, None) for call in in_order]


def events_of(*pieces: bytes) -> list[CallEvent]:
    protocol, calls = AmiProtocol(), AsteriskCalls()
    told: list[CallEvent] = []
    for piece in pieces:
        protocol.receive_data(piece)
        for message in protocol.messages():
            told += calls.handle(message, MOMENT)
    return told


def assert_same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    for call in found:
        del call["caller"]  # E.164 is the matching room's affair
    for call in expected:
        for key in ("ring_seconds", "talk_seconds"):
            call[key] = pytest.approx(call[key], abs=TOLERANCE_S)
    assert found == expected


@pytest.mark.parametrize("internal", [None, OURS], ids=["no-ranges", "ranges"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_recording_becomes_what_happened(name: str, internal: InternalRanges | None) -> None:
    expected = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    assert_same(replay(DATA / f"{name}.ami", AsteriskCalls(internal)), expected)


@pytest.mark.parametrize("path", sorted((DATA / "recommended-rights").glob("*.ami")), ids=str)
def test_recommended_rights_are_enough(path: Path) -> None:
    """`read = call,agent,system`: no call records, and the same result."""
    expected = json.loads((EXPECTED / f"{path.stem}.json").read_text("utf-8"))
    assert_same(replay(path, AsteriskCalls()), expected)


@pytest.mark.parametrize("name", RECORDINGS)
def test_nothing_is_left_over(name: str) -> None:
    calls = AsteriskCalls()
    assert all(found["outcome"] for found in replay(DATA / f"{name}.ami", calls))
    assert calls.channel_count == 0


def test_every_recording_has_an_expected_result() -> None:
    whole = {path.stem for path in DATA.glob("*.ami") if ".conn" not in path.name}
    assert whole <= set(RECORDINGS)


def test_same_events_at_every_split() -> None:
    data = (DATA / "04-busy.ami").read_bytes()
    whole = events_of(data)
    assert whole
    for cut in range(1, len(data)):
        assert events_of(data[:cut], data[cut:]) == whole


@pytest.mark.parametrize(
    "name", ["08-queue-next-agent", "10-attended-transfer", "23b-client-starts-into-busy-pbx"]
)
def test_same_events_at_random_splits(name: str) -> None:
    data = (DATA / f"{name}.ami").read_bytes()
    whole = events_of(data)
    shuffle = random.Random(name)
    for _ in range(5):
        cuts = sorted(shuffle.sample(range(len(data)), 400))
        pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        assert events_of(*pieces) == whole


@pytest.mark.parametrize(
    "name", ["28b-withheld-queue-local-channelvars", "28e-withheld-attended-channelvars"]
)
def test_withheld_number_never_leaves_the_translator(name: str) -> None:
    data = (DATA / f"{name}.ami").read_bytes()
    assert b"+493023125710" in data
    told = repr(events_of(data))
    assert "23125710" not in told
    assert "Jane" not in told


def test_only_the_withheld_call_of_five_is_kept_back() -> None:
    told = repr(events_of((DATA / "11b-anonymous-with-presentation-var.ami").read_bytes()))
    assert "23125710" not in told
    assert "Jane" not in told


@pytest.mark.parametrize("name", RECORDINGS)
def test_call_rights_only_still_find_each_call(name: str) -> None:
    """Without the classes agent, cdr and system: who talked with whom is the same."""
    expected = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    protocol, calls = AmiProtocol(), AsteriskCalls()
    tracker = CallTracker("line", "pbx")
    found = {}
    for at, data in Recording.load(DATA / f"{name}.ami"):
        protocol.receive_data(data)
        for message in protocol.messages():
            if not message.name.startswith(("Queue", "Agent", "Cdr")):
                for event in calls.handle(message, at):
                    found[event.call] = tracker.apply(event)
    in_order = sorted(found.values(), key=lambda call: call.started_at)
    assert [call.answered_by for call in in_order] == [call["answered_by"] for call in expected]
