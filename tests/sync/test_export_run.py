"""From a store into files, and from the files back into customers."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import Call, CallOutcome, Direction, Presentation
from crmdesk.domain.customers import Customer, CustomerKind, CustomerStatus, Email
from crmdesk.domain.ids import call_id
from crmdesk.store import Store, Writer, keys, open_store
from crmdesk.store.tables import custom_field, custom_value
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.export import run, xlsx_file
from crmdesk.sync.export.formats import ExportError, ExportFormat, FormatOptions
from crmdesk.sync.export.place import whole_file
from crmdesk.sync.export.run import export_calls, export_customers
from crmdesk.sync.export.writing import Target
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.reading.record import Draft, RecordReader
from crmdesk.sync.sources.opening import open_source
from tests.sync.exported import JANE, number

NOW = datetime.now(UTC)
EVIL = "=cmd|'/c calc'!A1"
COMPANY = Customer(
    id=uuid.UUID(int=2), kind=CustomerKind.COMPANY, name="Hansen; Söhne, Co. KG",
    numbers=(number("+493023125100", "switchboard"),),
)  # fmt: skip
PLAIN = Customer(
    id=uuid.UUID(int=3), kind=CustomerKind.PERSON, name="@Bob \"the Bold\" O'Neil",
    numbers=(number("+12025550143", "home"),), emails=(Email("bob@example.com", "home"),),
    status=CustomerStatus.LEAD,
)  # fmt: skip


def quiet(_done: int, _of: int | None, _note: str) -> None:
    """Nobody looks."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


def save(store: Store, *customers: Customer) -> None:
    def work(writer: Writer) -> None:
        for one in customers:
            writer.save_customer(one)

    store.write(work).result()


def people(count: int, name: str = "Person") -> list[Customer]:
    return [
        Customer(id=uuid.UUID(int=1000 + n), kind=CustomerKind.PERSON, name=f"{name} {n:04}")
        for n in range(count)
    ]


def drafts_of(path: Path) -> dict[str, Draft]:
    """What an import makes of a file with the mapping that it guesses."""
    with open_source(path) as source:
        columns = source.facts.columns
        reader = RecordReader(ImportProfile(columns=guess(columns)), columns, "DE")
        drafts = [reader.read(record) for record in source.records()]
    assert all(isinstance(draft, Draft) for draft in drafts), drafts
    return {draft.name: draft for draft in drafts if isinstance(draft, Draft)}


@pytest.mark.parametrize(
    ("kind", "style"),
    [
        ("csv", FormatOptions()),
        ("csv", FormatOptions(delimiter=";", has_mark=True)),
        ("csv", FormatOptions(delimiter="\t")),
        ("xlsx", FormatOptions()),
        ("jsonl", FormatOptions()),
        ("vcard", FormatOptions(vcard_version="3.0")),
        ("vcard", FormatOptions(vcard_version="4.0")),
    ],
)
def test_what_was_exported_is_imported_as_it_was(
    store: Store, tmp_path: Path, kind: str, style: FormatOptions
) -> None:
    save(store, COMPANY, replace(JANE, company_id=COMPANY.id), PLAIN)
    format_ = ExportFormat(kind)
    place = tmp_path / f"out.{format_.ending}"
    summary = export_customers(store, Target(format_, place, style), quiet)
    assert (summary.rows, summary.place) == (3, str(place))
    back = drafts_of(place)
    assert set(back) == {JANE.name, COMPANY.name, PLAIN.name}
    jane = back[JANE.name]
    assert [(n.e164, n.extension, n.label) for n in jane.numbers] == [
        ("+493023125101", "12", "work"), ("+491713920012", "", "mobile"),
    ]  # fmt: skip
    assert [(mail.address, mail.label) for mail in jane.emails] == [
        ("jane@example.com", "work"), ("doe@example.org", "home"),
    ]  # fmt: skip
    assert jane.address == JANE.addresses[0]
    assert (jane.company, jane.role, jane.segment) == (COMPANY.name, JANE.role, JANE.segment)
    assert jane.external_id.removeprefix("urn:uuid:") == str(JANE.id)
    assert back[COMPANY.name].kind is CustomerKind.COMPANY
    assert back[COMPANY.name].numbers[0].label == "switchboard"
    if kind != "vcard":  # a card has no property for these
        assert (jane.account_id, jane.owner, jane.status, jane.do_not_call) == (
            JANE.account_id, JANE.owner, JANE.status, True,
        )  # fmt: skip
        assert (jane.customer_since, jane.language) == (JANE.customer_since, "de")


