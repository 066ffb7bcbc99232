"""How a source is brought in, kept under a name: what a nightly import runs with.

A profile is a TOML file in the folder `profiles` beside the settings. It holds no password
and nothing of a customer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from crmdesk.domain.importing import SourceColumn
from crmdesk.settings import paths
from crmdesk.settings.atomic import write_private
from crmdesk.sync.columns.targets import CUSTOM
from crmdesk.sync.profile_targets import CUSTOMERS, ProfileError, check_target, is_many

VERSION = 1
MAX_BYTES = 1 << 20
"""A profile of more than a megabyte is none."""

_NAME = re.compile(r"[^\W_][\w .\-]{0,62}[\w]|[^\W_]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNCHANGED = "Nothing was imported."


class Merge(StrEnum):
    """What becomes of a field that both sides have.

    KEEP: ours stays. OVERWRITE: the source's takes its place; an empty one never does. FILL:
    the source's comes in where ours is empty. ADD: both, for what can be several.
    """

    KEEP = "keep"
    OVERWRITE = "overwrite"
    FILL = "fill"
    ADD = "add"


class MatchBy(StrEnum):
    """How a record is known to be a customer that is there."""

    EXTERNAL_ID = "external_id"
    ACCOUNT_ID = "account_id"
    NUMBER = "number"
    EMAIL = "email"


class Unknown(StrEnum):
    """What becomes of a word that is no choice of a field (a status nobody knows).

    NOTE: the field stays empty and the summary says so. BAD: the record is left out.
    """

    NOTE = "note"
    BAD = "bad"


SETS = frozenset({"numbers", "emails", "addresses", "note"})
"""Fields of which a customer can have several."""

NOTE = "note"
"""The one of them of which none takes another's place: it stands at its moment."""

_USUAL = {"numbers": Merge.ADD, "emails": Merge.ADD, "note": Merge.KEEP, "kind": Merge.KEEP}
"""All others: OVERWRITE. A note comes with a new customer: the next night it is no news."""

FIELDS = (
    "name", "kind", "company", "role", "account_id", "language", "salutation", "source", "status",
    "segment", "customer_since", "do_not_call", "owner", "numbers", "emails", "addresses", "note",
)  # fmt: skip
"""What a merge rule can be given for, beside "custom:KEY"."""


