"""Whoever writes into the store: no card number gets in, nothing hidden, nothing without end.

Every way a person has of writing is gone; then every text of every table is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.business_time import Holiday, WorkCalendar, WorkHours
from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.customers import Address, Customer
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.kept_text import LONGEST_TEXT
from crmdesk.domain.leads import Lead
from crmdesk.domain.outreach import Channel, Consent, Message, MessageTemplate
from crmdesk.domain.planning import Choice, PicklistKey
from crmdesk.domain.sales import Invoice, Order, OrderLine, Receipt
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.domain.sla import SlaPolicy
from crmdesk.domain.surveys import Question, QuestionKind, Reply, Survey, SurveyAnswer, SurveyScale
from crmdesk.domain.tickets import NewTicket
from crmdesk.store import Store
from crmdesk.store.audit.editing import CustomerEdits, opened_customer
from crmdesk.store.audit.notes import NoteWriting
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.sales.leads import LeadWriting
from crmdesk.store.sales.writing import SalesWriting
from crmdesk.store.surveys.writing import SurveyWriting
from crmdesk.store.tables import metadata
from crmdesk.store.writer import Writer

PAN = "4111111111111111"
LINES = (
    "paid by phone 4111 1111 1111 1111",
    *("x" * (limit - 15) + PAN for limit in (60, 80, 200, 256)),
    "4111" + " " * 40 + "1111" + " " * 40 + "1111 1111",
    "a\x00b\u202ec\u2066 " + "N" * 1_000_000,
)
TEXTS = {
    LINES[0]: LINES[0],
    LINES[-1]: "a\x00\u202e\n" + "words " * 100_000,
}


def text_of(line: str) -> str:
    return TEXTS.get(line, "y" * (LONGEST_TEXT - 15) + PAN)


@pytest.fixture(params=LINES, ids=range(len(LINES)))
def line(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def anna(store: Store, make_person: Callable[..., Customer]) -> Customer:
    one = make_person("Anna Groß", "+493023125101", emails=("anna@gross.example",))
    store.write(lambda w: w.save_customer(one)).result()
    return one


def texts_in(store: Store) -> Iterator[tuple[str, str]]:
    """Every text of the store with the place it stands in."""
    for table in metadata.sorted_tables:
        rows = store.read(lambda r, table=table: r._connection.execute(select(table)).all())
        for row in rows.result():
            for name, value in row._mapping.items():
                if isinstance(value, str):
                    yield f"{table.name}.{name}", value


def check(store: Store) -> None:
    for place, text in texts_in(store):
        assert mask_card_numbers(text)[1] == 0, (place, text[-60:])
        assert "4111111" not in text, (place, text[-60:])
        assert not {"\x00", "\u202e", "\u2066"} & set(text), place
        assert len(text) <= 110_000, place


def do(store: Store, work: Callable[[Writer], Any]) -> Any:
    return store.write(work).result()


def test_notes(store, anna, now, line):
    notes = lambda w: NoteWriting(w, line)  # noqa: E731
    do(store, lambda w: notes(w).add(anna.id, text_of(line), now))
    check(store)
    assert any(name == "interaction.detail" for name, _ in texts_in(store))


def test_tickets(store, anna, line):
    key, text = uuid.uuid4(), text_of(line)
    new = NewTicket(anna.id, line, line, line, text, line, line)
    do(store, lambda w: w.open_ticket(new, line, key))
    do(store, lambda w: w.comment_ticket(key, text, line, is_answer=True))
    do(store, lambda w: w.change_ticket(key, {"priority": "high", "kind": "z" + line}, line))
    do(store, lambda w: w.escalate_ticket(key, line, line, text, hand_over=True))
    do(store, lambda w: w.move_ticket(key, "y" + line, line, text))
    check(store)


def test_sales(store, anna, now, line):
    order = Order(
        uuid.uuid4(), anna.id, now, line, line, carrier=line, tracking=line,
        detail=text_of(line), lines=(OrderLine(line, line),),
    )  # fmt: skip
    invoice = Invoice(uuid.uuid4(), anna.id, now, line, 100, method=line)
    money = Receipt(uuid.uuid4(), anna.id, now, 100, "EUR", invoice.id, line, reference=line)
    do(store, lambda w: SalesWriting(w, line).add_order(order))
    do(store, lambda w: SalesWriting(w, line).add_invoice(invoice))
    do(store, lambda w: SalesWriting(w, line).add_receipt(money))
    lead = Lead(uuid.uuid4(), anna.id, now, line, "new", source=line, next_step=line, owner=line)
    do(store, lambda w: LeadWriting(w, line).add(lead))
    check(store)


def test_surveys(store, anna, now, line):
    text = text_of(line)
    question = Question(uuid.uuid4(), QuestionKind.CHOICE, line, (line,))
    survey = Survey(uuid.uuid4(), line, SurveyScale.NPS, text, (question,))
    do(store, lambda w: SurveyWriting(w, line).save([survey]))
    answer = SurveyAnswer(
        uuid.uuid4(), anna.id, now, SurveyScale.NPS, 3, text, survey.id, line, who=line,
        replies=(Reply(question.id, line, text),),
    )  # fmt: skip
    do(store, lambda w: SurveyWriting(w, line).answer(answer))
    check(store)


def test_follow_ups(store, anna, now, line):
    one = FollowUp(
        uuid.uuid4(), anna.id, FollowUpKind.PROMISE, line, now, now + timedelta(days=1),
        who=line, owner=line, detail=text_of(line), place=line,
    )  # fmt: skip
    do(store, lambda w: w.add_follow_ups((one,), line))
    check(store)


def test_outreach(store, anna, now, line):
    text = text_of(line)
    said = Consent(uuid.uuid4(), anna.id, now, Channel.EMAIL, line, True, line, text, line)
    do(store, lambda w: w.record_consents((said,), line))
    template = MessageTemplate(uuid.uuid4(), line, line, text, purpose=line)
    do(store, lambda w: w.save_message_templates([template], line))
    message = Message(
        uuid.uuid4(), anna.id, now, "anna@gross.example", line, text, "<1@x.example>", who=line
    )
    do(store, lambda w: w.queue_message(message, line))
    check(store)
    sent = do(store, lambda w: w.take_message())
    assert mask_card_numbers(f"{sent.subject}\n{sent.body}")[1] == 0


def test_the_plan(store, line):
    plan = lambda w: PlanWriting(w, line)  # noqa: E731
    do(store, lambda w: plan(w).save_picklist(PicklistKey.SEGMENT, [Choice("gold", line)]))
    field = CustomField("card", line, CustomFieldKind.CHOICE, (line,), line)
    do(store, lambda w: plan(w).save_fields([field]))
    rule = Group((Condition("name", Operator.CONTAINS, (line[-60:],)),))
    do(store, lambda w: w.save_segments([Segment(uuid.uuid4(), line, rule)], line))
    hours = (WorkHours(0, 480, 1020),)
    calendar = WorkCalendar(
        uuid.uuid4(), line, "UTC", hours=hours, holidays=(Holiday(date(2026, 12, 25), line),)
    )
    do(store, lambda w: w.save_calendar(calendar, line))
    policy = SlaPolicy(uuid.uuid4(), line, first_answer_minutes=60, escalate_to=line)
    do(store, lambda w: w.save_policies([policy], line))
    check(store)


def test_customers(store, anna, line):
    plan = [CustomField("card", "Loyalty card", CustomFieldKind.TEXT)]
    do(store, lambda w: PlanWriting(w, "Ann").save_fields(plan))
    base = store.read(lambda r: opened_customer(r, anna.id)).result()
    edited = replace(
        base.customer, name=line, role=line, account_id=line, salutation=line, source=line,
        segment=line, owner=line, addresses=(Address("home", line, line, line, "DE"),),
    )  # fmt: skip
    mine = EditedCustomer(edited, {"card": text_of(line)})
    do(store, lambda w: CustomerEdits(w).edit(base, mine, line))
    created = EditedCustomer(replace(edited, id=uuid.uuid4()), {"card": text_of(line)})
    do(store, lambda w: CustomerEdits(w).create(created, line))
    check(store)


def test_all_lines_of_a_note_are_kept(store, anna, now):
    text = "\n".join(f"line {number}" for number in range(2_000))
    do(store, lambda w: NoteWriting(w, "Ann").add(anna.id, text, now))
    assert ("interaction.detail", text) in set(texts_in(store))
