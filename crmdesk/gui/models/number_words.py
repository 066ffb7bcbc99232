"""What a number tells of a caller, in words. Pure."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from crmdesk.domain.number_facts import LineType, NumberFacts
from crmdesk.gui.widgets.text import joined

LINE_TYPE_WORDS = {
    LineType.FIXED: "fixed line",
    LineType.MOBILE: "mobile",
    LineType.FIXED_OR_MOBILE: "fixed line or mobile",
    LineType.TOLL_FREE: "free of charge",
    LineType.PREMIUM: "premium rate",
    LineType.SHARED_COST: "shared cost",
    LineType.VOIP: "internet telephone",
    LineType.PERSONAL: "personal number",
    LineType.PAGER: "pager",
    LineType.UAN: "company number",
    LineType.VOICEMAIL: "voicemail",
    LineType.EMERGENCY: "emergency number",
    LineType.SHORT_CODE: "short number",
    LineType.INVALID: "no such number in its country",
    LineType.UNKNOWN: "",
}


def country(region: str) -> str:
    """The country of an ISO 3166 region, in this desk's language; "" where there is none."""
    territory = QLocale.codeToTerritory(region) if region else QLocale.Country.AnyTerritory
    known = territory is not QLocale.Country.AnyTerritory
    return QLocale.territoryToString(territory) if known else ""


def fact_words(facts: NumberFacts | None, region: str = "") -> str:
    """Area, country and kind of line, e.g. "Berlin, Germany · fixed line"."""
    if facts is None:
        return country(region)
    land = country(facts.region or region)
    place = joined((facts.area if facts.area != land else "", land), ", ")
    return joined((place, LINE_TYPE_WORDS[facts.line_type]))
