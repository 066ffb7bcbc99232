"""Records that other programs read say what they say when they are read here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import RowPlan, SourceColumn, SourceFacts, SourceKind, SourceRecord
from crmdesk.store import Store, keys, open_store
from crmdesk.sync.importing import ImportOrder, ImportResult, run_import
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.reading import ahead as reading_ahead
from crmdesk.sync.reading.ahead import ReadAhead, ReadRecords
from crmdesk.sync.reading.drafts import BadRecord, Noticed
from crmdesk.sync.reading.frames import (
    Outcome,
    ReadingOrder,
    decode_piece,
    encode,
    encode_records,
    read_piece,
)
from crmdesk.sync.reading.process import ReadingProcess

TARGETS = {
    "Id": "external_id", "No": "account_id", "Name": "name", "Company": "company",
    "Phone": "number", "Type": "label_of_number", "Mobile": "number_mobile", "Mail": "email",
    "Street": "street", "City": "city", "Country": "country", "Since": "customer_since",
    "Status": "status", "Calls": "do_not_call", "Language": "language", "Note": "note",
    "Card": "custom:card",
}  # fmt: skip
NAMES = tuple(TARGETS)
PROFILE = ImportProfile(
    columns=TARGETS, source_name="shop", region="DE", picklists={"status": {"Gold": "active"}}
)
COLUMNS = tuple(SourceColumn(name, ("05.03.24",) if name == "Since" else ()) for name in NAMES)
ORDER = ReadingOrder(PROFILE, COLUMNS)


class Records:
    """A source in memory, which may break off."""

    def __init__(self, *records: SourceRecord, breaks: Exception | None = None) -> None:
        self.facts = SourceFacts(SourceKind.CSV, COLUMNS)
        self.size = self.position = 0
        self._records = records
        self._breaks = breaks

    def records(self) -> Iterator[SourceRecord]:
        yield from self._records
        if self._breaks:
            raise self._breaks


def record(place: int, **cells: str) -> SourceRecord:
    return SourceRecord(place, tuple(cells.get(name, "") for name in NAMES))


def odd_records() -> list[SourceRecord]:
    """What files have in them, and what somebody would put there."""
    cells = [
        {"Name": "Jane Hansen", "Phone": "030 23125 101", "Mail": "Jane@Example.com", "No": "K1"},
        {"Name": "Müller, Jörg", "Company": "Hansen GmbH", "Phone": "030 23125 102; 0171 3920 077"},
        {"Name": "=cmd|'/c calc'!A1", "Phone": "4.930231E+11", "Note": "4111 1111 1111 1111"},
        {"Name": "Jane\u202e Hansen\x00", "Phone": "anonymous", "Status": "Gold", "Calls": "x"},
        {"Name": "İstanbul \U0001f600 नमस्ते", "Phone": "٠٣٠ ٢٣١٢٥ ١٠٣", "Language": "pt-BR"},
        {"Name": "half \ud800 a character", "Phone": "030 23125 104"},
        {"Name": "n" * 5_000, "Phone": "+" * 3_000 + "4930" * 500, "Note": "1\n" * 9_000},
        {"Name": "A", "Since": "31.02.2024", "Status": "nobody knows", "Country": "Frankreich"},
        {"Phone": "01 99 00 12 34", "Country": "Frankreich", "Since": "05.03.24", "Type": "Büro"},
        {"Company": "Nord AG", "Card": "a" * 3_000, "City": "Kiel", "Street": "Weg 1"},
        {"Name": "Jane Hansen", "Phone": "030 23125 101", "Mail": "x@, y@example.com"},
        {},
    ]
    records = [record(place, **each) for place, each in enumerate(cells, 2)]
    records.append(SourceRecord(99, ("too", "few"), "The row has 2 values."))
    records.append(SourceRecord(100, (), "", "uid-1"))
    records.append(SourceRecord(2**40, records[0].values, "", "uid-2"))
    return records


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Has processes read from the first record on, in pieces of so many."""

    def use(count: int) -> None:
        monkeypatch.setattr(reading_ahead, "ALONE", 0)
        monkeypatch.setattr(reading_ahead, "AT_ONCE", count)
        monkeypatch.setattr(reading_ahead, "READY_S", 60.0)

    return use


