"""Records that come again: what is new of them, what follows from it, and what is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.domain.sales import InvoiceStatus, OrderStatus
from crmdesk.store import Store, keys, open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.records.answers import NOBODY_NAMED
from crmdesk.sync.records.kinds import OWNERS
from tests.sync.record_runs import ANNA, NOW, Bringer, changes, figures, reasons


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "x.db", keys.DEMO_KEY, clock=lambda: NOW) as opened:
        opened.write(lambda w: w.save_customer(ANNA)).result()
        yield opened


@pytest.fixture
def bring(store: Store, tmp_path: Path) -> Bringer:
    return Bringer(store, tmp_path)


# --- orders and their lines -------------------------------------------------------------------

SHOP = """Name,Email,Financial Status,Total,Created at,Lineitem name,Lineitem quantity,\
Lineitem price
#1001,anna@gross.example,paid,59.90,2026-06-05 14:20:00 +0200,Chair,2,19.95
#1001,anna@gross.example,,,,Lamp,1,20.00
#1002,anna@gross.example,paid,5.00,2026-06-05 14:21:00 +0200,Pen,1,5.00
"""


def test_rows_of_one_order_are_its_lines(store: Store, bring: Bringer) -> None:
    result = bring("orders", SHOP, cells={"Name": "number"})
    assert figures(result) == (2, 0, 0, 0, 0)
    first, _ = sorted(store.read(lambda r: r.orders_of(ANNA.id)).result(), key=lambda o: o.number)
    order = store.read(lambda r: r.order(first.id)).result()
    assert order is not None
    assert order.title == "Chair and 1 more"
    assert order.at == datetime(2026, 6, 5, 12, 20, tzinfo=UTC), "the shop says its zone"
    found = [(one.title, one.quantity_milli, one.unit_cents, one.total_cents)
             for one in order.lines]  # fmt: skip
    assert found == [("Chair", 2000, 1995, 3990), ("Lamp", 1000, 2000, 2000)]
    assert figures(bring("orders", SHOP, cells={"Name": "number"})) == (0, 0, 2, 0, 0)
    fewer = SHOP.replace("#1001,anna@gross.example,,,,Lamp,1,20.00\n", "").replace("Pen", "Pencil")
    again = bring("orders", fewer, cells={"Name": "number"})
    assert figures(again) == (0, 2, 0, 0, 0)
    assert again.rows[0].changes[-1].field == "lines"
    undo_in_parts(store, again.summary.batch, "Ann")  # type: ignore[arg-type]
    order = store.read(lambda r: r.order(first.id)).result()
    assert order is not None
    assert [one.title for one in order.lines] == ["Chair", "Lamp"]


def test_numbered_columns_are_lines_too(store: Store, bring: Bringer) -> None:
    text = (
        "Order number,Total,E-mail,Item 1 name,Item 1 qty,Item 1 price,Item 2 name,Item 2 qty\n"
        'A-1,"1.234,50 €",anna@gross.example,Desk,"1,5",823,Hook,3\n'
    )
    assert figures(bring("orders", text)) == (1, 0, 0, 0, 0)
    (found,) = store.read(lambda r: r.orders_of(ANNA.id)).result()
    order = store.read(lambda r: r.order(found.id)).result()
    assert order is not None
    assert (order.total_cents, order.currency, order.status) == (123_450, "EUR", OrderStatus.PLACED)
    assert [(one.title, one.quantity_milli, one.total_cents) for one in order.lines] == [
        ("Desk", 1500, 123_450), ("Hook", 3000, 0),
    ]  # fmt: skip


def test_an_order_that_comes_twice_is_taken_once(bring: Bringer, tmp_path: Path) -> None:
    later = SHOP + "#1001,anna@gross.example,paid,1.00,2026-06-06,Bed,1,1.00\n"
    with BadRowsFile(tmp_path / "bad.csv", ["a"] * 8) as bad:
        result = bring("orders", later, cells={"Name": "number"}, bad=bad)
    assert figures(result) == (2, 0, 0, 0, 1)
    assert reasons(result) == ["Its id #1001 stands in the file before."]
    assert "Bed" in (tmp_path / "bad.csv").read_text("utf-8-sig")


def test_a_line_that_cannot_be_read_leaves_the_whole_order_out(
    store: Store, bring: Bringer, tmp_path: Path
) -> None:
    with BadRowsFile(tmp_path / "bad.csv", ["a"] * 8) as bad:
        text = SHOP.replace("20.00", "free")
        result = bring("orders", text, cells={"Name": "number"}, bad=bad)
    assert figures(result) == (1, 0, 0, 0, 1)
    assert reasons(result) == ["Line price: “free” is no amount."]
    assert "Chair" in (tmp_path / "bad.csv").read_text("utf-8-sig"), "with all of its rows"


# --- money --------------------------------------------------------------------------------------

INVOICE = "Invoice number;Amount;Status;Customer number\nR-1;100;open;K-7\nR-2;50;open;K-7\n"
PAYMENT = "Id;Invoice;Amount;Currency;Received;Customer number\n"


def invoices(store: Store) -> dict[str, tuple[InvoiceStatus, int]]:
    found = store.read(lambda r: r.invoices_of(ANNA.id)).result()
    return {one.number: (one.status, one.paid_cents) for one in found}


def test_money_that_moves_to_another_invoice_leaves_the_first_one_open(
    store: Store, bring: Bringer
) -> None:
    bring("invoices", INVOICE)
    bring("payments", f"{PAYMENT}1;R-1;100;;2026-06-01;K-7\n")
    assert invoices(store)["R-1"] == (InvoiceStatus.PAID, 10_000)
    assert figures(bring("payments", f"{PAYMENT}1;R-2;100;;2026-06-01;K-7\n")) == (0, 1, 0, 0, 0)
    assert invoices(store) == {"R-1": (InvoiceStatus.OPEN, 0), "R-2": (InvoiceStatus.PAID, 10_000)}


def test_money_in_another_currency_is_refused(bring: Bringer) -> None:
    bring("invoices", INVOICE)
    result = bring("payments", f"{PAYMENT}1;R-1;100;USD;2026-06-01;K-7\n2;R-1;1;;;K-7\n")
    assert figures(result) == (1, 0, 0, 0, 1)
    assert reasons(result) == ["Invoice R-1 is in EUR."]


def test_what_came_in_here_says_whether_an_invoice_is_paid(store: Store, bring: Bringer) -> None:
    bring("invoices", INVOICE)
    bring("payments", f"{PAYMENT}1;R-1;100;;2026-06-01;K-7\n")
    assert figures(bring("invoices", INVOICE)) == (0, 0, 2, 0, 0), "the file is of before"
    more = INVOICE.replace("100", "150")
    assert changes(bring("invoices", more)) == {"amount_cents": ("100.00", "150.00")}
    assert invoices(store)["R-1"] == (InvoiceStatus.OPEN, 10_000), "fifty are missing now"
    bring("invoices", INVOICE.replace("open", "void"))
    assert invoices(store)["R-1"] == (InvoiceStatus.CANCELLED, 10_000)
    bring("payments", f"{PAYMENT}2;R-1;50;;2026-06-01;K-7\n")
    assert invoices(store)["R-1"] == (InvoiceStatus.CANCELLED, 15_000), "closed stays closed"


def test_a_payment_that_bounced_opens_the_invoice_again(store: Store, bring: Bringer) -> None:
    bring("invoices", INVOICE.replace("open", "paid"))
    assert invoices(store)["R-1"] == (InvoiceStatus.PAID, 10_000)
    bring("invoices", INVOICE)
    assert invoices(store)["R-1"] == (InvoiceStatus.OPEN, 0)


def test_payments_with_one_reference_are_two(bring: Bringer) -> None:
    text = (
        "Reference,Amount,Received,Customer number\nR-1,10,2026-06-01,K-7\nR-1,10,2026-06-02,K-7\n"
    )
    assert figures(bring("payments", text)) == (2, 0, 0, 0, 0)
    assert figures(bring("payments", text)) == (0, 0, 2, 0, 0)
    same = f"{text}R-1,10,2026-06-02,K-7\n"
    assert reasons(bring("payments", same)) == [
        "The same stands in the file before, and neither has an id."
    ]


def test_symbols_and_words_of_currencies(store: Store, bring: Bringer) -> None:
    text = "Order number,Total,Currency,Customer number\n1,1,€,K-7\n2,2,chf,K-7\n3,3,shells,K-7\n"
    result = bring("orders", text)
    found = store.read(lambda r: r.orders_of(ANNA.id)).result()
    assert {one.number: one.currency for one in found} == {"1": "EUR", "2": "CHF", "3": "EUR"}
    assert result.summary.notes == ("Currency: “shells” means nothing here. (1 times)",)


# --- tickets, follow-ups, leads ---------------------------------------------------------------


def test_a_ticket_that_was_solved_elsewhere_is_solved_now(store: Store, bring: Bringer) -> None:
    head = "Id,Subject,Status,Solved,Customer number\n"
    bring("tickets", f"{head}1,Wrong,open,,K-7\n2,Late,closed,2026-06-01 10:00,K-7\n")
    assert changes(bring("tickets", f"{head}1,Wrong,closed,,K-7\n")) == {
        "status": ("open", "solved"), "solved_at": ("", "2026-06-15 12:30"),
    }  # fmt: skip
    assert changes(bring("tickets", f"{head}2,Late,reopened,,K-7\n")) == {
        "status": ("solved", "open"), "solved_at": ("2026-06-01 10:00", ""),
    }  # fmt: skip


def test_a_row_may_say_its_id_and_what_is_new_alone(bring: Bringer) -> None:
    bring("tickets", "Id,Subject,Customer number\n1,Wrong,K-7\n")
    result = bring("tickets", "Id,Status\n1,closed\n9,closed\n")
    assert figures(result) == (0, 1, 0, 0, 1)
    assert reasons(result) == [NOBODY_NAMED]
    assert all(target in NOBODY_NAMED for target in OWNERS)
    assert reasons(bring("tickets", "Id,Status,Customer number\n9,closed,K-7\n")) == [
        "Subject is missing."
    ]


def test_a_task_is_reminded_of_and_kept_where_it_was_done_in_time(
    store: Store, bring: Bringer
) -> None:
    head = "Id,Title,Due,Done,Customer number\n"
    kept = "2,Write,2026-06-20,2026-06-19,K-7\n3,Go,2026-06-01,2026-06-02,K-7\n"
    bring("follow_ups", f"{head}1,Ring,2026-06-20 10:00,,K-7\n{kept}")
    page = store.read(lambda r: r.exported_records("follow_up")).result()
    found = {one.values["title"]: one.values for one in page.records}
    assert found["Ring"]["remind_at"] == datetime(2026, 6, 20, 8, tzinfo=UTC)
    assert (found["Write"]["outcome"], found["Go"]["outcome"]) == ("kept", "late")
    moved = f"{head}1,Ring,2026-06-21 10:00,,K-7\n"
    assert changes(bring("follow_ups", moved)).keys() == {"due_at", "remind_at"}


def test_moments_in_the_hour_that_comes_twice_stay_the_same(bring: Bringer) -> None:
    head = "Id,Text,When,Customer number\n"
    text = f"{head}1,a,2026-10-25 02:30,K-7\n2,b,2026-10-25 02:30:00+01:00,K-7\n"
    assert figures(bring("notes", text)) == (2, 0, 0, 0, 0)
    assert figures(bring("notes", text)) == (0, 0, 2, 0, 0)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-15 12:00", datetime(2026, 1, 15, 11, tzinfo=UTC)),
        ("2026-07-15 12:00", datetime(2026, 7, 15, 10, tzinfo=UTC)),
        ("07/15/2026 1:05 pm", datetime(2026, 7, 15, 11, 5, tzinfo=UTC)),
        ("2026-07-15T12:00:00Z", datetime(2026, 7, 15, 12, tzinfo=UTC)),
        ("2026-07-15 12:00 UTC", datetime(2026, 7, 15, 12, tzinfo=UTC)),
        ("15.07.2026", datetime(2026, 7, 15, 10, tzinfo=UTC)),
        ("1784116800", datetime(2026, 7, 15, 12, tzinfo=UTC)),
        ("46218.25", datetime(2026, 7, 15, 4, tzinfo=UTC)),
    ],
)
def test_moments_as_programs_write_them(
    store: Store, bring: Bringer, text: str, utc: datetime
) -> None:
    bring("notes", f"Id;Text;When;Customer number\n1;a;{text};K-7\n")
    (note,) = store.read(lambda r: r.exported_records("interaction")).result().records
    assert note.values["at"] == utc


# --- whose they are -----------------------------------------------------------------------------


def test_customers_by_the_ids_of_any_program(store: Store, bring: Bringer) -> None:
    bob = Customer(uuid.UUID(int=8), CustomerKind.PERSON, "Bob")
    with ImportBatch(store, "Import", "Ann") as batch:
        batch.create([NewCustomer(bob, (ExternalRef("csv-1", "77"),))])
    text = "Id,Text,Contact id\n1,Hello,77\n2,You,78\n"
    result = bring("notes", text, source_name="")
    assert figures(result) == (1, 0, 0, 0, 1)
    assert reasons(result) == ["No customer has the id 78."]
    assert figures(bring("notes", text, source_name="crm")) == (0, 0, 0, 0, 2), "ids of another"


def test_whose_it_was_is_told_before_it_goes_to_somebody_else(store: Store, bring: Bringer) -> None:
    bob = Customer(uuid.UUID(int=8), CustomerKind.PERSON, "Bob", account_id="K-8")
    store.write(lambda w: w.save_customer(bob)).result()
    bring("notes", "Id,Text,Customer number\n1,Hello,K-7\n")
    result = bring("notes", "Id,Text,Customer number\n1,Hello,K-8\n", is_dry=True)
    assert changes(result) == {"customer": ("Anna Groß", "customer number K-8")}


# --- all or nothing -----------------------------------------------------------------------------


def test_a_killed_import_leaves_nothing(store: Store, tmp_path: Path) -> None:
    """Killed in the middle; the next program that opens the store takes back what was written."""
    file = tmp_path / "x.db"
    store.close()
    rows = "".join(f"{n},note {n},K-7\n" for n in range(1_500))
    (tmp_path / "notes.csv").write_text(f"Id,Text,Customer number\n{rows}", "utf-8")
    code = """
        import os, signal, sys
        from crmdesk.store import keys, open_store
        from crmdesk.sync.records.importing import RecordOrder, import_records
        from crmdesk.sync.records.guessing import guessed_records
        from crmdesk.sync.records.kinds import RecordKind
        from crmdesk.sync.sources import open_source
        from datetime import UTC
        def kill(done, of, note):
            os.kill(os.getpid(), signal.SIGKILL)
        with open_store(sys.argv[1], keys.DEMO_KEY) as store, open_source(sys.argv[2]) as source:
            profile = guessed_records(RecordKind.NOTES, source.facts)
            order = RecordOrder(source, profile, UTC, "Import")
            import_records(store, order, kill)
    """
    lines = "\n".join(line.removeprefix(" " * 8) for line in code.splitlines())
    if os.name != "posix":
        pytest.skip("no SIGKILL")
    place = Path(str(tmp_path / "notes.csv"))
    done = subprocess.run([sys.executable, "-c", lines, str(file), str(place)], check=False)
    assert done.returncode == -signal.SIGKILL
    with open_store(file, keys.DEMO_KEY) as opened:
        opened.recovery.wait()
        page = opened.read(lambda r: r.exported_records("interaction")).result()
        assert page.records == ()
        (change,) = opened.read(lambda r: r.changes(kinds=[ChangeKind.IMPORT])).result().changes
        assert change.state is ChangeState.UNDONE
