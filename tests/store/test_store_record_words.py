"""What a word is to the index of records."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.store.record_index.words import asked_words, holds, index_text, query, words

OWNER = uuid.UUID("0190b3a4-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wrong INVOICE, twice!", ["wrong", "invoice", "twice"]),
        ("Größe naïve", ["grosse", "naive"]),
        ("T-1042/b", ["t", "1042", "b"]),
        ("a_b", ["a", "b"]),
        ("客户投诉", ["客", "户", "投", "诉"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("हिन्दी में", ["हिनदी", "में"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("\ue000\ue000 x", ["x"]),
        ("x" * 90, ["x" * 40]),
        ("", []),
        ("!!! \x00 ...", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_a_query_has_the_longest_beginning_the_index_keeps():
    asked = ["in", "inv", "invo", "invoices"]
    assert query(asked) == '"inv"* AND "inv"* AND "invoic"*'
    assert query(["in"]) == ""
    assert query(["in"], whole=True) == '"in"'
    assert query(["诉"], OWNER) == f'"\ue000{OWNER.hex}" AND "诉"'


@pytest.mark.parametrize(
    ("asked", "found"),
    [("inv", True), ("voice", False), ("wrong inv", True), ("grosse", True), ("groesse", True),
     ("投诉", True), ("诉x", False), ("1042", True), ("042", False)],
)  # fmt: skip
def test_texts_hold_what_their_words_begin_with(asked, found):
    texts = ("Wrong invoice 1042", "Größe 客户投诉")
    assert holds(texts, asked_words(asked)) is found


@given(st.text(max_size=300), st.integers(0, 20), st.integers(1, 8))
def test_every_beginning_of_a_word_is_found_in_its_own_text(text, place, length):
    every = words(text)
    if every:
        start = every[place % len(every)][:length]
        assert holds((text,), (start,))


@given(st.text(max_size=300))
def test_no_text_has_the_word_of_an_owner(text):
    owner, *rest = index_text(OWNER, (text,)).split(" ")
    assert owner == f"\ue000{OWNER.hex}"
    assert not any("\ue000" in word for word in rest)


@given(st.text(max_size=120))
def test_a_query_is_quoted_whatever_is_typed(text):
    for part in filter(None, query(asked_words(text)).split(" AND ")):
        assert part.rstrip("*")[0] == part.rstrip("*")[-1] == '"'
        assert part.count('"') == 2
