"""Tickets, orders, payments and the like come in from files, each to whom it belongs."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.customers import Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import RowAction, SourceColumn, SourceRecord
from crmdesk.domain.leads import LeadState
from crmdesk.domain.money import read_money
from crmdesk.domain.planning import Picklists
from crmdesk.domain.sales import InvoiceStatus, OrderStatus
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.records.guessing import guess_cells
from crmdesk.sync.records.importing import RecordOrder, import_records
from crmdesk.sync.records.kinds import NO_COLUMNS, SHAPES, CellKind, RecordKind, cells_of
from crmdesk.sync.records.reading import BadDraft, RecordReader
from crmdesk.sync.sources import open_source
from tests.sync.record_runs import BERLIN, NOW, figures, profile_of


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "crmdesk.db", bytes(32), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def anna(store):
    someone = Customer(
        uuid.uuid4(), CustomerKind.PERSON, "Anna Groß", account_id="K-7",
        numbers=(PhoneNumber("+493023125101", "+493023125101", "work"),),
        emails=(Email("Anna@Gross.example"),),
    )  # fmt: skip
    other = Customer(uuid.uuid4(), CustomerKind.PERSON, "Bob", emails=(Email("info@x.example"),))
    third = Customer(uuid.uuid4(), CustomerKind.PERSON, "Bea", emails=(Email("info@x.example"),))
    for one in (someone, other, third):
        store.write(lambda w, one=one: w.save_customer(one)).result()
    return someone.id


@pytest.fixture
def bring(store, tmp_path):
    def _bring(kind, text, *, is_dry=False, source_name="shop", cells=(), bad=None):
        path = tmp_path / "records.csv"
        path.write_text(text, encoding="utf-8")
        with open_source(path) as source:
            made = profile_of(kind, source.facts, dict(cells), source_name)
            order = RecordOrder(source, made, BERLIN, "Import", "Ann", "DE",
                                is_dry=is_dry, bad=bad)  # fmt: skip
            return import_records(store, order, lambda *_: None)

    return _bring


TICKETS = """Ticket ID;Betreff;Status;Priorität;Kundennummer;Erstellt am;Beschreibung
501;Falsche Rechnung;In Bearbeitung;hoch;K-7;05.06.2026 14:20;Card 4111 1111 1111 1111
502;Frage zur Lieferung;geschlossen;;K-7;2026-06-01T08:00:00Z;
"""


def test_tickets_as_a_help_desk_writes_them(store, anna, bring):
    assert figures(bring("tickets", TICKETS)) == (2, 0, 0, 0, 0)
    entries = store.read(lambda r: r.timeline(anna)).result().entries
    assert len(entries) == 2
    views = [store.read(lambda r, e=e: r.ticket(e.id)).result() for e in entries]
    tickets = {view.ticket.number: view.ticket for view in views}
    first = tickets["501"]
    assert (first.subject, first.priority, str(first.status)) == (
        "Falsche Rechnung",
        "high",
        "open",
    )
    assert first.opened_at == datetime(2026, 6, 5, 12, 20, tzinfo=UTC)
    assert first.detail == "Card •••• 1111"
    assert tickets["502"].opened_at == datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert str(tickets["502"].status) == "solved"


def test_second_time_only_what_is_new_is_written(store, anna, bring):
    bring("tickets", TICKETS)
    again = bring("tickets", TICKETS)
    assert figures(again) == (0, 0, 2, 0, 0)
    assert again.summary.batch is None
    changed = TICKETS.replace("In Bearbeitung", "erledigt")
    result = bring("tickets", changed)
    assert figures(result) == (0, 1, 1, 0, 0)
    (row,) = [one for one in result.rows if one.action is RowAction.UPDATE]
    assert [(c.field, c.before, c.after) for c in row.changes] == [
        ("status", "open", "solved"),
        ("solved_at", "", "2026-06-15 12:30"),
    ]


def test_ids_of_two_programs_are_told_apart(anna, bring):
    bring("tickets", TICKETS, source_name="one")
    assert figures(bring("tickets", TICKETS, source_name="two")) == (2, 0, 0, 0, 0)


def test_dry_run_writes_nothing_and_tells_all(store, anna, bring):
    result = bring("tickets", TICKETS, is_dry=True)
    assert figures(result) == (2, 0, 0, 0, 0)
    assert [row.why for row in result.rows] == [("customer number K-7",)] * 2
    assert store.read(lambda r: r.timeline(anna)).result().entries == ()
    assert store.read(lambda r: r.changes()).result().changes == ()


def test_import_is_taken_back_whole(store, anna, bring):
    batch = bring("tickets", TICKETS).summary.batch
    undo_in_parts(store, batch, "Ann")
    assert store.read(lambda r: r.timeline(anna)).result().entries == ()
    assert figures(bring("tickets", TICKETS)) == (2, 0, 0, 0, 0)


def test_whose_it_is(store, anna, bring, tmp_path):
    text = """id,subject,phone,email,customer number
