"""One number of a phone network, whatever its form, to E.164.

The way: withheld words, then the address around the number, then its digits, then internal
extensions, the line's prefix, and what the digits mean on this line (`readings.py`). Never
raises, and looks at a bounded part of its input only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from crmdesk.domain.matches import NormalisedNumber
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.addresses import Address, parse_address
from crmdesk.matching.plans import Plan, plan_of
from crmdesk.matching.ranges import InternalRanges
from crmdesk.matching.readings import (
    Reading,
    read_international,
    read_plain,
    significant_digits,
)
from crmdesk.matching.withheld import (
    KEYPAD_SPELLINGS,
    is_withheld_address,
    is_withheld_plain,
    is_withheld_text,
)
from crmdesk.matching.written import WrittenNumber, read_written
from crmdesk.settings.model import LineSettings

_CACHED_CHARS = 128
"""Longer texts are read anew each time, so that hostile ones do not fill the memory."""

_ADDRESS_CHARS = 512
"""Longest text looked at as an address; longer ones are no number."""

_CACHE_SIZE = 65536
_PLAIN = re.compile(r"\+?[0-9]{1,64}\Z")
_WRITTEN = re.compile(r"[+(0-9][+0-9 ()/.\-]{0,62}[0-9)]\Z")


@dataclass(frozen=True, slots=True)
class LineRules:
    """What is to be known of a line to read its numbers.

    Attributes:
        region: ISO 3166 country of the line; unknown ones count as "".
        area_code: Area code of the line, with or without its trunk prefix.
        line_prefix: Digits the phone system puts before outside numbers.
        internal: The internal extensions.
    """

    region: str = ""
    area_code: str = ""
    line_prefix: str = ""
    internal: InternalRanges = field(default_factory=InternalRanges)
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        key = (self.region, self.area_code, self.line_prefix, self.internal)
        object.__setattr__(self, "_hash", hash(key))  # asked for with every number

    def __hash__(self) -> int:
        return self._hash


def line_rules(line: LineSettings) -> LineRules:
    """The rules of a line of the settings."""
    return LineRules(
        region=line.region,
        area_code=line.area_code,
        line_prefix=line.line_prefix,
        internal=InternalRanges.parse(line.internal),
    )


def normalise(raw: str, rules: LineRules) -> NormalisedNumber:
    """Reads a number as a line delivers it.

    Args:
        raw: Anything; hostile text included.
        rules: Of the line that delivered it.

    Returns:
        With `e164` where the digits have a meaning; else `raw` as it came, and in `national`
        the digits that can still be compared. `internal` says only that it looks like an
        extension: whether the call came from inside is for the caller to know.
    """
    if len(raw) > _CACHED_CHARS:
        return _normalise(raw, rules)
    return _normalise_cached(raw, rules)


def _normalise(raw: str, rules: LineRules) -> NormalisedNumber:
    if _PLAIN.match(raw) and not is_withheld_plain(raw):
        # Most numbers: nothing around the digits, so nothing to take off.
        plain = WrittenNumber(raw.lstrip("+"), plus=raw[0] == "+")
        return _read(raw, Address(raw), plain, rules)
    if _WRITTEN.match(raw) and "  " not in raw and not is_withheld_text(raw):
        # Many more: written for people, but with nothing that sanitising or an address knows.
        number = read_written(raw)
        return _read(raw, Address(raw), number, rules) if number else NormalisedNumber(raw)
    text = sanitise_external(raw, _ADDRESS_CHARS)
    shown = sanitise_external(text)
    address = parse_address(text)
    if is_withheld_text(text) or is_withheld_address(address):
        return NormalisedNumber(shown, withheld=True, steps=("word for a withheld number",))
    if address is None or len(raw) > _ADDRESS_CHARS:
        return NormalisedNumber(shown)
    written = read_written(address.user.strip())
    if written is None:
        return NormalisedNumber(shown)
    return _read(shown, address, written, rules)


def unread_digits(raw: str) -> str:
    """What is compared of a stored number that has no E.164 form; "" where that is too little.

    The digits that `normalise` puts in `national` for the same text: without line prefix,
    extension and leading zeros, so that the call and the stored number find each other.
    """
    address = parse_address(sanitise_external(raw, _ADDRESS_CHARS))
    if address is None or len(raw) > _ADDRESS_CHARS:
        return ""
    written = read_written(address.user.strip())
    return _unread(written, None, "") if written else ""


def _unread(written: WrittenNumber, plan: Plan | None, line_prefix: str) -> str:
    """What is compared instead of a number; with "+" where a prefix says it has a country."""
    if written.plus:
        return _with_plus(written.digits)
    digits = written.digits.removeprefix(line_prefix)
    abroad = plan.splits_abroad(digits) if plan else []
    if abroad:
        return _with_plus(digits[abroad[0] :])
    return _with_plus(digits) if digits.startswith("00") else significant_digits(digits)


def _with_plus(digits: str) -> str:
    kept = significant_digits(digits)
    return f"+{kept}" if kept else ""


_normalise_cached = lru_cache(_CACHE_SIZE)(_normalise)
clear_cache = _normalise_cached.cache_clear
"""Forgets what was read: for measurements, and where numbers come once."""


def _read(
    shown: str, address: Address, written: WrittenNumber, rules: LineRules
) -> NormalisedNumber:
    steps = address.steps + written.steps
    if not written.plus and written.digits in rules.internal:
        steps += ("internal extension",)
        return NormalisedNumber(shown, extension=written.digits, internal=True, steps=steps)
    plan = plan_of(rules.region)
    extension = address.extension or written.extension
    readings, more = _readings(address, written, plan, rules)
    if not readings:
        digits = _unread(written, plan, rules.line_prefix)
        return NormalisedNumber(
            shown,
            extension=extension,
            national=digits,
            steps=steps,
            unread_in=plan.region if plan else "",
        )
    best, *others = readings
    if best.e164 in KEYPAD_SPELLINGS:
        return NormalisedNumber(shown, withheld=True, steps=("keypad word for withheld",))
    return NormalisedNumber(
        raw=shown,
        e164=best.e164,
        extension=extension,
        national=best.national.lstrip("0"),
        region=best.region,
        steps=(*steps, *more, best.step) if best.step else (*steps, *more),
        other_readings=tuple(reading.e164 for reading in others),
    )


def _readings(
    address: Address, written: WrittenNumber, plan: Plan | None, rules: LineRules
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """The readings, and the steps that led to the digits that were read."""
    found, steps = _read_digits(address, written, plan, rules)
    if found or written.optional_zero is None:
        return found, steps
    at = written.optional_zero
    shorter = written._replace(digits=written.digits[:at] + written.digits[at + 1 :])
    found, steps = _read_digits(address, shorter, plan, rules)
    return found, ("(0) removed", *steps)


def _read_digits(
    address: Address, written: WrittenNumber, plan: Plan | None, rules: LineRules
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    if written.plus and not written.digits.startswith("0"):
        return _read_plus(written, rules)
    if written.plus:
        ignored = "+ left out, no country code begins with 0"
        return read_plain(written.digits, plan, rules.area_code), (ignored,)
    if address.context:
        found = _in_context(address.context, written.digits)
        if found:
            return (found,), ()
    prefix = rules.line_prefix
    if prefix and written.digits.startswith(prefix):
        readings = read_plain(written.digits[len(prefix) :], plan, rules.area_code)
        if readings:
            return readings, (f"line prefix {prefix} removed",)
    return read_plain(written.digits, plan, rules.area_code), ()


def _read_plus(
    written: WrittenNumber, rules: LineRules
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    if written.before_plus not in {"", rules.line_prefix}:
        return (), ()
    steps = (f"line prefix {written.before_plus} removed",) if written.before_plus else ()
    found = read_international(written.digits, "")
    return ((found,) if found else ()), steps


def _in_context(context: str, digits: str) -> Reading | None:
    area = read_written(context)
    if area is None or not area.plus:
        return None
    return read_international(area.digits + digits, f"phone context +{area.digits} added")
