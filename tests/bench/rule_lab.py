"""The rule lab over the whole call log and a file of numbers, as the child processes they are.

Against what existing connectors do to find a number (research/field.md, 3): a scan of all
stored numbers with REPLACE and LIKE, or with LIKE alone.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import phonenumbers

from crmdesk.desk.rule_lab.lab import RuleLab, rule_set
from crmdesk.desk.rule_lab.texts import change_rules
from crmdesk.domain.call_log import CallerRow
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Reader, Store
from crmdesk.store.number_index import NumberIndex
from tests.bench.demo_store import opened, raw_connection
from tests.bench.measuring import Figure, Outcome, Scale, scaled, timed

_RULES = ("suffix_digits=6", "ladder=account,e164,national,suffix")
_SETTINGS = Settings(lines=(LineSettings(id="demo", name="Demo", region="DE", area_code="30"),))
_ROUNDS_MAX = 3
_PER_ROUND = 2_000
_SCANS = 2
_MILLION = 1_000_000
_KIB = 1 << 10

_LOG = "SELECT line_id, caller_raw, account_id, direction, presentation FROM call"
_BY_NUMBER = "SELECT customer_id FROM customer_number WHERE e164 = ? AND deleted_at IS NULL"
_LIKE = "SELECT count(*) FROM customer_number WHERE raw LIKE ?"
_REPLACE = (
    "SELECT count(*) FROM customer_number WHERE "
    "REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(raw, ' ', ''), '-', ''), '/', ''), '(', ''), ')', '')"
    " LIKE ?"
)


def run(scale: Scale) -> Outcome:
    """The lab, a look-up of it, a file, and how quickly it lets itself be stopped."""
    rounds = min(scale.rounds, _ROUNDS_MAX)
    with opened(scale) as store:
        counts = store.read(lambda reader: reader.counts()).result()
        rows = store.read(_some_callers).result()
        looked_up = _look_ups(store, rows, rounds)
    with raw_connection(scale) as raw:
        scans = {sql: _scans(raw, sql, rows, rounds) for sql in (_REPLACE, _LIKE)}
        read = tuple(timed(lambda: _read_log(raw))[0] for _ in range(rounds))
        by_hand, numbers = _file_by_hand(raw, scale)
    place = scale.store or scale.folder / "bench.db"
    labs = [_lab(place) for _ in range(rounds)]
    matched = [_match_file(place, numbers, scale.folder) for _ in range(rounds)]
    name = "a scan with REPLACE and LIKE '%...'"
    figures = (
        Figure("one number of the log with both rules", looked_up, scans[_REPLACE], name, "us",
               "1/1,000; stretch 1/100,000"),
        Figure("the same", looked_up, scans[_LIKE], "a scan with LIKE '%...'", "us"),
        Figure("the lab over the whole log", tuple(lab["seconds"] for lab in labs), read,
               "raw sqlcipher3 reading the same rows, numbers counted", "s"),
        Figure("its memory at most", tuple(lab["mib"] for lab in labs), unit="MB", target="400 MB"),
        Figure("told to stop until it is gone", tuple(_stopped(place) for _ in range(rounds)),
               unit="ms", target="1 s"),
        Figure("crmdesk match --file", tuple(one["rate"] for one in matched), by_hand,
               "phonenumbers and one raw indexed query a number", "/s"),
        Figure("its memory at most", tuple(one["mib"] for one in matched), unit="MB"),
    )  # fmt: skip
    found = labs[0]["result"]["looked_at"]
    note = (
        f"{counts.calls:,} calls, {found['calls']:,} of them with one of {found['numbers']:,}"
        f" numbers, against {counts.customers:,} customers; rules tried: {' '.join(_RULES)}. A file"
        f" of {len(numbers):,} numbers, seven of ten stored. Times of child processes are with"
        " their start and the reading of all stored numbers into memory."
    )
    return Outcome("The rule lab", figures, (note,))


def _some_callers(reader: Reader) -> list[CallerRow]:
    found: dict[str, CallerRow] = {}
    for part in reader.callers():
        found.update((row[1], row) for row in part if row[1])
        if len(found) >= _PER_ROUND:
            break
    return list(found.values())[:_PER_ROUND]


def _look_ups(store: Store, rows: list[CallerRow], rounds: int) -> tuple[float, ...]:
    """Microseconds a number, by a lab that has its index."""

    def measured(reader: Reader) -> tuple[float, ...]:
        index = NumberIndex(reader)
        after = rule_set(change_rules(_SETTINGS, _RULES))
        taken = []
        for _ in range(rounds):
            lab = RuleLab(rule_set(_SETTINGS), after, index, date(2026, 3, 31))
            taken.append(timed(partial(lab.look_at, rows))[0])
        return scaled(tuple(taken), 1e6 / len(rows))

    return store.read(measured).result()


def _scans(
    raw: sqlite3.Connection, sql: str, rows: list[CallerRow], rounds: int
) -> tuple[float, ...]:
    """Microseconds a number, by a scan of all stored numbers."""
    taken = []
    for place in range(rounds):
        chosen = rows[place * _SCANS : (place + 1) * _SCANS] or rows[:_SCANS]
        began = time.perf_counter()
        for row in chosen:
            raw.execute(sql, (f"%{row[1][-8:]}",)).fetchone()
        taken.append((time.perf_counter() - began) * 1e6 / len(chosen))
    return tuple(taken)


def _read_log(raw: sqlite3.Connection) -> int:
    return len({row[1] for row in raw.execute(_LOG)})


def _file_by_hand(raw: sqlite3.Connection, scale: Scale) -> tuple[tuple[float, ...], list[str]]:
    """Numbers a second with the library and the driver alone; and the numbers of the file."""
    rng = Random(3)
    count = min(_MILLION, scale.customers * 2)
    stored = [e164 for (e164,) in raw.execute(
        "SELECT e164 FROM customer_number WHERE e164 IS NOT NULL LIMIT ?", (count * 7 // 10,)
    )]  # fmt: skip
    forms = ("+{}", "00{}", "+{}")
    numbers = [rng.choice(forms).format(e164[1:]) for e164 in stored]
    numbers += [f"+49176040690{rng.randrange(10**4):04d}" for _ in range(count - len(numbers))]
    rng.shuffle(numbers)
    some = numbers[:_PER_ROUND]

    def by_hand() -> None:
        for number in some:
            parsed = phonenumbers.parse(number, "DE")
            e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            raw.execute(_BY_NUMBER, (e164,)).fetchall()

    return tuple(len(some) / timed(by_hand)[0] for _ in range(_ROUNDS_MAX)), numbers


# --- child processes -------------------------------------------------------------------------


def _lab(place: Path) -> dict[str, Any]:
    return _ended("rules", "try", "--store", str(place), "--rule", *_RULES)


def _match_file(place: Path, numbers: list[str], folder: Path) -> dict[str, Any]:
    file = folder / "numbers.txt"
    file.write_text("\n".join(numbers), encoding="ascii")
    out = str(folder / "answers.tsv")
    done = _ended("match", "--file", str(file), "--out", out, "--store", str(place))
    return {**done, "rate": done["result"]["numbers"] / done["seconds"]}


def _ended(*words: str) -> dict[str, Any]:
    """Runs a command to its end: result, seconds and most memory."""
    began = time.perf_counter()
    child = _child(*words)
    assert child.stdout is not None
    most, line = 0.0, b""
    with child, child.stdout:
        for line in child.stdout:  # noqa: B007  the last one is the result
            most = max(most, _resident_mib(child.pid))
    return {
        "result": json.loads(line)["result"],
        "seconds": time.perf_counter() - began,
        "mib": most,
    }


def _resident_mib(pid: int) -> float:
    """Most memory so far. What `wait4` tells has that of this program in it, from the fork."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / _KIB if found else 1.0


def _stopped(place: Path) -> float:
    """Milliseconds from SIGTERM, once it is at work, to its end."""
    child = _child("rules", "try", "--store", str(place), "--rule", *_RULES)
    assert child.stdout is not None
    child.stdout.readline()
    return timed(partial(_stop, child))[0] * 1e3


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    child.communicate()


def _child(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "crmdesk", *words, "--progress", "json"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
