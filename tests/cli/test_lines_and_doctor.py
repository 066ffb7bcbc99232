"""Phone lines and the doctor on the command line, with a real store and a real socket."""

from __future__ import annotations

import getpass
import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmdesk import cli
from crmdesk.cli import doctor
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import keys
from crmdesk.telephony.findings import FindingState
from tests.fakes.certificates import CertificateAuthority

SECRET = "s3cret-of-the-manager"
LOGIN = ("--host", "pbx.example", "--username", "crmdesk")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def passphrase(tmp_path: Path) -> str:
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text("correct horse battery staple")
    return str(file)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nothing listens: bound, so that nobody else takes it."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def _add(monkeypatch: pytest.MonkeyPatch, *options: str, stdin: str = SECRET + "\n") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    return cli.main(["lines", "add", "Main office", *options])


def test_line_is_added_listed_tested_and_removed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    passphrase: str,
    closed_port: int,
) -> None:
    store = ("--passphrase-file", passphrase)
    options = ("--host", "127.0.0.1", "--port", str(closed_port), "--no-tls", "--region", "de")
    login = ("--username", "crmdesk", "--internal", "1001-1199,20")
    assert _add(monkeypatch, *options, *login, *store) == 0
    capsys.readouterr()

    assert cli.main(["lines", "list", "--json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["id"] == "main-office"
    assert (line["region"], line["tls"], line["port"]) == ("DE", False, closed_port)
    assert line["internal"] == ["1001-1199", "20"]
    assert line["secret_ref"] is True

    assert cli.main(["lines", "test", *store]) == 1
    assert "Nothing listens" in capsys.readouterr().out
    assert cli.main(["doctor", "--json", *store]) == 1
    findings = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    failed = [finding for finding in findings if finding["state"] == "failed"]
    assert [finding["check"] for finding in failed] == ["Main office, Connection"]
    assert failed[0]["remedy"]

    assert cli.main(["lines", "remove", "main-office", *store]) == 0
    assert cli.main(["lines", "list"]) == 0
    assert "main-office" not in capsys.readouterr().out.splitlines()


def test_secret_is_never_in_a_file_in_clear(
    monkeypatch: pytest.MonkeyPatch, home: Path, passphrase: str
) -> None:
    options = ("--host", "pbx.example", "--username", "crmdesk", "--passphrase-file", passphrase)
    assert _add(monkeypatch, *options) == 0
    files = [path for path in home.rglob("*") if path.is_file()]
    assert paths.settings_file() in files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


def test_without_keyring_and_passphrase_nothing_is_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(monkeypatch, "--host", "pbx.example", "--username", "crmdesk") == 1
    assert "assphrase" in capsys.readouterr().err
    assert not paths.settings_file().exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "needs --host"),
        (("--host", "pbx.example"), "needs --username"),
        ((*LOGIN, "--port", "0"), "--port a number from 1 to 65535"),
        ((*LOGIN, "--port", "99999"), "--port a number from 1 to 65535"),
        ((*LOGIN, "--port", "ami"), "--port a number from 1 to 65535"),
        ((*LOGIN, "--region", "Germany"), "two letters, such as DE"),
        ((*LOGIN, "--region", "XX"), "two letters, such as DE"),
        ((*LOGIN, "--internal", "20-10"), "1001-1199"),
        ((*LOGIN, "--internal", "x"), "1001-1199"),
        ((*LOGIN, "--area-code", "0x30"), "digits only"),
        ((*LOGIN, "--id", "../x"), "such as main-office"),
        ((*LOGIN, "--tls-ca", "no-such-file.pem"), "no-such-file.pem cannot be read"),
        ((*LOGIN, "--tls-ca", __file__), "holds no certificate"),
        (("--host", "pbx\r\nAction: x", "--username", "crmdesk"), "`host`"),
    ],
)
def test_bad_lines_are_refused(
    options: tuple[str, ...],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _add(monkeypatch, *options) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "regex" not in told
    assert "_" not in told.replace("test_lines_and_doctor", "")
    assert not paths.settings_file().exists()


def test_line_without_a_country_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(monkeypatch, "--system", "simulator") == 0
    assert "numbers without + cannot be read" in capsys.readouterr().err


def test_certificate_is_found_from_everywhere(
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
    passphrase: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(home)
    CertificateAuthority(home).ca_file.rename("ca.pem")
    options = (*LOGIN, "--tls-ca", "ca.pem", "--passphrase-file", passphrase)
    assert _add(monkeypatch, *options) == 0
    capsys.readouterr()
    assert cli.main(["lines", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tls_ca"] == str(home / "ca.pem")


def test_line_stays_where_its_secret_cannot_be_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], passphrase: str
) -> None:
    assert _add(monkeypatch, *LOGIN, "--passphrase-file", passphrase) == 0
    assert cli.main(["lines", "remove", "main-office"]) == 1
    assert "protected by a passphrase" in capsys.readouterr().err
    assert cli.main(["lines", "list"]) == 0
    assert "main-office" in capsys.readouterr().out


def test_line_goes_where_its_store_is_gone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], passphrase: str
) -> None:
    assert _add(monkeypatch, *LOGIN, "--passphrase-file", passphrase) == 0
    keys.discard(paths.store_file())
    assert cli.main(["lines", "remove", "main-office", "--store", "other.db"]) == 1
    assert "other.db does not exist" in capsys.readouterr().err
    assert cli.main(["lines", "remove", "main-office"]) == 0
    assert not paths.store_file().exists()


def test_list_has_a_header_and_the_built_in_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert cli.main(["lines", "list"]) == 0
    header, softphone = capsys.readouterr().out.splitlines()
    assert header.split() == ["ID", "SYSTEM", "WHERE", "REGION", "NAME"]
    assert "crmdesk pop" in softphone
    assert "DE" in softphone.split()
    assert "built in" in softphone


