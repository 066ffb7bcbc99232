"""The number clinic: what is wrong with a stored number, and what it should be.

A fix is offered only where it is proved: the number is read with the rules of the customer's
own country, there is no second reading, and the numbering plan knows the result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from crmdesk.desk.clinic.report import Problem
from crmdesk.domain.matches import NormalisedNumber
from crmdesk.domain.number_facts import LineType
from crmdesk.domain.stored_numbers import StoredNumber
from crmdesk.matching.number_facts import facts_of
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.plan_checks import is_always_whole, is_costly, is_region, is_valid
from crmdesk.settings.model import LineSettings

_LETTER = re.compile(r"[^\W\d_]")
_KEYPAD_WORD = re.compile(r"\+?[\d\s()./\-]*\d[\d\s()./\-]{2,}[A-Za-z]{2,}[A-Za-z\d\s\-]*")
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_MORE_THAN_A_NUMBER = re.compile(r"[^+0-9()./\s-]")
_FEWEST_TO_SUGGEST = 5
"""Fewest last digits that are ever compared (settings, suffix_digits)."""
_SHORT = frozenset({LineType.EMERGENCY, LineType.SHORT_CODE})


class Fix(NamedTuple):
    """What a number should be read as."""

    e164: str
    extension: str

    @property
    def shown(self) -> str:
        """With its extension, as one writes it."""
        return f"{self.e164} ext. {self.extension}" if self.extension else self.e164


class Finding(NamedTuple):
    """A problem of a number; `fix` is None where there is no safe one."""

    problem: Problem
    why: str
    fix: Fix | None = None
    line: str = ""


class Clinic:
    """Looks at numbers one by one.

    Args:
        lines: The lines whose calls shall match, by id.
        usual: How numbers are read of customers whose country is unknown.
    """

    def __init__(self, lines: Mapping[str, LineRules], usual: LineRules) -> None:
        self._lines = lines
        self._usual = usual
        self._homes: dict[str, LineRules] = {}

    def look_at(self, number: StoredNumber) -> list[Finding]:
        """What is wrong with a number; usually nothing."""
        e164, raw = number.e164, number.raw
        if e164 is None:
            return self._unread(number)
        found = []
        if raw != e164:
            finding = self._read(number, e164)
            if finding is not None:
                found.append(finding)
        if is_costly(e164, number.region, number.national):
            found.append(Finding(Problem.COSTLY, "Calling this number costs extra."))
        return found

    def home(self, number: StoredNumber) -> LineRules:
        """How numbers are written in the customer's country."""
        country = number.country
        rules = self._homes.get(country)
        if rules is None:
            rules = self._homes[country] = self._home(country)
        return rules

    def _home(self, country: str) -> LineRules:
        """Without an area code: a customer of this country need not live in the line's town."""
        return LineRules(country if is_region(country) else self._usual.region)

    # --- numbers that were read ---------------------------------------------------------------

    def _read(self, number: StoredNumber, e164: str) -> Finding | None:
        """A number with E.164 form that is written in another one."""
        raw = number.raw
        is_bare = not _MORE_THAN_A_NUMBER.search(raw)
        says_country = raw.startswith(("+", "00"))
        if is_bare and (says_country or number.region == self.home(number).region):
            return None
        reading = normalise(raw, self.home(number))
        if reading.e164 is None:
            return None
        if reading.extension and reading.extension != number.extension:
            return _extension(reading)
        if says_country or reading.e164 == e164:
            return None
        return self._other_country(reading, e164)

    def _other_country(self, reading: NormalisedNumber, e164: str) -> Finding | None:
        """The customer's country reads it otherwise than it was read."""
        new = reading.e164 or ""
        if not is_valid(new):
            return None
        if is_valid(e164) or e164 in reading.other_readings:
            why = f"It can be {e164} or, where the customer is, {new}: write the country code."
            return Finding(Problem.WRONG_REGION, why)
        why = f"No plan has {e164}; in {reading.region}, where the customer is, it is {new}."
        return Finding(Problem.WRONG_REGION, why, _proved(reading))

    # --- numbers that were not ----------------------------------------------------------------

    def _unread(self, number: StoredNumber) -> list[Finding]:
        reading = normalise(number.raw, self.home(number))
        inside = any(normalise(number.raw, rules).internal for rules in self._lines.values())
        found = [] if inside else [self._why_unread(number, reading)]
        for line_id, rules in self._lines.items():
            why = _unreachable(number, reading, rules)
            if why:
                found.append(Finding(Problem.UNREACHABLE, why, line=line_id))
        return found

    def _why_unread(self, number: StoredNumber, reading: NormalisedNumber) -> Finding:
        if reading.e164 is not None:
            return _readable(reading, at_home=is_region(number.country))
        if reading.withheld:
            return Finding(Problem.UNREADABLE, "The word for a withheld number, not a number.")
        facts = facts_of(NormalisedNumber(number.raw), self.home(number).region)
        if facts is not None and facts.line_type in _SHORT:
            return Finding(
                Problem.SHORT, "An emergency number or short code: nobody calls from it."
            )
        if _LETTER.search(number.raw):
            return self._letters(number)
        elsewhere = self._elsewhere(number)
        return elsewhere or Finding(Problem.UNREADABLE, "No numbering plan has such a number.")

    def _letters(self, number: StoredNumber) -> Finding:
        """Letters of a keypad are digits where the plan then has a number; other words are not."""
        if _KEYPAD_WORD.fullmatch(number.raw.strip()):
            typed = number.raw.upper().translate(_KEYPAD)
            reading = normalise(typed, self.home(number))
            fix = _proved(reading)
            if fix is not None:
                return Finding(Problem.LETTERS, f"Letters of a keypad: {typed}.", fix)
        return Finding(Problem.LETTERS, "It holds letters that are no part of a number.")

    def _elsewhere(self, number: StoredNumber) -> Finding | None:
        """A number of the country of one of the lines, but not of the customer's."""
        for rules in self._lines.values():
            reading = normalise(number.raw, LineRules(rules.region))
            if reading.e164 is not None and is_valid(reading.e164):
                why = (
                    f"Only in {reading.region} is it a number ({reading.e164}); check the address."
                )
                return Finding(Problem.WRONG_REGION, why)
        return None