1,by phone,030 23125101,,
2,by mail,,ANNA@gross.EXAMPLE,
3,shared mail,,info@x.example,
4,nobody,,,K-8
5,nothing,,,
6,shared and known,,info@x.example,K-7
7,somebody with a card,,4111 1111 1111 1111,
"""
    with BadRowsFile(tmp_path / "bad.csv", ["id", "subject", "phone", "email", "no"]) as bad:
        result = bring("tickets", text, bad=bad)
    assert figures(result) == (3, 0, 0, 0, 4)
    reasons = [row.why[0] for row in result.rows if row.action is RowAction.BAD]
    assert [reason.split(" ")[0] for reason in reasons] == ["Several", "No", "It", "No"]
    assert reasons[-1] == "No customer has e-mail •••• 1111."
    assert "K-8" in (tmp_path / "bad.csv").read_text("utf-8-sig")


def test_orders_of_a_shop(store, anna, bring):
    text = """Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem name
#1001,anna@gross.example,paid,fulfilled,CHF,"1,234.50",2026-06-05 14:20:00 +0200,Chair
"""
    cells = {"Name": "number"}
    assert figures(bring("orders", text, cells=cells.items())) == (1, 0, 0, 0, 0)
    (order,) = store.read(lambda r: r.orders_of(anna)).result()
    assert (order.number, order.status, order.total_cents, order.currency) == (
        "#1001", OrderStatus.SHIPPED, 123_450, "CHF",
    )  # fmt: skip
    assert order.title == "Chair"


INVOICES = """Rechnungsnummer;Kundennummer;Betrag;Rechnungsdatum;Fällig am;Status
R-1;K-7;1.234,50 €;01.05.2026;15.05.2026;offen
R-2;K-7;10,00;01.05.2026;;bezahlt
"""


def test_invoices_and_the_payments_on_them(store, anna, bring):
    assert figures(bring("invoices", INVOICES)) == (2, 0, 0, 0, 0)
    payments = """Rechnung;Kundennummer;Betrag;Buchungstag;Referenz
