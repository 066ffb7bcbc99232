"""All numbers of the store, a page at a time, and the number clinic's last report.

Pages, not one long statement: a transaction that lasts a minute keeps the write-ahead log
from being put into the file, and the desk goes on working meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import (
    LargeBinary,
    bindparam,
    func,
    insert,
    literal,
    select,
    tuple_,
    type_coerce,
    update,
)

from crmdesk.domain.stored_numbers import NumberFix, StoredNumber
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.queries import Queries
from crmdesk.store.tables import address, customer, customer_number, meta

_REPORT = "clinic_report"
_number = customer_number.c

_country = (
    select(address.c.country)
    .where(
        address.c.customer_id == _number.customer_id,
        address.c.deleted_at.is_(None),
        address.c.country != "",
    )
    .limit(1)
    .scalar_subquery()
)
_place = tuple_(type_coerce(_number.customer_id, LargeBinary), type_coerce(_number.id, LargeBinary))
_page = (
    select(
        type_coerce(_number.id, LargeBinary),
        type_coerce(_number.customer_id, LargeBinary),
        _number.raw,
        _number.e164,
        _number.national,
        _number.extension,
        _number.region,
        _number.label,
        func.coalesce(_country, literal("")),
        customer.c.name,
        customer.c.kind,
        type_coerce(customer.c.company_id, LargeBinary),
    )
    .join(customer, customer.c.id == _number.customer_id)
    .where(
        _number.deleted_at.is_(None),
        customer.c.deleted_at.is_(None),
        _place
        > tuple_(bindparam("customer", type_=LargeBinary), bindparam("key", type_=LargeBinary)),
    )
    .order_by(_number.customer_id, _number.id)
    .limit(bindparam("limit"))
)
_count = select(func.count()).select_from(customer_number).where(_number.deleted_at.is_(None))
_report = select(meta.c.value).where(meta.c.name == _REPORT)

_keep = update(meta).where(meta.c.name == bindparam("kept")).values(value=bindparam("value"))

NumberPlace = tuple[bytes, bytes]
START: NumberPlace = (b"", b"")
"""Before the first number."""


class ClinicQueries(Queries):
    """Reads numbers for work on all of them."""

    def stored_number_count(self) -> int:
        """How many numbers there are, those of deleted customers included."""
        return int(self._connection.execute(_count).scalar_one())

    def stored_numbers(self, after: NumberPlace, limit: int) -> list[StoredNumber]:
        """A page of numbers, those of one customer side by side.

        Args:
            after: Customer and key of the last one before, `START` for the first page.
            limit: Length of the page; a shorter one is the last.
        """
        values = {"customer": after[0], "key": after[1], "limit": limit}
        return [StoredNumber(*row) for row in self._connection.execute(_page, values)]

    def clinic_report(self) -> str:
        """The last report as it was kept, "" where there is none."""
        return self.first_text(_report)


class ClinicWriting(Queries):
    """Keeps the last report, in the store: it names customers and their numbers."""

    def keep_clinic_report(self, text: str) -> None:
        """Keeps a report in place of the one before."""
        kept = self._connection.execute(_keep, {"kept": _REPORT, "value": text})
        if not kept.rowcount:
            self._connection.execute(insert(meta), {"name": _REPORT, "value": text})

    def fix_numbers(self, fixes: Iterable[NumberFix], recorder: ChangeRecorder) -> None:
        """Gives numbers another reading; what was written stays as it is.

        Args:
            fixes: Numbers that somebody changed meanwhile are left alone and counted in
                `recorder.skipped`.
            recorder: Of the change they belong to.
        """
        for fix in fixes:
            new = {**number_columns(fix.e164, fix.raw), "extension": fix.extension}
            old = {"raw": fix.raw, "e164": fix.old_e164, "extension": fix.old_extension}
            recorder.update(customer_number, uuid.UUID(bytes=fix.key), new, expected=old)
