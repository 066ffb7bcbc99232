"""The index in memory answers what the store answers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.domain.matches import Occasion
from crmdesk.store import Reader, open_store
from crmdesk.store.number_index import NumberIndex
from crmdesk.store.number_index.digits import Texts, packed, unpacked
from crmdesk.store.number_index.keys import NOWHERE, KeyIndex
from crmdesk.store.tables import customer, customer_number, number_claim
from tests.store.owner_rows import (
    LONG_AGO,
    claim_row,
    customer_row,
    fill,
    key,
    number_row,
)

E164S = (
    "+493023125000",
    "+4930231250",
    "+49302312500",
    "+4930231250012",
    "+442079460123",
    "+12025550101",
    "4930231250",
    "+4930x1",
    "+4930231250000000000000",
)
NATIONALS = ("3023125000", "03023125000", "2079460123", "2025550101", "302312500000000000")
OCCASION = Occasion(date(2026, 6, 15), line_id="line")


def _is_removed(draw: Any) -> Any:
    return LONG_AGO if draw(st.integers(0, 4)) == 0 else None


@st.composite
def rows(draw: Any) -> dict[Any, list[tuple[Any, ...]]]:
    """Some customers, their numbers and what was said of them."""
    people = draw(st.integers(1, 8))
    somebody = st.integers(1, people)
    customers = [
        customer_row(
            n,
            draw(st.text("Zoëß \U0001f4de", min_size=1, max_size=6)),
            kind=draw(st.sampled_from(["person", "company"])),
            status=draw(st.sampled_from(["active", "former"])),
            company_id=draw(st.sampled_from([None, key(1), key(people), key(99)])),
            deleted_at=_is_removed(draw),
        )
        for n in range(1, people + 1)
    ]
    numbers = []
    for n in range(1, draw(st.integers(0, 24)) + 1):
        e164 = draw(st.sampled_from([*E164S, None]))
        ending = "".join(filter(str.isdecimal, e164 or draw(st.sampled_from(NATIONALS))))
        numbers.append(
            number_row(
                n,
                draw(somebody),
                e164,
                raw=e164 or ending,
                rev_digits=ending[::-1],
                national=draw(st.sampled_from([*NATIONALS, ""])),
                region=draw(st.sampled_from(["DE", "GB", ""])),
                label=draw(st.sampled_from(["work", "switchboard"])),
                extension=draw(st.sampled_from(["", "12"])),
                since=draw(st.sampled_from([None, date(2020, 1, 1)])),
                until=draw(st.sampled_from([None, date(2023, 12, 31)])),
                deleted_at=_is_removed(draw),
            )
        )
    claims = [
        claim_row(
            n,
            draw(somebody),
            draw(st.sampled_from(E164S)),
            draw(st.sampled_from(["chosen", "denied"])),
        )
        for n in range(1, draw(st.integers(0, 4)) + 1)
    ]
    return {customer: customers, customer_number: numbers, number_claim: claims}


def _questions() -> dict[str, Callable[[Any], Any]]:
    """Every method of the protocol, with every number there is and parts of them."""
    asked: dict[str, Callable[[Any], Any]] = {}
    for e164 in (*E164S, "+4912", ""):
        asked[f"by_e164 {e164}"] = lambda r, e=e164: _alike(r.by_e164(e))
        for extension in ("", "12", "9"):
            asked[f"by_extension {e164} {extension}"] = lambda r, e=e164, x=extension: _alike(
                r.by_extension(e, x)
            )
        asked[f"claims {e164}"] = lambda r, e=e164: r.claims(e)
        asked[f"owner_count {e164}"] = lambda r, e=e164: r.owner_count(e)
        for end in range(len(e164) + 1):
            asked[f"by_prefix {e164[:end]}"] = lambda r, e=e164[:end]: _alike(r.by_prefix(e))
            asked[f"by_suffix {e164[end:]}"] = lambda r, e=e164[end:]: _alike(r.by_suffix(e))
    for national in (*NATIONALS, "", "abc"):
        for region in ("", "DE", "FR"):
            asked[f"by_national {national} {region}"] = lambda r, n=national, c=region: _alike(
                r.by_national(n, c)
            )
        asked[f"by_suffix {national}"] = lambda r, n=national: _alike(r.by_suffix(n))
    for some in (E164S, E164S[:2], E164S[:1] * 2, ()):
        asked[f"by_any_e164 {some}"] = lambda r, s=some: _alike(r.by_any_e164(s))
    two = (key(1), key(2))
    asked["facts"] = lambda r: [r.facts(E164S[0], two, OCCASION) for _ in range(2)]
    asked["by_account"] = lambda r: r.by_account("A1")
    return asked


def _alike(owners: Any) -> tuple[list[Any], list[str]]:
    """Customers in their order, numbers of one customer in any."""
    return [owner.customer_id for owner in owners], sorted(map(repr, owners))


QUESTIONS = _questions()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=rows())
def test_index_answers_what_the_store_answers(rows):
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder) / "crmdesk.db", bytes(range(32))) as store,
    ):
        fill(store, rows)
        store.read(_compare).result()


def _compare(reader: Reader) -> None:
    index = NumberIndex(reader)
    for name, ask in QUESTIONS.items():
        assert ask(index) == ask(reader), name


@pytest.fixture
def crowd(store):
    """More owners of one number, one beginning and one ending than an answer holds."""
    count = 70
    fill(
        store,
        {
            customer: [customer_row(n) for n in range(1, count + 3)],
            customer_number: [
                *(
                    number_row(n, n, "+493023125000", national="3023125000")
                    for n in range(1, count)
                ),
                number_row(count, count, "+442079460123", national="2079460123"),
            ],
            number_claim: [claim_row(1, count - 1, "+493023125000", "chosen")],
        },
    )


@pytest.mark.usefixtures("crowd")
def test_what_is_too_much_is_asked_of_the_store(read):
    def both(reader: Reader) -> list[tuple[Any, Any]]:
        index = NumberIndex(reader)
        return [(ask(index), ask(reader)) for ask in QUESTIONS.values()]

    pairs = read(both)
    assert [pair[0] for pair in pairs] == [pair[1] for pair in pairs]
    assert read(lambda r: len(NumberIndex(r).by_e164("+493023125000"))) == 64
    assert read(lambda r: NumberIndex(r).owner_count("+493023125000")) == 69
    with pytest.raises(ValueError, match="65"):
        read(lambda r: NumberIndex(r).by_any_e164(("+4930",) * 65))


@pytest.mark.usefixtures("crowd")
def test_progress_ends_with_everything(read):
    told: list[tuple[int, int]] = []
    read(lambda r: NumberIndex(r, lambda done, total: told.append((done, total))) and None)
    assert told[-1] == (142, 142)
    assert told == sorted(told)


def test_empty_store(read):
    index_answers = read(lambda r: [ask(NumberIndex(r)) for ask in QUESTIONS.values()][:1])
    assert index_answers == [([], [])]


digits = st.text("0123456789", min_size=1, max_size=20)


@given(texts=st.lists(digits, max_size=30), start=digits)
def test_digits_are_found_as_text_would_be(texts, start):
    taken = Texts()
    for at in range(0, len(texts), 3):
        taken.extend(texts[at : at + 3])
    index = taken.index()
    for asked in (start, *texts):
        assert sorted(index.equal(asked)) == [n for n, t in enumerate(texts) if t == asked]
        begun = [n for n, t in enumerate(texts) if t.startswith(asked)]
        assert sorted(index.starting(asked)) == begun


@given(st.text("0123456789", min_size=1, max_size=17))
def test_packed_digits_come_back(text):
    number = packed(text)
    assert number is not None
    assert unpacked(number) == text
    assert 0 < number < 1 << 64


@pytest.mark.parametrize("text", ["", "1" * 18, "12a", "٣", "²", "+1", " 1"])
def test_other_texts_are_not_packed(text):
    assert packed(text) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), unique=True))
def test_keys_are_found_where_they_are(pairs):
    keys = [_key_of(*pair) for pair in sorted(pairs)]
    index = KeyIndex()
    for at in range(0, len(keys), 3):
        index.extend(keys[at : at + 3])
    assert index.places(keys) == list(range(len(keys)))
    assert [index[at] for at in range(len(index))] == [int.from_bytes(k, "big") for k in keys]
    every = [_key_of(high, low) for high in range(5) for low in range(5)]
    found = zip(every, index.places(every), strict=True)
    assert [each for each, place in found if place != NOWHERE] == keys


def _key_of(high: int, low: int) -> bytes:
    return high.to_bytes(8, "big") + low.to_bytes(8, "big")
