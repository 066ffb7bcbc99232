"""Tables as workbooks (ECMA-376), written row by row straight into the archive.

openpyxl and XlsxWriter first write the sheet to a file of their own in the system's temporary
folder, gigabytes of it, and pack it at the end: customers in clear text that a killed program
leaves behind, and half a minute in which nobody can cancel. A table of texts needs six small
parts, so they are written here; the tests read them with openpyxl.

Every text is an inline string (`t="inlineStr"`): no cell can be a formula.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import BinaryIO, Self
from xml.sax.saxutils import escape

from crmdesk.sync.export.columns import Cell
from crmdesk.sync.formula_guard import as_it_is

MOST_ROWS = 1_048_576
"""Rows of a sheet, that of the titles among them."""

_CELL_CHARS = 32_767
"""Longest text of a cell; Excel repairs the file where one is longer."""

_COMPRESSION = 3
"""Two thirds of the time that the usual 6 takes, for a tenth more bytes."""

_BLOCK_CHARS = 1 << 16
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  cells know no time zones
_DAY_S = 86_400
_DATE_STYLE, _TIME_STYLE, _TITLE_STYLE = 1, 2, 3

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""`_x000D_` in a text would be read as the character of that number: ECMA-376, ST_Xstring."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}  # fmt: skip


class XlsxFile:
    """Rows of the one sheet of a workbook.

    Args:
        out: Where it goes; need not be able to go back.
        title: Of the sheet.
    """

    most_rows: int | None = MOST_ROWS - 1

    def __init__(self, out: BinaryIO, title: str) -> None:
        self._archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION)
        for name, body in _PARTS.items():
            self._archive.writestr(name, _HEAD + body)
        self._archive.writestr("xl/workbook.xml", _HEAD + _workbook(title))
        self._sheet = self._archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        self._waiting: list[str] = []
        self._waiting_chars = 0

    def begin(self, titles: Sequence[str]) -> None:
        """The row of titles; it stays in sight when one scrolls."""
        self._put(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            "</sheetView></sheetViews>"
            f'<cols><col min="1" max="{len(titles)}" width="18" customWidth="1"/></cols>'
            "<sheetData><row>"
        )
        self._put("".join(_text(title, _TITLE_STYLE) for title in titles) + "</row>")

    def write(self, cells: Sequence[Cell]) -> None:
        """One row."""
        self._put(f"<row>{''.join(map(_cell, cells))}</row>")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The archive gets its directory; where writing failed the rest is thrown away."""
        try:
            if kind is None:
                self._put("</sheetData></worksheet>")
                self._flush()
                self._sheet.close()
                self._archive.close()
        finally:
            for part in (self._sheet, self._archive):
                with suppress(OSError):  # the disk is full: closing writes once more
                    part.close()

    def _put(self, xml: str) -> None:
        self._waiting.append(xml)
        self._waiting_chars += len(xml)
        if self._waiting_chars > _BLOCK_CHARS:
            self._flush()

    def _flush(self) -> None:
        self._sheet.write("".join(self._waiting).encode())
        self._waiting.clear()
        self._waiting_chars = 0


def _workbook(title: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _text(as_it_is(cell)) if cell else "<c/>"
    if isinstance(cell, datetime):
        return f'<c s="{_TIME_STYLE}"><v>{(cell - _EPOCH).total_seconds() / _DAY_S!r}</v></c>'
    if isinstance(cell, date):
        return f'<c s="{_DATE_STYLE}"><v>{cell.toordinal() - _EPOCH.toordinal()}</v></c>'
    return f"<c><v>{cell if isinstance(cell, Decimal) else repr(cell)}</v></c>"


def _text(text: str, style: int = 0) -> str:
    plain = _LIKE_ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text[:_CELL_CHARS]))
    kept = ' xml:space="preserve"' if plain != plain.strip() or "\n" in plain else ""
    styled = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{styled}><is><t{kept}>{_escaped(plain)}</t></is></c>'


def _escaped(text: str) -> str:
    """XML; a carriage return as the number that it has, or readers make a line feed of it."""
    return escape(text, {"\r": "&#13;"})
