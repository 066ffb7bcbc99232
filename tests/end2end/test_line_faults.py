"""What can go wrong between the desk and a phone system: told in plain words, nothing lost."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main
from crmdesk.domain.text import EXTERNAL_TEXT_LIMIT
from tests.end2end.hostile import NAMES, play_call_of
from tests.end2end.people import JANE, JANE_NUMBER, people
from tests.end2end.programs import Program, line_to, listen, make_home
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import Account, Behaviour, FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nothing listens: bound, so that nobody else takes it."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def halves() -> tuple[bytes, bytes]:
    """A plain call without the greeting, cut where the phone has begun to ring."""
    data = (DATA / "01-direct-answered.ami").read_bytes()
    start = data.index(b"Event: Newchannel")
    middle = data.index(b"\r\n\r\n", data.index(b"ChannelStateDesc: Ringing")) + 4
    return data[start:middle], data[middle:]


def test_nobody_answers(tmp_path: Path, pbx: FakePbx, closed_port: int) -> None:
    home = make_home(tmp_path / "home", line_to(pbx, port=closed_port))
    with listen(home) as desk:
        told = desk.wait_for_error("Main office: retrying", str(closed_port))
        assert desk.stop() == 0
    assert "Errno" not in told
    assert "Traceback" not in desk.text()


def test_wrong_password_is_said_and_never_tried_again(tmp_path: Path, pbx: FakePbx) -> None:
    home = make_home(tmp_path / "home", line_to(pbx), secret="hunter2-of-1973")
    with listen(home) as desk:
        told = desk.wait_for_error("Main office: refused")
        assert desk.process.poll() is None  # other lines go on
        assert desk.stop() == 0
    assert "user name and secret" in told
    assert "hunter2" not in desk.text()
    assert pbx.logins == 0
    assert len(pbx.actions_named("Login")) == 1


def test_narrow_rights_are_named(tmp_path: Path, authority: CertificateAuthority) -> None:
    account = Account("s3cret-crmdesk", read=frozenset({"call"}), write=frozenset())
    with FakePbx({"crmdesk": account}, tls=authority) as pbx:
        home = make_home(tmp_path / "home", line_to(pbx), fill=people)
        with listen(home) as desk:
            pbx.wait_for_login()
            desk.wait_for_error("Main office", "reporting")
            pbx.play(DATA / "call-only" / "01-direct-answered.ami")
            assert desk.wait_for("pop")["title"] == JANE.name  # what works goes on working
            desk.wait_for("call", outcome="answered")
            assert desk.stop() == 0


def test_certificate_of_nobody_we_trust(
    tmp_path: Path, pbx: FakePbx, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = CertificateAuthority(tmp_path_factory.mktemp("other"))
    home = make_home(tmp_path / "home", line_to(pbx, tls_ca=str(other.ca_file)))
    with listen(home) as desk:
        told = desk.wait_for_error("Main office: refused")
        assert desk.stop() == 0
    assert "certificate" in told.lower()
    assert bytes(pbx.received) == b""  # no password to a stranger


def test_certificate_that_has_run_out(tmp_path: Path, authority: CertificateAuthority) -> None:
    with FakePbx(tls=authority, expired=True) as pbx:
        home = make_home(tmp_path / "home", line_to(pbx))
        with listen(home) as desk:
            told = desk.wait_for_error("Main office: refused")
            assert desk.stop() == 0
    assert "certificate" in told.lower()
    assert bytes(pbx.received) == b""


def test_call_that_is_gone_after_a_break_ends_as_unknown(home: Path, pbx: FakePbx) -> None:
    first, _ = halves()
    with listen(home) as desk:
        pbx.wait_for_login()
        pbx.send(first)
        pop = desk.wait_for("pop")
        pbx.drop()
        pbx.wait_for_login(2)
        call = desk.wait_for("call")
        assert desk.stop() == 0
    assert call["id"] == pop["call"]
    assert call["outcome"] == "unknown"
    assert [offer["outcome"] for offer in call["offers"]] == ["unknown"]


def test_call_that_goes_on_after_a_break_is_one_call(home: Path, pbx: FakePbx) -> None:
    first, second = halves()
    pbx.behaviour.channels = still_there(first)
    with listen(home) as desk:
        pbx.wait_for_login()
        pbx.send(first)
        pop = desk.wait_for("pop")
        pbx.drop()
        pbx.wait_for_login(2)
        pbx.wait_for_action("QueueStatus", 2)
        pbx.send(second)
        call = desk.wait_for("call")
        assert desk.stop() == 0
        assert len(desk.events("pop")) == len(desk.events("call")) == 1
    assert call["id"] == pop["call"]
    assert (call["outcome"], call["answered_by"]) == ("answered", "1001")


def still_there(events: bytes) -> list[str]:
    """What CoreShowChannels answers while the channels of these events exist."""
    channels: dict[str, dict[str, str]] = {}
    for block in events.decode().strip().split("\r\n\r\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
        if fields["Event"] in {"Newchannel", "Newstate"}:
            channels.setdefault(fields["Uniqueid"], {}).update(fields)
    for number, fields in enumerate(channels.values()):
        fields |= {"Event": "CoreShowChannel", "Duration": "00:00:02", "BridgeId": ""}
        fields |= {"Application": "AppDial" if number else "Dial"}
    return ["\n".join(f"{k}: {v}" for k, v in fields.items()) for fields in channels.values()]


@pytest.mark.parametrize("garbage", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff" * 4000])
def test_garbage_on_the_port(
    tmp_path: Path, authority: CertificateAuthority, garbage: bytes
) -> None:
    with FakePbx(tls=authority, behaviour=Behaviour(garbage=garbage)) as pbx:
        home = make_home(tmp_path / "home", line_to(pbx))
        with listen(home) as desk:
            told = desk.wait_for_error("Main office: ret", "Asterisk")
            assert desk.stop() == 0
    assert bytes(pbx.received) == b""
    assert told.isprintable() or told.rstrip("\n").isprintable()
    assert "Traceback" not in desk.text()


def test_ten_megabytes_without_a_line_end(home: Path, pbx: FakePbx) -> None:
    """The connection is dropped, made again, and calls come in as before."""
    with listen(home) as desk:
        pbx.wait_for_login()
        pbx.send(b"Event: " + b"A" * 10_000_000)
        pbx.wait_for_login(2)
        pbx.play(DATA / "01-direct-answered.ami")
        assert desk.wait_for("pop")["title"] == JANE.name
        assert peak_megabytes(desk.process.pid) < 300
        assert desk.stop() == 0


def peak_megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


@pytest.fixture(scope="module")
def told_names(
    tmp_path_factory: pytest.TempPathFactory, authority: CertificateAuthority
) -> tuple[Path, dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """A home after one call of each hostile name; the calls by kind of name; the pops."""
    folder = tmp_path_factory.mktemp("hostile")
    with FakePbx(tls=authority) as pbx:
        home = make_home(folder / "home", line_to(pbx), fill=people)
        with listen(home) as desk:
            pbx.wait_for_login()
            for count, name in enumerate(NAMES.values()):
                play_call_of(pbx, name, folder, count)
                desk.wait_until(lambda count=count: len(finished(desk)) > count)
            assert desk.stop() == 0
            return home, dict(zip(NAMES, finished(desk).values(), strict=True)), desk.events("pop")


def finished(desk: Program) -> dict[str, dict[str, Any]]:
    return {call["id"]: call for call in desk.events("call")}


@pytest.mark.parametrize("kind", NAMES)
def test_hostile_name_is_harmless_text(kind: str, told_names) -> None:
    call = told_names[1][kind]
    assert call["outcome"] == "answered"
    assert call["caller"] == JANE_NUMBER
    assert call["caller_name"].isprintable()
    assert len(call["caller_name"]) <= EXTERNAL_TEXT_LIMIT
    if NAMES[kind].isprintable() and len(NAMES[kind]) <= EXTERNAL_TEXT_LIMIT:
        assert call["caller_name"] == NAMES[kind]


def test_names_never_decide_who_it_is(told_names) -> None:
    assert [pop["title"] for pop in told_names[2]] == [JANE.name] * len(NAMES)


def test_hostile_names_are_in_the_call_list_as_they_were_told(
    told_names, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, said, _ = told_names
    monkeypatch.setenv("CRMDESK_HOME", str(home))
    assert main(["calls", "--json"]) == 0
    listed = {call["id"]: call for call in map(json.loads, capsys.readouterr().out.splitlines())}
    for call in said.values():
        assert listed[call["id"]]["caller_name"] == call["caller_name"]
    assert main(["calls", "--text", NAMES["sql"]]) == 0
    assert main(["calls"]) == 0
    assert "\x1b" not in capsys.readouterr().out
