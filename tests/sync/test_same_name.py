"""Whether two names are one person's or one company's."""

from __future__ import annotations

import pytest

from crmdesk.store.fold import fold
from crmdesk.sync.planning import same_name

SAME = [
    ("Jane Doe", "DOE Jane"),
    ("Jane Doe", "Dr. Jane Doe"),
    ("Prof. Dr. Jane Doe, M.Sc.", "Jane Doe"),
    ("Jane Doe-Smith", "Jane Doe Smith"),
    ("Zoë Weiß", "Zoe Weiss"),
    ("Mr John Doe", "John Doe"),
    ("Frau Doe", "frau  doe"),
    ("John Doe jun.", "John Doe, Jr."),
    ("Nord AG", "Nord"),
    ("Müller GmbH", "MÜLLER GMBH"),
    ("M. Doe", "Doe M."),
]
OPEN = [
    ("J. Doe", "Jane Doe"),
    ("Jane D.", "Jane Doe"),
    ("Doe", "Jane Doe"),
    ("Dr. Doe", "Doe"),
    ("Frau Doe", "Doe"),
    ("John Doe jun.", "John Doe"),
    ("Jane Doe", "Jane Doe-Smith"),
    ("Jane Doe", "Jane Marie Doe"),
    ("Müller GmbH", "Müller Verwaltungs GmbH"),
]
APART = [
    ("Jane Doe", "John Doe"),
    ("John Doe jun.", "John Doe sen."),
    ("John Doe II", "John Doe III"),
    ("Frau Doe", "Herr Doe"),
    ("Mrs. Doe", "Mr. Doe"),
    ("Sr. Doe", "Sra. Doe"),
    ("J. Doe", "Peter Doe"),
    ("M. Doe", "Jane Doe"),
    ("Müller GmbH", "Müller AG"),
    ("Müller GmbH", "Müller GmbH & Co. KG"),
    ("Weiss GmbH", "Anna Weiss"),
    ("Jack Ma", "Jack Smith"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_are_one_whatever_the_line(one: str, other: str) -> None:
    assert same_name.is_same(one, other)
    assert same_name.is_same(other, one)
    if fold(one) != fold(other):
        assert same_name.identity(one) == same_name.identity(other)


@pytest.mark.parametrize(("one", "other"), OPEN)
def test_names_that_may_be_one(one: str, other: str) -> None:
    assert not same_name.is_same(one, other)
    assert not same_name.is_same(other, one)
    assert same_name.can_be(one, other)
    assert same_name.can_be(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_of_two(one: str, other: str) -> None:
    for left, right in ((one, other), (other, one)):
        assert not same_name.is_same(left, right)
        assert not same_name.can_be(left, right)
        assert not same_name.can_be_renamed(left, right) or left.split()[0] == right.split()[0]


def test_a_wedding_changes_the_family_name_only() -> None:
    assert same_name.can_be_renamed("Jane Hansen", "Dr. Jane Petersen")
    assert not same_name.can_be_renamed("Jane Hansen", "John Hansen")
    assert not same_name.can_be_renamed("J. Hansen", "J. Petersen")
    assert not same_name.can_be_renamed("Nord GmbH", "Nord West AG")
    assert not same_name.can_be_renamed("John Doe jun.", "John Smith sen.")


def test_nobody_is_like_everybody() -> None:
    for nobody in ("", "+493023125100", "jane@example.com"):
        assert same_name.can_be(nobody, "Jane Doe")
        assert same_name.is_fuller("Jane Doe", nobody)
    assert not same_name.is_same("", "Jane Doe")


def test_the_fuller_name() -> None:
    assert same_name.is_fuller("Jane Doe", "J. Doe")
    assert same_name.is_fuller("Jane Doe", "Doe")
    assert not same_name.is_fuller("J. Doe", "Jane Doe")
    assert not same_name.is_fuller("Dr. Jane Doe", "Jane Doe")
    assert not same_name.is_fuller("John Doe", "Jane Doe")
