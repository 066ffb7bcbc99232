"""Pictures of the matching page: the rules, a try that runs, and what it found."""

from __future__ import annotations

import uuid

from PySide6.QtWidgets import QWidget

from crmdesk.desk.rule_lab.report import Found, LabCount, LabExample, LabKind, LabReport
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.main_window.window import SMALLEST, MainWindow
from crmdesk.gui.pages.matching.page import MatchingPage
from crmdesk.gui.pictures.demo_desk import demo_desk
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.theme.tokens import Size
from crmdesk.settings.model import MatchingSettings

_PAUSE_MS = 300
_CHANGED = MatchingSettings(ladder=("account", "e164", "block", "suffix"), suffix_digits=6)
_NOBODY = Found(MatchState.NONE, MatchRule.NOTHING)


@picture("matching-empty", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def empty() -> QWidget:
    """The rules in force, and nothing tried yet."""
    return _opened()[0]


@picture("matching-running", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def running() -> QWidget:
    """A try on ten million calls."""
    window, page = _changed()
    progress = JobProgress(4_310_000, 10_005_301, 92_100.0, 61.8, "looking at calls")
    page.lab.show_running(progress)
    window.status.show_work("Trying rules 43 %, 1 min left", progress.share)
    return window


@picture("matching-result", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def result() -> QWidget:
    """What it found."""
    window, page = _changed()
    page.show_report(report(), _CHANGED)
    return window


@picture("matching-result-stale", size=SMALLEST, pause_ms=_PAUSE_MS)
def stale() -> QWidget:
    """The same in the smallest window, after one more change, with one kind chosen."""
    window, page = _changed()
    page.show_report(report(), MatchingSettings())
    page.lab.tiles.choose(LabKind.AMBIGUOUS)
    return window


@picture("matching-no-effect", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def no_effect() -> QWidget:
    """Rules that change nothing, just saved."""
    window, page = _opened()
    nothing = {kind: LabCount() for kind in LabKind} | {LabKind.UNCHANGED: LabCount(2_905, 178)}
    found = LabCount(2_611, 172)
    same = LabReport(LabCount(2_905, 178), found, found, 95, 0, nothing, seconds=0.8)
    page.show_report(same, MatchingSettings())
    page.saved.tell("The rules are saved.", "They hold from the next call on.", action="Undo")
    page.saved.show()
    return window


def _opened() -> tuple[MainWindow, MatchingPage]:
    window = demo_desk().window()
    window.show_page("matching")
    page = window.pages["matching"]
    if not isinstance(page, MatchingPage):
        raise TypeError("the page called matching is another one")
    return window, page


def _changed() -> tuple[MainWindow, MatchingPage]:
    window, page = _opened()
    page.form.set_rules(_CHANGED)
    page.form.changed.emit()
    return window, page


def report() -> LabReport:
    """What a try could find."""
    counts = {kind: LabCount() for kind in LabKind} | {
        LabKind.FOUND: LabCount(12_031, 418),
        LabKind.LOST: LabCount(212, 31),
        LabKind.AMBIGUOUS: LabCount(1_904, 57),
        LabKind.SUGGESTED: LabCount(3_310, 502),
        LabKind.OTHERS: LabCount(77, 9),
        LabKind.UNCHANGED: LabCount(9_480_112, 961_220),
    }
    return LabReport(
        LabCount(9_497_646, 962_237),
        LabCount(8_960_400, 961_001),
        LabCount(8_972_219, 961_388),
        507_655,
        1_204,
        counts,
        _examples(),
        ("ladder=account,e164,block,suffix", "suffix_digits=6"),
        118.4,
    )


def _examples() -> tuple[LabExample, ...]:
    def example(
        kind: LabKind, number: str, calls: int, before: Found, after: Found, why: str
    ) -> LabExample:
        return LabExample(kind, "support", number, "", calls, before, after, why)

    hansen = _linked("Hansen Logistics GmbH", MatchRule.BLOCK)
    weber = _linked("Dr. Katharina Weber", MatchRule.NATIONAL)
    return (
        example(
            LabKind.FOUND, "+493023125144", 1_204, _NOBODY, hansen,
            "+49 30 23125144 is a direct line of the switchboard of Hansen Logistics GmbH.",
        ),
        example(
            LabKind.FOUND, "030 23125 161", 377, _NOBODY, hansen,
            "+49 30 23125161 is a direct line of the switchboard of Hansen Logistics GmbH.",
        ),
        example(
            LabKind.LOST, "01713920 441", 118, weber, _NOBODY,
            "No customer has the number +49 171 3920441.",
        ),
        example(
            LabKind.AMBIGUOUS, "+442079460312", 96, _linked("Priya Nair", MatchRule.E164),
            Found(MatchState.SEVERAL, MatchRule.E164, "+442079460312", None, "Nair & Sons", 4),
            "+44 20 7946 0312 belongs to 4 customers.",
        ),
        example(
            LabKind.AMBIGUOUS, "+4930231250", 51, _linked("Jonas Brandt", MatchRule.E164),
            Found(MatchState.SEVERAL, MatchRule.E164, "+4930231250", None, "Brandt KG", 12),
            "+49 30 231250 belongs to 12 customers.",
        ),
        example(
            LabKind.SUGGESTED, "3920412", 44, _NOBODY,
            Found(MatchState.SUGGESTED, MatchRule.SUFFIX, "920412", None, "Mia Schröder", 2),
            "The last 6 digits 920412 are those of 2 customers.",
        ),
    )  # fmt: skip


def _linked(name: str, rule: MatchRule) -> Found:
    return Found(MatchState.EXACT, rule, "", uuid.uuid5(uuid.NAMESPACE_DNS, name), name, 1)
