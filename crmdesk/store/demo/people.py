"""Invented people and companies."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count as count_from
from random import Random
from typing import Any

from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)
from crmdesk.store.demo.history import AGENTS
from crmdesk.store.demo.numbers import NumberPlan
from crmdesk.store.demo.rows import Stamps
from crmdesk.store.demo.special import Moved, Remembered, badly_written, given_up, taken_over
from crmdesk.store.demo.words import pick, words
from crmdesk.store.fold import fold

LARGE = 600
"""From this many customers on, the three-digit ranges are too small."""

_COUNTRIES = ("DE", "DE", "DE", "GB", "FR", "US")
_DOMAINS = ("example.com", "example.org", "example.net")
_COMPANY_SHARE = 0.25
_HOUSEHOLD_SHARE = 0.15
_DOUBLE_NAMES = 0.12
_STATUSES = (
    *(CustomerStatus.ACTIVE,) * 7,
    CustomerStatus.LEAD,
    CustomerStatus.DORMANT,
    CustomerStatus.FORMER,
)
_OLDEST_CUSTOMER = timedelta(days=3650)
_OWNERS = (*AGENTS.values(), "", "", "", "")
"""Six of ten customers are some agent's own."""

_SPECIAL_AT, _SPECIAL_EVERY, _SPECIAL_PEOPLE = 150, 1_000, 9


