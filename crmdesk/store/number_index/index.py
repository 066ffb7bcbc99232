"""The look-ups of the store, answered from memory."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from crmdesk.domain.matches import Claim, Occasion, Owner, OwnerFacts
from crmdesk.store.number_index.numbers import Numbers, e164_key
from crmdesk.store.number_index.people import People
from crmdesk.store.owners.statements import COUNT_LIMIT, OWNER_LIMIT

if TYPE_CHECKING:
    from crmdesk.store.number_index.rows import Rows
    from crmdesk.store.reader import Reader

Owners = tuple[Owner, ...]
Progress = Callable[[int, int], None]


class NumberIndex:
    """Implements `crmdesk.matching.lookup.OwnerLookup` for very many questions.

    Answers what the reader answers, as of the moment it was made. What is rare it asks the
    reader: account ids, evidence for several owners, and numbers with more owners than an
    answer holds. Like the reader, it must not leave its job.

    Args:
        reader: Of the store.
        progress: Told rows that are read and how many there are, now and then.
    """

    def __init__(self, reader: Reader, progress: Progress | None = None) -> None:
        self._reader = reader
        self._people = People()
        self._numbers = Numbers()
        counted = _Counted(reader.index_size(), progress or _tell_nobody)
        for customers in counted.through(reader.all_customers()):
            self._people.add(customers)
        self._people.link_companies()
        for numbers in counted.through(reader.all_numbers()):
            self._numbers.add(numbers, self._people)
        self._numbers.sort()
        self._claims = reader.all_claims()
        self._last_facts: tuple[object, Mapping[uuid.UUID, OwnerFacts]] = (None, {})

    def by_account(self, account_id: str) -> Owners:
        """Owners of an account, from the store."""
        return self._reader.by_account(account_id)

    def by_e164(self, e164: str) -> Owners:
        """Owners of a number, whatever the extension."""
        if not e164:
            return ()
        places = self._numbers.by_e164.equal(e164_key(e164))
        if len(places) > OWNER_LIMIT:
            return self._reader.by_e164(e164)
        return self._owners(places)

    def by_extension(self, e164: str, extension: str) -> Owners:
        """Owners of a number with just this extension."""
        if not (e164 and extension):
            return ()
        places = self._numbers.by_e164.equal(e164_key(e164))
        if len(places) > OWNER_LIMIT:
            return self._reader.by_extension(e164, extension)
        owners = self._owners(places)
        return tuple(owner for owner in owners if owner.extension == extension)

    def by_national(self, national: str, region: str) -> Owners:
        """Owners of a national significant number; region "" means any."""
        places = self._numbers.by_national.equal(national)
        if region:
            places = [place for place in places if self._numbers.region(place) == region]
        if len(places) > OWNER_LIMIT:
            return self._reader.by_national(national, region)
        return self._owners(places)

    def by_any_e164(self, numbers: tuple[str, ...]) -> Owners:
        """Owners of any of at most `OWNER_LIMIT` numbers."""
        found = [self._numbers.by_e164.equal(e164_key(e164)) for e164 in {*numbers} if e164]
        if sum(map(len, found)) > OWNER_LIMIT or len(numbers) > OWNER_LIMIT:
            return self._reader.by_any_e164(numbers)
        return self._owners(chain.from_iterable(found))

    def by_prefix(self, e164_start: str) -> Owners:
        """Owners of numbers that begin so; empty for ""."""
        if not e164_start:
            return ()
        places = self._numbers.by_e164.starting(e164_key(e164_start))
        if len(places) > OWNER_LIMIT:
            return self._reader.by_prefix(e164_start)
        return self._owners(places)

    def by_suffix(self, digits: str) -> Owners:
        """Owners of numbers, read or not, that end with these digits; empty for ""."""
        if not digits:
            return ()
        places = self._numbers.by_ending.starting(digits[::-1])
        if len(places) > OWNER_LIMIT:
            return self._reader.by_suffix(digits)
        return self._owners(places)

    def claims(self, e164: str) -> tuple[Claim, ...]:
        """What agents said of this number, newest first."""
        return self._claims.get(e164, ())

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        """What speaks for each of several callers, from the store.

        The last answer is kept: who compares two sets of rules asks everything twice.
        """
        question = (e164, customers, occasion)
        if self._last_facts[0] != question:
            self._last_facts = question, self._reader.facts(e164, customers, occasion)
        return self._last_facts[1]

    def owner_count(self, e164: str) -> int:
        """How many customers have or had this number, counted up to `COUNT_LIMIT`."""
        places = self._numbers.by_e164.equal(e164_key(e164)) if e164 else ()
        owners: set[int] = set()
        for place in places:
            owners.add(self._numbers.owner(place))
            if len(owners) == COUNT_LIMIT:
                break
        return len(owners)

    def _owners(self, places: Iterable[int]) -> Owners:
        """Companies first, then the oldest customer, as the reader has them."""
        found = [(self._numbers.owner(place), place) for place in places]
        if len(found) > 1:
            found.sort(key=lambda pair: (not self._people.is_company(pair[0]), *pair))
        return tuple(self._owner(*pair) for pair in found)

    def _owner(self, customer: int, number: int) -> Owner:
        return Owner(**self._people.facts(customer), **self._numbers.facts(number))


class _Counted:
    """Tells how many rows went through."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def through(self, parts: Iterator[Rows]) -> Iterator[Rows]:
        for part in parts:
            yield part
            self._done += len(part)
            self._progress(min(self._done, self._total), self._total)


def _tell_nobody(_done: int, _total: int) -> None:
    pass
