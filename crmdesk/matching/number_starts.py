"""The beginning of a phone number as people type it, with its country before it."""

from __future__ import annotations

from crmdesk.domain.segment_values import number_digits
from crmdesk.matching.numbers import LineRules
from crmdesk.matching.plans import Plan, plan_of


def number_start(typed: str, rules: LineRules) -> str:
    """What numbers that are kept with their country begin with.

    Args:
        typed: Some or all digits of a number: "030", "0049 30", "+49 30", "(202) 555".
        rules: Of the line; how its country dials.

    Returns:
        "+4930" for all of the first; only the digits where nothing says what they begin.
    """
    digits, plan = number_digits(typed), plan_of(rules.region)
    if not digits or digits.startswith("+") or plan is None:
        return digits
    abroad = plan.splits_abroad(digits)
    if abroad:
        return "+" + digits[abroad[0] :]
    national = _national(digits, plan, rules.area_code)
    return f"+{plan.code}{national}" if national is not None else digits


def _national(digits: str, plan: Plan, area_code: str) -> str | None:
    """The digits behind the country code; None where they may be the middle of a number."""
    if not plan.trunk:
        return digits
    if digits.startswith(plan.trunk):
        return digits.removeprefix(plan.trunk)
    if plan.trunk == str(plan.code):
        return digits  # North America: the 1 is as often left out
    area = area_code.removeprefix(plan.trunk)
    return area + digits if area else None
