"""`crmdesk export person`: all that is stored of one person, in one file."""

from __future__ import annotations

import argparse
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.cli.match import line_of
from crmdesk.cli.opening import add_store_options, load_settings, open_store_of
from crmdesk.cli.output import print_json
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.domain.matches import NormalisedNumber, Owner
    from crmdesk.store import Reader
    from crmdesk.store.audit.person_copy import PersonCopy


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk export person --help`."""
    options = parser().parse_args(argv)
    place = options.out.absolute()
    from crmdesk.sync.export.place import check_free, whole_file

    check_free(place, replace=options.force)  # before anybody is asked for a key
    with open_store_of(options) as store:
        number = _number(options)
        copy = store.read(lambda reader: _copy(reader, options.who, number)).result()
    with whole_file(place, replace=options.force) as file:
        file.write(_as_json(copy))
    if options.json:
        print_json({"place": str(place), "rows": copy.rows, "tables": len(copy.tables)})
    else:
        print(f"{copy.rows:,} rows of {len(copy.tables)} tables about {copy.name} in {place}.")
        print("Readable by you alone. Give it to nobody but the person it is about.")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options, for `crmdesk export --help` too."""
    made = argparse.ArgumentParser(
        prog="crmdesk export person",
        description="Write all that is stored of one person into a JSON file: the copy a person"
        " may ask for (GDPR articles 15 and 20). What was removed and who changed what is in it;"
        " tokens of cards are not.",
    )
    made.add_argument("who", metavar="ID|NUMBER", help="id of the customer, or one of the numbers")
    made.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")
    made.add_argument("--force", action="store_true", help="replace the file if it is there")
    made.add_argument("--json", action="store_true", help="the summary as a JSON object")
    add_store_options(made)
    return made


def _number(options: argparse.Namespace) -> NormalisedNumber:
    """What was named, read as a number as `crmdesk match` reads it."""
    from crmdesk.matching.numbers import line_rules, normalise

    line = line_of(load_settings(options), None)
    return normalise(options.who, line_rules(line))


def _copy(reader: Reader, who: str, number: NormalisedNumber) -> PersonCopy:
    found = reader.copy_of_person(_person(reader, who, number))
    if found is None:
        raise _nobody(who)
    return found


def _person(reader: Reader, who: str, number: NormalisedNumber) -> uuid.UUID:
    """Whom the command names.

    Raises:
        UserFacingError: Nobody, or several.
    """
    try:
        return uuid.UUID(who)
    except ValueError:
        owners = _owners(reader, number)
    people = {owner.customer_id: owner.name for owner in owners}
    if len(people) > 1:
        listed = ", ".join(f"{name} ({key})" for key, name in people.items())
        raise UserFacingError(
            f"{who} belongs to {len(people)} customers.",
            "Nothing was written.",
            f"Name one by the id: {listed}.",
        )
    if not people:
        raise _nobody(who)
    return next(iter(people))


def _owners(reader: Reader, number: NormalisedNumber) -> tuple[Owner, ...]:
    """Who has the number; where its country is not known, who has it in a country."""
    from crmdesk.domain.matches import Occasion
    from crmdesk.matching.rungs import Question, by_national
    from crmdesk.settings.model import MatchingSettings

    found = reader.by_e164(number.e164) if number.e164 else ()
    if found:
        return found
    occasion = Occasion(reader.moment().date(), from_outside=False)
    finding = by_national(Question(number, reader, "", occasion, MatchingSettings(), words=False))
    return tuple(one.owner for one in finding.contenders) if finding else ()


def _nobody(who: str) -> UserFacingError:
    return UserFacingError(
        f"There is no customer {who[:60]!r}.",
        "Nothing was written.",
        "Give the id of the customer, or one of the numbers, e.g. +49 30 23125 200.",
    )


def _as_json(copy: PersonCopy) -> bytes:
    import json

    whole = {"name": copy.name, "tables": copy.tables}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