def test_all_pages_of_a_search_go_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PAGE", 7)
    save(store, *people(40, "Hansen"), *(replace(one, id=uuid.UUID(int=one.id.int + 5000))
                                         for one in people(5, "Miller")))  # fmt: skip
    for words, count in (("", 45), ("hansen", 40), ("hansen 0007", 1), ("ha", 40), ("mil", 5),
                         ("hansen m", 0), ("no one", 0), ("  ", 45), ("\u202e", 0)):  # fmt: skip
        found = [record.customer.name for record in run._customers(store, words)]
        assert (len(found), len(set(found))) == (count, count), words


def test_short_words_find_first_and_family_names(store: Store) -> None:
    names = ("Jo Ax", "Ax Jo", "Bob Jones", "Xavier B")
    save(store, *(Customer(uuid.uuid4(), CustomerKind.PERSON, name) for name in names))
    found = sorted(record.customer.name for record in run._customers(store, "jo"))
    assert found == sorted(hit.name for hit in store.read(lambda r: r.search("jo")).result())
    assert found == ["Ax Jo", "Bob Jones", "Jo Ax"]


def test_a_deleted_customer_does_not_go_out(store: Store) -> None:
    save(store, *people(3))
    store.write(lambda writer: writer.delete_customer(uuid.UUID(int=1001))).result()
    assert len(list(run._customers(store, ""))) == 2
    assert len(list(run._customers(store, "person"))) == 2


def test_more_customers_than_are_held_have_all_their_columns(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_HELD", 3)
    save(store, *people(10), replace(JANE, id=uuid.UUID(int=9_000)))
    place = tmp_path / "c.csv"
    export_customers(store, Target(ExportFormat.CSV, place), quiet)
    rows = list(csv.DictReader(io.StringIO(place.read_text(encoding="utf-8"), newline="")))
    assert len(rows) == 11
    assert rows[-1]["Phone 2 - Value"] == "'+491713920012"
    assert rows[-1]["E-mail 2 - Value"] == "doe@example.org"


# --- calls ------------------------------------------------------------------------------------


def call(linked: str, minutes: int, **more: object) -> Call:
    facts = {"direction": Direction.INBOUND, "caller_raw": "+493023125101"} | more
    return Call(id=call_id("pbx", linked), line_id="line",
                started_at=NOW - timedelta(minutes=minutes), **facts)  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def calls(store: Store) -> Store:
    one = call("1", 1, caller_name=EVIL, answered_by="1001", outcome=CallOutcome.ANSWERED,
               answered_at=NOW, ended_at=NOW)  # fmt: skip
    lost = call("2", 2, outcome=CallOutcome.MISSED, ended_at=NOW, caller_raw="+442079460123")
    # As a store of another program might hold it: ours never keeps the number.
    hidden = call("3", 3, presentation=Presentation.WITHHELD, caller_raw="+12025550199",
                  caller_name="Sue Secret", ended_at=NOW)  # fmt: skip
    out = call("4", 4, direction=Direction.OUTBOUND, agent="1002", ended_at=NOW)

    def work(writer: Writer) -> None:
        for each in (one, lost, hidden, out):
            writer.save_call(each, each.caller_raw)

    store.write(work).result()
    return store


def exported(store: Store, place: Path, chosen: CallFilter, *, back: bool = False) -> str:
    target = Target(ExportFormat(place.suffix[1:]), place, replace=True)
    export_calls(store, target, quiet, chosen, to_call_back=back)
    return place.read_text(encoding="utf-8")


def test_calls_go_out_newest_first_and_harmless(calls: Store, tmp_path: Path) -> None:
    text = exported(calls, tmp_path / "k.csv", CallFilter())
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["Outcome"] for row in rows][:2] == ["answered", "missed"]
    assert rows[0]["Name of caller"] == "'" + EVIL
    assert rows[0]["Started"] == f"{(NOW - timedelta(minutes=1)).astimezone():%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_withheld_number_never_goes_out(calls: Store, tmp_path: Path, ending: str) -> None:
    text = exported(calls, tmp_path / f"k.{ending}", CallFilter())
    assert "withheld" in text
    assert not {"5550199", "Secret"} & {word for word in ("5550199", "Secret") if word in text}


