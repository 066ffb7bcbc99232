"""Which tables hold what happened with a customer, so that a new one cannot be forgotten."""

from __future__ import annotations

from sqlalchemy import Table

from crmdesk.store.tables.calls import call
from crmdesk.store.tables.changes import change_row
from crmdesk.store.tables.customers import address, customer_number, email, number_claim
from crmdesk.store.tables.desk import search_record, search_row
from crmdesk.store.tables.importing import custom_value, external_ref
from crmdesk.store.tables.schema import metadata

_OTHERS = {
    *(customer_number, email, address, number_claim, external_ref, custom_value),  # the profile
    call,  # the phone system's
    *(search_row, search_record, change_row),  # made of others
}


def history_tables() -> tuple[Table, ...]:
    """Tables whose rows happened with a customer; a merge moves them, an undo heeds them."""
    return tuple(
        table
        for table in metadata.sorted_tables
        if "customer_id" in table.c and table not in _OTHERS
    )
