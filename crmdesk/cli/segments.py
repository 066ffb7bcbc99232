"""`crmdesk segments`: saved rules, and how many customers fulfil them."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from crmdesk.cli import output
from crmdesk.cli.opening import add_store_options, open_store_of
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmdesk.domain.planning import Picklists
    from crmdesk.domain.segments import Members, Segment, SegmentField
    from crmdesk.store import Store


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk segments --help`."""
    options = _parser().parse_args(argv)
    with open_store_of(options) as store:
        if options.count or options.list:
            chosen = named(store, options.count or options.list)
            work = _count if options.count else _members
            work(store, chosen, as_json=options.json)
        else:
            _list(store, as_json=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk segments",
        description="List the saved segments and their rules, count one, or list its customers.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--count", metavar="NAME", help="count its customers now")
    what.add_argument("--list", metavar="NAME", help="its customers, from A to Z")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_store_options(parser)
    return parser


def named(store: Store, name: str) -> Segment:
    """The segment of this name, however it is capitalised.

    Raises:
        UserFacingError: There is none.
    """
    known = store.read(lambda reader: reader.segments()).result()
    for one in known:
        if one.name.casefold() == name.strip().casefold():
            return one
    names = ", ".join(one.name for one in known)
    raise UserFacingError(
        f"There is no segment “{name}”.",
        "Nothing was counted, listed or written.",
        f"There are: {names}." if names else "Make one in the settings, under Segments.",
    )


def members_named(store: Store, name: str) -> Members | None:
    """Who belongs to the segment of this name; None for "".

    Raises:
        UserFacingError: There is none.
    """
    from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
    from crmdesk.domain.segments import Members

    return Members(named(store, name).rule, OWN_ZONE) if name else None


def _list(store: Store, *, as_json: bool) -> None:
    from crmdesk.domain.segments import catalogue, encode

    known = store.read(lambda reader: reader.segments()).result()
    custom = store.read(lambda reader: reader.custom_fields()).result()
    lists = store.read(lambda reader: reader.picklists()).result()
    fields = catalogue(custom)
    for one in known:
        if as_json:
            output.print_json({"name": one.name, "rule": encode(one.rule), "count": one.counted})
        else:
            output.print_lines([_line(one, fields, lists)])
    if not known and not as_json:
        print("There is no segment yet.")


def _line(one: Segment, fields: Mapping[str, SegmentField], lists: Picklists) -> str:
    from crmdesk.desk.segments.words import rule_words

    counted = ""
    if one.counted is not None and one.counted_at is not None:
        counted = f"  [{one.counted:,} on {one.counted_at.astimezone():%Y-%m-%d %H:%M}]"
    return f"{one.name}: {rule_words(one.rule, fields, lists)}{counted}"


def _count(store: Store, chosen: Segment, *, as_json: bool) -> None:
    from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
    from crmdesk.desk.segments import counting

    found = counting.count_all(store, chosen.rule, OWN_ZONE, lambda _seen: None)
    if as_json:
        output.print_json({"name": chosen.name, "count": found.count})
        return
    print(f"{found.count:,}")
    if found.is_everybody:
        print("That is everybody: such a rule tells nobody apart.", file=sys.stderr)


def _members(store: Store, chosen: Segment, *, as_json: bool) -> None:
    from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
    from crmdesk.desk.segments import counting

    for one in counting.members(store, chosen.rule, OWN_ZONE):
        if as_json:
            output.print_json({"id": str(one.id), "name": one.name, "segment": one.segment})
        else:
            output.print_lines([one.name])
