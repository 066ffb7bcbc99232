"""The words of the page: what each rung does, what the lab found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crmdesk.desk.rule_lab.report import Found, LabCount, LabExample, LabKind, LabReport
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.jobs.registry import time_left
from crmdesk.gui.widgets.cells import Cell
from crmdesk.matching.display import format_number
from crmdesk.settings.model import Rung


@dataclass(frozen=True, slots=True)
class RungWords:
    """Title and one sentence; the second figure is what the rung can be set to."""

    title: str
    text: str


RUNGS: Final[dict[Rung, RungWords]] = {
    "account": RungWords(
        "Account id", "The caller keyed in an account's id. Surer than any number."
    ),
    "e164": RungWords(
        "Exact number",
        "The whole number with its country code, and the extension if both have one.",
    ),
    "national": RungWords(
        "Number without country code",
        "The rest is the same, and one of the two has no sure country.",
    ),
    "block": RungWords(
        "Company's block", "A direct line, at most so many digits behind a company's main number."
    ),
    "suffix": RungWords(
        "Last digits", "The ends of the numbers are the same. Only suggested, never linked."
    ),
}


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind of change is shown."""

    title: str
    icon: str
    tone: str
    meaning: str


KINDS: Final[dict[LabKind, KindWords]] = {
    LabKind.FOUND: KindWords(
        "Newly found", "check-circle", "good", "Nobody was linked, now one customer is."
    ),
    LabKind.LOST: KindWords(
        "Lost", "user-unknown", "bad", "Somebody was found, now nobody is for sure."
    ),
    LabKind.AMBIGUOUS: KindWords(
        "Ambiguous", "users", "warn", "Newly ambiguous: now there are several to choose from."
    ),
    LabKind.MOVED: KindWords("Moved", "transfer", "bad", "Now somebody else is linked."),
    LabKind.SUGGESTED: KindWords(
        "Newly suggested", "search", "accent", "Nobody was known, now somebody is suggested."
    ),
    LabKind.NOT_SUGGESTED: KindWords(
        "No longer suggested", "hidden", "muted", "Somebody was suggested, now nobody is."
    ),
    LabKind.OTHERS: KindWords(
        "Others to choose from", "users", "muted", "The same question, with other people."
    ),
}

MAIN: Final = (LabKind.FOUND, LabKind.LOST, LabKind.AMBIGUOUS, LabKind.MOVED)
"""The kinds with a figure of their own; the others are told where there are any."""

COLUMNS: Final = ("Number", "Calls", "Now", "With these rules")

_RULES: Final = {
    MatchRule.ACCOUNT_ID: "by account id",
    MatchRule.REMEMBERED: "as remembered",
    MatchRule.CHOSEN: "as remembered",
    MatchRule.E164_EXTENSION: "with extension",
    MatchRule.E164: "by number",
    MatchRule.NATIONAL: "no country code",
    MatchRule.BLOCK: "by block",
    MatchRule.SUFFIX: "last digits",
}


def counted(count: int, one: str) -> str:
    """A count and its noun, e.g. "1,203 calls"."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def spoken_count(kind: LabKind, count: LabCount) -> str:
    """For screen readers."""
    words = KINDS[kind]
    calls, numbers = counted(count.calls, "call"), counted(count.numbers, "number")
    return f"{words.title}: {calls} of {numbers}. {words.meaning}"


def summary(report: LabReport) -> str:
    """What was looked at, in a line."""
    looked = report.looked_at
    aside = [
        f"{count:,} {word}"
        for count, word in (
            (report.withheld_calls, "withheld"),
            (report.internal_calls, "internal"),
        )
        if count
    ]
    left_out = f", and {' and '.join(aside)} ones with nobody to find" if aside else ""
    calls, numbers = counted(looked.calls, "call"), counted(looked.numbers, "number")
    return f"{calls} of {numbers}{left_out}. It took {time_left(report.seconds)}."


def shares(report: LabReport) -> str:
    """How many calls find one customer, now and then."""
    total = report.looked_at.calls
    now, then = report.linked_before.calls, report.linked_after.calls
    if not total:
        return "There is no call with a number yet."
    if now == then:
        return f"One customer is found in {_share(now, total)} of the calls, as now."
    return f"One customer is found in {_share(then, total)} of the calls, now {_share(now, total)}."


def _share(part: int, total: int) -> str:
    share = 100 * part / total
    return f"{share:.1f} %" if part in {0, total} or 0.05 <= share < 99.95 else f"{share:.4f} %"


def progress_line(progress: JobProgress) -> str:
    """How far the lab is: counted, rate, time left."""
    parts = [f"{progress.done:,} of {progress.of:,}" if progress.of else ""]
    if progress.rate >= 1:
        parts.append(f"{progress.rate:,.0f} a second")
    if progress.left_s is not None:
        parts.append(f"{time_left(progress.left_s)} left")
    return " · ".join(part for part in parts if part)


def example_cells(example: LabExample, region: str) -> tuple[Cell, ...]:
    """One row of the table of examples."""
    words = KINDS[example.kind]
    number = example.number if example.account else format_number(example.number, region)
    who = f"{number} ({example.account})" if example.account else number
    return (
        Cell(who, icon=words.icon, icon_tone=words.tone, tip=f"{words.title}: {words.meaning}"),
        Cell(f"{example.calls:,}", right=True),
        found_cell(example.before),
        found_cell(example.after, strong=True),
    )


def found_cell(found: Found, *, strong: bool = False) -> Cell:
    """Who is found."""
    if found.customer_id is not None:
        return Cell(found.name, _RULES.get(found.rule, ""), strong=strong)
    if found.state is MatchState.SEVERAL:
        return Cell(f"{found.candidates:,} to choose from", found.name, tone="warn")
    if found.state is MatchState.SUGGESTED:
        more = f" and {found.candidates - 1:,} more" if found.candidates > 1 else ""
        return Cell("suggested", f"{found.name}{more}", tone="accent")
    return Cell("nobody", tone="muted")


def spoken(example: LabExample) -> str:
    """A row in a sentence, for screen readers."""
    before, after = (" ".join(_cell_words(found)) for found in (example.before, example.after))
    calls = counted(example.calls, "call")
    return f"{KINDS[example.kind].title}: {example.number}, {calls}, now {before}, then {after}."


def _cell_words(found: Found) -> tuple[str, str]:
    cell = found_cell(found)
    return cell.text, cell.second
