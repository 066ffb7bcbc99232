"""Which reader a file needs: its content decides, its name only where the content does not.

Exports lie about what they are: ".xls" is often a text table, ".csv" a workbook. What is known
and cannot be read is refused with what to do instead.
"""

from __future__ import annotations

import re
from pathlib import Path

from crmdesk.domain.importing import SourceKind
from crmdesk.sync.sources import encodings
from crmdesk.sync.sources.archives import checked_members
from crmdesk.sync.sources.limits import KIB, SourceError
from crmdesk.sync.sources.source import Options, Source, Watch, chosen, unreadable, unwatched

_HEAD_BYTES = 8 * KIB
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = {
    SourceKind.CSV.value: "text table",
    SourceKind.XLSX.value: "workbook",
    SourceKind.VCARD.value: "address book",
    SourceKind.JSON_LINES.value: "JSON lines",
}
_MOST_CONTROLS = 0.05
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c\x1d\x7f]")
"""No text has them but a separator here and there; NUL counts apart, a row or two may have it."""

_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3\0", "a database"),
    (b"!BDN", "an Outlook data file (.pst)"),
)


def open_source(
    path: Path | str, options: Options | None = None, watch: Watch = unwatched
) -> Source:
    """Opens a file of customers.

    Args:
        path: The file.
        options: What a person set instead of what is detected: names as in
            `SourceFacts.details`, and "kind" (csv, xlsx, vcard, jsonl).
        watch: Hears how far it is where a file is read through to find its columns.

    Returns:
        A source, to be closed; a context manager.

    Raises:
        SourceError: It cannot be read, with the reason and what to do.
    """
    path, options = Path(path), options or {}
    try:
        kind = chosen(options, "kind", _KINDS) or _kind(path)
        return _opened(SourceKind(kind), path, options, watch)
    except OSError as error:
        raise unreadable(path, error) from error


def _opened(kind: SourceKind, path: Path, options: Options, watch: Watch) -> Source:
    # Each reader is imported when it is needed: openpyxl alone takes 200 ms.
    if kind is SourceKind.XLSX:
        from crmdesk.sync.sources.xlsx_source import XlsxSource

        return XlsxSource(path, options)
    if kind is SourceKind.VCARD:
        from crmdesk.sync.sources.vcard_source import VcardSource

        return VcardSource(path, options, watch)
    if kind is SourceKind.JSON_LINES:
        from crmdesk.sync.sources.jsonl_source import JsonSource

        return JsonSource(path, options)
    from crmdesk.sync.sources.csv_source import CsvSource

    return CsvSource(path, options)


def _kind(path: Path) -> SourceKind:
    if path.is_dir():
        raise SourceError(
            f"{path.name} is a folder.", "Nothing was imported.", "Choose a file in it."
        )
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise SourceError(
            f"{path.name} is empty.", "There is nothing to import.", "Export it again."
        )
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    _refuse_binary(path, head)
    return _text_kind(path, head)


def _zipped(path: Path) -> SourceKind:
    members = checked_members(path)
    if "[Content_Types].xml" in members and any(name.startswith("xl/") for name in members):
        if "xl/workbook.bin" in members:
            raise _other_workbook("an Excel binary workbook (.xlsb)")
        return SourceKind.XLSX
    if "mimetype" in members and "content.xml" in members:
        raise _other_workbook("an OpenDocument file (.ods)")
    if any(name.startswith("Index/") for name in members):
        raise _other_workbook("a file of Apple Numbers")
    raise SourceError(
        f"{path.name} is an archive.",
        "Archives are not looked into.",
        "Unpack it and choose the file in it.",
    )


def _other_workbook(what: str) -> SourceError:
    return SourceError(
        f"This is {what}.",
        "Only workbooks of the .xlsx form are read.",
        "Open it in your spreadsheet program and save it as .xlsx or CSV.",
    )


def _refuse_binary(path: Path, head: bytes) -> None:
    if head.startswith(_OLD_OFFICE):
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            raise SourceError(
                "The workbook is protected with a password.",
                "It cannot be read without it.",
                "Open it in your spreadsheet program, save it without a password and import that.",
            )
        raise _other_workbook("a file of an old Office program (.xls)")
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise SourceError(
                f"{path.name} is {what}.",
                "No customers can be read from it.",
                "Export them as CSV, XLSX, vCard or JSON lines.",
            )


def _text_kind(path: Path, head: bytes) -> SourceKind:
    text = _head_text(path, head)
    begin = text.lstrip("\ufeff \t\r\n\0").lower()
    if re.match(r"begin\s*:\s*vcard", begin) or "\nbegin:vcard" in begin[: 4 * KIB]:
        return SourceKind.VCARD
    if begin.startswith("<"):
        raise _markup(begin)
    if begin.startswith(("{", "[{", "[\n", "[\r", "[ ", "[]")):
        return SourceKind.JSON_LINES
    for start, what in (("begin:vcalendar", "a calendar"), ("dn: ", "a directory (LDIF)")):
        if begin.startswith(start):
            raise SourceError(
                f"{path.name} is {what}.",
                "No customers can be read from it.",
                "Export them as CSV or vCard; a directory is read with `crmdesk sync ldap`.",
            )
    if path.suffix.lower() in (".vcf", ".vcard"):
        raise SourceError(
            f"{path.name} has no card in it.",
            "Its name says address book, its content does not begin like one.",
            "Export the address book again as vCard (.vcf).",
        )
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return SourceKind.JSON_LINES
    if path.suffix.lower() in (".xlsx", ".xlsm") or _is_noise(text):
        raise SourceError(
            f"{path.name} is no text, or it is damaged.",
            "No customers can be read from it.",
            "Fetch it again, or export it as CSV, XLSX, vCard or JSON lines.",
        )
    return SourceKind.CSV


def _head_text(path: Path, head: bytes) -> str:
    encoding = encodings.marked(path)
    if not encoding:
        return head.decode("latin-1")
    return head[encoding.mark :].decode(encoding.name, "replace")


def _is_noise(text: str) -> bool:
    text = text.rstrip("\0")  # a disk that was full, or switched off, leaves them at the end
    controls = len(_CONTROLS.findall(text))
    return not text or controls > _MOST_CONTROLS * len(text) or text.count("\0") > 0.5 * len(text)


def _markup(begin: str) -> SourceError:
    if "<phonebook" in begin:
        return SourceError(
            "This is a phone book of a FRITZ!Box (XML).",
            "XML is not read.",
            "Save it there as CSV with a phone book program, or sync it to CardDAV or a phone "
            "and export it from there as vCard.",
        )
    what = "a web page" if re.search(r"<(?:!doctype html|html|table)", begin) else "an XML file"
    return SourceError(
        f"This is {what}, whatever its name says.",
        "Only CSV, XLSX, vCard and JSON lines are read.",
        "Open it in your spreadsheet program and save it as .xlsx or CSV.",
    )
