"""`crmdesk pop`, URLs and the dispatcher: strict, quick, and nothing is dialled.

Row 13 of the threat model.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crmdesk import __version__, cli
from crmdesk.cli import pop
from crmdesk.cli.urls import MAX_BYTES, BadUrlError, parse_url
from crmdesk.desk.handover.server import HandoverServer
from crmdesk.domain.requests import DeskRequest, PhoneEvent, RequestVerb
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.withheld import is_withheld_word
from crmdesk.settings import paths
from crmdesk.settings.own_program import own_command, own_environment

REPOSITORY = Path(cli.__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _crmdesk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crmdesk", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _heard_by_a_desk(*arguments: str) -> tuple[list[DeskRequest], int]:
    heard: list[DeskRequest] = []

    async def desk() -> int:
        server = HandoverServer(heard.append)
        await server.start()
        try:
            return (await asyncio.to_thread(_crmdesk, *arguments)).returncode
        finally:
            server.stop()

    return heard, asyncio.run(desk())


# --- hand-over ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "request_"),
    [
        (
            ["pop", "+493023125000", "--name", "Jane", "--called=100"],
            DeskRequest(RequestVerb.POP, "+493023125000", "Jane", "100"),
        ),
        (
            ["pop", '"Jane" <sip:+493023125000@pbx.example;user=phone>'],
            DeskRequest(RequestVerb.POP, '"Jane" <sip:+493023125000@pbx.example;user=phone>'),
        ),
        (["pop", ""], DeskRequest(RequestVerb.POP)),
        (["pop", "030", "23125710"], DeskRequest(RequestVerb.POP, "030 23125710")),
        (
            ["pop", "+49", "30", "--name", "Jane", "23125710"],
            DeskRequest(RequestVerb.POP, "+49 30 23125710", "Jane"),
        ),
        (["pop", "--", "030", "23125710"], DeskRequest(RequestVerb.POP, "030 23125710")),
        (["pop", "--", "03023125000"], DeskRequest(RequestVerb.POP, "03023125000")),
        (
            ["pop", "--event", "end", "03023125000"],
            DeskRequest(RequestVerb.POP, "03023125000", event=PhoneEvent.END),
        ),
        (["pop", "tel:+493023125000"], DeskRequest(RequestVerb.POP, "tel:+493023125000")),
        (
            ["pop", "crmdesk:show?n=%2B493023125000"],
            DeskRequest(RequestVerb.POP, "+493023125000"),
        ),
        (["tel:+49-30-23125-000"], DeskRequest(RequestVerb.DIAL, "+49-30-23125-000")),
        (["--", "crmdesk:dial?n=030"], DeskRequest(RequestVerb.DIAL, "030")),
        (
            ["CRMDESK://show?n=anonymous&name=%C3%96zg%C3%BCr"],
            DeskRequest(RequestVerb.POP, "anonymous", "Özgür"),
        ),
    ],
)
def test_running_desk_hears(arguments: list[str], request_: DeskRequest) -> None:
    assert _heard_by_a_desk(*arguments) == ([request_], 0)


def test_without_desk_and_display_it_says_so() -> None:
    result = _crmdesk("pop", "+493023125000")
    assert result.returncode == 1
    assert "no display" in result.stderr
    assert not list(paths.runtime_folder().glob("*"))


def test_where_none_runs_one_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system is replaced: a start command that only writes down how it was called."""
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\nfor each; do echo "$each"; done > "{tmp_path}/started.new"\n'
                       f'mv "{tmp_path}/started.new" "{tmp_path}/started"\n')  # fmt: skip
    program.chmod(0o700)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr(sys, "executable", str(program))
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    assert pop.run(["+493023125000", "--name", "Jane"]) == 0
    started[0].wait()
    assert (tmp_path / "started").read_text().splitlines()[-2:] == [str(REPOSITORY), "gui"]
    heard: list[DeskRequest] = []

    async def desk() -> None:
        server = HandoverServer(heard.append)
        await server.start()
        server.stop()

    asyncio.run(desk())
    assert heard == [DeskRequest(RequestVerb.POP, "+493023125000", "Jane")]


