"""What is for somebody who was merged goes to who stays; for a removed one it is refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import (
    FollowUp,
    FollowUpKind,
    FollowUpOutcome,
    Repeat,
    RepeatUnit,
)
from crmdesk.domain.leads import Lead
from crmdesk.domain.outreach import Channel, Consent
from crmdesk.domain.sales import Invoice, MethodKind, Order, PaymentMethod, Receipt
from crmdesk.domain.surveys import SurveyAnswer, SurveyScale
from crmdesk.domain.tickets import NewTicket
from crmdesk.store.audit.notes import NoteWriting
from crmdesk.store.sales.leads import LeadWriting
from crmdesk.store.sales.writing import SalesWriting
from crmdesk.store.surveys.writing import SurveyWriting
from crmdesk.store.tables import (
    consent,
    follow_up,
    interaction,
    opportunity,
    payment,
    payment_method,
    receipt,
    sales_order,
    survey_answer,
    ticket,
)
from tests.store.conftest import NOW


def _promise(customer_id, **facts):
    return FollowUp(
        id=uuid.uuid4(), customer_id=customer_id, kind=FollowUpKind.PROMISE, title="10 %",
        at=NOW, due_at=NOW + timedelta(hours=1), **facts,
    )  # fmt: skip


def _follow_up(writer, whose):
    writer.add_follow_ups((_promise(whose),), "Ben")


def _order(writer, whose):
    SalesWriting(writer, "Ben").add_order(Order(uuid.uuid4(), whose, NOW, "O-1"))


def _paid_invoice(writer, whose):
    key = uuid.uuid4()
    paid = Receipt(uuid.uuid4(), whose, NOW, 100, invoice_id=key)
    new = Invoice(key, whose, NOW, "R-1", 100, receipts=(paid,))
    SalesWriting(writer, "Ben").add_invoice(new)


def _receipt(writer, whose):
    SalesWriting(writer, "Ben").add_receipt(Receipt(uuid.uuid4(), whose, NOW, 100))


def _method(writer, whose):
    SalesWriting(writer, "Ben").add_method(PaymentMethod(uuid.uuid4(), whose, MethodKind.CARD))


def _lead(writer, whose):
    LeadWriting(writer, "Ben").add(Lead(uuid.uuid4(), whose, NOW, "Roof", "new"))


def _note(writer, whose):
    NoteWriting(writer, "Ben").add(whose, "Wants a quote", NOW)


def _consent(writer, whose):
    said = Consent(uuid.uuid4(), whose, NOW, Channel.EMAIL, "updates", is_given=True)
    writer.record_consents((said,), "Ben")


def _ticket(writer, whose):
    new = NewTicket(customer_id=whose, kind="request", subject="Leak", priority="normal")
    writer.open_ticket(new, "Ben")


def _survey(writer, whose):
    SurveyWriting(writer, "Ben").answer(SurveyAnswer(uuid.uuid4(), whose, NOW, SurveyScale.CSAT, 4))


WAYS = [
    (_follow_up, (follow_up,)),
    (_order, (sales_order,)),
    (_paid_invoice, (payment, receipt)),
    (_receipt, (receipt,)),
    (_method, (payment_method,)),
    (_lead, (opportunity,)),
    (_note, (interaction,)),
    (_consent, (consent,)),
    (_ticket, (ticket,)),
    (_survey, (survey_answer,)),
]
every_way = pytest.mark.parametrize(
    ("way", "tables"), WAYS, ids=[way.__name__.strip("_") for way, _ in WAYS]
)


@pytest.fixture
def three(write, make_person):
    people = [make_person(name) for name in ("Anna Groß", "Anna Gross", "A. Groß")]
    for one in people:
        write(lambda w, one=one: w.save_customer(one))
    return [one.id for one in people]


@pytest.fixture
def rows(read):
    def _rows(table, whose=None):
        wanted = select(func.count()).select_from(table).where(table.c.deleted_at.is_(None))
        if whose is not None:
            wanted = wanted.where(table.c.customer_id == whose)
        return read(lambda r: r._connection.execute(wanted).scalar_one())

    return _rows


@every_way
def test_what_was_begun_for_a_merged_customer_is_of_who_stays(write, rows, three, way, tables):
    keep, other, third = three
    write(lambda w: w.merge_customers(other, third, "Carla"))
    write(lambda w: w.merge_customers(keep, other, "Carla"))
    write(lambda w: way(w, third))
    for table in tables:
        assert rows(table, keep) == rows(table) == 1


@every_way
def test_nothing_is_written_for_a_removed_customer(write, rows, three, way, tables):
    keep, other, _ = three
    write(lambda w: w.merge_customers(keep, other, "Carla"))
    write(lambda w: w.delete_customer(keep))
    for whose in (keep, other, uuid.uuid4()):
        with pytest.raises(UserFacingError, match="no longer in the store"):
            write(lambda w, whose=whose: way(w, whose))
    assert [rows(table) for table in tables] == [0] * len(tables)


def test_no_said_into_the_form_of_a_merged_customer_stops_mail(write, read, three):
    keep, other, _ = three
    yes = Consent(
        uuid.uuid4(), keep, NOW - timedelta(days=9), Channel.EMAIL, "updates", is_given=True
    )
    write(lambda w: w.record_consents((yes,), "Ben"))
    write(lambda w: w.merge_customers(keep, other, "Carla"))
    no = Consent(uuid.uuid4(), other, NOW, Channel.EMAIL, "updates", is_given=False)
    write(lambda w: w.record_consents((no,), "Ben"))
    assert not read(lambda r: r.may_send(keep, Channel.EMAIL, "updates"))
    assert [one.id for one in read(lambda r: r.consent_history(keep))] == [no.id, yes.id]


def test_what_repeats_ends_with_the_customer(write, rows, three):
    key = three[0]
    one = _promise(key, repeat=Repeat(RepeatUnit.WEEK, 1))
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    write(lambda w: w.delete_customer(key))
    write(lambda w: w.finish_follow_up(one.id, FollowUpOutcome.KEPT, "Ben", NOW.tzinfo))
    assert rows(follow_up) == 1


# --- which word holds ---------------------------------------------------------------------------


def _said(whose, key, *, is_given, ago=timedelta(0)):
    return Consent(uuid.UUID(int=key), whose, NOW - ago, Channel.EMAIL, "updates", is_given)


@pytest.mark.parametrize("keys", [(1, 2, 3), (3, 2, 1)], ids=["rising", "falling"])
@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=9)], ids=["now", "of one day"])
@pytest.mark.parametrize("last", [True, False], ids=["yes", "no"])
@pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
def test_of_one_instant_what_is_said_last_holds(write, read, three, keys, ago, last, together):
    key = three[0]
    words = (last, not last, last)
    said = [_said(key, n, is_given=word, ago=ago) for n, word in zip(keys, words, strict=True)]
    for part in [said] if together else [[one] for one in said]:
        write(lambda w, part=part: w.record_consents(part, "Ben"))
    assert read(lambda r: r.may_send(key, Channel.EMAIL, "updates")) is last
    history = read(lambda r: r.consent_history(key))
    assert [one.id.int for one in history] == [*reversed(keys)]


@pytest.mark.parametrize("keys", [(1, 2), (2, 1)], ids=["rising", "falling"])
def test_of_one_instant_of_two_who_are_merged_the_no_holds(write, read, three, keys):
    keep, other, _ = three
    yes, no = _said(keep, keys[0], is_given=True), _said(other, keys[1], is_given=False)
    for one in (yes, no):
        write(lambda w, one=one: w.record_consents((one,), "Ben"))
    write(lambda w: w.merge_customers(keep, other, "Carla"))
    assert not read(lambda r: r.may_send(keep, Channel.EMAIL, "updates"))
