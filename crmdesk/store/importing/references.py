"""What still refers to customers that an import brought in and that are taken back."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import bindparam, select, union_all

from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import (
    address,
    change_row,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
    interaction,
)
from crmdesk.store.tables.schema import metadata

PARTS = (customer_number, email, address, external_ref, custom_value)
"""Tables of which an import brings rows in with a customer, and which go with them."""

_keys = bindparam("keys", expanding=True, type_=Key)
_GO_ALONG = {*PARTS, interaction, change_row}
_INDEXES = "search_"
"""Names of tables that are made of others begin so."""

# Deleted rows, too: a mark of theirs is read with the name of whom it was about. Who was merged
# into one of the customers is no reference: they are gone with them.
_references = union_all(
    *(
        select(table.c.customer_id).where(table.c.customer_id.in_(_keys))
        for table in metadata.sorted_tables
        if "customer_id" in table.c
        and table not in _GO_ALONG
        and not table.name.startswith(_INDEXES)
    ),
    select(customer.c.company_id).where(customer.c.company_id.in_(_keys)),
    select(change_row.c.row_id).where(
        change_row.c.row_id.in_(_keys),
        change_row.c.change_id != bindparam("batch", type_=Key),
    ),
)


class ReferenceQueries(Queries):
    """Looks for what keeps a customer's row in the store."""

    def referred_to(self, customers: Collection[uuid.UUID], batch: uuid.UUID) -> set[uuid.UUID]:
        """Those of some customers that any row names; rows they came with do not count.

        Args:
            customers: At most some hundreds.
            batch: The import that brought them in; its own journal does not count.
        """
        values = {"keys": list(customers), "batch": batch}
        return set(self._connection.execute(_references, values).scalars())
