"""The settings file: TOML in, `Settings` out, and back without losing what others wrote.

Keys this version does not know (of a newer version, or of a person) are kept on saving;
comments are not.
"""

from __future__ import annotations

import re
import threading
import tomllib
from pathlib import Path

import msgspec
import tomli_w

from crmdesk.domain.errors import UserFacingError
from crmdesk.settings.atomic import write_private
from crmdesk.settings.combining import combine
from crmdesk.settings.migrations import Document, NewerSettingsError, migrate
from crmdesk.settings.model import Settings

MAX_BYTES = 1 << 20
"""A settings file of more than a megabyte is none."""

_reading = threading.Lock()
"""msgspec crashes where two threads are the first to read a type, both at once."""

_WHERE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_INDEX = re.compile(r"(?P<name>\w+)\[(?P<index>\d+)\]")
_KEEP = "The file was left as it is; CRMDesk cannot start with it."


class SettingsError(UserFacingError):
    """The settings cannot be read or written."""


def load(path: Path) -> Settings:
    """Reads the settings; the defaults where there is no file yet.

    Raises:
        SettingsError: The file cannot be read; the message names file, line and key.
    """
    text = _read(path)
    if text is None:
        return Settings()
    document = _parse(path, text)
    try:
        with _reading:
            return msgspec.convert(document, Settings)
    except msgspec.ValidationError as error:
        raise _invalid(path, text, str(error)) from None


def save(path: Path, settings: Settings, since: Settings | None = None) -> Settings:
    """Writes the settings so that a crash leaves the old file or the new one.

    Args:
        path: The file.
        settings: What shall hold.
        since: What the change was made of. Where given, what another program wrote since then
            (`crmdesk lines add` beside a running desk) is kept, except where both changed
            the same line or section.

    Returns:
        What is in the file now.

    Raises:
        SettingsError: The file cannot be written, or what is there cannot be read and
            would be lost.
    """
    text = _read(path)
    if text is not None and since is not None:
        settings = combine(settings, since, load(path))
    before = _parse(path, text) if text is not None else {}
    document = _merged(before, _plain(settings))
    try:
        write_private(path, tomli_w.dumps(document).encode())
    except OSError as error:
        raise SettingsError(
            f"The settings could not be written to {path}: {error.strerror}.",
            "They hold until CRMDesk ends, and the old ones come back then.",
            "Check the space on the disk and the rights of the folder, then save again.",
        ) from error
    return settings


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}.",
            _KEEP,
            "Check that the file and its folder belong to you.",
        ) from error
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{path} is too large for a settings file.", _KEEP, "Move it away.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(
            f"The settings file {path} is not UTF-8 text.", _KEEP, "Save it as UTF-8."
        ) from None


def _parse(path: Path, text: str) -> Document:
    try:
        return migrate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"The settings file {path} is not valid TOML: {error}.",
            _KEEP,
            "Correct that place, or move the file away to start with the defaults.",
        ) from None
    except RecursionError:
        raise SettingsError(
            f"The settings file {path} is not valid TOML: it is nested too deeply.",
            _KEEP,
            "Move the file away to start with the defaults.",
        ) from None
    except NewerSettingsError as error:
        raise SettingsError(
            f"The settings file {path} was written by a newer CRMDesk (version {error}).",
            _KEEP,
            "Start the newer CRMDesk, or move the file away.",
        ) from None


def _invalid(path: Path, text: str, message: str) -> SettingsError:
    where = _WHERE.search(message)
    key = where["path"] if where else ""
    reason = message[: where.start()] if where else message
    line = _line_of(text, key)
    place = f"{path}, line {line}" if line else str(path)
    name = f", key `{key}`" if key else ""
    return SettingsError(
        f"The settings cannot be used ({place}{name}): {reason}.",
        _KEEP,
        "Correct that key, or take it out to get its default.",
    )


def _line_of(text: str, key: str) -> int | None:
    """The line a key is on, for ordinary files; None where it is not plain to see."""
    *tables, name = key.split(".")
    lines = text.splitlines()
    start = 0
    for table in tables:
        found = _INDEX.fullmatch(table)
        header = f"[[{found['name']}]]" if found else f"[{table}]"
        skip = int(found["index"]) if found else 0
        places = [i for i, line in enumerate(lines) if line.strip().replace(" ", "") == header]
        if len(places) <= skip:
            return None
        start = places[skip]
    bare = _INDEX.sub(r"\g<name>", name)
    pattern = re.compile(rf'\s*(\[*{re.escape(bare)}\]*$|"?{re.escape(bare)}"?\s*=)')
    return next((i + 1 for i in range(start, len(lines)) if bare and pattern.match(lines[i])), None)


def _plain(settings: Settings) -> Document:
    """The settings as a TOML document, which has no word for "nothing"."""
    document: Document = msgspec.to_builtins(settings)
    pop = {key: value for key, value in document["pop"].items() if value is not None}
    return {**document, "pop": pop}


_FREE_TABLES = frozenset({"names", "called_names"})
"""Tables whose keys are data: a key that is gone was taken out by the user."""

_OPTIONAL = frozenset({"position"})
"""Known keys that are left out of the file when they have no value."""


def _merged(before: Document, now: Document) -> Document:
    """The new values over the old document; unknown keys stay where they are."""
    merged = {key: value for key, value in before.items() if key not in _OPTIONAL}
    for key, value in now.items():
        old = before.get(key)
        if key == "lines":
            merged[key] = _merged_lines(old, value)
        elif isinstance(value, dict) and isinstance(old, dict) and key not in _FREE_TABLES:
            merged[key] = _merged(old, value)
        else:
            merged[key] = value
    return merged


def _merged_lines(before: object, now: list[Document]) -> list[Document]:
    known: dict[object, Document] = {}
    for line in before if isinstance(before, list) else []:
        if isinstance(line, dict):
            known[line.get("id")] = line
    return [_merged(known.get(line["id"], {}), line) for line in now]
