"""Who is found when every example number of the library calls, in every form, on every line.

All examples are customers at once. Every line delivers every number in every form it can
have there; the table tells how many found their customer, how many did not and why, and how
many were taken for somebody else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from crmdesk.domain.matches import Match, MatchState, Occasion
from crmdesk.matching import ladder
from crmdesk.matching.numbers import LineRules, clear_cache, normalise
from tests.bench.library_directory import MemoryDirectory, customer_of
from tests.bench.library_forms import NO_E164, deliveries, examples, lines, numbers
from tests.bench.measuring import Outcome, Scale, Table

_OCCASION = Occasion(date(2026, 3, 2))
_SMALL_ROUNDS = 10
_QUICK_LINES = ("DE", "US", "IT", "BR", "RU", "")
_QUICK_ONE_OF = 11


@dataclass
class Tally:
    """What came of many calls.

    Attributes:
        calls: By form.
        found: Linked to the customer whose number it is, by form.
        shared: Not linked, because the digits are also another customer's; by form.
        unread: Not linked, for another reason, by form; `reasons` tells which.
        wrong: Linked to somebody whose number it cannot be, by form.
        classes: Pairs of forms that share digits, with how often and one example.
    """

    calls: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    classes: Counter[tuple[str, str]] = field(default_factory=Counter)
    class_examples: dict[tuple[str, str], str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    unread_examples: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


Meant = Mapping[str, tuple[str, ...]]
"""The numbers that a text stands for on a line, each with the forms it is of that number."""


def run(scale: Scale) -> Outcome:
    """Every line; where `scale` is small, a part of the calls on a few lines."""
    is_small = scale.rounds <= _SMALL_ROUNDS
    chosen = _QUICK_LINES if is_small else lines()
    tally = tally_of(chosen, directory(), _QUICK_ONE_OF if is_small else 1)
    return Outcome(
        "Every number of the library",
        (),
        (
            f"{len(examples()):,} examples in the library's metadata (every region, every kind, "
            f"codes of no region) are {len(numbers()):,} numbers, each a customer, all at once. "
            f"Each calls on {len(chosen)} lines (in every region, and one whose region nobody "
            "set), in every form that line can deliver; forms for national calls where the line "
            "is in the number's own country.",
        ),
        (_table(tally), _class_table(tally), _reason_table(tally)),
    )


def directory() -> MemoryDirectory:
    """All example numbers as customers."""
    return MemoryDirectory(number.e164 for number in numbers())


def tally_of(chosen: Iterable[str], customers: MemoryDirectory, one_of: int = 1) -> Tally:
    """Calls on each of these lines; of so many texts that a line delivers only one."""
    tally = Tally()
    for line in chosen:
        count_line(line, customers, tally, one_of)
    return tally


def count_line(line: str, customers: MemoryDirectory, tally: Tally, one_of: int = 1) -> None:
    """Lets everybody call on one line."""
    rules = LineRules(region=line)
    clear_cache()
    for text, meant in list(delivered(line).items())[::one_of]:
        match = ladder.find(normalise(text, rules), customers, _OCCASION)
        for e164, forms in meant.items():
            example = f"{text} on a line in {line or 'no region'}"
            for form in forms:
                _count(tally, form, example, e164, meant, match)


def delivered(line: str) -> Mapping[str, Meant]:
    """All texts a line can deliver, and whose numbers they are."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for number in numbers():
        for form, text in deliveries(number, line):
            before = found[text].get(number.e164, ())
            found[text][number.e164] = (*before, form)
    return found


def _count(tally: Tally, form: str, example: str, e164: str, meant: Meant, match: Match) -> None:
    tally.calls[form] += 1
    if match.customer_id == customer_of(e164):
        tally.found[form] += 1
    elif match.customer_id is not None:
        tally.wrong[form] += 1
        tally.mistakes.append(f"{example} ({form} of {e164}): {match.explanation}")
    elif match.state is MatchState.SEVERAL and _is_right(match, meant, e164):
        tally.shared[form] += 1
        for pair in _pairs(form, e164, meant):
            tally.classes[pair] += 1
            tally.class_examples.setdefault(pair, f"{example}: {' or '.join(sorted(meant))}")
    else:
        tally.unread[form] += 1
        tally.reasons[_reason(match, e164)] += 1
        tally.unread_examples.append(f"{example} ({form} of {e164})")


def _is_right(match: Match, meant: Meant, e164: str) -> bool:
    """Whether those who may be calling are those whose digits these are, and no others."""
    owners = {candidate.owner.customer_id for candidate in match.candidates}
    return len(meant) > 1 and owners == {customer_of(number) for number in meant}


def _pairs(form: str, e164: str, meant: Meant) -> Iterator[tuple[str, str]]:
    for other, forms in meant.items():
        if other != e164:
            yield form, forms[0]


def _reason(match: Match, e164: str) -> str:
    if e164 == NO_E164:
        return "310-1234 is dialled as it stands, in Canada only: it has no E.164 form"
    owners = {candidate.owner.customer_id for candidate in match.candidates}
    if customer_of(e164) in owners:
        return f"{match.state.value}, the customer among those to choose from"
    return f"{match.state.value}, the customer not among those to choose from"


def _table(tally: Tally) -> Table:
    columns = (
        "form", "calls", "found their customer", "", "ambiguous", "not found", "somebody else"
    )  # fmt: skip
    rows = [_row(form, tally, (form,)) for form in sorted(tally.calls, key=_place)]
    return Table(columns, (*rows, _row("**all**", tally, tuple(tally.calls))))


def _row(name: str, tally: Tally, forms: tuple[str, ...]) -> tuple[str, ...]:
    calls, found, shared, unread, wrong = (
        sum(counted[form] for form in forms)
        for counted in (tally.calls, tally.found, tally.shared, tally.unread, tally.wrong)
    )
    share = f"{100 * found / calls:.2f} %"
    return (name, f"{calls:,}", f"{found:,}", share, f"{shared:,}", f"{unread:,}", f"{wrong:,}")


def _place(form: str) -> tuple[bool, str]:
    return form not in {"E.164", "international"}, form


def _class_table(tally: Tally) -> Table:
    rows = tuple(
        (one, other, f"{count:,}", tally.class_examples[one, other])
        for (one, other), count in tally.classes.most_common()
    )
    columns = ("the digits are one number's", "and another's", "calls", "for example")
    return Table(columns, rows, "Ambiguous, because two plans share the digits")


def _reason_table(tally: Tally) -> Table:
    rows = tuple((reason, f"{count:,}") for reason, count in tally.reasons.most_common())
    return Table(("why", "calls"), rows, "Not found")
