"""`crmdesk export orders` and the like: which records an export is of."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.cli.import_ import RECORDS
from crmdesk.cli.opening import add_store_options
from crmdesk.cli.progress import add_job_options
from crmdesk.cli.segments import members_named
from crmdesk.cli.tickets import add_filter_options, chosen_of
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import FollowUpFilter, FollowUpKind

if TYPE_CHECKING:
    from crmdesk.domain.segments import Members
    from crmdesk.store import Store
    from crmdesk.sync.export.records import Listed, Which
    from crmdesk.sync.export.writing import ExportSummary, Progress, Target

_HELP = {
    "tickets": "tickets, what is due first on top",
    "orders": "orders, with a row for each of their lines",
    "invoices": "invoices",
    "payments": "money that came in",
    "surveys": "answers to surveys",
    "follow_ups": "follow-ups, promises, appointments and call-backs, done ones too",
    "leads": "leads, closed ones too",
    "notes": "notes, e-mails, visits and web forms",
}
_TICKETS = ("open", "solved", "late", "owner", "nobodys", "kind", "text")
_FOLLOW_UPS = ("open", "owner", "kind", "due_from", "due_before", "text")
_LEADS = ("open", "stage", "owner", "expected_by")
_OF_LISTS = {"tickets": _TICKETS, "follow_ups": _FOLLOW_UPS, "leads": _LEADS}
_OF_ALL = ("customers", "segment", "since", "until")


def add_parsers(commands: Any, add_file_options: Any) -> None:  # noqa: ANN401  argparse's own
    """A parser for each kind of record."""
    for what in RECORDS:
        parser = commands.add_parser(what, help=_HELP[what])
        _add_which(parser)
        if what in _OF_LISTS:
            _ADDED[what](parser)
        add_file_options(parser)
        add_job_options(parser)
        add_store_options(parser)


def _add_which(parser: argparse.ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--customers", default="", metavar="TEXT",
                       help="only of customers that a search for this finds")  # fmt: skip
    whose.add_argument("--segment", default="", metavar="NAME",
                       help="only of the customers of this saved segment")  # fmt: skip
    parser.add_argument("--since", type=given.moment, help="from this day or time (ISO 8601)")
    parser.add_argument("--until", type=given.moment, help="up to this day or time, without it")


def _add_tickets(parser: argparse.ArgumentParser) -> None:
    add_filter_options(parser)
    parser.add_argument("--all", action="store_true", help="open and solved ones")


def _add_follow_ups(parser: argparse.ArgumentParser) -> None:
    kinds = [kind.value for kind in FollowUpKind]
    parser.add_argument("--open", action="store_true", help="only what is not done yet")
    parser.add_argument("--owner", default="", help="open ones of this person")
    parser.add_argument("--kind", choices=kinds, help="open ones of this kind")
    parser.add_argument("--due-from", type=given.moment, help="open ones due then or later")
    parser.add_argument("--due-before", type=given.moment, help="open ones due earlier")
    parser.add_argument("--text", default="", help="open ones: words in title or customer")


def _add_leads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--open", action="store_true", help="only open ones")
    parser.add_argument("--stage", default="", help="open ones of this stage, by its key")
    parser.add_argument("--owner", default="", help="open ones of this person")
    parser.add_argument("--expected-by", type=given.moment, help="open ones expected by this day")


_ADDED = {"tickets": _add_tickets, "follow_ups": _add_follow_ups, "leads": _add_leads}


def export(
    store: Store, options: argparse.Namespace, target: Target, progress: Progress
) -> ExportSummary:
    """Writes the records that the options name.

    Raises:
        UserFacingError: The options do not fit together, or there is no such segment.
    """
    from crmdesk.sync.export.records import export_records
    from crmdesk.sync.records.kinds import RecordKind

    which = _which(store, options)
    return export_records(store, RecordKind(options.what), target, progress, which)


def _which(store: Store, options: argparse.Namespace) -> Which:
    from crmdesk.sync.export.records import Which

    lists = [name for name in _OF_LISTS.get(options.what, ()) if getattr(options, name)]
    every = [name for name in _OF_ALL if getattr(options, name)]
    if options.what == "tickets" and lists and options.segment:
        every.remove("segment")  # the list of tickets knows segments
    if lists and every:
        raise UserFacingError(
            f"{_option(lists[0])} and {_option(every[0])} do not go together.",
            "Nothing was written.",
            "Leave one of them out: the first is of a list, the other of all there are.",
        )
    is_list = bool(lists) or (options.what == "tickets" and not every and not options.all)
    members = members_named(store, options.segment)
    if is_list:
        return Which(listed=_listed(options, members))
    return Which(options.customers, members, options.since, options.until)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _listed(options: argparse.Namespace, members: Members | None) -> Listed:
    from crmdesk.sync.export.records import OpenLeads

    if options.what == "tickets":
        return replace(chosen_of(options), members=members)
    if options.what == "leads":
        day = options.expected_by.date() if options.expected_by else None
        return OpenLeads(options.stage, options.owner or None, day)
    return FollowUpFilter(
        responsible=options.owner or None,
        kinds=frozenset({FollowUpKind(options.kind)} if options.kind else ()),
        due_from=options.due_from,
        due_before=options.due_before,
        text=options.text,
    )