R-1;K-7;1000;20.05.2026;T1
R-1;K-7;234,50;25.05.2026;T2
R-9;K-7;1;25.05.2026;T3
"""
    result = bring("payments", payments)
    assert figures(result) == (2, 0, 0, 0, 1)
    invoices = {one.number: one for one in store.read(lambda r: r.invoices_of(anna)).result()}
    first = invoices["R-1"]
    assert (first.status, first.paid_cents, first.due_on) == (
        InvoiceStatus.PAID, 123_450, date(2026, 5, 15),
    )  # fmt: skip
    assert first.paid_at.astimezone(BERLIN).date() == date(2026, 5, 25)
    assert (invoices["R-2"].status, invoices["R-2"].open_cents) == (InvoiceStatus.PAID, 0)
    assert figures(bring("payments", payments))[:3] == (0, 0, 2)


def test_leads_answers_tasks_and_notes(store, anna, bring):
    head = "Deal Name,Deal Stage,Amount,Close Date,Email"
    leads = f"{head}\nMore desks,Closed Won,$5000,2026-07-01,anna@gross.example\n"
    assert figures(bring("leads", leads)) == (1, 0, 0, 0, 0)
    (lead,) = store.read(lambda r: r.leads_of(anna)).result()
    assert (lead.state, lead.value_cents, lead.currency) == (LeadState.WON, 500_000, "USD")
    head = "rating,comment,email,submitted at"
    answers = f"{head}\n4,Fine,anna@gross.example,2026-06-01\n9,?,anna@gross.example,\n"
    assert figures(bring("surveys", answers)) == (1, 0, 0, 0, 1)
    tasks = "subject,type,due date,email\nRing her,Call,06/20/2026,anna@gross.example\n"
    assert figures(bring("follow_ups", tasks)) == (1, 0, 0, 0, 0)
    (task,) = store.read(lambda r: r.open_follow_ups()).result().follow_ups
    assert (str(task.kind), task.title) == ("call_back", "Ring her")
    notes = "note body,email,created at\nShe was angry,anna@gross.example,2026-01-02\n"
    assert figures(bring("notes", notes)) == (1, 0, 0, 0, 0)
    for kind, text in (("surveys", answers), ("follow_ups", tasks), ("notes", notes)):
        assert figures(bring(kind, text))[:3] == (0, 0, 1)


def test_record_that_was_removed_here_stays_removed(store, anna, bring):
    bring("notes", "id,text,email\n1,Hello,anna@gross.example\n")
    (entry,) = store.read(lambda r: r.timeline(anna)).result().entries
    from crmdesk.domain.changes import ChangeKind
    from crmdesk.store.tables import interaction

    def remove(w):
        with w.change(ChangeKind.NOTE, "x", "Ann") as change:
            change.remove(interaction, entry.id)

    store.write(remove).result()
    assert figures(bring("notes", "id,text,email\n1,Hello you,anna@gross.example\n")) == (
        0,
        0,
        0,
        1,
        0,
    )


def test_column_that_goes_nowhere_is_refused(anna, bring):
    with pytest.raises(UserFacingError, match='"colour", which tickets do not have'):
        bring("tickets", TICKETS, cells={"Status": "colour"}.items())


def test_same_id_twice_in_a_file_is_said(anna, bring):
    result = bring("notes", "id,text,email\n1,a,anna@gross.example\n1,b,anna@gross.example\n")
    assert figures(result) == (1, 0, 0, 0, 1)


def test_more_than_one_part(store, anna, bring):
    lines = "".join(f"{n},note {n},K-7\n" for n in range(1_203))
    assert figures(bring("notes", f"id,text,customer number\n{lines}")) == (1_203, 0, 0, 0, 0)


# --- cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cents", "currency"),
    [
        ("1.234,50 €", 123_450, "EUR"),
        ("1,234.50", 123_450, ""),
        ("$1,234", 123_400, "USD"),
        ("1.234", 123_400, ""),
        ("12,5", 1_250, ""),
        ("CHF 1'234.55", 123_455, "CHF"),
        ("-12.00", -1_200, ""),
        ("(12.00)", -1_200, ""),
        ("1.234.567,89", 123_456_789, ""),
        ("0", 0, ""),
        ("0.500", 50, ""),
        ("0,125", 12, ""),
        (".500", 50, ""),
        ("-0.005", 0, ""),
        ("12.50 - paid", 1_250, ""),
        ("paid - 12.50", 1_250, ""),
        ("Rechnung-12", None, ""),
        ("INV-12", None, ""),
        ("EUR-USD 5", 500, "EUR"),
        ("EUR -5", -500, "EUR"),
        ("-€ 5", -500, "EUR"),
        ("€-5", -500, "EUR"),
        ("CHF-5", -500, "CHF"),
        ("- 12.50 EUR", -1_250, "EUR"),
        ("12.50-", -1_250, ""),
        ("\u22125", -500, ""),
        ("12 and 13", None, ""),
        ("free", None, ""),
        ("9" * 30, None, ""),
    ],
)
def test_money(text, cents, currency):
    assert read_money(text) == (None if cents is None else (cents, currency))


@given(st.integers(-(10**12), 10**12))
def test_money_is_read_as_it_is_usually_written(cents):
    sign, whole = "-" if cents < 0 else "", f"{abs(cents) // 100:,}"
    rest = f"{abs(cents) % 100:02}"
    for text in (f"{sign}{whole}.{rest}", f"{sign}{whole.replace(',', '.')},{rest}"):
        assert read_money(text) == (cents, "")


@given(st.sampled_from(list(RecordKind)), st.data())
def test_any_cells_make_a_draft_or_a_reason(kind, data):
    cells = list(cells_of(kind))
    values = tuple(data.draw(st.text(max_size=40)) for _ in cells)
    columns = [SourceColumn(key) for key in cells]
    profile = ImportProfile(holds=kind.value, columns={key: key for key in cells})
    reader = RecordReader(profile, columns, Picklists(), BERLIN)
    read = reader.read([SourceRecord(1, values)])
    assert read.reason if isinstance(read, BadDraft) else read.external_id


def test_every_cell_has_a_place_in_its_table_and_names_stand_for_one_thing():
    from crmdesk.store.tables import metadata, order_line

    for kind, shape in SHAPES.items():
        table = metadata.tables[shape.table]
        for cell in cells_of(kind).values():
            is_own = cell.key in (order_line if cell.is_line else table).c
            owned = {*cells_of(RecordKind.NOTES), *NO_COLUMNS}
            assert is_own or cell.key in owned or cell.key.startswith("line_"), cell.key
            if cell.kind is CellKind.CHOICE:
                assert cell.picklist or cell.words, cell.key
        assert shape.name in table.c


def test_titles_of_cells_are_understood_as_names_of_columns():
    for kind in RecordKind:
        columns = [SourceColumn(cell.title) for cell in cells_of(kind).values()]
        assert set(guess_cells(kind, columns).values()) == set(cells_of(kind))


@pytest.mark.parametrize("column", ["customer", "customer id", "Account", "Kunde", "Kundennummer"])
def test_the_column_that_says_whose_a_record_is_has_many_names(store, anna, bring, column):
    assert figures(bring("tickets", f"id,subject,{column}\n1,Wrong,K-7\n")) == (1, 0, 0, 0, 0)
    assert figures(bring("tickets", f"id,subject,{column}\n2,Late,{anna}\n")) == (1, 0, 0, 0, 0)
    assert len(store.read(lambda r: r.timeline(anna)).result().entries) == 2


def test_beside_a_number_the_customer_is_a_name(anna):
    columns = [SourceColumn(name) for name in ("customer", "customer number", "email")]
    assert guess_cells(RecordKind.TICKETS, columns) == {
        "customer": "", "customer number": "customer_account", "email": "customer_email",
    }  # fmt: skip


def test_figures_beyond_measure_make_bad_records_and_the_rest_comes_in(store, anna, bring):
    text = f"""id,customer number,scale,score