class ImportProfile(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is brought in.

    Attributes:
        name: Of the profile, "" where it was never saved.
        holds: What the records of the source are: customers, or a `RecordKind`.
        kind: Of the source it was made for, "" for any.
        options: Of the source: encoding, delimiter, sheet.
        columns: Column of the source to target (`targets.TARGETS`, "custom:KEY"), "" left out.
        picklists: Target to the source's words and what they mean here.
        unknown: What becomes of words that mean nothing here.
        date_order: "dmy" or "mdy", "" decides by the column's values.
        region: ISO 3166 country of numbers without one; "" takes the first line's.
        area_code: Of numbers without one.
        match_by: What makes a record a customer that is there; the first that finds one holds.
        merge: Field to rule, where it is not the usual one.
        creates: Records that are nobody's become customers.
        updates: Customers that are there are changed.
        segment: Only those of the saved segment of this name; "" for all.
        source_name: Whose ids the external ids are, e.g. "shop".
    """

    version: int = VERSION
    name: str = ""
    holds: str = CUSTOMERS
    kind: str = ""
    options: dict[str, str] = {}
    columns: dict[str, str] = {}
    picklists: dict[str, dict[str, str]] = {}
    unknown: Unknown = Unknown.NOTE
    date_order: str = ""
    region: str = ""
    area_code: str = ""
    match_by: tuple[MatchBy, ...] = tuple(MatchBy)
    merge: dict[str, Merge] = {}
    creates: bool = True
    updates: bool = True
    segment: str = ""
    source_name: str = ""

    def rule(self, field: str) -> Merge:
        """The merge rule of a field."""
        return self.merge.get(field, _USUAL.get(field, Merge.OVERWRITE))


def checked(profile: ImportProfile) -> ImportProfile:
    """The same, where everything in it exists.

    Raises:
        ProfileError: Something does not.
    """
    for column, target in profile.columns.items():
        check_target(column, target, profile.holds)
    targets = profile.columns.values()
    once = [target for target in targets if target and not is_many(target, profile.holds)]
    twice = next((target for target in once if once.count(target) > 1), None)
    if twice is not None:
        several = [column for column, target in profile.columns.items() if target == twice]
        raise ProfileError(
            f"Two columns go to {twice}: {_quoted(several)}.", _UNCHANGED, "Leave one of them out."
        )
    for field, rule in profile.merge.items():
        _check_rule(field, rule)
    if profile.date_order not in {"", "dmy", "mdy"}:
        raise ProfileError(
            f"There is no order of dates {profile.date_order!r}.", _UNCHANGED, "Use dmy or mdy."
        )
    return profile


def rules_for(field: str) -> tuple[Merge, ...]:
    """The merge rules that a field can have."""
    if field == NOTE:
        return (Merge.FILL, Merge.KEEP, Merge.ADD)
    return tuple(rule for rule in Merge if rule is not Merge.ADD or field in SETS)


def _check_rule(field: str, rule: Merge) -> None:
    if field not in FIELDS and not field.startswith(CUSTOM):
        raise ProfileError(
            f'There is a merge rule for "{field[:60]}", which is no field.',
            _UNCHANGED,
            f"Use one of: {', '.join(FIELDS)}, or custom:NAME.",
        )
    if rule not in rules_for(field) and field == NOTE:
        raise ProfileError(
            "A note takes no other note's place.", _UNCHANGED, "Use keep, fill or add for note."
        )
    if rule not in rules_for(field):
        raise ProfileError(
            f"Nothing can be added to {field}: a customer has one.",
            _UNCHANGED,
            "Use keep, overwrite or fill.",
        )


def fit(profile: ImportProfile, columns: Sequence[SourceColumn]) -> tuple[str, ...]:
    """Checks that a file has the columns a profile wants.

    Returns:
        Columns of the file that the profile does not know; they are left out.

    Raises:
        ProfileError: Columns are missing; it names them, and those that are new.
    """
    present = [column.name for column in columns]
    missing = [name for name, target in profile.columns.items() if target and name not in present]
    new = tuple(name for name in present if name not in profile.columns)
    if missing:
        more = f" New in the file: {_quoted(new)}." if new else ""
        raise ProfileError(
            f"The file has no column {_quoted(missing)}.{more}",
            "The profile was made for a file that has them. " + _UNCHANGED,
            "Choose the file the profile was made for, or say with --map where the new columns go.",
        )
    return new


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name[:60]}"' for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


# --- files --------------------------------------------------------------------------------------


def folder() -> Path:
    """Where the profiles are."""
    return paths.settings_file().parent / "profiles"


def file_of(name: str) -> Path:
    """The file of a profile.

    Raises:
        ProfileError: It is no name: letters, figures, blanks, dots and dashes make one.
    """
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise ProfileError(
            f"{name[:64]!r} is no name for a profile.",
            _UNCHANGED,
            "Use up to 64 letters, figures, blanks and dashes, such as shop-nightly.",
        )
    return folder() / f"{name}.toml"


def names() -> tuple[str, ...]:
    """The profiles there are, sorted."""
    return tuple(sorted(file.stem for file in folder().glob("*.toml")))


def save(profile: ImportProfile, name: str) -> Path:
    """Writes a profile so that a crash leaves the old one or the new one.

    Raises:
        ProfileError: The name is none, something in it does not exist, or it cannot be written.
    """
    file = file_of(name)
    plain = msgspec.to_builtins(checked(msgspec.structs.replace(profile, name=name)))
    try:
        write_private(file, tomli_w.dumps(plain).encode())
    except OSError as error:
        raise ProfileError(
            f"The profile could not be written to {file}: {error.strerror}.",
            "It is as it was before.",
            "Check the space on the disk and the rights of the folder.",
        ) from error
    return file


def load(name: str) -> ImportProfile:
    """Reads a profile.

    Raises:
        ProfileError: There is none of that name, or it cannot be used.
    """
    file = file_of(name)
    plain = _document(file, name)
    if plain.get("version", VERSION) != VERSION:
        raise ProfileError(
            f"The profile {name} was written by another version of CRMDesk.",
            _UNCHANGED,
            "Save it anew with this version.",
        )
    try:
        read = msgspec.convert({**plain, "name": name}, ImportProfile)
    except msgspec.ValidationError as error:
        raise _unusable(file, str(error)) from None
    return checked(read)


def remove(name: str) -> None:
    """Deletes a profile; its password is another matter.

    Raises:
        ProfileError: There is none of that name, or it cannot be deleted.
    """
    try:
        file_of(name).unlink()
    except FileNotFoundError:
        raise _unknown(name) from None
    except OSError as error:
        raise ProfileError(
            f"The profile {name} could not be deleted: {error.strerror}.",
            "It is as it was before.",
            "Check the rights of the folder.",
        ) from error


def _document(file: Path, name: str) -> Mapping[str, Any]:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _unusable(file, "it is too large")
        return tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        raise _unknown(name) from None
    except OSError as error:
        raise _unusable(file, error.strerror or str(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(file, str(error)) from None


def _unknown(name: str) -> ProfileError:
    there = ", ".join(names())
    return ProfileError(
        f"There is no profile {name!r}.",
        _UNCHANGED,
        f"The profiles are: {there}." if there else "Make one with --save-profile.",
    )


def _unusable(file: Path, why: str) -> ProfileError:
    return ProfileError(
        f"The profile {file} cannot be used: {why}.",
        _UNCHANGED,
        "Correct that place, or save the profile anew.",
    )
