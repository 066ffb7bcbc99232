"""The commands of installer/dev.py."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import display
import system_packages
import workers
from environment import ROOT, VENV, Environment, SetupError


def run_command(arguments: list[str]) -> int:
    """Run one command of the command line and return the exit code."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.command is not _test:
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        command: int = options.command(options)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up, run and test CRMDesk.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="open CRMDesk on demo data with simulated calls")
    run.add_argument("--pictures", type=Path, help="let three calls pop, save pictures here, end")
    run.set_defaults(command=_run)
    test = commands.add_parser(
        "test", help="run all tests on all cores; further arguments go to pytest"
    )
    test.set_defaults(command=_test)
    pictures = commands.add_parser("pictures", help="render every page, dialog and card")
    pictures.add_argument("folder", type=Path)
    pictures.set_defaults(command=_pictures)
    return parser


def _run(options: argparse.Namespace) -> int:
    environment = Environment()
    environment.prepare("runtime")
    _require_qt(environment)
    demo = [*environment.program, "demo", "--show"]
    home = {"CRMDESK_HOME": str(VENV / "demo-home")}
    if display.is_there() and options.pictures is None:
        print("CRMDesk opens on demo data; calls come in by themselves. Close it to end.")
        return subprocess.call(demo, cwd=ROOT, env=environment.variables(home))
    folder = (options.pictures or VENV / "demo-pictures").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with _some_display() as where:
        print(f"Three demo calls come in; the pictures go to {folder}", flush=True)
        return subprocess.call(
            [*demo, "--pictures", str(folder), "--calls", "3"],
            cwd=ROOT,
            env=environment.variables(home | where),
        )


def _test(options: argparse.Namespace) -> int:
    environment = Environment()
    environment.prepare("test")
    _require_qt(environment)
    system_packages.want(system_packages.TEST_PROGRAMS)
    system_packages.want_servers(system_packages.TEST_SERVERS)
    return subprocess.call(
        [environment.python, "-m", "pytest", *workers.sharing(options.rest), *options.rest],
        cwd=ROOT,
        env=environment.variables(_for_tests()),
    )


def _for_tests() -> dict[str, str]:
    """Return the variables of a test run: no windows, and Python as it is installed.

    A set has the same order in all processes: a test's name that holds one is the same, too.
    """
    seed = os.environ.get("PYTHONHASHSEED", "")
    if not seed.isdigit():
        seed = str(secrets.randbelow(1 << 32))
    print(f"PYTHONHASHSEED={seed}", flush=True)
    return {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONUNBUFFERED": "",
        "PYTHONHASHSEED": seed,
    }


def _pictures(options: argparse.Namespace) -> int:
    environment = Environment()
    environment.prepare("runtime")
    _require_qt(environment)
    folder = options.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    where = {"CRMDESK_HOME": str(VENV / "pictures-home"), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.call(
        [*environment.program, "pictures", str(folder)],
        cwd=ROOT,
        env=environment.variables(where),
    )


def _require_qt(environment: Environment) -> None:
    """Install what Qt needs from the system, and make sure that Qt loads."""
    if system_packages.want(system_packages.QT_LIBRARIES):
        return
    error = environment.why_qt_fails()
    if error:
        raise SetupError(
            f"Qt does not load: {error}\n"
            "Install the system libraries named above, then run this command again."
        )


@contextlib.contextmanager
def _some_display() -> Iterator[dict[str, str]]:
    """Yield the variables of a virtual display, or of Qt's own when there is no X server."""
    if sys.platform.startswith("linux"):
        system_packages.want(system_packages.VIRTUAL_DISPLAY)
    if not display.can_start():
        print("Without a virtual display Qt draws off screen.")
        yield {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        return
    with display.private() as name:
        yield {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}
