"""What the store has of customers that a source knows by its own ids, as texts to be compared.

A source is brought in again with a few rows changed: for all others it is enough to see that
nothing differs, which takes one statement and none of the objects that merging needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Text, bindparam, text

from crmdesk.store.engine import USUAL_CACHE
from crmdesk.store.queries import Queries

ASKED_AT_ONCE = 500


_SMALL_CACHE = "PRAGMA cache_size = -16384"
"""KiB. Rows of an import fall everywhere in a dozen indexes: no cache it may have holds them."""

_facts = text(
    """
    SELECT external_ref.external_id, customer.id, customer.kind, customer.name, customer.role,
        customer.account_id, customer.language, customer.salutation, customer.source,
        customer.status, customer.segment, customer.customer_since, '' || customer.do_not_call,
        customer.owner, company.name,
        (SELECT group_concat(json_array(
                coalesce(e164, ''), CASE WHEN e164 IS NULL THEN raw ELSE extension END
            ), ',' ORDER BY id)
            FROM customer_number WHERE customer_id = customer.id AND deleted_at IS NULL),
        (SELECT group_concat(json_array(address), ',' ORDER BY id)
            FROM email WHERE customer_id = customer.id AND deleted_at IS NULL),
        (SELECT group_concat(json_array(street, postcode, city, country), ',' ORDER BY id)
            FROM address WHERE customer_id = customer.id AND deleted_at IS NULL),
        (SELECT group_concat(json_array(field_key, value), ',' ORDER BY field_key)
            FROM custom_value WHERE customer_id = customer.id AND deleted_at IS NULL)
    FROM external_ref JOIN customer ON customer.id = external_ref.customer_id
    LEFT JOIN customer company ON company.id = customer.company_id
    WHERE external_ref.source = :source AND external_ref.external_id IN :ids
        AND external_ref.deleted_at IS NULL AND customer.deleted_at IS NULL
    """
).bindparams(bindparam("source", type_=Text), bindparam("ids", expanding=True, type_=Text))

StoredFacts = tuple[uuid.UUID, Sequence[str | None]]
"""A customer and: kind, name, role, account id, language, salutation, source, status, segment,
customer since (ISO 8601), do not call ("0" or "1"), owner, name of the company; then numbers,
e-mail addresses, postal addresses and own fields, each a JSON array."""


class FactQueries(Queries):
    """Reads many customers as texts."""

    def limit_cache(self, *, is_limited: bool) -> None:
        """Leaves the memory of pages to what an import itself has to remember, or ends that."""
        self._connection.exec_driver_sql(_SMALL_CACHE if is_limited else USUAL_CACHE)

    def facts_by_ref(self, source: str, ids: Collection[str]) -> dict[str, StoredFacts]:
        """Those of the customers that some ids of a source mean; none where an id means several."""
        found: dict[str, StoredFacts] = {}
        several: set[str] = set()
        every = list(dict.fromkeys(ids))
        for start in range(0, len(every), ASKED_AT_ONCE):
            asked = {"source": source, "ids": every[start : start + ASKED_AT_ONCE]}
            for external_id, key, *facts in self._connection.execute(_facts, asked):
                if external_id in found:
                    several.add(external_id)
                found[external_id] = uuid.UUID(bytes=key), facts
        return {text: facts for text, facts in found.items() if text not in several}