def test_folder_and_environment_bring_no_code_into_what_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 25 of the threat model: whoever starts `pop` chooses both."""
    for name in ("crmdesk.py", "msgspec.py", "argparse.py"):
        (tmp_path / name).write_text("print('foreign code')")
    monkeypatch.chdir(tmp_path)
    foreign = {"PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": "x", "QT_PLUGIN_PATH": "x"}
    variables = own_environment({**os.environ, **foreign, "DISPLAY": ":9", "CRMDESK_HOME": "x"})
    assert foreign.keys().isdisjoint(variables)
    assert (variables["DISPLAY"], variables["CRMDESK_HOME"]) == (":9", str(tmp_path / "x"))
    for environment in (variables, {**os.environ, **foreign}):
        shown = subprocess.run(
            own_command("lines", "--help"),
            env=environment, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert shown.startswith("usage: crmdesk lines")


def test_gui_takes_foreign_code_out_before_qt_starts() -> None:
    code = (
        "import os; import crmdesk.gui.startup as startup;"
        "startup.start_desk = lambda *_: print('QT_PLUGIN_PATH' in os.environ) or 0;"
        "from crmdesk.cli import main; main(['gui'])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True,
        env={**os.environ, "QT_PLUGIN_PATH": "/nowhere", "QT_QPA_PLATFORM": "offscreen"},
    ).stdout  # fmt: skip
    assert shown == "False\n"


def test_no_slow_library_is_imported_while_a_phone_rings() -> None:
    code = (
        "import sys; from crmdesk.cli import main; main(['pop', '1']);"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    slow = {"argparse", "asyncio", "dataclasses", "json", "msgspec", "platformdirs", "subprocess"}
    slow |= {"PySide6", "sqlalchemy", "keyring", "phonenumbers", "urllib", "logging"}
    assert slow.isdisjoint(eval(out))


# --- hostile arguments ----------------------------------------------------------------------------

HOSTILE_ARGUMENTS = {
    "option": ["--incoming=-x"],
    "unknown option": ["-platformpluginpath", "/nowhere/evil", "1"],
    "value missing": ["1", "--name"],
    "option after --": ["--", "1", "--name", "x"],
    "no number": ["--name", "x"],
    "twice": ["1", "--name", "x", "--name", "y"],
    "bad event": ["1", "--event", "explode"],
    "bad URL": ["crmdesk:exec?n=1"],
}


@pytest.mark.parametrize("arguments", HOSTILE_ARGUMENTS.values(), ids=HOSTILE_ARGUMENTS.keys())
def test_hostile_arguments_are_refused_in_words(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pop", *arguments]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("crmdesk pop: ")
    assert len(shown) < 400
    assert "\r" not in shown


def test_arguments_that_are_not_unicode() -> None:
    assert pop.read_arguments(["1", "--name", "J\udcf6rg"])["name"] == "J?rg"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ж" * 700, "Ж" * 256),
        ("\U0001f600" * 700, "\U0001f600" * 128),
        ("A" * 1100, "A" * 256),
        ("A\tB\r\nC", "A B C"),
        ('"\\' * 2000, '"\\' * 128),
    ],
)
def test_no_name_keeps_the_pop_away(name: str, shown: str) -> None:
    """Whoever calls chooses the name: it is cut and cleaned, never a reason to refuse."""
    heard, code = _heard_by_a_desk("pop", "+493023125000", "--name", name, "--called", name)
    assert code == 0
    (request,) = heard
    assert (request.number, request.name) == ("+493023125000", shown)
    assert request.called


@pytest.mark.parametrize(
    "number",
    [
        "sip:1%0d%0aAction:%20Originate@x",
        "1\r\nAction: Originate",
        "1%00",
        "1" * (1 << 16),
        "Ж" * 400,
        f'"{"x" * 2000}" <sip:+493023125000@x>',
        f"+493023125000{' ' * 2000}",
    ],
    ids=lambda number: number[:20],
)
def test_number_that_cannot_be_read_pops_as_nobody(number: str) -> None:
    heard, code = _heard_by_a_desk("pop", number)
    assert code == 0
    (request,) = heard
    assert request.number.startswith("unreadable")
    assert len(request.number) < 60
    assert not is_withheld_word(request.number)
    assert normalise(request.number, LineRules(region="DE")).e164 is None


# --- URLs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "request_"),
    [
        ("crmdesk:show?n=+493023125000", {"verb": "pop", "number": "+493023125000"}),
        ("crmdesk://show?n=%2B49%2030", {"verb": "pop", "number": "+49 30"}),
        ("crmdesk://show/?n=1&called=100", {"verb": "pop", "number": "1", "called": "100"}),
        (
            "crmdesk:show?n=1&name=100%+A%09B%E2%80%AEC%00",
            {"verb": "pop", "number": "1", "name": "100%+A B C"},
        ),
        ("crmdesk:dial?n=*43%23", {"verb": "dial", "number": "*43#"}),
        ("tel:+49-30-23125-000;ext=12", {"verb": "dial", "number": "+49-30-23125-000"}),
        ("callto://+493023125000", {"verb": "dial", "number": "+493023125000"}),
    ],
)
def test_urls(url: str, request_: dict[str, str]) -> None:
    assert parse_url(url) == request_


HOSTILE_URLS = [
    "crmdesk://show?n=%0d%0aAction:%20Originate",
    "crmdesk://show?n=1%00",
    "crmdesk://show?n=1%E2%80%AE",
    "crmdesk://exec?n=1",
    "crmdesk://show?n=1&n=2",
    "crmdesk://show?n=1&open=/etc/passwd",
    "crmdesk://dial?n=1&name=x",
    "crmdesk://show",
    "crmdesk://show?n",
    "crmdesk://show?name=x",
    "crmdesk://show?n=../../x",
    "crmdesk://show?n=1 --debug",
    'crmdesk://show?n=1" --debug "',
    "crmdesk://show?n=%zz",
    "crmdesk://show?n=<b>",
    "crmdesk://show@evil.example?n=1",
    "crmdesk://show?n=1#x\n",
    "tel:",
    "tel:javascript",
    "tel:+49%0a",
    "callto:jane.doe",
    "http://show?n=1",
    "crmdesk:show?n=" + "1" * MAX_BYTES,
    "crmdesk:show?n=1&name=" + "%C3%96" * 200,
    "crmdesk:show?n=" + "1" * (1 << 20),
]


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=lambda url: url[:40])
def test_hostile_urls_are_refused(url: str) -> None:
    with pytest.raises(BadUrlError):
        parse_url(url)


def test_qt_options_never_pass() -> None:
    result = _crmdesk("-platformpluginpath", "/nowhere/evil", "crmdesk://show?n=1")
    assert result.returncode == 2
    assert "no command" in result.stderr


# --- dispatcher -----------------------------------------------------------------------------------


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text for name in cli.COMMANDS)
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"crmdesk {__version__}\n"
    assert cli.main(["pop", "--help"]) == 0
    assert "--called" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "hint"), [("replya", "crmdesk replay"), ("\x1b[31mx", "'?[31mx'"), ("x" * 99999, "")]
)
def test_unknown_commands(word: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([word]) == 2
    shown = capsys.readouterr().err
    assert hint in shown
    assert "--help" in shown
    assert len(shown) < 300
    assert "\x1b" not in shown


def test_url_takes_no_further_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["tel:+493023125000", "--debug"]) == 2
    assert capsys.readouterr().err
