"""The real desk on a display; its line rings, and each ring is timed until it is painted.

A program of its own, started by `pop.py` with its job as JSON; prints JSON.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QLabel

from crmdesk.bootstrap.core import Core
from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.segments.belonging import Questions, prepare
from crmdesk.domain.lines import LineState
from crmdesk.domain.pops import PopCard
from crmdesk.gui.app import DeskWindows, application
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.store.demo.segments import SEGMENTS
from tests.bench.demo_store import Listener, opened, raw_connection, run_raw, some_numbers
from tests.bench.measuring import Scale, agree
from tests.bench.painted import PaintWatch
from tests.bench.ringing_pbx import AGENT, SECRET, USER, RingingPbx
from tests.bench.store import read_story

_PAUSE_MS = 60
"""Between two rings, so that what the last one left to do is done."""

_LIMIT_MS = 60_000
_WARM_UP = 3
_HUM_BEFORE_MS = 1000


class OneSecret:
    """A vault with the secret of the fake PBX."""

    name = "bench"

    def get(self, _ref: str) -> str | None:
        return SECRET

    def set(self, _ref: str, _value: str) -> None:
        raise NotImplementedError

    def delete(self, _ref: str) -> None:
        raise NotImplementedError


class Ears:
    """Hears what the desk tells, on its NET thread."""

    def __init__(self) -> None:
        self.told_at: dict[str, float] = {}
        self.card: PopCard | None = None
        self.calls = 0
        self.is_ready = False

    def pop_changed(self, card: PopCard) -> None:
        self.told_at.setdefault(str(card.call_id), time.perf_counter())
        self.card = card

    def call_changed(self, _row: object) -> None:
        self.calls += 1

    def ledger_written(self, _lines: object) -> None: ...

    def line_health_changed(self, health: Any) -> None:
        self.is_ready |= health.state in {LineState.READY, LineState.DEGRADED}

    def store_health_changed(self, _health: object) -> None: ...

    def desk_requested(self, _request: object) -> None: ...

    def tickets_due(self, _news: object) -> None: ...

    def follow_ups_due(self, _news: object) -> None: ...
    def message_tried(self, _attempt: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Baseline:
    """The raw road to the rows, and who tells which statements to run."""

    raw: sqlite3.Connection
    listener: Listener


class RingBench:
    """Rings, and the two baselines, by turns."""

    def __init__(self, desk: DeskWindows, ears: Ears, pbx: RingingPbx, baseline: Baseline) -> None:
        self.ears, self.pbx = ears, pbx
        self.taken: dict[str, list[float]] = {}
        self._desk, self._baseline = desk, baseline
        self._chips_at: float | None = None
        desk.actions.segments.told.connect(self._chips_told)
        self._bare = QLabel("+49 30 23125 710")
        self._bare.resize(420, 280)
        self._pop_painted = PaintWatch(desk.pop)
        self._bare_painted = PaintWatch(self._bare)

    def round(self, number: int, caller: str, kind: str) -> None:
        """One ring and one of each baseline."""
        rang, told, painted, card = self._ring(number, caller)
        now = datetime.now(UTC)
        statements = self._baseline.listener.statements_of(lambda r: read_story(r, caller, now))
        rows, same = self._paint(self._pop_painted, lambda: self._raw_card(statements, card))
        if len(card.match.candidates) == 1:
            agree(card.match.candidates[0].owner.customer_id.bytes, rows[0][0][0], "who calls")
        self._put_away(card)
        self._forget_cards()
        _, bare = self._paint(self._bare_painted, lambda: self._raw_label(statements))
        self._bare.hide()
        pause(_PAUSE_MS)
        self._note(kind, "ring to card told", told - rang)
        self._note(kind, "ring to painted", painted - rang)
        self._note(kind, "raw reading, same card", same)
        self._note(kind, "raw reading, bare label", bare)

    def take_turns(self, number: int, caller: str, questions: Questions) -> None:
        """One ring with segments on the pop or without, and how long their chips take."""
        self._desk.window.segments.questions = questions
        kind = "chips" if questions.pop.segments else "no chips"
        self._chips_at = None
        rang, _, painted, _ = self._ring(number, caller, stays_ms=2 * _PAUSE_MS)
        self._note(kind, "ring to painted", painted - rang)
        if self._chips_at is not None and kind == "chips":
            self._note(kind, "painted to chips", self._chips_at - painted)
        self._forget_cards()
        pause(_PAUSE_MS)

    def _chips_told(self, *_what: object) -> None:
        self._chips_at = time.perf_counter()

    def questions(self) -> Questions:
        """About the demo's segments, as the desk asks them; it looks no more by itself."""
        store, book = self._desk.core.store, self._desk.window.segments
        if not any(one.is_on_pop for one in store.read(lambda r: r.segments()).result()):
            store.write(lambda w: w.save_segments(SEGMENTS, "bench")).result()
        book.stop()
        job = partial(prepare, before=Questions(), zone=OWN_ZONE)
        return store.read(job).result()

    def _ring(
        self, number: int, caller: str, stays_ms: int = 0
    ) -> tuple[float, float, float, PopCard]:
        self.ears.card = None
        painted = self._wait_for(self._pop_painted, lambda: self.pbx.ring(number, caller))[1]
        rang: float = self.pbx.pipe.recv()
        card = self._desk.pop.deck.shown[-1]
        agree(card.match.number.e164, caller, "number on the card")
        told = self.ears.told_at[str(card.call_id)]
        if stays_ms:
            pause(stays_ms)
        self._put_away(card)
        self.pbx.end(number, caller)
        pause(_PAUSE_MS)
        return rang, told, painted, card

    def _raw_card(self, statements: list[Any], card: PopCard) -> list[Any]:
        rows = run_raw(self._baseline.raw, statements)
        self._desk.pop.deck.bring_back((card.call_id, card.extension))
        self._desk.pop.show_card(card)
        return rows

    def _raw_label(self, statements: list[Any]) -> list[Any]:
        rows = run_raw(self._baseline.raw, statements)
        self._bare.show()
        return rows

    def _put_away(self, card: PopCard) -> None:
        self._desk.pop.put_away(card)
        pause(_PAUSE_MS)

    def _forget_cards(self) -> None:
        """As if the cards of finished calls had been there for their seconds."""
        self._desk.pop.deck.tick(datetime.now(UTC) + timedelta(hours=1))
        self._desk.pop.refresh()

    def _paint(self, watch: PaintWatch, work: Callable[[], Any]) -> tuple[Any, float]:
        began = time.perf_counter()
        result, painted = self._wait_for(watch, work)
        return result, painted - began

    def _wait_for(self, watch: PaintWatch, work: Callable[[], Any]) -> tuple[Any, float]:
        loop = QEventLoop()
        painted: list[float] = []

        def done(at: float) -> None:
            painted.append(at)
            loop.quit()

        watch.wait(done)
        result = work()
        QTimer.singleShot(_LIMIT_MS, loop, loop.quit)
        loop.exec()
        if not painted:
            raise TimeoutError("nothing was painted")
        return result, painted[0]

    def _note(self, kind: str, what: str, seconds: float) -> None:
        self.taken.setdefault(f"{kind}: {what}", []).append(seconds * 1000)