class Population:
    """Makes customers, the same ones for the same seed.

    Args:
        rng: Where chance comes from.
        stamps: For keys.
        count: How many customers there will be.
        now: Nobody is a customer since later.

    Attributes:
        remembered, moved: What else is to be said of the customers made so far.
    """

    def __init__(self, rng: Random, stamps: Stamps, count: int, now: datetime) -> None:
        self._rng = rng
        self._stamps = stamps
        self._now = now
        self._count = count
        self._plan = NumberPlan(is_large=count > LARGE)
        self._made = 0
        self._accounts = count_from(100_001)
        self._next_special = _SPECIAL_AT
        self.remembered: list[Remembered] = []
        self.moved: list[Moved] = []

    def customers(self) -> Iterator[Customer]:
        """All of them: companies followed by their people, households, single people."""
        while self._made < self._count:
            for customer in self._unit(self._count - self._made):
                self._made += 1
                yield customer

    def _unit(self, room: int) -> list[Customer]:
        if self._made >= self._next_special and room >= _SPECIAL_PEOPLE:
            self._next_special += _SPECIAL_EVERY
            return self._special()
        country = self._country()
        city = int(self._rng.random() * len(words()[country]["cities"]))
        chance = self._rng.random()
        if chance < _COMPANY_SHARE:
            return self._company(country, city, min(room, 2 + int(self._rng.random() * 6)))
        if chance < _COMPANY_SHARE + _HOUSEHOLD_SHARE and room > 1:
            return self._household(country, city)
        return [self._private(country, city)]

    def _country(self) -> str:
        country = pick(self._rng, list(_COUNTRIES))
        room = country == "DE" or self._plan.has_room(country, 8)
        return country if room else "DE"

    # --- companies --------------------------------------------------------------------------

    def _company(self, country: str, city: int, size: int) -> list[Customer]:
        """A company and its people, who share its address and its switchboard."""
        rng, names = self._rng, words()[country]
        name = f"{pick(rng, names['companies'])} {pick(rng, names['suffixes'])}"
        block = self._plan.company_block(country, city)
        main = f"{block}0" if block else self._plan.line(country, city)
        address = self._address(country, city, "work")
        company = replace(
            self._blank(CustomerKind.COMPANY, name, country),
            numbers=_numbers((main, "switchboard")),
            emails=(Email(f"info@{_slug(name)}.{pick(rng, list(_DOMAINS))}", "work"),),
            addresses=(address,),
        )
        people = (self._employee(country, company, block, main, desk) for desk in range(1, size))
        return [company, *people]

    def _employee(
        self, country: str, company: Customer, block: str | None, main: str | None, desk: int
    ) -> Customer:
        """Most have a direct line, some only the switchboard, some a mobile besides."""
        rng = self._rng
        person = self._person(country, company.emails[0].address.partition("@")[2])
        direct = f"{block}{desk}" if block and rng.random() < 0.75 else None
        numbers = _numbers(
            (direct, "work"),
            (None if direct else main, "switchboard"),
            (self._plan.mobile(country) if rng.random() < 0.3 else None, "mobile"),
        )
        return replace(
            person,
            company_id=company.id,
            company_name=company.name,
            owner=company.owner,
            role=pick(rng, words()["roles"]),
            segment=company.segment,
            numbers=numbers,
            addresses=company.addresses,
        )

    # --- homes ------------------------------------------------------------------------------

    def _household(self, country: str, city: int) -> list[Customer]:
        """Two people, one line: a call from it matches both."""
        first = self._private(country, city)
        second = self._person(country, pick(self._rng, list(_DOMAINS)))
        family = first.name.rpartition(" ")[2]
        second = replace(
            second,
            name=f"{second.name.partition(' ')[0]} {family}",
            salutation=f"{second.salutation.partition(' ')[0]} {family}",
            owner=first.owner,
            numbers=first.numbers[:1],
            addresses=first.addresses,
        )
        return [first, second]

    def _special(self) -> list[Customer]:
        """A number handed on, one given up, a choice that is remembered, bad spellings."""
        former, gone = (given_up(self._private("DE", city), self._new_line()) for city in (0, 1))
        present = taken_over(self._private("DE", 0), former.numbers[1].raw)
        self.moved.append(Moved(former.numbers[1].raw, former))
        first, second = self._household("DE", 2)
        self.remembered.append(
            Remembered(first.numbers[0].raw, second, next(iter(AGENTS.values())))
        )
        british = "GB" if self._plan.has_room("GB", 2) else "DE"
        old_list = [self._private(country, 0) for country in ("DE", "DE", british, "DE")]
        return [former, present, gone, first, second, *badly_written(old_list)]

    def _new_line(self) -> str:
        number = self._plan.line("DE", 3)
        if number is None:
            raise ValueError("the ranges kept for films are used up")
        return number

    def _private(self, country: str, city: int) -> Customer:
        person = self._person(country, pick(self._rng, list(_DOMAINS)))
        mobile = self._plan.mobile(country) if self._rng.random() < 0.5 else None
        return replace(
            person,
            numbers=_numbers((self._plan.line(country, city), "home"), (mobile, "mobile")),
            addresses=(self._address(country, city, "home"),),
        )

    def _person(self, country: str, domain: str) -> Customer:
        rng, names = self._rng, words()[country]
        given, family = pick(rng, names["given"]), pick(rng, names["family"])
        if rng.random() < _DOUBLE_NAMES and "-" not in family:
            family = f"{family}-{pick(rng, names['family'])}"
        person = self._blank(CustomerKind.PERSON, f"{given} {family}", country)
        address = f"{_slug(given)}.{_slug(family)}@{domain}"
        return replace(
            person,
            salutation=f"{pick(rng, names['salutations'])} {family}",
            emails=(Email(address, "home" if domain in _DOMAINS else "work"),),
        )

    def _blank(self, kind: CustomerKind, name: str, country: str) -> Customer:
        """Name and what has nothing to do with it."""
        rng, lists = self._rng, words()
        account = next(self._accounts)
        return Customer(
            id=uuid.UUID(bytes=self._stamps.new_key()),
            kind=kind,
            name=name,
            account_id=str(account),
            language=lists["languages"][country],
            source=pick(rng, lists["sources"]),
            status=_STATUSES[int(rng.random() * len(_STATUSES))],
            segment=pick(rng, lists["segments"]),
            customer_since=self._some_day(),
            do_not_call=rng.random() < 0.02,
            owner=_OWNERS[account % len(_OWNERS)],
        )

    def _some_day(self) -> date:
        return (self._now - self._rng.random() * _OLDEST_CUSTOMER).date()

    def _address(self, country: str, city: int, kind: str) -> Address:
        names: dict[str, Any] = words()[country]
        town, postcode = names["cities"][city]
        number = 1 + int(self._rng.random() * 140)
        street = pick(self._rng, names["streets"])
        text = f"{street} {number}" if country == "DE" else f"{number} {street}"
        return Address(kind, text, postcode, town, country)


def _numbers(*wanted: tuple[str | None, str]) -> tuple[PhoneNumber, ...]:
    return tuple(PhoneNumber(e164, e164, label) for e164, label in wanted if e164)


def _slug(name: str) -> str:
    return "".join(char for char in fold(name) if char.isascii() and char.isalnum())
