"""Recordings: reading them with every kind of clock, writing them without names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.telephony.asterisk.protocol import AmiProtocol
from crmdesk.telephony.asterisk.pseudonyms import AmiPseudonyms
from crmdesk.telephony.recording import Recorder, Recording, RecordingError

DATA = Path(__file__).parents[1] / "data" / "asterisk"
RECORDINGS = sorted(DATA.rglob("*.ami"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_recording_is_read_completely_and_in_order(path: Path) -> None:
    recording = Recording.load(path)
    assert recording.data == path.read_bytes()
    times = [at for at, _ in recording]
    assert times == sorted(times)
    assert times[0].tzinfo is UTC


def test_times_file_gives_the_clock_and_the_end_of_connections() -> None:
    recording = Recording.load(DATA / "20-restart-mid-call.ami")
    ends = [index for index, (_, data) in enumerate(recording) if not data]
    assert len(ends) >= 1
    at, data = recording.chunks[ends[0] + 1]
    assert data.startswith(b"Asterisk Call Manager/")
    assert at == datetime.fromtimestamp(1795311020.566756, UTC)


def test_timestamps_of_the_recording_are_the_clock_without_times_file(tmp_path: Path) -> None:
    source = DATA / "01b-direct-answered-timestamps-channelvars.ami"
    copy = tmp_path / "copy.ami"
    copy.write_bytes(source.read_bytes())
    recording = Recording.load(copy)
    assert recording.data == source.read_bytes()
    (rang,) = [at for at, data in recording if data.startswith(b"Event: DialBegin")]
    (gone,) = [at for at, data in recording if b"Event: HangupRequest" in data]
    assert timedelta(seconds=8.9) < gone - rang < timedelta(seconds=9.1)


def test_order_is_all_there_is_without_any_clock(tmp_path: Path) -> None:
    copy = tmp_path / "copy.ami"
    copy.write_bytes((DATA / "01-direct-answered.ami").read_bytes())
    times = [at for at, _ in Recording.load(copy)]
    assert times[0].timestamp() == pytest.approx(1795310478, abs=1)
    steps = {later - earlier for earlier, later in pairwise(times)}
    assert steps == {timedelta(milliseconds=1)}


def test_bytes_after_the_last_time_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / "x.ami").write_bytes(b"abcdef")
    (tmp_path / "x.times").write_text("0 100.0 3\n")
    assert [data for _, data in Recording.load(tmp_path / "x.ami")] == [b"abc", b"def"]


def test_empty_recording_is_empty(tmp_path: Path) -> None:
    (tmp_path / "x.ami").write_bytes(b"")
    assert Recording.load(tmp_path / "x.ami").chunks == ()


@pytest.mark.parametrize("size", [1, 2_000, 5_211, 12_345])
def test_a_recording_cut_short_uses_the_times_it_has(tmp_path: Path, size: int) -> None:
    source = DATA / "10-attended-transfer.ami"
    copy = tmp_path / source.name
    copy.write_bytes(source.read_bytes()[:size])
    copy.with_suffix(".times").write_bytes(source.with_suffix(".times").read_bytes())
    chunks = Recording.load(copy).chunks
    whole = Recording.load(source).chunks
    assert b"".join(data for _, data in chunks) == copy.read_bytes()
    assert [at for at, _ in chunks] == [at for at, _ in whole[: len(chunks)]]
    assert all(data for _, data in chunks)


def test_a_cut_is_no_end_of_the_connection(tmp_path: Path) -> None:
    (tmp_path / "x.ami").write_bytes(b"abc")
    (tmp_path / "x.times").write_text("0 100.0 3\n3 101.0 4\n7 102.0 EOF\n")
    assert [data for _, data in Recording.load(tmp_path / "x.ami")] == [b"abc"]


def test_times_cut_in_the_middle_of_a_line_end_before_it(tmp_path: Path) -> None:
    (tmp_path / "x.ami").write_bytes(b"abcdef")
    (tmp_path / "x.times").write_text("0 100.0 3\n3 101")
    assert [data for _, data in Recording.load(tmp_path / "x.ami")] == [b"abc", b"def"]


@pytest.mark.parametrize(
    "line", ["nonsense", "0 x 3", "0 1.0", "5 1.0 3", "0 1.0 three", "0 1e400 3", "0 nan 3", "\xff"]
)
def test_broken_times_are_told_in_words(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.ami").write_bytes(b"abcdef")
    (tmp_path / "x.times").write_text(line + "\n", "latin-1")
    with pytest.raises(RecordingError) as caught:
        Recording.load(tmp_path / "x.ami")
    assert caught.value.what
    assert caught.value.remedy


def test_missing_recording_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"gone\.ami cannot be read"):
        Recording.load(tmp_path / "gone.ami")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_recording(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x.ami"
    path.write_bytes(data)
    assert Recording.load(path).data == data


# --- writing --------------------------------------------------------------------------------------


def rewrite(recording: Recording, path: Path, split: int = 10**9) -> Recording:
    """Runs a recording through a recorder."""
    recorder = Recorder(path, AmiPseudonyms(b"key"))
    for at, data in recording:
        if not data:
            recorder.end_of_connection(at)
        for start in range(0, len(data), split):
            recorder.record(at, data[start : start + split])
    recorder.close()
    return Recording.load(path)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_written_recording_holds_no_name_and_no_number(path: Path, tmp_path: Path) -> None:
    original = Recording.load(path)
    written = rewrite(original, tmp_path / "new.ami").data
    text = original.data.decode("utf-8", "replace")
    names = set(re.findall(r"(?:CallerIDName|ConnectedLineName|MemberName|\nName): (.*)\r", text))
    names -= {"<unknown>", "unknown", "", "Anonymous", "anonymous"}
    for name in names:
        assert f": {name}\r\n".encode() not in written, name
    numbers = phone_numbers(text)
    assert numbers & phone_numbers(written.decode()) == set()


def phone_numbers(text: str) -> set[str]:
    """Everything that looks like one, but for times and the parts of UUIDs."""
    found = set(re.findall(r"(?<![0-9a-f.-])\+?[0-9]{9,15}(?![0-9a-f.-])", text))
    return {number for number in found if not re.fullmatch(r"1795[0-9]{6}", number)}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_written_recording_has_the_same_shape(path: Path, tmp_path: Path) -> None:
    original = Recording.load(path)
    written = rewrite(original, tmp_path / "new.ami")

    def shape(data: bytes) -> list[tuple[str, str, list[str]]]:
        protocol = AmiProtocol(ignored=frozenset())
        protocol.receive_data(data)
        return [(m.name, m.get("Linkedid"), list(m.fields)) for m in protocol.messages()]

    assert shape(written.data) == shape(original.data)
    assert written.chunks[-1][0] == original.chunks[-1][0]
    assert [at for at, data in written if not data] == [at for at, data in original if not data]


def test_reads_cut_anywhere_write_the_same(tmp_path: Path) -> None:
    original = Recording.load(DATA / "01-direct-answered.ami")
    whole = rewrite(original, tmp_path / "a.ami").data
    assert rewrite(original, tmp_path / "b.ami", split=1).data == whole
    assert rewrite(original, tmp_path / "c.ami", split=7).data == whole


def test_half_a_line_is_never_written(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "x.ami", AmiPseudonyms(b"key"))
    recorder.record(NOON, b"Event: Hangup\r\nCallerIDName: Jane D")
    recorder.end_of_connection(NOON)
    recorder.record(NOON, b"x" * 100_000)
    recorder.close()
    assert (tmp_path / "x.ami").read_bytes() == b"Event: Hangup\r\n"


def test_recorder_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.ami").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        Recorder(tmp_path / "x.ami", AmiPseudonyms())
    assert (tmp_path / "x.ami").read_bytes() == b"precious"


# --- pseudonyms -----------------------------------------------------------------------------------


def hidden(key: str, value: str, pseudonyms: AmiPseudonyms | None = None) -> str:
    line = (pseudonyms or AmiPseudonyms(b"key")).line(f"{key}: {value}".encode()).decode()
    return line.partition(": ")[2]


def test_one_number_keeps_one_pseudonym_however_it_is_written() -> None:
    full, national, zeros = (
        hidden("CallerIDNum", number)
        for number in ("+493023125710", "03023125710", "00493023125710")
    )
    assert full != "+493023125710"
    assert full.startswith("+4930")
    assert full[-7:] == national[-7:] == zeros[-7:]
    assert hidden("DialString", "+493023125710@trunk-telco") == f"{full}@trunk-telco"


@given(st.sets(st.from_regex(r"\+4930[0-9]{7}", fullmatch=True), min_size=2, max_size=30))
def test_two_numbers_never_become_one(numbers: set[str]) -> None:
    pseudonyms = AmiPseudonyms(b"key")
    assert len({pseudonyms.number(number) for number in numbers}) == len(numbers)


def test_another_key_gives_other_pseudonyms() -> None:
    number = "+493023125710"
    assert AmiPseudonyms(b"a").number(number) != AmiPseudonyms(b"b").number(number)
    assert AmiPseudonyms().number(number) != AmiPseudonyms().number(number)


def test_one_name_keeps_one_pseudonym() -> None:
    pseudonyms = AmiPseudonyms(b"key")
    first = hidden("CallerIDName", "Jane Doe", pseudonyms)
    assert first == "Person 1"
    assert hidden("ConnectedLineName", "Jane Doe", pseudonyms) == first
    assert hidden("MemberName", "Alice Adler", pseudonyms) == "Person 2"
    caller = hidden("CallerID", '"Jane Doe" <+493023125710>', pseudonyms)
    assert caller.startswith(f'"{first}" <+4930')


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("CallerIDNum", "1001"),
        ("Uniqueid", "1795310478.0"),
        ("Channel", "PJSIP/1001-0000000a"),
        ("CallerIDName", "<unknown>"),
        ("CallerIDName", "Anonymous"),
        ("ChanVariable", "CALLERID(pres)=prohib_not_screened"),
        ("Timestamp", "1795311525.751742"),
    ],
)
def test_what_a_bug_report_needs_stays(key: str, value: str) -> None:
    assert hidden(key, value) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ChanVariable", "ACCOUNT_ID=482913"),
        ("ChanVariable", "NOTE=Jane owes 5 EUR"),
        ("Value", "Jane Doe"),
        ("AnythingNew", "Jane Doe"),
        ("Key", "caf65343cd021d6643f6ccd09c6ac732"),
        ("Secret", "s3cr3t"),
        ("Challenge", "814085687"),
        ("ApplicationData", "PJSIP/1001/sip:1001@10.1.2.3:25001"),
    ],
)
def test_what_nobody_needs_goes(key: str, value: str) -> None:
    personal = value.rpartition("=")[2].rpartition("@")[2]
    assert personal not in hidden(key, value)
