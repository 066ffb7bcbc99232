"""A record of a source, read by a profile: a draft of a customer, or why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from crmdesk.domain.customers import CustomerKind, CustomerStatus, Email, PhoneNumber
from crmdesk.domain.importing import SourceColumn, SourceRecord
from crmdesk.domain.kept_text import SLACK, counted_text, kept_line, masked_and_cut
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.numbers import LineRules
from crmdesk.store.fold import fold
from crmdesk.sync.cells.addresses import AddressReader
from crmdesk.sync.cells.dates import decide_order, parse_date
from crmdesk.sync.cells.emails import read_emails
from crmdesk.sync.cells.name_cells import NameReader
from crmdesk.sync.cells.number_columns import email_columns, number_columns
from crmdesk.sync.cells.numbers import ReadNumbers, label_of, read_cell
from crmdesk.sync.cells.record_cells import RecordCells
from crmdesk.sync.cells.words import flag, is_empty, meanings, region_of, word_set
from crmdesk.sync.columns.targets import CUSTOM, TARGETS
from crmdesk.sync.profile import ImportProfile, Unknown
from crmdesk.sync.reading.drafts import BadRecord, Draft, Noticed

__all__ = ["BadRecord", "Draft", "RecordReader"]

TEXT_CHARS = 256
NOTE_CHARS = 8_000
CUSTOM_CHARS = 2_000

_TEXTS = ("role", "account_id", "salutation", "source", "segment", "owner")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")


class RecordReader:
    """Reads the records of one source.

    Args:
        profile: Where its columns go.
        columns: Of the source, with samples for the order of dates.
        region: Country of numbers where neither profile nor record names one.
        area_code: The same of the area.

    Attributes:
        noticed: What came up so far; whoever takes it away puts a new one there.
    """

    def __init__(
        self,
        profile: ImportProfile,
        columns: Sequence[SourceColumn],
        region: str = "",
        area_code: str = "",
    ) -> None:
        self._profile = profile
        region = profile.region or region
        self._rules = LineRules(region, profile.area_code or area_code)
        self._regions: dict[str, LineRules] = {region: self._rules}
        self._places: dict[str, list[int]] = {}
        for index, column in enumerate(columns):
            target = profile.columns.get(column.name, "")
            if target:
                self._places.setdefault(target, []).append(index)
        targeted = [(column.name, profile.columns.get(column.name, "")) for column in columns]
        self._names = NameReader(targeted)
        self._addresses = AddressReader(targeted)
        self._numbers = number_columns(targeted)
        self._emails = email_columns(targeted)
        self._header = [(i, name) for i, (name, target) in enumerate(targeted) if target]
        self._texts = [name for name in _TEXTS if name in self._places]
        others: dict[str, Callable[[RecordCells, list[str]], object]] = {
            "status": self._status,
            "customer_since": self._date,
            "do_not_call": self._flag,
            "language": lambda cells, _: _language(cells.text("language")),
            "note": lambda cells, _: self._free_text(cells.texts("note")),
        }
        self._others = [(name, read) for name, read in others.items() if name in self._places]
        self._custom = [target for target in self._places if target.startswith(CUSTOM)]
        self._picklists = {
            target: {fold(word): meaning for word, meaning in words.items()}
            for target, words in profile.picklists.items()
        }
        since = self._places.get("customer_since")
        samples = columns[since[0]].samples if since else ()
        self._date_order = profile.date_order or decide_order(samples, region)
        self.noticed = Noticed()

    def read(self, record: SourceRecord) -> Draft | BadRecord:
        """One record; never raises for what is in it."""
        if record.error:  # never guessed at: half a row is somebody else's number
            return BadRecord(record.place, _first(record.values), record.error)
        if self._is_header(record.values):
            reason = "the names of the columns stand here again"
            return BadRecord(record.place, _first(record.values), reason)
        cells = RecordCells(record.values, self._places, self._picklists)
        why: list[str] = []
        who = self._names.read(cells)
        usual = "work" if who.company or who.kind is CustomerKind.COMPANY else "home"
        numbers, readings = self._read_numbers(cells, usual, why)
        emails = self._read_emails(cells, why)
        title = who.name or who.company or _stand_in(numbers, emails)
        if not title:
            reason = "; ".join(["no name, no number and no e-mail address", *why])
            return BadRecord(record.place, _first(record.values), reason)
        if not numbers and not emails and _is_total(title):
            return BadRecord(record.place, title, "a line of totals is no customer")
        fields = self._fields(cells, why)
        fields["salutation"] = fields.get("salutation") or who.salutation
        if self._profile.unknown is Unknown.BAD and cells.unknown:
            return BadRecord(record.place, title, "; ".join(cells.unknown))
        return Draft(
            record.place, who.kind, self._masked(title),
            names_itself=bool(who.name or who.company),
            company="" if who.kind is CustomerKind.COMPANY else who.company,
            external_id=cells.text("external_id") or sanitise_external(record.key),
            numbers=numbers, readings=readings, emails=emails,
            addresses=self._addresses.read(cells, usual), why=tuple(why), **fields,
        )  # fmt: skip

    def _is_header(self, values: Sequence[str]) -> bool:
        """Whether a row repeats the names of the columns, as those of pages printed to a file."""
        known = ((values[i], name) for i, name in self._header if i < len(values) and values[i])
        first = next(known, None)
        if first is None or first[0].strip() != first[1]:
            return False
        filled = [first, *known]
        same = sum(value.strip() == name for value, name in filled)
        return same > 1 and 2 * same > len(filled)

    def _fields(self, cells: RecordCells, why: list[str]) -> dict[str, Any]:
        """Everything but name, company and how to reach them; absent where no column says it."""
        fields: dict[str, Any] = {
            name: self._masked(cells.text(name, TEXT_CHARS + SLACK)) for name in self._texts
        }
        if "segment" in fields:
            fields["segment"] = _segment(fields["segment"])
        for target, read in self._others:
            fields[target] = read(cells, why)
        if self._custom:
            fields["custom"] = {
                target.removeprefix(CUSTOM): value
                for target in self._custom
                if (value := self._free_text(cells.texts(target), CUSTOM_CHARS))
            }
        return fields

    def _masked(self, text: str) -> str:
        """Card numbers stand in any text that somebody typed."""
        was_cut = len(text) >= TEXT_CHARS + SLACK
        kept, count = masked_and_cut(text, TEXT_CHARS, was_cut=was_cut)
        self.noticed.masked += count
        return kept

    def _read_numbers(
        self, cells: RecordCells, usual: str, why: list[str]
    ) -> tuple[tuple[PhoneNumber, ...], tuple[tuple[str, str], ...]]:
        if not self._numbers:
            return (), ()
        rules = self._rules_of(cells)
        found = ReadNumbers()
        for column in self._numbers:
            cell = cells.at(column.index)
            if cell:
                said = cells.label_word(column.label, "label_of_number")
                read_cell(column.whole(cell, cells), column.kind or label_of(said), rules, found)
        why.extend(found.problems)
        self.noticed.unread_numbers += len(found.problems)
        return _distinct(found, usual)

    def _rules_of(self, cells: RecordCells) -> LineRules:
        country = self._addresses.country(cells)
        region = region_of(country) if country else ""
        if not region:
            return self._rules
        if region not in self._regions:
            self._regions[region] = LineRules(region)
        return self._regions[region]

    def _read_emails(self, cells: RecordCells, why: list[str]) -> tuple[Email, ...]:
        found: dict[str, Email] = {}
        for column in self._emails:
            cell = cells.at(column.index)
            if not cell:
                continue
            addresses, problems = read_emails(cell)
            why.extend(problems)
            said = label_of(cells.label_word(column.label, "label_of_email")) or column.kind
            for address in addresses:
                known = said if said in {"home", "other"} else "work"
                found.setdefault(address.lower(), Email(address, known))
        return tuple(found.values())

    def _status(self, cells: RecordCells, why: list[str]) -> CustomerStatus | None:
        said = cells.word("status")
        if not said:
            return None
        meant = cells.choice("status") or meanings("status").get(fold(said), "")
        if meant in set(CustomerStatus):
            return CustomerStatus(meant)
        self._note_unknown(cells, why, "status", said)
        return None

    def _date(self, cells: RecordCells, why: list[str]) -> date | None:
        said = cells.word("customer_since")
        if not said:
            return None
        day = parse_date(said, self._date_order)
        if day is None:
            why.append(f"customer since: {kept_line(said, 40)} is no date")
        return day

    def _flag(self, cells: RecordCells, why: list[str]) -> bool | None:
        said = cells.word("do_not_call")
        if not said:
            return None
        meant = flag(cells.choice("do_not_call") or said)
        if meant is None:
            self._note_unknown(cells, why, "do_not_call", said)
        return meant

    def _note_unknown(self, cells: RecordCells, why: list[str], target: str, said: str) -> None:
        title = TARGETS[target].title.lower()
        cells.unknown.append(f"{title}: nobody knows what {kept_line(said, 40)!r} means")
        why.append(cells.unknown[-1])
        self.noticed.note_word(target, kept_line(said, 40))

    def _free_text(self, texts: Iterator[str], limit: int = NOTE_CHARS) -> str:
        text, count = counted_text("\n".join(texts), limit)
        self.noticed.masked += count
        return text


def _is_total(title: str) -> bool:
    """A row of sums below the list: "Total: 25", "Gesamt"."""
    if parse_date(title) is not None:  # "As of 5 March 2024"
        return True
    words = [word for word in fold(title).split() if any(map(str.isalpha, word))]
    return fold(" ".join(words)).strip(" :.()") in word_set("total")


def _segment(text: str) -> str:
    """Google puts "* myContacts" before the groups of one's own, and ":::" between them."""
    if ":::" not in text and not text.startswith("*"):
        return text
    groups = (group.strip() for group in text.split(":::"))
    return ", ".join(group for group in groups if group and not group.startswith("*"))