def read(source: Records, workers: int) -> list[ReadRecords]:
    with ReadAhead(source, ORDER, workers) as ahead:
        return list(ahead.pieces())


def all_of(pieces: list[ReadRecords]) -> tuple[list[SourceRecord], list[Outcome], Noticed]:
    noticed = Noticed()
    for piece in pieces:
        noticed.add(piece.noticed)
    records = [each for piece in pieces for each in piece.records]
    return records, [each for piece in pieces for each in piece.outcomes], noticed


@pytest.mark.parametrize("size", [1, 4, 1_000])
def test_odd_records_say_the_same_wherever_they_are_read(
    at_once: Callable[[int], None], size: int
) -> None:
    records = odd_records()
    expected = all_of(read(Records(*records), 0))
    at_once(size)
    assert all_of(read(Records(*records), 2)) == expected
    assert expected[0] == records
    assert [one for one in expected[1] if isinstance(one, BadRecord)]
    assert expected[2].masked == 1
    assert dict(expected[2].unknown_words) == {("status", "nobody knows"): 1}


cells = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["030 23125 101", "0171/3920077", "+44 20 7946 0018", "Hansen GmbH", "a@example.com",
         "05.03.24", "Frankreich", "x", "Büro", "4111111111111111"],
    ),
)  # fmt: skip
rows = st.lists(
    st.tuples(st.lists(cells, max_size=len(NAMES)), st.sampled_from(["", "", "", "broken off"])),
    max_size=12,
)


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    reading = ReadingProcess(encode(ORDER))
    yield reading
    reading.stop()


# The fixture has no state but what the records before left in caches: which must not matter.
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows, st.integers(1, 5))
def test_where_a_piece_ends_changes_nothing(
    process: ReadingProcess, given_rows: list[tuple[list[str], str]], size: int
) -> None:
    records = [
        SourceRecord(place, tuple(values + [""] * (len(NAMES) - len(values))), error)
        for place, (values, error) in enumerate(given_rows, 2)
    ]
    whole = read_piece(ORDER.reader(), records, ORDER)
    noticed, outcomes = Noticed(), []
    for start in range(0, len(records), size):
        answer = decode_piece(process.send(encode_records(records[start : start + size])).result())
        outcomes += answer.outcomes()
        noticed.add(answer.noticed())
    assert outcomes == whole.outcomes()
    assert noticed == whole.noticed()


def test_large_records_make_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "CHARS_AT_ONCE", 100)
    records = [record(place, Note="n" * 60) for place in range(6)]
    assert [len(piece.records) for piece in read(Records(*records), 0)] == [2, 2, 2]


def test_a_source_that_breaks_off_is_told_after_what_it_gave(
    at_once: Callable[[int], None],
) -> None:
    at_once(2)
    broken = Records(*odd_records()[:5], breaks=UserFacingError("It broke off.", "", ""))
    for workers in (0, 2):
        seen: list[int] = []
        with (
            ReadAhead(broken, ORDER, workers) as ahead,
            pytest.raises(UserFacingError, match="broke off"),
        ):
            seen.extend(len(piece.records) for piece in ahead.pieces())
        # A list that is being extended keeps what came before the error.
        assert seen == [2, 2, 1]


def test_words_nobody_knows_are_counted_up_to_an_end() -> None:
    noticed = Noticed()
    for number in range(5_000):
        noticed.note_word("status", f"word {number % 2_500}")
    assert len(noticed.unknown_words) == 1_000
    assert set(noticed.unknown_words.values()) == {2}


