"""Kill -9 of the whole program at random moments while calls come in.

What `crmdesk listen` printed as a finished call is in the store afterwards, equal in every field;
what was ringing or talking when it died is there too, and the next start closes it as unknown.
"""

from __future__ import annotations

import os
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmdesk.desk.call_json import call_to_json
from crmdesk.domain.calls import CallOutcome
from crmdesk.store import Reader, keys, open_store
from tests.end2end.programs import line_to, listen, make_home, write_settings
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

DATA = Path(__file__).parents[1] / "data" / "asterisk"
RECORDINGS = ("19-twenty-concurrent", "40-busy-mix", "30-two-queue-callers")
LANES = 2
"""Desks that live and die beside each other, each with a PBX and a store of its own."""
LONGEST_LIFE_S = 0.9
"""After the login; the calls of the longest recording are over by then, or nearly."""


class Lane:
    """A desk that is killed again and again."""

    def __init__(self, home: Path, pbx: FakePbx, seed: int) -> None:
        self.saved = self.cut_off = 0
        self._home, self._pbx = home, pbx
        self._random = random.Random(seed)
        self._was_open: set[uuid.UUID] = set()
        self._file = make_home(home, line_to(pbx)) / "crmdesk.db"

    def live_often(self, times: int) -> None:
        """Many lives, and a last one that is stopped in order."""
        for life in range(times):
            self.live(life)
        self.end()

    def live(self, life: int) -> None:
        """One life, and what is left of it."""
        recording = DATA / f"{self._random.choice(RECORDINGS)}.ami"
        # Another phone system each time: its calls are others, though the recording is the same.
        write_settings(self._home, line_to(self._pbx, phone_system=f"pbx-{life}"))
        printed = self._play_and_kill(recording, self._random.uniform(0.0, LONGEST_LIFE_S))
        with open_store(self._file, keys.DEMO_KEY) as store:
            store.read(lambda reader: self._check(reader, printed)).result()

    def end(self) -> None:
        """A last life that is stopped in order: nothing stays open."""
        logins = self._pbx.logins
        with listen(self._home) as desk:
            self._pbx.wait_for_login(logins + 1)
            assert desk.stop() == 0
        with open_store(self._file, keys.DEMO_KEY) as store:
            assert store.read(lambda reader: reader.open_calls()).result() == ()
            store.read(lambda reader: self._check(reader, [])).result()

    def _play_and_kill(self, recording: Path, after_s: float) -> list[dict[str, Any]]:
        logins = self._pbx.logins
        with listen(self._home) as desk:
            self._pbx.wait_for_login(logins + 1)
            death = threading.Timer(after_s, desk.process.kill)
            death.start()
            self._pbx.play(recording)
            death.join()
            desk.kill()
            assert desk.process.returncode == -9, desk.text()
            return desk.events("call")

    def _check(self, reader: Reader, printed: list[dict[str, Any]]) -> None:
        last = {uuid.UUID(call["id"]): call for call in printed}
        for key, said in last.items():
            call = reader.call(key)
            row = reader.call_row(key)
            assert call is not None, f"a finished call is lost: {said}"
            assert row is not None
            assert as_kept(call_to_json(call, row.caller_e164)) == as_kept(said)
        for key in self._was_open:
            call = reader.call(key)
            assert call is not None
            assert call.outcome is CallOutcome.UNKNOWN
            assert all(offer.outcome for offer in call.offers)
            assert call.started_at <= (call.ended_at or call.started_at) <= datetime.now(UTC)
        self._was_open = {call.id for call in reader.open_calls()}
        self.saved += len(last)
        self.cut_off += len(self._was_open)


def as_kept(said: dict[str, Any]) -> dict[str, Any]:
    """A printed call as it must be in the store.

    Of a withheld caller nothing is kept. Phones that began to ring at the same moment have no
    order, so they are compared by extension.
    """
    kept = {name: value for name, value in said.items() if name not in {"event", "id"}}
    for name in ("offers", "pops"):
        kept[name] = sorted(kept[name], key=lambda part: str(part["extension"]))
    return kept | {"caller_raw": "", "caller_name": ""} if kept["withheld"] else kept


@pytest.mark.parametrize("kills", [24, pytest.param(1_000, marks=pytest.mark.slow)])
def test_no_call_that_was_told_is_lost(
    tmp_path: Path, authority: CertificateAuthority, kills: int
) -> None:
    with ExitStack() as stack:
        lanes = [
            Lane(tmp_path / f"home-{number}", stack.enter_context(FakePbx(tls=authority)), number)
            for number in range(LANES)
        ]
        with ThreadPoolExecutor(LANES) as pool:
            list(pool.map(lambda lane: lane.live_often(kills // LANES), lanes))
    assert sum(lane.saved for lane in lanes) > kills  # the kills hit a desk at work
    # And calls in progress; whether few kills meet one is chance.
    assert kills < 100 or sum(lane.cut_off for lane in lanes) > 0
