"""What there is to ask a customer after a call, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.gui.models.plan_words import requirable
from crmdesk.gui.widgets.text import isolate

_NAMED = 3


def missing(name: str, fields: Iterable[str], plan: CompanyPlan) -> str:
    """E.g. "Jane Doe: segment and language are missing."."""
    titles = requirable(Situation.AFTER_CALL, plan)
    words = [_inside(titles.get(one, one)) for one in fields]
    left = len(words) - _NAMED
    shown = words[:_NAMED] if left <= 0 else [*words[: _NAMED - 1], f"{left + 1} more fields"]
    are = "is" if len(words) == 1 else "are"
    return f"{isolate(name)}: {_listed(shown)} {are} missing."


def survey(name: str, title: str) -> str:
    """E.g. "Jane Doe can be asked: After a call."."""
    return f"{isolate(name)} can be asked: {isolate(title)}."


def others(count: int) -> str:
    """How many customers wait besides, "" for none."""
    return f"{count} more customer{'s' * (count != 1)} after it." if count else ""


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _inside(title: str) -> str:
    plain = title.partition(" (")[0]
    return plain if plain[1:2].isupper() else isolate(plain[:1].lower() + plain[1:])
