"""Logs hold no name and no whole number (threat model, row 37)."""

from __future__ import annotations

import json
import logging
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmdesk.bootstrap import log_file
from crmdesk.domain.errors import UserFacingError
from tests.end2end.people import JANE, JOHN, TICKET, people
from tests.end2end.programs import SECRET, Program, line_to, listen, make_home
from tests.fakes.fake_pbx import FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"
PLAYED = [
    DATA / f"{name}.ami"
    for name in ("01-direct-answered", "06-queue-ringall-answered", "17-names", "18-number-formats")
]
BROKEN = b"Event: Newchannel\r\nCallerIDName: Jane Doe\r\nEvent: Hangup\r\nChannel: x\r\n\r\n"


def names() -> set[str]:
    """Everybody who is in the store, in the settings or in the recordings."""
    told = {JANE.name, JOHN.name, "Alice Adler", "Bob Brandt", TICKET}
    for path in (DATA / "expected").rglob("*.json"):
        told |= {call["caller_name"] for call in json.loads(path.read_text("utf-8"))}
    return {part for name in told for part in re.findall(r"\w{4,}", name)} | {SECRET}


def assert_discreet(text: str) -> None:
    found = sorted(name for name in names() if re.search(rf"\b{re.escape(name)}\b", text))
    assert found == []
    rest = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}|0x[0-9a-f]+", "", text)
    assert re.findall(r"\d{5,}", rest) == []  # but for times, and addresses that Qt tells


@pytest.fixture
def home(tmp_path: Path, pbx: FakePbx) -> Path:
    return make_home(tmp_path / "home", line_to(pbx), fill=people)


def play_all(pbx: FakePbx) -> None:
    pbx.wait_for_login()
    pbx.send(BROKEN)
    for path in PLAYED:
        pbx.play(path)


def logged(home: Path) -> str:
    return "".join(path.read_text("utf-8") for path in sorted((home / "logs").iterdir()))


def test_listen_at_debug(home: Path, pbx: FakePbx) -> None:
    with listen(home, CRMDESK_LOG="DEBUG", PYTHONASYNCIODEBUG="1") as desk:
        play_all(pbx)
        desk.wait_for("call", count=10)
        assert desk.stop() == 0
        assert_discreet("".join(desk.errors))
    assert "logged in" in logged(home)
    assert_discreet(logged(home))


def test_windows_at_debug(home: Path, pbx: FakePbx) -> None:
    command = [sys.executable, "-m", "tests.end2end.watched_desk", "gui"]
    with Program(command, home, CRMDESK_LOG="DEBUG", QT_QPA_PLATFORM="offscreen") as desk:
        pbx.wait_for_login()
        pbx.play(PLAYED[0], speed=3.0)
        play_all(pbx)
        desk.wait_until(lambda: any(seen["cards"] for seen in desk.events("screen")))
        assert desk.stop() == 0
        assert_discreet("".join(desk.errors))
    assert "logged in" in logged(home)
    assert_discreet(logged(home))


def test_files_are_private(home: Path, pbx: FakePbx) -> None:
    with listen(home) as desk:
        pbx.wait_for_login()
        assert desk.stop() == 0
    folder = home / "logs"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert files == {log_file.FILE_NAME: 0o600, log_file.CRASH_FILE_NAME: 0o600}


def test_no_memory_image_is_left(home: Path, pbx: FakePbx) -> None:
    with listen(home) as desk:
        pbx.wait_for_login()
        limits = Path(f"/proc/{desk.process.pid}/limits").read_text()
        assert desk.stop() == 0
    (core,) = (line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4] == "0"


# --- the formatter by itself ----------------------------------------------------------------------


@pytest.fixture
def log(crmdesk_home: Path) -> Iterator[logging.Logger]:
    with log_file.kept():
        yield logging.getLogger("crmdesk.test")


def written(crmdesk_home: Path) -> str:
    return (crmdesk_home / "logs" / log_file.FILE_NAME).read_text("utf-8")


@pytest.mark.parametrize(
    ("arg", "shown"),
    [
        ("office", "office"),
        (3, "3"),
        (2.5, "2.5"),
        ("Jane Doe", "(left out)"),
        ("+493023125710", "(left out)"),
        (493023125710, "(left out)"),
        ("x493023125710", "(left out)"),
        ("Müller", "(left out)"),
        (ValueError("Jane Doe"), "ValueError"),
        (UserFacingError("Jane Doe called."), "UserFacingError"),
        (JANE, "Customer"),
        (["Jane"], "list"),
    ],
)
def test_arguments(log: logging.Logger, crmdesk_home: Path, arg: object, shown: str) -> None:
    log.info("the thing is %s.", arg)
    assert written(crmdesk_home).endswith(f"the thing is {shown}.\n")


def test_errors_are_types_and_places(
    log: logging.Logger, crmdesk_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where another handler has formatted the error before, as this test's own has."""
    error = ValueError("+493023125710")
    error.__cause__ = KeyError("Jane Doe")
    try:
        raise error
    except ValueError:
        log.exception("a call could not be saved")
    text = written(crmdesk_home)
    assert "ValueError\n" in text
    assert "caused by KeyError" in text
    assert "in test_errors_are_types_and_places" in text
    assert_discreet(text)
    assert str(Path.home()) not in text
    assert "Jane Doe" in caplog.text


def test_libraries_say_only_where_they_warned(
    log: logging.Logger, crmdesk_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("asyncio").warning("talked to %s about Jane", "10.1.1.1")
    logging.getLogger("asyncio").info("nothing of note")
    text = written(crmdesk_home)
    assert "asyncio: in test_log_secrecy, line" in text
    assert "Jane" not in text
    assert text.count("\n") == 1


def test_lines_cannot_be_forged(log: logging.Logger, crmdesk_home: Path) -> None:
    log.info("line %s: logged in", "x\n2026-01-01 CRITICAL forged")
    assert "forged" not in written(crmdesk_home)


def test_full_disk_costs_log_lines_only(
    crmdesk_home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (crmdesk_home / "logs").mkdir(parents=True)
    os.symlink("/dev/full", crmdesk_home / "logs" / log_file.FILE_NAME)
    with log_file.kept():
        logging.getLogger("crmdesk.test").info("once")
        logging.getLogger("crmdesk.test").info("twice")
    assert capfd.readouterr().err == ""


def test_folder_that_cannot_be_made_costs_log_lines_only(crmdesk_home: Path) -> None:
    crmdesk_home.mkdir(parents=True)
    (crmdesk_home / "logs").write_text("in the way")
    with log_file.kept():
        logging.getLogger("crmdesk.test").info("once")
    assert logging.getLogger().level == logging.WARNING


def test_file_is_turned_over(crmdesk_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "_MOST_BYTES", 2_000)
    with log_file.kept():
        for count in range(400):
            logging.getLogger("crmdesk.test").info("line %s", count)
    files = sorted((crmdesk_home / "logs").glob(f"{log_file.FILE_NAME}*"))
    assert len(files) == 5
    assert all(path.stat().st_size <= 2_000 for path in files)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