def pause(milliseconds: int) -> None:
    """Lets the windows live meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(ready: Callable[[], bool], milliseconds: int = _LIMIT_MS) -> None:
    """Lets the windows live until something is so.

    Raises:
        TimeoutError: It did not become so.
    """
    for _ in range(milliseconds // 20):
        if ready():
            return
        pause(20)
    raise TimeoutError("the desk did not get ready")


def settings_for(port: int) -> Settings:
    """One line to the fake PBX."""
    line = LineSettings(
        id="bench",
        name="Bench",
        host="127.0.0.1",
        port=port,
        tls=False,
        username=USER,
        secret_ref="pbx",
        region="DE",
        internal=("1001-1199",),
    )
    return Settings(agent=AgentSettings(extension=AGENT), lines=(line,))


def main() -> None:
    """Runs the job that is the only argument."""
    job = json.loads(sys.argv[1])
    folder, store_file = Path(job["folder"]), Path(job["store"])
    scale = Scale(job["customers"], job["calls"], job["rounds"], folder, store_file)
    app = application()
    pbx = RingingPbx.start()
    with opened(scale) as store, raw_connection(scale) as raw:
        ears = Ears()
        core = Core(settings_for(pbx.port), store, OneSecret())
        core.add_listener(ears)
        desk = DeskWindows(app, core, core.run)
        desk.start()
        try:
            wait_until(lambda: ears.is_ready)
            numbers = some_numbers(raw, scale.customers, 4 * scale.rounds + _WARM_UP)
            bench = RingBench(desk, ears, pbx, Baseline(raw, Listener(scale)))
            result = measure(bench, numbers, scale.rounds, job["hum"])
        finally:
            desk.stop()
            pbx.close()
    print(json.dumps(result))


def measure(bench: RingBench, numbers: list[str], rounds: int, hum: int) -> dict[str, Any]:
    """Rings without and with other people's calls going on."""
    first = int(time.time()) % 100_000  # calls that were not in the store before
    rings = list(enumerate(numbers, first))
    for number, caller in rings[:_WARM_UP]:
        bench.round(number, caller, "warm-up")
    for number, caller in rings[_WARM_UP : _WARM_UP + rounds]:
        bench.round(number, caller, "idle")
    bench.pbx.hum(hum)
    pause(_HUM_BEFORE_MS)
    bench.ears.calls, began = 0, time.monotonic()
    for number, caller in rings[_WARM_UP + rounds : _WARM_UP + 2 * rounds]:
        bench.round(number, caller, "hum")
    saved = bench.ears.calls / (time.monotonic() - began)
    bench.pbx.hum(0)
    pause(_HUM_BEFORE_MS)
    asked = bench.questions()
    for place, (number, caller) in enumerate(rings[_WARM_UP + 2 * rounds :]):
        bench.take_turns(number, caller, asked if place % 2 else Questions())
    return {"taken": bench.taken, "states_saved_per_s": saved}


if __name__ == "__main__":
    main()
