"""The socket driver: every way a connection can fail, with the words people read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmdesk.telephony.backoff import backoff_delays
from crmdesk.telephony.clock import SteadyClock
from crmdesk.telephony.driver import Driver, Endpoint
from crmdesk.telephony.trouble import LineError, LineRefusedError
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import Behaviour, FakePbx


class Listening:
    """A conversation that only listens, and ends itself after the first words."""

    def __init__(self, deadline_s: float = 60.0) -> None:
        self.is_settled = False
        self.heard = b""
        self.was_closed = 0
        self._deadline_s = deadline_s
        self._deadline = 0.0

    def opened(self, now: float) -> bytes:
        self._deadline = now + self._deadline_s
        return b""

    def receive(self, data: bytes, now: float) -> bytes:
        self.heard += data
        raise LineError("heard something")

    def next_deadline(self) -> float:
        return self._deadline

    def on_deadline(self, now: float) -> bytes:
        raise LineError("nothing was said in time")

    def goodbye(self) -> bytes:
        return b""

    def closed(self) -> None:
        self.was_closed += 1


def how_it_ends(endpoint: Endpoint, deadline_s: float = 60.0) -> LineError:
    """The error of one connection."""
    conversation = Listening(deadline_s)
    driver = Driver(endpoint, lambda: conversation, lambda _error, _delay: None)
    with pytest.raises(LineError) as caught:
        asyncio.run(driver.run_once(conversation))
    assert conversation.was_closed == 1
    assert caught.value.what
    return caught.value


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nothing_listens() -> None:
    error = how_it_ends(Endpoint("127.0.0.1", closed_port(), tls=False))
    assert "Nothing listens" in error.what
    assert "manager.conf" in error.remedy


def test_unknown_host() -> None:
    error = how_it_ends(Endpoint("no-such-host.invalid", 5039, tls=False))
    assert "not known" in error.what
    assert not isinstance(error, LineRefusedError)


@pytest.mark.parametrize("host", ["pbx..example", f"{'x' * 64}.example", "pbx\0.example"])
def test_host_that_can_be_no_name(host: str) -> None:
    error = how_it_ends(Endpoint(host, 5039, tls=False))
    assert "no address" in error.what
    assert "settings" in error.remedy


def test_no_route() -> None:
    error = how_it_ends(Endpoint("192.0.2.1", 5039, tls=False))
    assert "cannot be reached" in error.what


def test_silence_while_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmdesk.telephony.driver.CONNECT_DEADLINE_S", 0.05)
    # TLS is awaited from a server that never says a word.
    with FakePbx(behaviour=Behaviour(mute=True)) as pbx:
        error = how_it_ends(Endpoint(pbx.host, pbx.port, tls=True))
    assert "does not answer" in error.what


def test_tls_with_our_own_authority(authority: CertificateAuthority) -> None:
    with FakePbx(tls=authority) as pbx:
        endpoint = Endpoint(pbx.host, pbx.port, tls_ca=str(authority.ca_file))
        assert how_it_ends(endpoint).what == "heard something"


def test_certificate_of_nobody_we_trust(authority: CertificateAuthority, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = CertificateAuthority(folder)
    with FakePbx(tls=authority) as pbx:
        for ca_file in ("", str(other.ca_file)):
            error = how_it_ends(Endpoint(pbx.host, pbx.port, tls_ca=ca_file))
            assert isinstance(error, LineRefusedError)
            assert "not trusted" in error.what
            assert "CA file" in error.remedy


def test_certificate_for_another_name(authority: CertificateAuthority) -> None:
    with FakePbx(tls=authority, certificate_for="pbx.example") as pbx:
        error = how_it_ends(Endpoint(pbx.host, pbx.port, tls_ca=str(authority.ca_file)))
    assert isinstance(error, LineRefusedError)
    assert "another name" in error.what


def test_expired_certificate(authority: CertificateAuthority) -> None:
    with FakePbx(tls=authority, expired=True) as pbx:
        error = how_it_ends(Endpoint(pbx.host, pbx.port, tls_ca=str(authority.ca_file)))
    assert isinstance(error, LineRefusedError)
    assert "has expired" in error.what
    assert "date of this computer" in error.remedy


def test_ca_file_that_is_none(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("no certificate")
    for path in (garbage, tmp_path / "missing.pem"):
        error = how_it_ends(Endpoint("127.0.0.1", closed_port(), tls_ca=str(path)))
        assert isinstance(error, LineRefusedError)
        assert path.name in error.what


def test_tls_spoken_to_a_plain_port() -> None:
    with FakePbx() as pbx:
        error = how_it_ends(Endpoint(pbx.host, pbx.port, tls=True))
    assert "does not speak TLS" in error.what
    assert "5039" in error.remedy
    assert not isinstance(error, LineRefusedError)


def test_plain_spoken_to_a_tls_port_ends_at_the_deadline(
    authority: CertificateAuthority,
) -> None:
    with FakePbx(tls=authority) as pbx:
        error = how_it_ends(Endpoint(pbx.host, pbx.port, tls=False), deadline_s=0.05)
    assert "nothing was said in time" in error.what


def test_connection_closed_by_the_other_side() -> None:
    class Patient(Listening):
        def receive(self, data: bytes, now: float) -> bytes:
            return b""

    with FakePbx(behaviour=Behaviour(close_after_banner=True)) as pbx:
        conversation = Patient()
        driver = Driver(Endpoint(pbx.host, pbx.port, False), lambda: conversation, _ignore)
        with pytest.raises(LineError, match="closed the connection"):
            asyncio.run(driver.run_once(conversation))


def _ignore(_error: LineError, _delay: float | None) -> None:
    pass


# --- trying again ---------------------------------------------------------------------------------


def test_it_comes_back_when_the_port_opens_again() -> None:
    told: list[tuple[str, float | None]] = []

    async def scene(port: int) -> None:
        def note(error: LineError, delay: float | None) -> None:
            told.append((error.what, delay))
            if "Nothing listens" in error.what:
                opened.set()
            if error.what == "heard something":
                task.cancel()

        opened = asyncio.Event()
        driver = Driver(Endpoint("127.0.0.1", port, False), Listening, note, delays=_no_delays)
        task = asyncio.create_task(driver.run())
        await opened.wait()
        await asyncio.to_thread(pbx.start_listening)
        with pytest.raises(asyncio.CancelledError):
            await task

    with FakePbx() as pbx:
        pbx.stop_listening()
        asyncio.run(scene(pbx.port))
    assert "Nothing listens" in told[0][0]
    assert told[-1][0] == "heard something"


def _no_delays() -> Iterator[float]:
    while True:
        yield 0.01


def test_refusal_ends_it_for_good(authority: CertificateAuthority) -> None:
    told: list[float | None] = []
    with FakePbx(tls=authority) as pbx:
        driver = Driver(
            Endpoint(pbx.host, pbx.port),
            Listening,
            lambda _error, delay: told.append(delay),
            delays=_no_delays,
        )
        asyncio.run(driver.run())
        assert pbx.connections <= 1
    assert told == [None]


@pytest.mark.parametrize(
    ("settled", "expected"), [(True, [1.0, 1.0, 1.0]), (False, [1.0, 2.0, 3.0])]
)
def test_back_off_starts_anew_only_after_a_useful_connection(
    monkeypatch: pytest.MonkeyPatch, settled: bool, expected: list[float]
) -> None:
    told: list[float | None] = []

    async def no_sleep(_seconds: float) -> None:
        if len(told) == len(expected):
            raise asyncio.CancelledError

    class Useful(Listening):
        def receive(self, data: bytes, now: float) -> bytes:
            self.is_settled = settled
            return super().receive(data, now)

    with FakePbx() as pbx:
        driver = Driver(
            Endpoint(pbx.host, pbx.port, False),
            Useful,
            lambda _error, delay: told.append(delay),
            delays=lambda: iter([1.0, 2.0, 3.0]),
        )
        monkeypatch.setattr("crmdesk.telephony.driver.asyncio.sleep", no_sleep)
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(driver.run())
    assert told == expected


def test_sending_without_a_connection_is_told() -> None:
    driver = Driver(Endpoint("127.0.0.1", 1, False), Listening, _ignore)
    assert driver.send(b"x") is False


# --- time -----------------------------------------------------------------------------------------


def test_delays_grow_to_a_minute_and_are_drawn_below_their_ceiling() -> None:
    asked: list[tuple[float, float]] = []

    def highest(low: float, high: float) -> float:
        asked.append((low, high))
        return high

    delays = backoff_delays(highest)
    assert [next(delays) for _ in range(8)] == [2, 4, 8, 16, 32, 60, 60, 60]
    assert {low for low, _ in asked} == {1.0}


def test_clock_never_runs_backwards_when_the_wall_clock_does() -> None:
    wall, steady = [1_800_000_000.0], [100.0]
    clock = SteadyClock(lambda: wall[0], lambda: steady[0])
    first = clock()
    for jump in (-2 * 86_400, +10 * 365 * 86_400, -wall[0], 3_600):
        wall[0] += jump
        steady[0] += 1
        assert (clock() - first).total_seconds() == steady[0] - 100


def test_clock_catches_up_after_sleep_but_never_goes_back() -> None:
    wall, steady = [1_800_000_000.0], [100.0]
    clock = SteadyClock(lambda: wall[0], lambda: steady[0])
    wall[0] += 3_600
    clock.catch_up()
    assert clock().timestamp() == 1_800_003_600
    wall[0] -= 7_200
    clock.catch_up()
    assert clock().timestamp() == 1_800_003_600
