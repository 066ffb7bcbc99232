"""Countries a phone line can be in, with their names."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QLocale

from crmdesk.matching.plans import plan_of


@cache
def regions() -> tuple[tuple[str, str], ...]:
    """Name and ISO 3166 code of every country with a numbering plan, by name."""
    found = {}
    for territory in QLocale.Country:
        code = QLocale.territoryToCode(territory)
        plan = plan_of(code) if len(code) == 2 and code.isalpha() else None
        if plan is not None:
            found[code] = f"{QLocale.territoryToString(territory)} (+{plan.code})"
    return tuple(sorted((name, code) for code, name in found.items()))


def guessed_region(locale: QLocale | None = None) -> str:
    """The country of this computer's locale, "" where it does not tell one."""
    code = QLocale.territoryToCode((locale or QLocale.system()).territory())
    return code if any(code == known for _, known in regions()) else ""
