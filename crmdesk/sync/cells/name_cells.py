"""The name of a record, out of the cells that hold it or parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crmdesk.domain.customers import CustomerKind
from crmdesk.store.fold import fold
from crmdesk.sync.cells import names
from crmdesk.sync.cells.record_cells import RecordCells
from crmdesk.sync.cells.words import meanings, word_set
from crmdesk.sync.columns.names import folded

NAME_CHARS = 200

_KANA = re.compile(r"[\u3040-\u30ff]")


@dataclass(frozen=True, slots=True)
class ReadName:
    """Who a record is of.

    Attributes:
        name: "" where only the company or nothing is known.
        company: The company a person belongs to, or its own name.
        salutation: What stood where a title or the name was to stand.
    """

    kind: CustomerKind
    name: str
    company: str = ""
    salutation: str = ""


class NameReader:
    """Reads the names of one source.

    Args:
        columns: Name and target of each column.
    """

    def __init__(self, columns: Iterable[tuple[str, str]]) -> None:
        known = tuple(columns)
        families = {folded(name) for name, target in known if target == "family_name"}
        self._is_family_first = bool(families & word_set("family_first"))
        whole = {folded(name) for name, target in known if target == "name"}
        self._is_turned = bool(whole & word_set("family_given"))
        self._targets = {target for _, target in known}
        self._gap = " " if any(_KANA.search(name) for name, _ in known) else ""

    def read(self, cells: RecordCells) -> ReadName:
        """The name of a record; people's are "Jane Hansen", however they are written."""
        company = cells.text("company", NAME_CHARS)
        title, salutation = self._title(cells)
        whole = cells.text("name", NAME_CHARS)
        parts = self._joined(cells, title)
        if parts and whole and not company and _is_of_company(whole, parts):
            company = whole
        said = self._said_kind(cells, salutation, parts, has_contact=bool(company and whole))
        kind = said or _kind(parts or whole, company)
        if not parts and whole and kind is CustomerKind.PERSON:
            whole, spoken = names.without_salutation(whole)
            salutation = salutation or spoken
            whole = names.joined(title, self._turned(whole), "", "")
        if salutation and fold(salutation) in word_set("company_salutation"):
            salutation = ""
        return ReadName(kind, (parts or whole)[:NAME_CHARS], company, salutation)

    def _title(self, cells: RecordCells) -> tuple[str, str]:
        """A title before the name, and the salutation that some programs call one."""
        if "title" not in self._targets:
            return "", ""
        title, salutation = names.without_salutation(cells.text("title", NAME_CHARS))
        if fold(title) in word_set("title_salutation"):
            return "", title
        return title, salutation

    def _turned(self, whole: str) -> str:
        words = whole.split()
        if self._is_turned and len(words) == 2 and "," not in whole:  # of more nobody knows
            return f"{words[1]} {words[0]}"
        return names.turned_round(whole)

    def _joined(self, cells: RecordCells, title: str) -> str:
        given = cells.text("given_name", NAME_CHARS)
        family = cells.text("family_name", NAME_CHARS)
        if second := cells.text("second_family_name", NAME_CHARS):
            family = f"{family} {second}".strip()
        if not given and not family:
            return ""
        middle = cells.text("middle_name", NAME_CHARS)
        if not family.isascii() and names.is_east_asian(given + family):
            return self._gap.join(filter(None, (family, given)))
        if self._is_family_first:
            given, middle, family = family, given, middle
        return names.joined(title, given, middle, family)

    def _said_kind(
        self, cells: RecordCells, salutation: str, parts: str, *, has_contact: bool
    ) -> CustomerKind | None:
        if not salutation and not self._targets & {"kind", "salutation"}:
            return None
        said = cells.word("kind")
        known = cells.choice("kind") or (meanings("kind").get(fold(said)) if said else "")
        is_telling = not parts or any(
            map(str.isalpha, said)
        )  # "1" is a company here, a person there
        if known in {"person", "company"} and is_telling:
            return CustomerKind(known)
        if has_contact or (parts and cells.word("company")):
            return None
        address = fold(cells.word("salutation") or salutation)
        return CustomerKind.COMPANY if address in word_set("company_salutation") else None


def _kind(name: str, company: str) -> CustomerKind:
    if not name:
        return CustomerKind.COMPANY if company else CustomerKind.PERSON
    if company:
        is_company = name[:1].lower() == company[:1].lower() and fold(name) == fold(company)
    else:
        is_company = names.is_company_name(name)
    return CustomerKind.COMPANY if is_company else CustomerKind.PERSON


def _is_of_company(whole: str, parts: str) -> bool:
    """QuickBooks: "Customer" is a company in some rows, with its contact's names beside it."""
    return names.is_company_name(whole) and not names.name_words(whole) & names.name_words(parts)
