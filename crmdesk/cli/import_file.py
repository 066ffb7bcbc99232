"""The file that `crmdesk import` reads, and how: a profile, a guess, and what options say."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.cli.progress import Reporter
    from crmdesk.sync.profile import ImportProfile
    from crmdesk.sync.sources import Source

Object = dict[str, Any]


@contextmanager
def opened_file(
    options: argparse.Namespace, reporter: Reporter
) -> Iterator[tuple[Source, ImportProfile]]:
    """The source that the options name, and the profile to read it by.

    Raises:
        UserFacingError: The file cannot be read, or the options do not fit it.
    """
    import msgspec

    from crmdesk.sync import profile as profiles
    from crmdesk.sync.sources import open_source

    known = profiles.load(options.profile) if options.profile else None
    if known is not None and options.kind not in {None, known.holds}:
        raise UserFacingError(
            f"The profile {options.profile} is for {known.holds.replace('_', ' ')}.",
            "Nothing was imported.",
            "Leave out --as, or choose another profile.",
        )
    source_options = {**(known.options if known else {}), **dict(options.option)}
    with open_source(options.file, source_options, reporter.progress) as source:
        made = known or _guessed(source, options.kind)
        changes: Object = {"options": source_options, "columns": _columns(options, made, source)}
        if options.region is not None:
            changes["region"] = given.region(options.region)
        if options.source_name is not None:
            changes["source_name"] = options.source_name
        if options.segment is not None:
            changes["segment"] = options.segment.strip()
        profile = profiles.checked(msgspec.structs.replace(made, **changes))
        yield source, profile


def _guessed(source: Source, kind: str | None) -> ImportProfile:
    """What the columns suggest: customers, or records of a kind."""
    if kind is None:
        from crmdesk.sync.importing import guessed_profile

        return guessed_profile(source.facts)
    from crmdesk.sync.records.guessing import guessed_records
    from crmdesk.sync.records.kinds import RecordKind

    return guessed_records(RecordKind(kind), source.facts)


def _columns(options: argparse.Namespace, profile: ImportProfile, source: Source) -> dict[str, str]:
    """The profile's columns with those of --map; a guess yields where --map wants its target."""
    present = {column.name for column in source.facts.columns}
    for name, _ in options.map:
        if name not in present:
            raise UserFacingError(
                f'There is no column "{name}" in {options.file.name}.',
                "Nothing was imported.",
                f"The columns are: {', '.join(sorted(present))}.",
            )
    mapped = dict(options.map)
    from crmdesk.sync.profile_targets import is_many

    holds = profile.holds
    taken = {target for target in mapped.values() if target and not is_many(target, holds)}
    columns = {
        name: "" if target in taken and name not in mapped else target
        for name, target in profile.columns.items()
    }
    return {**columns, **mapped}
