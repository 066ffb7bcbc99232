"""Rules of the matching as text: `suffix_digits=6`, `line.support.region=AT`.

The command line, the child process of the rule lab and the settings file mean the same by a
name; types and limits are those of `settings.model`, whose words an error repeats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect
from phonenumbers import SUPPORTED_REGIONS

from crmdesk.domain.errors import UserFacingError
from crmdesk.settings.model import LineSettings, MatchingSettings, Rung, Settings

MAX_CHARS = 500
"""Longest text of one rule; the longest that means something names some thirty ranges."""

MAX_RULES = 200

LINE_FIELDS: Final = ("region", "area_code", "line_prefix", "internal")
"""What of a line decides how its numbers are read."""

RUNGS: Final[tuple[str, ...]] = get_args(Rung)
"""All rungs there are, the surest first."""

_LINE = "line."
_FIGURE = re.compile(r"-?[0-9]{1,9}")
_DIGITS = re.compile(r"[0-9]{0,16}")
_RANGE = re.compile(r"[0-9]{1,15}(-[0-9]{1,15})?")
_WHERE = re.compile(r" - at `\$.*`$")
_UNCHANGED = "Nothing was changed."
_EXAMPLES: Final = {
    "ladder": "ladder=account,e164,national",
    "suffix_digits": "suffix_digits=7",
    "block_digits": "block_digits=4",
    "link_from": "link_from=700",
    "lead": "lead=100",
    "region": "line.support.region=DE",
    "area_code": "line.support.area_code=30",
    "line_prefix": "line.support.line_prefix=0",
    "internal": "line.support.internal=1000-1099",
}


class BadRuleError(UserFacingError):
    """A rule cannot be used."""


def change_rules(settings: Settings, texts: Iterable[str], *, adds_lines: bool = False) -> Settings:
    """The settings with other rules.

    Args:
        settings: What holds now.
        texts: Each `NAME=VALUE`; a later one of the same name wins.
        adds_lines: Lines that the settings do not have are made; else they are an error.

    Raises:
        BadRuleError: One of them is no rule, or its value is beyond what can be set.
    """
    for count, text in enumerate(texts, start=1):
        if count > MAX_RULES:
            raise BadRuleError(f"There are more than {MAX_RULES} rules.", _UNCHANGED)
        settings = _changed(settings, text, adds_lines=adds_lines)
    return settings


def rule_texts(settings: Settings) -> tuple[str, ...]:
    """All rules in force, in the form that `change_rules` reads."""
    matching = settings.matching
    general = (f"{name}={_written(getattr(matching, name))}" for name in matching.__struct_fields__)
    lines = (
        f"{_LINE}{line.id}.{name}={_written(getattr(line, name))}"
        for line in settings.lines
        for name in LINE_FIELDS
    )
    return (*general, *lines)


def changed_rules(before: Settings, after: Settings) -> tuple[str, ...]:
    """The rules of `after` that `before` has otherwise."""
    known = set(rule_texts(before))
    return tuple(text for text in rule_texts(after) if text not in known)


def limits(name: str) -> tuple[int, int]:
    """The least and the most that a figure among the rules may be."""
    fields = {field.name: field.type for field in inspect.type_info(MatchingSettings).fields}  # type: ignore[attr-defined]
    found = fields[name]
    return found.ge, found.le


def _changed(settings: Settings, text: str, *, adds_lines: bool) -> Settings:
    if len(text) > MAX_CHARS:
        raise BadRuleError(
            f"A rule is longer than {MAX_CHARS} characters.",
            _UNCHANGED,
            f"Write rules like {_EXAMPLES['suffix_digits']}.",
        )
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise _refused(text, "a rule is a name, =, and a value", name)
    if name.startswith(_LINE):
        line_id, _, field = name.removeprefix(_LINE).rpartition(".")
        return _with_line_rule(settings, line_id, field, (text, value), adds_lines=adds_lines)
    if name not in MatchingSettings.__struct_fields__:
        raise _refused(text, "there is no rule of this name", name)
    read = _rungs if name == "ladder" else _figure
    matching = _converted(settings.matching, {name: read(text, value)}, text)
    return msgspec.structs.replace(settings, matching=matching)


def _with_line_rule(
    settings: Settings, line_id: str, field: str, given: tuple[str, str], *, adds_lines: bool
) -> Settings:
    text, value = given
    if field not in LINE_FIELDS:
        raise _refused(text, f"of a line, these are rules: {', '.join(LINE_FIELDS)}", field)
    line = settings.line(line_id)
    if line is None:
        if not adds_lines:
            raise unknown_line(settings, line_id)
        line = _converted(LineSettings(id="new", name="new"), {"id": line_id}, text)
        settings = msgspec.structs.replace(settings, lines=(*settings.lines, line))
    changed = _converted(line, {field: _LINE_VALUES[field](text, value)}, text)
    lines = tuple(changed if known.id == line_id else known for known in settings.lines)
    return msgspec.structs.replace(settings, lines=lines)


def unknown_line(settings: Settings, line_id: str) -> UserFacingError:
    """The error that names the lines there are."""
    known = ", ".join(line.id for line in settings.lines) or "none"
    return BadRuleError(
        f"There is no phone line {_shown(line_id)}.",
        f"Lines: {known}.",
        "crmdesk lines list shows them.",
    )


def _converted(known: Any, change: dict[str, Any], text: str) -> Any:  # noqa: ANN401  its type
    """The struct with a change, checked as the settings file is."""
    try:
        return msgspec.convert({**msgspec.structs.asdict(known), **change}, type(known))
    except msgspec.ValidationError as error:
        raise _refused(text, _WHERE.sub("", str(error)), next(iter(change))) from None


def _refused(text: str, why: str, name: str) -> BadRuleError:
    example = _EXAMPLES.get(name.rpartition(".")[2], "")
    names = ", ".join(MatchingSettings.__struct_fields__)
    remedy = f"For example: {example}." if example else f"Rules: {names}, line.ID.region ..."
    return BadRuleError(f"The rule {_shown(text)} cannot be used: {why}.", _UNCHANGED, remedy)


def _shown(text: str) -> str:
    """A text that somebody typed, short and without what a terminal would obey."""
    cut = text if len(text) <= 60 else text[:59] + "…"
    return repr("".join(char if char.isprintable() else "?" for char in cut))


def _written(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _figure(text: str, value: str) -> int:
    name = text.partition("=")[0].strip()
    if not _FIGURE.fullmatch(value):
        raise _refused(text, "its value is no whole number", name)
    low, high = limits(name)
    if not low <= int(value) <= high:
        raise _refused(text, f"its value must be from {low} to {high}", name)
    return int(value)


def _rungs(text: str, value: str) -> list[str]:
    rungs = [rung.strip() for rung in value.split(",")] if value else []
    for rung in rungs:
        if not rung:
            raise _refused(text, "a rung between two commas is empty", "ladder")
        if rung not in RUNGS:
            why = f"there is no rung {_shown(rung)}; there are {', '.join(RUNGS)}"
            raise _refused(text, why, "ladder")
    return rungs


def _region(text: str, value: str) -> str:
    code = value.upper()
    if code and code not in SUPPORTED_REGIONS:
        raise _refused(text, f"no phone number belongs to a country {_shown(value)}", "region")
    return code


def _digits(text: str, value: str) -> str:
    if not _DIGITS.fullmatch(value):
        raise _refused(text, "its value must be at most 16 digits", text.partition("=")[0].strip())
    return value


def _ranges(text: str, value: str) -> list[str]:
    ranges = _parts(value)
    for one in ranges:
        if not _RANGE.fullmatch(one):
            raise _refused(text, f"{_shown(one)} is no range of extensions", "internal")
    return ranges


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


_LINE_VALUES: Final[dict[str, Callable[[str, str], str | list[str]]]] = {
    "region": _region,
    "area_code": _digits,
    "line_prefix": _digits,
    "internal": _ranges,
}