def test_own_extension_is_set_without_windows(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lines", "me", "--extension", "1001", "--name", "Alice"]) == 0
    assert cli.main(["lines", "me", "--name", "Alice Adler"]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert told == "You are Alice Adler; the calls of extension 1001 pop here."
    agent = file.load(paths.settings_file()).agent
    assert (agent.name, agent.extension) == ("Alice Adler", "1001")
    assert cli.main(["lines", "me", "--extension", "10 01"]) == 1
    assert "regex" not in capsys.readouterr().err
    assert file.load(paths.settings_file()).agent == agent


@pytest.mark.parametrize(("again", "is_made"), [("river lamp cloud seven", True), ("x", False)])
def test_passphrase_of_a_new_store_is_asked_twice(
    again: str,
    is_made: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = iter([SECRET, "river lamp cloud seven", again])
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
    assert cli.main(["lines", "add", "Main", *LOGIN]) == (0 if is_made else 1)
    assert "a new one is made now" in capsys.readouterr().err
    assert paths.store_file().exists() is is_made
    assert paths.settings_file().exists() is is_made


def test_second_line_of_one_id_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(monkeypatch, "--system", "simulator") == 0
    assert _add(monkeypatch, "--system", "simulator") == 1
    assert "--id" in capsys.readouterr().err


def test_unknown_line_names_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(monkeypatch, "--system", "simulator") == 0
    assert cli.main(["lines", "test", "other"]) == 1
    assert "main-office" in capsys.readouterr().err


# --- doctor ---------------------------------------------------------------------------------------


def test_doctor_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    assert "is made at the first start" in capsys.readouterr().out
    assert {path.name for path in home.iterdir()} <= {"keyring-name"}


def test_doctor_tells_broken_settings(capsys: pytest.CaptureFixture[str]) -> None:
    paths.settings_file().write_text("[agent\n")
    assert cli.main(["doctor"]) == 1
    assert "settings.toml" in capsys.readouterr().out


def test_doctor_tells_a_damaged_store(capsys: pytest.CaptureFixture[str], passphrase: str) -> None:
    paths.store_file().write_bytes(os.urandom(8192))
    assert cli.main(["doctor", "--passphrase-file", passphrase]) == 1
    assert "FAILED   Store" in capsys.readouterr().out


def test_a_country_nobody_knows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that somebody wrote by hand."""
    line = LineSettings(id="support", name="Support", system="simulator", region="XX")
    file.save(paths.settings_file(), Settings(lines=(line,)))
    assert cli.main(["lines", "list"]) == 0
    assert "support has the unknown country 'XX'" in capsys.readouterr().err
    cli.main(["doctor"])
    assert "Support, Region: 'XX' is the country of no phone number" in capsys.readouterr().out


def test_doctor_tells_a_line_without_a_country(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert cli.main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "Softphone, Region: This line has no country" in told
    assert "--system softphone --region DE" in told
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert cli.main(["doctor"]) == 0
    assert "has no country" not in capsys.readouterr().out


def test_doctor_goes_on_where_a_check_breaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("the bus said something new\nand went on")

    monkeypatch.setattr(doctor, "search_keyring", broken)
    assert cli.main(["doctor"]) == 1
    told = capsys.readouterr()
    assert "FAILED   Keyring: This could not be checked (RuntimeError: the bus" in told.out
    assert "Store: None yet" in told.out
    assert "Traceback" not in told.out + told.err


def test_doctor_asks_for_the_passphrase_once(
    monkeypatch: pytest.MonkeyPatch, passphrase: str, closed_port: int
) -> None:
    where = ("--host", "127.0.0.1", "--port", str(closed_port), "--no-tls", "--username", "x")
    for key in ("one", "two"):
        assert _add(monkeypatch, "--id", key, *where, "--passphrase-file", passphrase) == 0
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return Path(passphrase).read_text()

    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", ask)
    assert cli.main(["doctor"]) == 1  # nothing listens there
    assert asked == ["Passphrase of the store: "]


@pytest.mark.parametrize("arguments", [["lines"], ["lines", "list"], ["doctor"]])
def test_before_anything_is_set_up_the_next_step_is_told(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 0
    told = capsys.readouterr()
    assert "No phone line is set up" in told.out + told.err
    assert "crmdesk lines add" in told.out + told.err
    assert not paths.settings_file().exists()


@pytest.mark.parametrize(
    ("qt", "python", "state"),
    [
        ("6.11.3", (3, 11), FindingState.OK),
        ("6.12.0", (3, 11), FindingState.FAILED),
        ("6.12.0", (3, 12), FindingState.OK),
        ("6.8.1", (3, 12), FindingState.FAILED),
        (None, (3, 12), FindingState.FAILED),
    ],
)
def test_qt_versions(qt: str | None, python: tuple[int, int], state: FindingState) -> None:
    finding = doctor.check_qt(qt, python)
    assert finding.state is state
    assert bool(finding.remedy) is (state is FindingState.FAILED)


def test_python_versions() -> None:
    assert doctor.check_python((3, 11, 0)).state is FindingState.OK
    assert doctor.check_python((3, 10, 9)).state is FindingState.FAILED


@pytest.mark.parametrize(
    ("platform", "variables", "state"),
    [
        ("linux", {"DISPLAY": ":0"}, FindingState.OK),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, FindingState.OK),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, FindingState.WARNING),
        ("linux", {}, FindingState.WARNING),
        ("win32", {}, FindingState.OK),
    ],
)
def test_displays(platform: str, variables: dict[str, str], state: FindingState) -> None:
    assert doctor.check_display(platform, variables.get).state is state
