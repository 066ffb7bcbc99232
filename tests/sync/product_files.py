"""Files as other programs write them, with the customers that a desk expects of them.

Each file is an entry of tests/data/imports/products/*.toml, all people made up:

    [[file]]
    name = "Salesforce, report of contacts"
    path = "report.csv"                  the name the file has
    region = "DE"                        of the desk's line
    encoding = "cp1252"                  utf-8 where absent
    text = '''...'''                     or rows = [[...]] for a workbook, lines ended by CRLF
    bad = 1                              records that go to the file of bad rows
    customers = [{ name = "Jane Hansen", numbers = ["+493023125101 work"] }]

What a customer does not name is not compared. All customers of the file are named.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

FOLDER = Path(__file__).parents[1] / "data" / "imports" / "products"

Object = dict[str, Any]


@dataclass(frozen=True)
class ProductFile:
    """One file and what is to come of it."""

    name: str
    entry: Object

    @property
    def region(self) -> str:
        """Of the desk's line."""
        return str(self.entry.get("region", "DE"))

    @property
    def customers(self) -> list[Object]:
        """As they are to stand in the store."""
        found: list[Object] = self.entry["customers"]
        return found

    @property
    def bad(self) -> int:
        """Records that cannot be used."""
        return int(self.entry.get("bad", 0))

    def write(self, folder: Path) -> Path:
        """Writes the file as its program does."""
        path = folder / str(self.entry["path"])
        if "rows" in self.entry:
            self._write_workbook(path)
            return path
        text = str(self.entry["text"]).removeprefix("\n").replace("\n", "\r\n")
        path.write_bytes(text.encode(self.entry.get("encoding", "utf-8")))
        return path

    def _write_workbook(self, path: Path) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in self.entry["rows"]:
            sheet.append([None if cell == "" else cell for cell in row])
        for area in self.entry.get("merged", ()):
            sheet.merge_cells(area)
        for cells, number_format in self.entry.get("formats", {}).items():
            for (cell,) in sheet[cells]:
                cell.number_format = number_format
        book.save(path)


def product_files() -> list[ProductFile]:
    """All of them."""
    return [
        ProductFile(f"{source.stem}: {entry['name']}", entry)
        for source in sorted(FOLDER.glob("*.toml"))
        for entry in tomllib.loads(source.read_text("utf-8"))["file"]
    ]


def shown(exported: Object) -> Object:
    """A customer of an export, as the entries write one."""
    numbers = exported["phone"]
    return {
        **{key: exported.get(key) or "" for key in exported},
        "numbers": [f"{number['value']} {number['type']}" for number in numbers],
        "emails": [email["value"] for email in exported["email"]],
        "addresses": [_address(address) for address in exported["address"]],
        "company": exported["company"] or "",
    }


def _address(one: Object) -> str:
    town = f"{one['postal_code'] or ''} {one['city'] or ''}".strip()
    parts = (one["street"], town, one["country"])
    return f"{one['type']}: {', '.join(part for part in parts if part)}"