# --- when it pays -----------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[ReadingProcess]:
    """The processes that were started."""
    made: list[ReadingProcess] = []

    class Noted(ReadingProcess):
        def __init__(self, order: bytes) -> None:
            super().__init__(order)
            made.append(self)

    monkeypatch.setattr(reading_ahead, "ReadingProcess", Noted)
    return made


def test_a_small_source_starts_nothing(started: list[ReadingProcess]) -> None:
    source = Records(*(record(place, Name=f"n{place}") for place in range(3_000)))
    assert sum(len(piece.records) for piece in read(source, 2)) == 3_000
    assert not started


@pytest.mark.parametrize(("records", "processes"), [(9_000, 0), (20_000, 1)])
def test_a_large_one_starts_some_where_much_is_to_come(
    started: list[ReadingProcess], records: int, processes: int
) -> None:
    source = Records()
    source.size = records

    def tell() -> Iterator[SourceRecord]:
        for place in range(records):
            source.position = place + 1
            yield record(place, Name="n")

    source.records = tell  # type: ignore[method-assign]
    read(source, 1)
    assert len(started) == processes


def test_where_none_can_be_started_all_is_read_here(
    at_once: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_order: bytes) -> ReadingProcess:
        raise OSError("no more processes")

    monkeypatch.setattr(reading_ahead, "ReadingProcess", refuse)
    at_once(4)
    records = odd_records()
    assert all_of(read(Records(*records), 2))[0] == records


# --- whole imports ----------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


def bring_in(
    store: Store, records: list[SourceRecord], workers: int, *, is_dry: bool = False
) -> tuple[ImportResult, list[RowPlan]]:
    plan: list[RowPlan] = []
    order = ImportOrder(
        Records(*records), PROFILE, "Import", is_dry=is_dry, each_row=plan.append, workers=workers
    )
    return run_import(store, order, lambda *_: None), plan


def customers(store: Store) -> list[str]:
    page = store.read(lambda r: r.customers(limit=500)).result()
    return sorted(one.name for one in page.customers)


def numbered(rows: list[RowPlan]) -> list[tuple[int, RowPlan]]:
    """Plans with the place of their customer among all in place of its key."""
    places: dict[object, int] = {None: -1}
    return [
        (places.setdefault(row.customer_id, len(places)), replace(row, customer_id=None))
        for row in rows
    ]


def many_records() -> list[SourceRecord]:
    """With people who come again far behind, and the odd ones between them."""
    odd, places = odd_records(), count(1_000)
    people = [
        record(
            next(places), Name=f"Jane Hansen{n % 17}", Phone=f"030 23125 {100 + n % 23}",
            Company=f"Nord{n % 5} AG", Mail=f"jane{n % 17}@example.com", Id=f"{n % 40}",
        )
        for n in range(60)
    ]  # fmt: skip
    return [*people[:30], *odd, *people[30:]]


def test_an_import_comes_to_the_same(
    store: Store, tmp_path: Path, at_once: Callable[[int], None]
) -> None:
    alone, alone_rows = bring_in(store, many_records(), 0, is_dry=True)
    at_once(7)
    result, rows = bring_in(store, many_records(), 2, is_dry=True)
    assert numbered(rows) == numbered(alone_rows)
    assert result.summary == alone.summary
    assert alone.summary.created
    assert alone.summary.skipped + alone.summary.updated
    assert alone.summary.bad

    bring_in(store, many_records(), 2)
    with open_store(tmp_path / "alone.db", keys.DEMO_KEY) as other:
        bring_in(other, many_records(), 0)
        assert customers(store) == customers(other)


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_a_second_import_comes_to_the_same(
    store: Store, at_once: Callable[[int], None], workers: int
) -> None:
    bring_in(store, many_records(), 0)
    later = many_records()
    later[3] = replace(later[3], values=("3", *later[3].values[1:-2], "", "another note"))
    alone, alone_rows = bring_in(store, later, 0, is_dry=True)
    at_once(7)
    result, rows = bring_in(store, later, workers, is_dry=True)
    assert numbered(rows) == numbered(alone_rows)
    assert result.summary == alone.summary
    assert alone.summary.same
    assert bring_in(store, later, workers)[0].summary.updated == alone.summary.updated > 0


