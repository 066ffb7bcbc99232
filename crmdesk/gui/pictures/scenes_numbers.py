"""Pictures of the number clinic: before a check, while it runs, what it found, what it fixed."""

from __future__ import annotations

import uuid
from typing import Any

from PySide6.QtWidgets import QWidget

from crmdesk.desk.clinic.report import (
    ClinicReport,
    Example,
    LineRate,
    Problem,
    ProblemCount,
    Rate,
    Shared,
    SharedCount,
    SharedNumber,
)
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.main_window.window import SMALLEST, MainWindow
from crmdesk.gui.pages.numbers.page import NumbersPage
from crmdesk.gui.pages.numbers.problem_list import SHARED_KEY
from crmdesk.gui.pictures.demo_desk import demo_desk
from crmdesk.gui.pictures.demo_values import NOW, SETTINGS
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.theme.tokens import Size

_PAUSE_MS = 300


@picture("numbers-empty", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def empty() -> QWidget:
    """Nothing was checked yet."""
    return _opened()[0]


@picture("numbers-running", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def running() -> QWidget:
    """A check of a large store."""
    window, page = _opened()
    progress = JobProgress(562_540, 1_308_234, 21_400.0, 34.8, "checking numbers")
    page.show_running()
    page.running.show_progress(progress)
    window.status.show_work("Checking numbers 43 %, 35 s left", progress.share)
    return window


@picture("numbers-result", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def result() -> QWidget:
    """What it found."""
    return _shown(report())[0]


@picture("numbers-result-small", size=SMALLEST, pause_ms=_PAUSE_MS)
def small() -> QWidget:
    """The same in the smallest window, with a problem nobody can fix by a rule."""
    window, page = _shown(report())
    page.problems.choose((Problem.UNREACHABLE.value, SETTINGS.lines[0].id))
    return window


@picture("numbers-shared", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def shared() -> QWidget:
    """The numbers several customers have."""
    window, page = _shown(report())
    page.problems.choose((SHARED_KEY, ""))
    return window


@picture("numbers-preview", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def preview() -> QWidget:
    """What a fix would change."""
    window, page = _shown(report())
    page.show_preview(_preview())
    return window


@picture("numbers-fixed", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def fixed() -> QWidget:
    """After the fix, and the check that follows."""
    window, page = _shown(_after())
    page.done.tell("1,204 numbers fixed.", action="Undo")
    page.done.show()
    return window


def _opened() -> tuple[MainWindow, NumbersPage]:
    window = demo_desk().window()
    window.show_page("numbers")
    page = window.pages["numbers"]
    if not isinstance(page, NumbersPage):
        raise TypeError("the page called numbers is another one")
    return window, page


def _shown(found: ClinicReport) -> tuple[MainWindow, NumbersPage]:
    window, page = _opened()
    page.show_report(found)
    page.activate()
    return window, page


def report() -> ClinicReport:
    """What a check could find."""
    line = SETTINGS.lines[0]
    return ClinicReport(
        at=NOW.isoformat(),
        seconds=1.8,
        numbers=18_240,
        customers=12_006,
        region="DE",
        problems=(
            _problem(Problem.MISSING_PLUS, 812, 812, _PLUS),
            _problem(Problem.WRONG_REGION, 341, 287, _REGION),
            _problem(Problem.EXTENSION, 96, 96, _EXTENSION),
            _problem(Problem.LETTERS, 31, 9, _LETTERS),
            _problem(Problem.UNREADABLE, 58, 0, _UNREADABLE),
            _problem(Problem.UNREACHABLE, 417, 0, _UNREACHABLE, line.id),
            _problem(Problem.COSTLY, 4, 0, ()),
            _problem(Problem.DUPLICATE, 122, 0, ()),
            _problem(Problem.FAX_ONLY, 17, 0, ()),
        ),
        shared=_SHARED,
        since=NOW.isoformat(),
        rates=(_rate(line.id, line.name, 431),),
    )


def _after() -> ClinicReport:
    line = SETTINGS.lines[0]
    return ClinicReport(
        at=NOW.isoformat(),
        seconds=1.7,
        numbers=18_240,
        customers=12_006,
        region="DE",
        problems=(
            _problem(Problem.WRONG_REGION, 54, 0, _REGION[2:]),
            _problem(Problem.LETTERS, 22, 0, _LETTERS[1:]),
            _problem(Problem.UNREADABLE, 58, 0, _UNREADABLE),
            _problem(Problem.DUPLICATE, 122, 0, ()),
        ),
        shared=_SHARED,
        since=NOW.isoformat(),
        rates=(
            LineRate(line=line.id, name=line.name, calls=1_034, callers=388,
                     now=Rate(matched=431, several=206, nobody=397),
                     after=Rate(matched=431, several=206, nobody=397)),
        ),
    )  # fmt: skip


def _problem(
    kind: Problem, count: int, fixable: int, rows: tuple[tuple[str, ...], ...], line: str = ""
) -> ProblemCount:
    examples = tuple(
        Example(customer=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), name=name, raw=raw,
                before=before, after=after, why=why, line=line)
        for name, raw, before, after, why in rows
    )  # fmt: skip
    return ProblemCount(kind=kind, count=count, fixable=fixable, line=line, examples=examples)


def _rate(line: str, name: str, after: int) -> LineRate:
    return LineRate(
        line=line,
        name=name,
        calls=1_034,
        callers=388,
        now=Rate(matched=412, several=206, nobody=416),
        after=Rate(matched=after, several=206, nobody=416 - (after - 412)),
    )


def _preview() -> dict[str, Any]:
    rows = [
        {"customer": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), "name": name, "raw": raw,
         "before": before, "after": after, "why": why, "kind": kind.value}
        for kind, found in (
            (Problem.MISSING_PLUS, _PLUS), (Problem.WRONG_REGION, _REGION[:2]),
            (Problem.EXTENSION, _EXTENSION), (Problem.LETTERS, _LETTERS[:1]),
        )
        for name, raw, before, after, why in found
    ]  # fmt: skip
    kinds = {"missing-plus": 812, "wrong-region": 287, "extension": 96, "letters": 9}
    return {"dry_run": True, "fixable": 1_204, "kinds": kinds, "rows": rows}


_NO_PLUS = "The country code is there, the + before it is missing."
_PLUS = (
    ("Hansen Logistics GmbH", "4930 23125 144", "", "+493023125144", _NO_PLUS),
    ("Dr. Katharina Weber", "49 171 3920 441", "", "+491713920441", _NO_PLUS),
    ("Nair & Sons Ltd", "44 20 7946 0312", "", "+442079460312", _NO_PLUS),
    ("Jonas Brandt", "4930-23125-161", "", "+493023125161", _NO_PLUS),
    ("Claire Fontaine", "33 1 99 00 12 34", "", "+33199001234", _NO_PLUS),
    ("Mia Schröder", "49 (171) 3920 412", "", "+491713920412", _NO_PLUS),
)
_REGION = (
    ("Priya Nair", "020 7946 0123", "", "+442079460123",
     "It is a number of GB, where the customer is."),
    ("Atelier Garonne SAS", "01 99 00 40 12", "", "+33199004012",
     "It is a number of FR, where the customer is."),
    ("Redwood Inc.", "202 555 0143", "+492025550143", "",
     "It can be +492025550143 or, where the customer is, +12025550143: write the country code."),
)  # fmt: skip
_EXTENSION = (
    ("Hansen Logistics GmbH", "030 23125-100 x 214", "+4930231251002", "+493023125100 ext. 214",
     "The extension 214 is part of the number."),
    ("Blue Ridge Supply Co.", "(202) 555-0142 ext. 7", "+12025550142", "+12025550142 ext. 7",
     "The extension 7 is part of the number."),
)  # fmt: skip
_LETTERS = (
    ("Lone Star Corp.", "1-202-555-CALL", "", "+12025552255",
     "Letters of a keypad: 1-202-555-2255."),
    ("Fenland Ltd", "ask for Priya", "", "", "It holds letters that are no part of a number."),
)  # fmt: skip
_UNREADABLE = (
    ("Verrerie Clément SA", "00000", "", "", "No numbering plan has such a number."),
    ("Copperfield plc", "12-34", "", "", "No numbering plan has such a number."),
)
_UNREACHABLE = (
    ("Dr. Katharina Weber", "49 171 3920 441", "", "",
     "A call shows +491713920441, stored are the digits 491713920441."),
    ("Ida Vogt", "1005", "", "", "It is an internal extension of this line."),
    ("Fenland Ltd", "ask for Priya", "", "",
     "It has too few digits to be compared with a call."),
)  # fmt: skip
_SHARED = Shared(
    numbers=604,
    histogram=(
        SharedCount(owners="2", numbers=488),
        SharedCount(owners="3 to 5", numbers=97),
        SharedCount(owners="6 to 20", numbers=19),
    ),
    top=(
        SharedNumber(number="+442079460968", owners=14,
                     names=("Thistle & Rose Trading Ltd", "Jack Llewellyn", "Owain Smith")),
        SharedNumber(number="+493023125100", owners=12,
                     names=("Hansen Logistics GmbH", "Jonas Brandt", "Mia Schröder")),
        SharedNumber(number="+33199009651", owners=9,
                     names=("Bellevue SA", "Benoît Gonçalves", "Zoé Rousseau")),
        SharedNumber(number="+12025550171", owners=7,
                     names=("Lone Star Corp.", "Renée Nguyễn", "Ava García")),
    ),
)  # fmt: skip