def clinic_rules(lines: tuple[LineSettings, ...], line_id: str = "") -> LineRules:
    """How numbers of customers without address are read: as on a line, the first by default."""
    line = next((line for line in lines if not line_id or line.id == line_id), None)
    return LineRules(line.region) if line else LineRules()


def _readable(reading: NormalisedNumber, *, at_home: bool) -> Finding:
    """It can be read in the customer's own country, and was not."""
    e164 = reading.e164 or ""
    if reading.other_readings:
        others = ", ".join(reading.other_readings)
        why = f"It can be {e164} or {others}: write the country code."
        return Finding(Problem.WRONG_REGION, why)
    if not is_valid(e164):
        why = f"It looks like {e164}, which no numbering plan has."
        return Finding(Problem.UNREADABLE, why)
    if _may_lack_area_code(reading):
        why = f"It is {e164} if no area code is missing before it: write the whole number."
        return Finding(Problem.WRONG_REGION, why)
    if reading.extension:
        return _extension(reading)
    if "missing + added" in reading.steps:
        why = "The country code is there, the + before it is missing."
        return Finding(Problem.MISSING_PLUS, why, _proved(reading))
    where = "where the customer is" if at_home else "the country of your line"
    why = f"It is a number of {reading.region}, {where}."
    return Finding(Problem.WRONG_REGION, why, _proved(reading))


def _may_lack_area_code(reading: NormalisedNumber) -> bool:
    """Digits without any prefix: whole where plans leave nothing out, else perhaps of a town."""
    was_guessed = any(step.startswith("country code +") for step in reading.steps)
    return was_guessed and not is_always_whole(reading.region)


def _extension(reading: NormalisedNumber) -> Finding:
    why = f"The extension {reading.extension} is part of the number."
    return Finding(Problem.EXTENSION, why, _proved(reading))


def _proved(reading: NormalisedNumber) -> Fix | None:
    """The fix, where the plan knows the number and it is read so again."""
    e164 = reading.e164
    if e164 is None or reading.other_readings or not is_valid(e164):
        return None
    if _may_lack_area_code(reading):
        return None
    again = normalise(e164, LineRules())
    return Fix(e164, reading.extension) if again.e164 == e164 else None


def _unreachable(number: StoredNumber, reading: NormalisedNumber, rules: LineRules) -> str:
    """Why no call on a line can match a number without E.164 form, "" where one can."""
    if normalise(number.raw, rules).internal:
        return "It is an internal extension of this line."
    if not number.national:
        digits = sum(char.isdecimal() for char in number.raw)
        if digits < _FEWEST_TO_SUGGEST:
            return "It has too few digits to be compared with a call."
        return "It is no number as it stands: a call finds it by its last digits at most."
    if reading.e164 is None:
        return ""
    call = normalise(reading.e164, rules)
    if call.national == number.national:
        return ""
    return f"A call shows {reading.e164}, stored are the digits {number.national}."
