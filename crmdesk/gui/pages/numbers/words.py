"""The words of the page: what each problem means, and what becomes of calls. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crmdesk.desk.clinic.report import (
    ClinicReport,
    Example,
    LineRate,
    Problem,
    ProblemCount,
    SharedNumber,
)
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined
from crmdesk.gui.widgets.times import short
from crmdesk.matching.display import format_number

COLUMNS: Final = ("Customer", "Written", "Read as", "After the fix")
SHARED_COLUMNS: Final = ("Number", "Customers", "Among them", "")
_NOT_READ: Final = "not read"


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """How a problem is shown."""

    title: str
    meaning: str


PROBLEMS: Final[dict[Problem, ProblemWords]] = {
    Problem.MISSING_PLUS: ProblemWords(
        "The + is missing",
        "The country code is written, the + before it is not. Such a number finds nobody.",
    ),
    Problem.WRONG_REGION: ProblemWords(
        "Read in the wrong country",
        "Written without country code, and read as a number of another country than the"
        " customer's address says.",
    ),
    Problem.EXTENSION: ProblemWords(
        "Extension inside the number",
        "An extension is written behind the number and was not split off.",
    ),
    Problem.LETTERS: ProblemWords(
        "Letters in the number",
        "Letters of a keypad are read as digits where the numbering plan then has such a number.",
    ),
    Problem.UNREADABLE: ProblemWords(
        "No phone number", "No numbering plan has a number like this. Ask the customer."
    ),
    Problem.UNREACHABLE: ProblemWords(
        "No call can match", "Whatever a phone on this line shows, it is never this number."
    ),
    Problem.COSTLY: ProblemWords(
        "Premium or shared cost", "Calling these numbers costs extra. Nobody calls from them."
    ),
    Problem.SHORT: ProblemWords(
        "Emergency and short codes", "Such numbers are dialled, nobody calls from them."
    ),
    Problem.DUPLICATE: ProblemWords(
        "Twice with one customer", "One of the two can go; calls are matched either way."
    ),
    Problem.FAX_ONLY: ProblemWords(
        "Only a fax number", "These customers have no number a person calls from."
    ),
}

SHARED: Final = ProblemWords(
    "Shared by several customers",
    "Nothing is wrong with these numbers: an agent chooses who calls, and the choice can be"
    " remembered.",
)


def problem_title(problem: ProblemCount, line_names: dict[str, str]) -> str:
    """The title, with the line where there is one."""
    title = PROBLEMS[problem.kind].title
    return f"{title} on {line_names.get(problem.line, problem.line)}" if problem.line else title


def counted(count: int, word: str = "number") -> str:
    """E.g. "1 number", "1,204 numbers"."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def example_cells(example: Example) -> tuple[Cell, ...]:
    """One row: who, as written, as read now, as read after a fix."""
    before = _shown(example.before)
    after = _shown(example.after)
    return (
        Cell(example.name, tip=example.name),
        Cell(example.raw, tip=example.raw),
        Cell(before or _NOT_READ, tone="muted" if before else "faint", tip=example.before),
        Cell(
            after, tone="good", icon="check" if after else "", icon_tone="good", tip=example.after
        ),
    )


def shared_cells(shared: SharedNumber) -> tuple[Cell, ...]:
    """One row: the number, how many customers, some of them."""
    names = ", ".join(shared.names) + (" …" if shared.owners > len(shared.names) else "")
    return (
        Cell(_shown(shared.number), tip=shared.number),
        Cell(f"{shared.owners:,}", right=True),
        Cell(names, tone="muted", tip=names),
        Cell(""),
    )


def spoken(example: Example) -> str:
    """A row as one sentence."""
    after = f", would be {example.after}" if example.after else ""
    return f"{example.name}: {example.raw}, {example.before or _NOT_READ}{after}. {example.why}"


def rate_line(rate: LineRate) -> str:
    """The honest figure: of how many."""
    calls = "call" if rate.calls == 1 else "calls"
    return f"{rate.now.matched:,} of {rate.calls:,} {calls} find one customer"


def rate_after(rate: LineRate) -> str:
    """What the fixes would change; "" for nothing."""
    more = rate.after.matched - rate.now.matched
    if not more:
        return ""
    why = "" if more > 0 else ": more customers then share a number"
    return f"{rate.after.matched:,} after the fixes, {more:+,}{why}"


def rate_rest(rate: LineRate) -> str:
    """The others."""
    return joined((f"{rate.now.several:,} several or unsure", f"{rate.now.nobody:,} nobody"))


def summary(report: ClinicReport, now: datetime) -> str:
    """When, how many, how long."""
    at = datetime.fromisoformat(report.at)
    return joined(
        (
            f"Checked {short(at, now)}",
            f"{counted(report.numbers)} of {counted(report.customers, 'customer')}",
            f"{report.seconds:,.0f} s" if report.seconds >= 1 else "",
        )
    )


def fixed_words(fixed: int, skipped: int) -> tuple[str, str]:
    """What was done, and what was left alone."""
    left = f"Left alone, because somebody changed them meanwhile: {skipped:,}."
    return f"{counted(fixed)} fixed.", left if skipped else ""


def undone_words(restored: int, kept: int) -> tuple[str, str]:
    """The same for taking it back."""
    verb = "is" if restored == 1 else "are"
    left = f"Left as they are, because somebody changed them since: {kept:,}."
    return f"{counted(restored)} {verb} as before.", left if kept else ""


def _shown(text: str) -> str:
    """A number with its country, which is what this page is about, and its extension."""
    number, ext, extension = text.partition(" ext. ")
    return f"{format_number(number)}{ext}{extension}" if number else ""
