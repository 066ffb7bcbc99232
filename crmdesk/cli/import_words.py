"""What `crmdesk import` says to people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

Object = dict[str, Any]

_SHOWN = 12
"""Records of each kind that are printed; --plan writes all."""

_TITLES = {
    "create": "New",
    "update": "Changed",
    "skip": "Left out",
    "bad": "Cannot be used",
}


def print_facts(plain: Object) -> None:
    """What is in a file."""
    print("\n".join(_facts(plain)))


def _facts(plain: Object) -> Iterator[str]:
    details = ", ".join(f"{name} {value}" for name, value in plain["details"].items() if value)
    yield f"{plain['file']}: {plain['kind']}" + (f" ({details})" if details else "")
    yield from plain["notes"]
    if plain["records"] is not None:
        yield "1 record" if plain["records"] == 1 else f"{plain['records']:,} records"
    width = max((len(column["name"]) for column in plain["columns"]), default=0)
    for column in plain["columns"]:
        samples = " | ".join(_cut(sample, 28) for sample in column["samples"][:3])
        yield f"  {column['name']:<{width}}  {column['target'] or '-':<20}{samples}".rstrip()


def print_result(plain: Object) -> None:
    """What an import did, or would do."""
    print("\n".join((*_facts({"file": plain["file"], **plain["source"], "notes": []}), "")))
    for action, title in _TITLES.items():
        rows = (row for row in plain["rows"] if row["action"] == action)
        for at, row in enumerate(islice(rows, _SHOWN)):
            if not at:
                print(f"{title}:")
            print("\n".join(_row(row)))
    print("\n".join(_summary(plain)))


def _row(row: Object) -> Iterator[str]:
    why = "; ".join(row["why"])
    yield f"  {row['record']:>6}  {_cut(row['title'], 40)}  ({why})"
    if row["action"] == "update":
        for change in row["changes"]:
            before = f"{change['before']} -> " if change["before"] else ""
            yield f"          {change['field']}: {before}{change['after']}"
    if row["maybe"]:
        yield f"          may be the same as: {', '.join(row['maybe'][:3])}"


def _summary(plain: Object) -> Iterator[str]:
    would = "would be " if plain["dry_run"] else ""
    yield (
        f"{plain['records']:,} records: {plain['created']:,} {would}new"
        + ("" if plain["as"] != "customers" else f" with {plain['numbers']:,} numbers")
        + f", {plain['updated']:,} {would}changed,"
        f" {plain['same']:,} the same, {plain['skipped']:,} left out,"
        f" {plain['bad']:,} cannot be used. {plain['seconds']:.1f} s, {plain['rate']:,} a second."
    )
    yield from plain["notes"]
    if plain["bad_file"]:
        yield f"What cannot be used, with the reason: {plain['bad_file']}"
    if plain["dry_run"]:
        yield "Nothing was changed."
    elif plain["batch"]:
        yield f"To take it back: crmdesk import --undo {plain['batch']}"


def print_batches(plain: Object) -> None:
    """The imports there were."""
    if not plain["imports"]:
        print("There was no import yet.")
    for one in plain["imports"]:
        at = datetime.fromisoformat(one["at"]).astimezone()
        state = "" if one["state"] == "done" else f"  [{one['state']}]"
        print(
            f"{one['batch']}  {at:%Y-%m-%d %H:%M}  {one['title']}:"
            f" {one['created']:,} new, {one['changed_rows']:,} changes{state}"
        )


def print_undo(plain: Object) -> None:
    """What taking an import back came to."""
    print(f"The import was taken back: {plain['restored']:,} customers and changes.")
    if plain["kept"]:
        print(f"Left as they are, because something happened with them: {plain['kept']:,}.")


def _cut(text: str, width: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"
