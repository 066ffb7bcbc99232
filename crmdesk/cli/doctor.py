"""`crmdesk doctor`: checks everything that can be wrong, and says what to do."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING

from crmdesk.cli.findings import print_finding
from crmdesk.cli.lines import HOW_TO_ADD, secret_of
from crmdesk.cli.opening import add_store_options, load_settings, opened
from crmdesk.domain.errors import UserFacingError
from crmdesk.settings import paths
from crmdesk.settings.secrets import search_keyring
from crmdesk.telephony.findings import Finding, FindingState

if TYPE_CHECKING:
    from pathlib import Path

    from crmdesk.settings.model import LineSettings

log = logging.getLogger(__name__)

OLDEST_PYTHON = (3, 11)
OLDEST_QT = (6, 9)
_REASON_SHOWN = 300
_QT_DISTRIBUTION = "PySide6-Essentials"

Checks = Iterator[Finding]


def run(argv: list[str]) -> int:
    """Runs the command: 0 all is well enough to work, 1 something failed."""
    parser = argparse.ArgumentParser(
        prog="crmdesk doctor", description="Check Python, Qt, display, keyring, store and lines."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per finding")
    add_store_options(parser)
    options = parser.parse_args(argv)
    failed = False
    for finding in _findings(options):
        print_finding(finding, as_json=options.json)
        failed |= finding.state is FindingState.FAILED
    if not options.json:
        print("Something has to be done first." if failed else "CRMDesk can work here.")
    return 1 if failed else 0


def _findings(options: argparse.Namespace) -> Checks:
    yield check_python(sys.version_info[:3])
    yield from _guarded("Qt", _check_qt)
    yield check_display(sys.platform, os.environ.get)
    yield from _guarded("Installation", _check_resources)
    yield from _guarded("Keyring", _check_keyring)
    yield from _guarded("Settings", _check_settings)
    yield from _guarded("Store", partial(_check_store, options))
    yield from _guarded("Phone lines", partial(_check_lines, options))


def check_python(version: tuple[int, ...]) -> Finding:
    """Whether this Python is new enough."""
    shown = ".".join(map(str, version))
    if version >= OLDEST_PYTHON:
        return Finding("Python", FindingState.OK, f"{shown}.")
    return Finding(
        "Python", FindingState.FAILED, f"{shown} is too old.", "Install Python 3.11 or newer."
    )


def check_qt(version: str | None, python: tuple[int, ...]) -> Finding:
    """Whether Qt for Python is there, and not a version that aborts.

    PySide6 6.12 on Python 3.11 drops a reference to None with every void call and ends the
    process after some thousand of them.
    """
    if version is None:
        return Finding(
            "Qt",
            FindingState.FAILED,
            f"{_QT_DISTRIBUTION} is not installed.",
            "Install CRMDesk again: pip install crmdesk. (crmdesk listen works without.)",
        )
    numbers = tuple(int(part) for part in version.split(".")[:2])
    if python < (3, 12) and numbers >= (6, 12):
        return Finding(
            "Qt",
            FindingState.FAILED,
            f"{_QT_DISTRIBUTION} {version} crashes on Python 3.11.",
            f'Run: pip install "{_QT_DISTRIBUTION}<6.12", or use Python 3.12 or newer.',
        )
    if numbers < OLDEST_QT:
        return Finding(
            "Qt",
            FindingState.FAILED,
            f"{_QT_DISTRIBUTION} {version} is too old.",
            f'Run: pip install -U "{_QT_DISTRIBUTION}>=6.9"',
        )
    return Finding("Qt", FindingState.OK, f"{_QT_DISTRIBUTION} {version}.")


def check_display(platform: str, variable: Callable[[str], str | None]) -> Finding:
    """Whether there is a screen to show windows on."""
    if platform in {"win32", "darwin"}:
        return Finding("Display", FindingState.OK, "The desktop of this system.")
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if value := variable(name):
            return Finding("Display", FindingState.OK, f"{name}={value}.")
    if variable("QT_QPA_PLATFORM") == "offscreen":
        return Finding("Display", FindingState.WARNING, "Windows are drawn, but not shown.")
    return Finding(
        "Display",
        FindingState.WARNING,
        "There is no display, so no window can open.",
        "Log in to a desktop, or use crmdesk listen.",
    )


def _check_qt() -> Checks:
    try:
        version: str | None = metadata.version(_QT_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        version = None
    yield check_qt(version, sys.version_info[:2])


def _check_resources() -> Checks:
    try:
        folder = paths.resources()
    except FileNotFoundError as error:
        yield Finding("Installation", FindingState.FAILED, str(error), "Install CRMDesk again.")
        return
    yield Finding("Installation", FindingState.OK, f"Own files in {folder}.")


def _check_keyring() -> Checks:
    found = search_keyring()
    if found.vault is not None:
        yield Finding("Keyring", FindingState.OK, f"{found.vault.name} keeps secrets.")
        return
    yield Finding(
        "Keyring",
        FindingState.WARNING,
        "No usable keyring. " + " ".join(found.reasons),
        "Unlock or install one, or protect the store with a passphrase (--passphrase-file).",
    )


def _check_settings() -> Checks:
    settings = load_settings()
    where = paths.settings_file()
    yield _check_settings_file(where)
    if not settings.lines:
        yield Finding(
            "Lines",
            FindingState.WARNING,
            "No phone line is set up: only a softphone that starts crmdesk pop shows calls.",
            HOW_TO_ADD,
        )
    if not settings.agent.extension:
        yield Finding(
            "Extension",
            FindingState.WARNING,
            "Your extension is not set, so the calls of all phones pop here.",
            "Set it in the settings, or with crmdesk lines me --extension 1001.",
        )


def _check_settings_file(where: Path) -> Finding:
    if not where.exists():
        message = f"None yet, so the defaults hold; {where} is made when something is set."
        return Finding("Settings", FindingState.OK, message)
    return Finding("Settings", FindingState.OK, f"{where} can be used.")


def _check_store(options: argparse.Namespace) -> Checks:
    from crmdesk.bootstrap.stores import place_of

    place = place_of(load_settings(), options.store)
    if not place.exists():
        yield Finding("Store", FindingState.OK, f"None yet; {place} is made at the first start.")
        return
    with opened(options) as result:
        counts = result.store.read(lambda reader: reader.counts()).result()
        demo = " This is a demo store: its key is public." if result.is_demo else ""
        yield Finding(
            "Store", FindingState.OK, f"{place} can be read ({counts.calls} calls).{demo}"
        )


def _check_lines(options: argparse.Namespace) -> Checks:
    from crmdesk.bootstrap.lines import SOFTPHONE, softphone_line

    settings = load_settings()
    softphone = softphone_line(settings)
    others = (line for line in settings.lines if line.system != SOFTPHONE)
    for line in (*others, softphone):
        if line.enabled:
            yield from _check_region(line)
            yield from _guarded(line.name, partial(_check_line, line, options))


def _check_region(line: LineSettings) -> Checks:
    from crmdesk.matching.plan_checks import is_region

    if is_region(line.region):
        return
    lacks = (
        f"{line.region[:20]!r} is the country of no phone number"
        if line.region
        else ("This line has no country")
    )
    yield Finding(
        f"{line.name}, Region",
        FindingState.WARNING,
        f"{lacks}, so numbers without + cannot be read.",
        "Set it in the settings, or add the line with --region, for example:"
        f" crmdesk lines add {line.name!r} --system {line.system} --region DE",
    )


def _check_line(line: LineSettings, options: argparse.Namespace) -> Checks:
    from crmdesk.telephony import registry

    if line.system == "softphone":
        return
    for finding in asyncio.run(registry.probe(line, secret_of(line, options))):
        check = f"{line.name}, {finding.check}"
        yield Finding(check, finding.state, finding.message, finding.remedy)


def _guarded(check: str, findings: Callable[[], Checks]) -> Checks:
    """A check that cannot be made is a finding too."""
    try:
        yield from findings()
    except UserFacingError as error:
        message = " ".join(part for part in (error.what, error.meaning) if part)
        yield Finding(check, FindingState.FAILED, message, error.remedy)
    except Exception as error:
        # The border of a check: a broken one must not keep the others from telling.
        log.info("%s could not be checked", check, exc_info=True)
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_REASON_SHOWN]
        yield Finding(
            check,
            FindingState.FAILED,
            f"This could not be checked ({reason}).",
            "Correct what it names; if nothing helps, report it with this line.",
        )
