"""Leads and their forecast in words. Pure: now, today and picklists are arguments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from crmdesk.domain.leads import Lead, LeadState, StageForecast
from crmdesk.domain.planning import Choice, PicklistKey, Picklists
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import Said, day, days
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import joined

_TONES = {LeadState.WON: "good", LeadState.LOST: "warn", LeadState.OPEN: "accent"}


class Until(Enum):
    """Until when leads are expected that a forecast counts."""

    EVER = "ever"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


UNTIL_TITLES = {
    Until.EVER: "All open",
    Until.MONTH: "Until the end of the month",
    Until.QUARTER: "Until the end of the quarter",
    Until.YEAR: "Until the end of the year",
}
_MONTHS = {Until.MONTH: 1, Until.QUARTER: 3, Until.YEAR: 12}


def last_day(until: Until, today: date) -> date | None:
    """The last day of the month, quarter or year that `today` is in; None for no end."""
    length = _MONTHS.get(until)
    if length is None:
        return None
    after = ((today.month - 1) // length + 1) * length
    year, month = today.year + after // 12, after % 12 + 1
    return date(year, month, 1) - timedelta(days=1)


def stage(lead: Lead, lists: Picklists) -> tuple[str, str]:
    """Stage and tone of a lead, for a chip."""
    choice = lists.choice(PicklistKey.LEAD_STAGE, lead.stage)
    return choice.title, choice.tone or _TONES[lead.state]


def percent(lead: Lead, lists: Picklists) -> int:
    """How likely it comes off: its own percentage, else that of its stage."""
    if lead.percent is not None:
        return lead.percent
    return lists.choice(PicklistKey.LEAD_STAGE, lead.stage).percent or 0


def worth(lead: Lead, lists: Picklists) -> str:
    """Value and percentage, e.g. "4,800.00 EUR · 60 %"."""
    value = money(lead.value_cents, lead.currency) if lead.value_cents else "value not known"
    return joined((value, f"{percent(lead, lists)} %" if is_open(lead) else ""))


def is_open(lead: Lead) -> bool:
    """Whether it may still come off."""
    return lead.state is LeadState.OPEN


def expected(lead: Lead, now: datetime) -> Said:
    """When it is expected to close; what should have closed is said."""
    if lead.expected_on is None:
        return Said("No day expected", "muted", "calendar")
    late = (times.local(now).date() - lead.expected_on).days
    if is_open(lead) and late > 0:
        return Said(f"Expected {day(lead.expected_on)}, {days(late)} ago", "warn", "warning")
    return Said(f"Expected {day(lead.expected_on)}", "muted", "calendar")


def next_step(lead: Lead, now: datetime) -> Said:
    """What is to be done next, and when."""
    if not lead.next_step and lead.next_step_at is None:
        return Said("No next step", "warn", "warning")
    text = lead.next_step or "Next step"
    if lead.next_step_at is None:
        return Said(text, "text", "right")
    tone = "bad" if lead.next_step_at < now else "text"
    icon = "warning" if tone == "bad" else "right"
    return Said(joined((text, times.due(lead.next_step_at, now))), tone, icon)


def closing(lead: Lead, lists: Picklists) -> str:
    """How a lead ended, "" while it is open."""
    if is_open(lead):
        return ""
    when = f"on {day(times.local(lead.closed_at).date())}" if lead.closed_at else ""
    reason = lists.title(PicklistKey.LOST_REASON, lead.lost_reason)
    ended = " ".join(filter(None, (stage(lead, lists)[0], when)))
    return joined((ended, reason), ": ")


def stages(lists: Picklists, meaning: LeadState, present: str = "") -> tuple[Choice, ...]:
    """Stages that mean open, won or lost; the first is what one key chooses."""
    offered = lists.offered(PicklistKey.LEAD_STAGE, present)
    return tuple(one for one in offered if (one.meaning or "open") == meaning.value)


# --- the forecast ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StageWords:
    """What the pipeline says of one stage.

    Attributes:
        key: Of the stage, "" for all together.
        value, weighted: One line for each currency.
    """

    key: str
    title: str
    count: int
    value: str
    weighted: str


def forecast(found: Iterable[StageForecast], lists: Picklists) -> tuple[StageWords, ...]:
    """All stages that are open or hold leads, in order, and their sum first."""
    by_stage: dict[str, list[StageForecast]] = defaultdict(list)
    for one in found:
        by_stage[one.stage].append(one)
    keys = [one.key for one in stages(lists, LeadState.OPEN)]
    keys += [key for key in by_stage if key not in keys]
    everything = [one for rows in by_stage.values() for one in rows]
    told = [_words("", "All stages", everything)]
    for key in keys:
        title = lists.title(PicklistKey.LEAD_STAGE, key)
        told.append(_words(key, title, by_stage.get(key, [])))
    return tuple(told)


def _words(key: str, title: str, rows: list[StageForecast]) -> StageWords:
    value: dict[str, int] = defaultdict(int)
    weighted: dict[str, int] = defaultdict(int)
    for one in rows:
        value[one.currency] += one.value_cents
        weighted[one.currency] += one.weighted_cents
    count = sum(one.count for one in rows)
    return StageWords(key, title, count, _sums(value), _sums(weighted))


def _sums(by_currency: dict[str, int]) -> str:
    ordered = sorted(by_currency.items(), key=lambda one: (-one[1], one[0]))
    return "\n".join(money(cents, currency) for currency, cents in ordered) or "–"
