"""What it takes to read a number, against the library's own parse and format."""

from __future__ import annotations

from random import Random

import phonenumbers

from crmdesk.matching.numbers import LineRules, clear_cache, normalise
from crmdesk.matching.ranges import InternalRanges
from tests.bench.measuring import Figure, Outcome, Scale, agree, alternate, scaled

_RULES = LineRules("DE", "30", "", InternalRanges.parse(("1001-1199",)))
_PER_ROUND = 2_000
_FORMS = ("+49{}", "0049{}", "0{}", "+44 {}", "0044{}", "+33 {}")
"""As phone systems deliver numbers to a German line."""

_PREFIXES = {"+49": ("3023125", "1713920", "40669"), "+44": ("2079460",), "+33": ("19900",)}


def run(scale: Scale) -> Outcome:
    """Numbers that were never seen, and numbers that called before."""
    numbers = _numbers(_PER_ROUND)
    agree(
        [normalise(number, _RULES).e164 for number in numbers],
        [_plain(number) for number in numbers],
        "E.164",
    )

    def new() -> None:
        clear_cache()
        for number in numbers:
            normalise(number, _RULES)

    def repeated() -> None:
        for number in numbers:
            normalise(number, _RULES)

    def raw() -> None:
        for number in numbers:
            _plain(number)

    raw_taken, new_taken, repeated_taken = alternate(scale.rounds, raw, new, repeated)
    each = 1e6 / len(numbers)
    name = "phonenumbers: parse and format"
    baseline = scaled(raw_taken, each)
    figures = (
        Figure("a new number", scaled(new_taken, each), baseline, name, "us", "x1.5"),
        Figure("a repeated number", scaled(repeated_taken, each), baseline, name, "us", "1/20"),
    )
    note = f"{len(numbers):,} numbers of three countries in {len(_FORMS)} forms, each result equal."
    return Outcome("Reading numbers", figures, (note,))


def _plain(number: str) -> str:
    parsed = phonenumbers.parse(number, "DE")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _numbers(count: int) -> list[str]:
    rng = Random(5)
    made: dict[str, None] = {}
    while len(made) < count:
        form = _FORMS[int(rng.random() * len(_FORMS))]
        code = "+" + form.lstrip("+0")[:2] if form != "0{}" else "+49"
        prefix = rng.choice(_PREFIXES[code])
        digits = 9 - len(prefix) if code == "+33" else 10 - len(prefix)
        made[form.format(prefix + "".join(rng.choices("0123456789", k=digits)))] = None
    return list(made)