def test_filters_of_calls(calls: Store, tmp_path: Path) -> None:
    def count(**chosen: object) -> int:
        made = CallFilter(**chosen)  # type: ignore[arg-type]
        return len(exported(calls, tmp_path / "k.jsonl", made).splitlines())

    assert count() == 4
    assert count(direction=Direction.OUTBOUND) == 1
    assert count(missed_only=True) == 1
    assert count(extension="1001") == 1
    assert count(since=NOW - timedelta(minutes=2, seconds=30)) == 2
    assert count(until=NOW - timedelta(minutes=2, seconds=30)) == 2
    assert count(text="020 7946 0123") == 1


def test_calls_to_call_back(calls: Store, tmp_path: Path) -> None:
    text = exported(calls, tmp_path / "k.jsonl", CallFilter(), back=True)
    assert [json.loads(line)["number"] for line in text.splitlines()] == ["+442079460123"]
    assert exported(calls, tmp_path / "k.jsonl", CallFilter(text="555"), back=True) == ""


def test_calls_are_no_cards(calls: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no address book"):
        export_calls(calls, Target(ExportFormat.VCARD, tmp_path / "k.vcf"), quiet, CallFilter())


# --- the file ---------------------------------------------------------------------------------


class Stopped(Exception):  # noqa: N818
    """As a person stops it."""


@pytest.mark.parametrize("kind", list(ExportFormat))
def test_a_stopped_export_leaves_nothing(store: Store, tmp_path: Path, kind: ExportFormat) -> None:
    save(store, *people(30))
    folder = tmp_path / "out"
    folder.mkdir()

    def stop(done: int, _of: int | None, _note: str) -> None:
        if done == 20:
            raise Stopped

    with pytest.raises(Stopped):
        export_customers(store, Target(kind, folder / "c"), stop)
    assert list(folder.iterdir()) == []


def test_a_file_is_its_owners_alone(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "c.csv"
    before = os.umask(0)
    try:
        export_customers(store, Target(ExportFormat.CSV, place), quiet)
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "c.csv"
    place.write_text("mine")
    with pytest.raises(ExportError, match="is there already"):
        export_customers(store, Target(ExportFormat.CSV, place), quiet)
    assert place.read_text() == "mine"
    export_customers(store, Target(ExportFormat.CSV, place, replace=True), quiet)
    assert place.read_text().startswith("Name,")


def test_a_file_that_comes_meanwhile_stays(tmp_path: Path) -> None:
    place = tmp_path / "c.csv"

    def write() -> None:
        with whole_file(place, replace=False) as out:
            out.write(b"ours")
            place.write_text("theirs")

    with pytest.raises(ExportError, match="is there already"):
        write()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("c.csv", "theirs")]


def test_a_file_system_without_nameless_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "O_TMPFILE", 0, raising=False)
    place = tmp_path / "c.csv"
    with whole_file(place, replace=False) as out:
        out.write(b"1")
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    with whole_file(place, replace=True) as out:
        out.write(b"2")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("c.csv", b"2")]


