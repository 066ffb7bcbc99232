"""The ignore list: who is on it and why, and every step taken back."""

from __future__ import annotations

import uuid

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule

ENTRIES = (
    (IgnoreKind.EXACT, "+442079460991", "+442079460991 is ignored"),
    (IgnoreKind.PREFIX, "+4479", "Numbers that begin with +4479 are ignored"),
    (IgnoreKind.PATTERN, "+1202555??*", "Numbers like +1202555??* are ignored"),
)


def rule(kind=IgnoreKind.EXACT, text="+442079460991", reason="Robot"):
    return IgnoreRule(uuid.uuid4(), kind, text, reason)


@pytest.mark.parametrize(("kind", "text", "title"), ENTRIES)
def test_entry_is_listed_and_taken_back(write, read, now, kind, text, title):
    entry = rule(kind, text)
    change = write(lambda w: w.ignore(entry, "1001"))
    assert (change.kind, change.title, change.rows) == (ChangeKind.IGNORE, title, 1)
    assert read(lambda r: r.ignored()) == (IgnoreRule(entry.id, kind, text, "Robot", "1001", now),)
    write(lambda w: w.undo_change(change.id, "1002"))
    assert read(lambda r: r.ignored()) == ()


def test_removed_entry_comes_back(write, read):
    entry, other = rule(), rule(text="+442079460992")
    write(lambda w: (w.ignore(entry, "1001"), w.ignore(other, "1001")))
    before = read(lambda r: r.ignored())
    change = write(lambda w: w.stop_ignoring(entry.id, "1002"))
    assert [one.id for one in read(lambda r: r.ignored())] == [other.id]
    write(lambda w: w.undo_change(change.id, "1002"))
    assert read(lambda r: r.ignored()) == before


@pytest.mark.parametrize("text", ["", " ", "*", "+", "???", "anonymous", "\u202e"])
def test_entry_for_everybody_is_refused(write, read, text):
    with pytest.raises(UserFacingError, match="for the ignore list"):
        write(lambda w: w.ignore(rule(IgnoreKind.PATTERN, text), "1001"))
    assert read(lambda r: r.ignored()) == ()


def test_same_entry_twice_is_refused_but_another_kind_is_not(write, read):
    write(lambda w: w.ignore(rule(), "1001"))
    with pytest.raises(UserFacingError, match="already"):
        write(lambda w: w.ignore(rule(), "1001"))
    write(lambda w: w.ignore(rule(IgnoreKind.PREFIX), "1001"))
    assert len(read(lambda r: r.ignored())) == 2


def test_entry_that_is_gone_cannot_be_removed(write):
    entry = rule()
    write(lambda w: w.ignore(entry, "1001"))
    write(lambda w: w.stop_ignoring(entry.id, "1001"))
    for key in (entry.id, uuid.uuid4()):
        with pytest.raises(UserFacingError, match="no longer on the ignore list"):
            write(lambda w, k=key: w.stop_ignoring(k, "1001"))


def test_text_of_an_entry_is_cleaned(write, read):
    write(lambda w: w.ignore(rule(text="\u202e+44 20 7946 0999", reason="a\nb\u2066"), "1001\x00"))
    (entry,) = read(lambda r: r.ignored())
    assert (entry.text, entry.reason, entry.who) == ("+442079460999", "a b", "1001")