def _stand_in(numbers: tuple[PhoneNumber, ...], emails: tuple[Email, ...]) -> str:
    if numbers:
        return numbers[0].e164 or numbers[0].raw
    return emails[0].address if emails else ""


def _distinct(
    found: ReadNumbers, usual: str
) -> tuple[tuple[PhoneNumber, ...], tuple[tuple[str, str], ...]]:
    """Each number once, with the first label that says something."""
    if len(found.numbers) == 1 and found.numbers[0].label:
        return tuple(found.numbers), tuple(found.readings)
    once: dict[tuple[str, str], tuple[PhoneNumber, tuple[str, str]]] = {}
    for number, reading in zip(found.numbers, found.readings, strict=True):
        key = (number.e164 or number.raw, number.extension)
        if key not in once or not once[key][0].label:
            once[key] = number, reading
    numbers = (number for number, _ in once.values())
    labelled = tuple(each if each.label else replace(each, label=usual) for each in numbers)
    return labelled, tuple(reading for _, reading in once.values())


def _language(text: str) -> str:
    """A BCP 47 tag of a tag or a word for a language; "" for anything else."""
    known = meanings("language").get(fold(text)) if text else ""
    if known:
        return known
    found = _LANGUAGE.fullmatch(text)
    return found[1].lower() if found and len(found[1]) == 2 else ""


def _first(values: Sequence[str]) -> str:
    known = (value for value in values if value.strip() and not is_empty(value[:TEXT_CHARS]))
    return sanitise_external(next(known, ""), 80)