1,K-7,nps,{"1" * 5_000}
2,K-7,nps,{"0" * 5_000}
3,K-7,nps,{"0" * 5_000}9
4,K-7,nps,９
"""
    assert figures(bring("surveys", text)) == (2, 0, 0, 0, 2)
    answers = store.read(lambda r: r.survey_answers_of(anna)).result()
    assert {one.score for one in answers} == {0, 9}
    lines = """id,number,customer number,total,line title,line quantity
1,A-1,K-7,10,Chair,1e999999999
2,A-2,K-7,10,Chair,-1e999999999
3,A-3,K-7,10,Chair,1e-999999999
"""
    assert figures(bring("orders", lines)) == (1, 0, 0, 0, 2)
    dear = """id,number,customer number,total,line title,line quantity,line price
4,A-4,K-7,10,Chair,900000,9999999999999
"""
    result = bring("orders", dear)
    assert result.rows[0].why == ("“Chair” comes to more than can be written down.",)


def test_a_moment_at_the_end_of_time_is_a_bad_record(store, anna, bring, monkeypatch):
    monkeypatch.setattr("crmdesk.sync.records.values.parse_date", lambda *_: date(9999, 12, 31))
    text = "id,customer number,subject,opened at\n1,K-7,Chair,9999-12-31T23:00:00-12:00\n"
    result = bring("tickets", text)
    assert figures(result) == (0, 0, 0, 0, 1)
    assert result.rows[0].why == ("A value in it is beyond what can be read.",)
