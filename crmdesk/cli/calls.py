"""`crmdesk calls`: the call log on the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.cli import given, output
from crmdesk.cli.opening import add_store_options, open_store_of
from crmdesk.cli.segments import members_named
from crmdesk.domain.call_log import CallFilter, CallPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmdesk.domain.call_log import CallRow, Place
    from crmdesk.store import Reader, Store

PAGE = 200


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk calls --help`."""
    parser = argparse.ArgumentParser(
        prog="crmdesk calls", description="Print the call log, newest first."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--limit", type=given.count, default=50, help="at most so many (default 50)"
    )
    parser.add_argument("--missed", action="store_true", help="only calls nobody answered")
    parser.add_argument("--since", type=given.moment, help="from this day or time (ISO 8601)")
    parser.add_argument("--text", default="", help="part of a name, company or number")
    parser.add_argument("--segment", default="", metavar="NAME",
                        help="only calls of customers of this saved segment")  # fmt: skip
    add_store_options(parser)
    options = parser.parse_args(argv)
    wanted = CallFilter(text=options.text, since=options.since, missed_only=options.missed)
    with open_store_of(options) as store:
        wanted = replace(wanted, members=members_named(store, options.segment))
        shown = 0
        for shown, row in enumerate(_rows(store, wanted, options.limit), start=1):  # noqa: B007
            _print(row, as_json=options.json)
    if not shown and not options.json:
        print("No calls match." if wanted != CallFilter() else "The call log is empty.")
    return 0


def _rows(store: Store, wanted: CallFilter, limit: int) -> Iterator[CallRow]:
    before: Place | None = None
    while limit > 0:
        page = store.read(partial(_page, wanted, before, min(limit, PAGE))).result()
        yield from page.rows
        limit -= len(page.rows)
        before = page.next
        if before is None:
            return


def _page(wanted: CallFilter, before: Place | None, size: int, reader: Reader) -> CallPage:
    """A page whose calls have their offers, transfers and pops."""
    page = reader.calls(wanted, before, size)
    rows = tuple(replace(row, call=reader.call(row.call.id) or row.call) for row in page.rows)
    return CallPage(rows, page.next)


def _print(row: CallRow, *, as_json: bool) -> None:
    if not as_json:
        day = f"{row.call.started_at.astimezone():%Y-%m-%d}"
        output.print_lines([f"{day} {output.call_line(row)}"])
        return
    customer = {"id": str(row.customer_id), "name": row.customer_name} if row.customer_id else None
    output.print_json(
        {
            "id": str(row.call.id),
            "started_at": row.call.started_at.isoformat(),
            "customer": customer,
            "match": row.match_state,
            **output.call_object(row),
        }
    )