def ends(process: ReadingProcess) -> bool:
    return process._process.poll() is not None


def test_a_process_that_is_killed_ends_the_import_with_nothing_in_the_store(
    store: Store, at_once: Callable[[int], None], started: list[ReadingProcess]
) -> None:
    at_once(5)

    def kill(_row: RowPlan) -> None:
        started[0]._process.kill()

    order = ImportOrder(Records(*many_records() * 9), PROFILE, "Import", each_row=kill, workers=2)
    with pytest.raises(UserFacingError, match="ended before it was done"):
        run_import(store, order, lambda *_: None)
    assert customers(store) == []
    assert all(map(ends, started))


def test_a_cancelled_import_leaves_no_process_and_nothing_in_the_store(
    store: Store, at_once: Callable[[int], None], started: list[ReadingProcess]
) -> None:
    at_once(5)

    class StopError(Exception):
        pass

    def stop(_done: int, _of: int | None, _note: str) -> None:
        raise StopError

    order = ImportOrder(Records(*many_records()), PROFILE, "Import", workers=2)
    with pytest.raises(StopError):
        run_import(store, order, stop)
    assert len(started) == 2
    assert all(map(ends, started))
    assert customers(store) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that stops a process")
def test_whoever_waits_for_a_process_can_still_cancel(at_once: Callable[[int], None]) -> None:
    at_once(5)

    class StopError(Exception):
        pass

    stopped: list[int] = []

    def tick() -> None:
        if stopped:
            raise StopError

    with ReadAhead(Records(*many_records()), ORDER, 1, tick) as ahead:
        pieces = ahead.pieces()
        next(pieces)
        stopped.append(ahead.workers[0])
        os.kill(stopped[0], signal.SIGSTOP)
        with pytest.raises(StopError):
            list(pieces)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that stops a process")
def test_where_the_others_get_no_time_this_program_reads_too(
    at_once: Callable[[int], None],
) -> None:
    at_once(5)
    records = many_records()

    def go_on() -> None:
        os.kill(ahead.workers[0], signal.SIGCONT)

    with ReadAhead(Records(*records), ORDER, 1, go_on) as ahead:
        pieces = ahead.pieces()
        read_first = next(pieces)
        os.kill(ahead.workers[0], signal.SIGSTOP)
        found = all_of([read_first, *pieces])
        assert ahead.read_here > 0
    assert found == all_of(read(Records(*records), 0))


def test_what_goes_wrong_in_a_process_is_no_record_less(
    at_once: Callable[[int], None], capfd: pytest.CaptureFixture[str]
) -> None:
    process = ReadingProcess(encode(ORDER))
    try:
        answer = decode_piece(process.send(b"no records").result())
        assert (answer.outcomes(), answer.failure) == ([], "ValidationError")
    finally:
        process.stop()
    assert "ValidationError" in capfd.readouterr().err
    with pytest.raises(UserFacingError, match="ended before"):
        process.send(encode_records(odd_records()[:1])).result()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_has_a_limit_and_gives_way() -> None:
    process = ReadingProcess(encode(ORDER))
    try:
        process.send(encode_records([record(1, Name="Jane")])).result()
        limits = Path(f"/proc/{process.process_id}/limits").read_text(encoding="ascii")
        (line,) = (line for line in limits.splitlines() if line.startswith("Max address space"))
        assert line.split()[3] == str(1 << 30)
        assert os.getpriority(os.PRIO_PROCESS, process.process_id) >= 10
    finally:
        process.stop()


def test_a_process_that_reads_goes_without_the_store() -> None:
    code = "import sys, crmdesk.sync.reading.worker; print('sqlalchemy' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