@pytest.mark.skipif(sys.platform != "linux", reason="files without names")
def test_a_killed_export_leaves_nothing(tmp_path: Path) -> None:
    program = f"""
        import os, signal
        from pathlib import Path
        from crmdesk.sync.export.place import whole_file
        with whole_file(Path({str(tmp_path / "c.csv")!r}), replace=False) as out:
            out.write(b"x" * 1_000_000)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert killed.returncode < 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["", "no/folder/c.csv"])
def test_a_place_that_is_none(tmp_path: Path, where: str) -> None:
    with pytest.raises(ExportError, match="folder"), whole_file(tmp_path / where, replace=True):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="limits of the system")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "vcard"])
def test_a_full_disk_is_told_and_leaves_nothing(store: Store, tmp_path: Path, kind: str) -> None:
    """The system refuses to make the file any larger, as a file system of FAT does at 4 GiB."""
    save(store, *people(400))
    folder = tmp_path / "out"
    folder.mkdir()
    program = f"""
        import resource, sys
        from pathlib import Path
        from crmdesk.store import keys, open_store
        from crmdesk.sync.export.formats import ExportError, ExportFormat
        from crmdesk.sync.export.writing import Target
        from crmdesk.sync.export.run import export_customers
        target = Target(ExportFormat({kind!r}), Path({str(folder)!r}) / "c")
        with open_store({str(store.file)!r}, keys.DEMO_KEY, read_only=True) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            try:
                export_customers(store, target, lambda *_: None)
            except ExportError as error:
                print(error)
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "does not fit on its disk" in done.stdout
    assert done.stderr == ""
    assert list(folder.iterdir()) == []


def test_a_sheet_has_an_end(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file.XlsxFile, "most_rows", 5)
    save(store, *people(6))
    place = tmp_path / "c.xlsx"
    with pytest.raises(ExportError, match="A sheet of a workbook holds 5 rows"):
        export_customers(store, Target(ExportFormat.XLSX, place), quiet)
    assert not place.exists()
    assert xlsx_file.MOST_ROWS == 1_048_576


def test_fields_of_the_companys_own_go_out(store: Store, tmp_path: Path) -> None:
    save(store, *people(2))
    one = uuid.UUID(int=1000)

    def define(writer: Writer) -> None:
        head = (1, 1, None, b"d" * 16)
        writer.insert_rows(custom_field, [(b"f" * 16, *head, "vip", "VIP level", "text", "[]", 0)])
        value = (b"v" * 16, *head, one.bytes, "vip", EVIL)
        writer.insert_rows(custom_value, [value])

    store.write(define).result()
    place = tmp_path / "c.csv"
    export_customers(store, Target(ExportFormat.CSV, place), quiet)
    rows = csv.DictReader(io.StringIO(place.read_text(encoding="utf-8"), newline=""))
    assert {row["Id"]: row["VIP level"] for row in rows} == {
        str(one): "'" + EVIL, str(uuid.UUID(int=1001)): "",
    }  # fmt: skip
    lines = tmp_path / "c.jsonl"
    export_customers(store, Target(ExportFormat.JSON_LINES, lines), quiet)
    assert json.loads(lines.read_text(encoding="utf-8").splitlines()[0])["custom"] == {"vip": EVIL}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_texts_that_look_like_formulas_come_back_as_they_were(
    store: Store, tmp_path: Path, kind: str
) -> None:
    names = [EVIL, "＝1+1", "@home", "-5", "O'Neil", "+49", "'quoted", "－ Nord －"]
    if kind == "csv":  # in a workbook these are taken for guarded by another program
        names += ["''=1", "' =1"]
    save(store, *(Customer(uuid.uuid4(), CustomerKind.PERSON, name) for name in names))
    place = tmp_path / f"c.{kind}"
    export_customers(store, Target(ExportFormat(kind), place), quiet)
    with open_source(place) as source:
        at = [column.name.lower() for column in source.facts.columns].index("name")
        back = [record.values[at] for record in source.records()]
    assert sorted(back) == sorted(names)
