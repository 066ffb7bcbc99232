"""Templates fill in what is known and can do nothing else."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.desk.outreach.placeholders import KNOWN, PLACEHOLDERS, samples, values_of
from crmdesk.desk.outreach.templates import (
    LONGEST_TEMPLATE,
    UnusableTemplateError,
    body_of,
    check,
    render,
    subject_of,
)
from crmdesk.domain.customers import Customer, CustomerKind, Email
from crmdesk.domain.planning import Picklists

JANE = Customer(
    id=uuid.uuid4(),
    kind=CustomerKind.PERSON,
    name="Jane Doe",
    company_name="Hansen Logistics",
    emails=(Email("jane@hansen.example"),),
)


def test_all_placeholders_are_filled_in_for_a_customer():
    values = values_of(JANE, "Ben", "1002", date(2026, 11, 22), Picklists())
    texts = {name: render(f"{{{{ {name} }}}}", values) for name in KNOWN}
    assert texts == {
        "customer.name": "Jane Doe",
        "customer.first_name": "Jane",
        "customer.address": "Jane Doe",
        "customer.company": "Hansen Logistics",
        "customer.account": "",
        "customer.email": "jane@hansen.example",
        "customer.segment": "",
        "agent.name": "Ben",
        "agent.extension": "1002",
        "today": "22 Nov 2026",
    }


def test_samples_fill_in_all_that_is_offered():
    for one in PLACEHOLDERS:
        assert render(f"{{{{ {one.name} }}}}", samples()) == one.sample


def test_ifs_and_filters():
    template = (
        "Dear {{ customer.address }},\n"
        "{% if customer.segment == 'Gold' %}as a gold customer{% else %}now{% endif %}"
        " {{ customer.company|upper }}"
    )
    assert body_of(template, samples()) == "Dear Frau Dr. Doe,\nas a gold customer HANSEN LOGISTICS"


def test_subject_is_one_line_however_it_is_written():
    values = values_of(JANE, "Ben\r\nBcc: all@example.com", "", date(2026, 1, 1), Picklists())
    subject = subject_of("News\n{{ agent.name }}", values)
    assert subject == "News Ben Bcc: all@example.com"


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("{% for a in 'abc' %}{% for b in 'abc' %}x{% endfor %}{% endfor %}", "Loops"),
        ("{{ range(10**9) }}", "Loops"),
        ("{% include '/etc/passwd' %}", "other files"),
        ("{% import 'x' as y %}", "other files"),
        ("{% extends 'x' %}", "other files"),
        ("{{ customer.__class__.__mro__ }}", "no placeholder"),
        ("{{ ''.__class__ }}", "no placeholder"),
        ("{{ customer['__class__'] }}", "Only text"),
        ("{{ customer.name.upper() }}", "Loops and calls"),
        ("{{ 9**9**9 }}", "Only text"),
        ("{{ 'x' * 999999999 }}", "Only text"),
        ("{% set x = 1 %}", "Only text"),
        ("{% macro x() %}{% endmacro %}", "Only text"),
        ("{{ cycler }}", "no placeholder"),
        ("{{ self }}", "no placeholder"),
        ("{{ customer }}", "no placeholder"),
        ("{{ customer.phone }}", "There is no placeholder customer.phone"),
        ("{{ customer.name|attr('x') }}", "filter attr"),
        ("{{ customer.name|format }}", "filter format"),
        ("{{ customer.name", "cannot be read"),
        ("{% if customer.name %}", "cannot be read"),
        ("{{ " + "(" * 500 + "today" + ")" * 500 + " }}", "nested"),
        ("x" * (LONGEST_TEMPLATE + 1), "at most"),
        ("{% if today %}{% endif %}" * 4_000, "at most"),
    ],
)
def test_what_a_template_may_not_do_is_said(template, word):
    with pytest.raises(UnusableTemplateError, match=word):
        check(template)


def test_error_names_the_line():
    with pytest.raises(UnusableTemplateError) as error:
        check("Dear {{ customer.name }}\n\n{{ customer.nme }}")
    assert error.value.line == 3


@given(
    st.text(alphabet="{}%|.()[]'\" \nabcustomerngifel=0123_", max_size=80) | st.text(max_size=60)
)
def test_any_text_is_a_template_or_is_refused_in_words(text):
    try:
        check(text)
    except UnusableTemplateError as error:
        assert error.what  # noqa: PT017


@given(st.text(max_size=200))
def test_values_are_never_read_as_templates(name):
    assert render("{{ agent.name }}", {"agent": {"name": name}}) == name


@pytest.mark.parametrize(
    "template",
    [
        "{{ " + "not " * 180 + "today }}",
        ("{{ today" + "|upper" * 60 + " }}") * 75,
        ("{{ " + "not " * 90 + "today }}") * 50,
        ("{{ " + "'a' if today else " * 60 + "'b' }}") * 40,
        "{{ " + "'a'|default(" * 60 + "'b'" + ")" * 60 + " }}",
        "{{ " + "(" * 400 + "today" + ")" * 400 + " }}",
        "{{ " + "1" * 5_000 + " }}",
        "{{ today }}" * 4_000,
    ],
)
def test_templates_of_more_than_people_write_are_refused_in_words(template):
    with pytest.raises(UnusableTemplateError):
        check(template)
