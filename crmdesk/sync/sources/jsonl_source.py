"""JSON lines: an object a line; also one small JSON file with a list of objects.

Objects in objects become columns with dots ("address.city"), lists are numbered ("phones.1").
Numbers stay as they are written: an id of 20 digits keeps them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.sync.sources import encodings, headers
from crmdesk.sync.sources.limits import (
    COLUMNS,
    FIELD_CHARS,
    FILE_BYTES,
    KIB,
    LINE_BYTES,
    MIB,
    SAMPLE_ROWS,
    too_large,
)
from crmdesk.sync.sources.source import Options, Source
from crmdesk.sync.sources.text_lines import blocks

LIST_BYTES = 8 * MIB
"""Largest file that is one list: it is held at once."""

DEPTH = 8
"""Of objects and lists in one another."""

_VALUES = 2_000
"""In one object."""

_SURVEYED_BYTES = 64 * MIB
"""Up to here all objects are asked for their names, above it the first 10,000."""

_SURVEYED_OBJECTS = 10_000

_LITERALS = {True: "yes", False: "no", None: ""}

Flat = dict[str, str]


class _BadObjectError(ValueError):
    """An object that becomes no record, with the reason."""


class JsonSource(Source):
    """A file of objects.

    Raises:
        SourceError: It is too large, or a list that is no list of objects.
    """

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__(path)
        if self.size > FILE_BYTES:
            raise too_large(self.size, FILE_BYTES)
        name = options.get("encoding", "").strip()
        self._encoding = encodings.named(name, path) if name else encodings.detect(path)
        self._list = self._as_list()
        self._titles: tuple[str, ...] = ()
        titles, samples, records = self._survey()
        self._titles = tuple(titles[:COLUMNS]) or ("value",)
        rows = [[flat.get(title, "") for title in self._titles] for flat in samples]
        form = "lines" if self._list is None else "list"
        self.facts = SourceFacts(
            SourceKind.JSON_LINES,
            headers.columns(self._titles, rows),
            {"encoding": self._encoding.name, "form": form},
            tuple(self._notes(len(titles), records)),
            records,
        )

    def _as_list(self) -> list[Any] | None:
        """The objects of a file that is one JSON value; None where it is lines of them."""
        first = next((line for _, line, _ in self._lines() if line.strip()), "")
        if not first.lstrip().startswith("[") and _is_object(first):
            return None
        if self.size > LIST_BYTES:
            if first.lstrip().startswith("["):
                raise too_large(self.size, LIST_BYTES)
            return None
        value = self._whole()
        if isinstance(value, dict):
            lists = [item for item in value.values() if _is_list_of_objects(item)]
            return lists[0] if len(lists) == 1 else [value]
        return value if isinstance(value, list) else None

    def _whole(self) -> Any:  # noqa: ANN401  JSON is anything
        raw = self.path.read_bytes()[self._encoding.mark :]
        text = raw.decode(self._encoding.name, "replace")
        return _read(text)[0]

    def _survey(self) -> tuple[list[str], list[Flat], int | None]:
        """Names of all columns, first objects, and how many there are where all were read."""
        titles: dict[str, None] = {}
        samples: list[Flat] = []
        is_whole = self.size <= _SURVEYED_BYTES
        count = 0
        for _, value, error in islice(self._values(), None if is_whole else _SURVEYED_OBJECTS):
            count += 1
            try:
                flat = {} if error else flattened(value)
            except _BadObjectError:
                continue
            if len(titles) <= COLUMNS:
                titles |= dict.fromkeys(flat)
            if len(samples) < SAMPLE_ROWS:
                samples.append(flat)
        return list(titles), samples, count if is_whole else None

    def _notes(self, columns: int, records: int | None) -> Iterator[str]:
        if columns > COLUMNS:
            yield f"The objects have more than {COLUMNS} names; the first {COLUMNS} are read."
        if records is None:
            yield f"Only names that the first {_SURVEYED_OBJECTS:,} objects have become columns."

    def _records(self) -> Iterator[SourceRecord]:
        empty = ("",) * len(self._titles)
        for place, value, error in self._values():
            flat: Flat = {}
            if not error:
                try:
                    flat = flattened(value)
                except _BadObjectError as reason:
                    error = str(reason)
            if error:
                yield SourceRecord(place, empty, error)
                continue
            yield SourceRecord(place, tuple(flat.get(title, "") for title in self._titles))

    def _values(self) -> Iterator[tuple[int, Any, str]]:
        """Place, JSON value, and why it is none."""
        if self._list is not None:
            for index, item in enumerate(self._list, 1):
                yield index, item, ""
            return
        for place, line, stray in self._lines():
            if not line.strip():
                continue
            value, error = _read(line)
            yield place, value, stray or error

    def _lines(self) -> Iterator[tuple[int, str, str]]:
        for block in blocks(self.path, self._encoding, LINE_BYTES):
            self.position = block.position
            for number, line in enumerate(block.lines, block.first):
                yield number, line, block.strays.get(number, "")


def flattened(value: object) -> Flat:
    """An object as columns and texts.

    Raises:
        _BadObjectError: It is no object, too deep, or has too many or too long values.
    """
    if not isinstance(value, dict):
        raise _BadObjectError("The line is no JSON object.")
    flat: Flat = {}
    _flatten(value, "", flat, 0)
    return flat


def _flatten(value: object, name: str, flat: Flat, depth: int) -> None:
    if depth > DEPTH:
        raise _BadObjectError(f"Objects stand in one another, more than {DEPTH} deep.")
    if isinstance(value, dict):
        for key, item in value.items():
            _flatten(item, f"{name}.{key}" if name else _name(key), flat, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value, 1):
            _flatten(item, f"{name}.{index}", flat, depth + 1)
    else:
        text = _LITERALS.get(value, "") if value is None or isinstance(value, bool) else str(value)
        if len(text) > FIELD_CHARS:
            raise _BadObjectError(f'"{name[:40]}" is longer than {FIELD_CHARS // KIB} KiB.')
        if len(flat) >= _VALUES:
            raise _BadObjectError(f"The object has more than {_VALUES:,} values.")
        flat[_name(name)] = text.encode("utf-8", "replace").decode("utf-8")


def _name(key: str) -> str:
    return key[:100].encode("utf-8", "replace").decode("utf-8") or "value"


def _loaded(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: "")
    except RecursionError as error:
        raise _BadObjectError("Lists or objects stand in one another without end.") from error
    except ValueError as error:
        where = (
            f" (at character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise _BadObjectError(f"The line is no JSON{where}.") from error


def _read(line: str) -> tuple[Any, str]:
    """The value of a line, and why there is none."""
    try:
        return _loaded(line), ""
    except _BadObjectError as error:
        return None, str(error)


def _is_object(line: str) -> bool:
    return isinstance(_read(line)[0], dict)


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)
