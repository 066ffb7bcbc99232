"""Fields of the company's own, keys of other systems, and where a sync goes on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from crmdesk.domain.importing import CustomField, CustomFieldKind, ExternalRef
from crmdesk.store.columns import Key
from crmdesk.store.ids import new_id
from crmdesk.store.queries import Queries
from crmdesk.store.tables import custom_field, custom_value, external_ref, sync_state

_fields = (
    select(
        custom_field.c.key,
        custom_field.c.title,
        custom_field.c.kind,
        custom_field.c.choices,
        custom_field.c.hint,
        custom_field.c.is_retired,
    )
    .where(custom_field.c.deleted_at.is_(None))
    .order_by(custom_field.c.position, custom_field.c.key)
)
_field_keys = select(custom_field.c.key).where(custom_field.c.deleted_at.is_(None))
_customer_id = bindparam("customer_id", type_=Key)
_values = (
    select(custom_value.c.field_key, custom_value.c.value)
    .where(custom_value.c.customer_id == _customer_id, custom_value.c.deleted_at.is_(None))
    .order_by(custom_value.c.field_key)
)
_refs = (
    select(external_ref.c.source, external_ref.c.external_id)
    .where(external_ref.c.customer_id == _customer_id, external_ref.c.deleted_at.is_(None))
    .order_by(external_ref.c.source, external_ref.c.external_id)
)
_state = select(sync_state.c.body).where(sync_state.c.profile == bindparam("wanted"))
_keep_state = (
    update(sync_state)
    .where(sync_state.c.profile == bindparam("wanted"))
    .values(body=bindparam("kept"), updated_at=bindparam("now"))
)
_of_field = update(custom_field).where(custom_field.c.key == bindparam("wanted"))
_remove_field = _of_field.values(deleted_at=bindparam("now"), updated_at=bindparam("now"))
_keep_field = _of_field.values(
    {
        name: bindparam(name)
        for name in ("title", "kind", "choices", "position", "hint", "is_retired")
    }
    | {"updated_at": bindparam("now"), "deleted_at": None}
)


class CustomFieldQueries(Queries):
    """Reads what customers have besides the columns everybody has."""

    def custom_fields(self, *, with_retired: bool = False) -> tuple[CustomField, ...]:
        """The custom fields in the order in which they are shown."""
        return tuple(
            CustomField(
                key, title, CustomFieldKind(kind), tuple(json.loads(choices)), hint, bool(retired)
            )
            for key, title, kind, choices, hint, retired in self._connection.execute(_fields)
            if with_retired or not retired
        )

    def custom_values(self, customer_id: uuid.UUID) -> dict[str, str]:
        """A customer's values, by the key of the field."""
        rows = self._connection.execute(_values, {"customer_id": customer_id})
        return {row[0]: row[1] for row in rows}

    def external_refs(self, customer_id: uuid.UUID) -> tuple[ExternalRef, ...]:
        """The keys a customer has elsewhere."""
        rows = self._connection.execute(_refs, {"customer_id": customer_id})
        return tuple(ExternalRef(*row) for row in rows)

    def sync_state(self, profile: str) -> str:
        """What the last run of a profile kept, "" where there was none."""
        return str(self._connection.execute(_state, {"wanted": profile}).scalar() or "")


class CustomFieldWriting(CustomFieldQueries):
    """Writes the same."""

    def save_custom_fields(self, fields: Sequence[CustomField]) -> None:
        """Makes the custom fields those that are given, in this order.

        Values of a field that is gone stay; they are there again when it is.
        """
        now = self._clock()
        gone = set(self._connection.execute(_field_keys).scalars())
        for place, one in enumerate(fields):
            gone.discard(one.key)
            values = {
                "title": one.title,
                "kind": one.kind.value,
                "choices": json.dumps(one.choices, ensure_ascii=False),
                "position": place,
                "hint": one.hint,
                "is_retired": one.is_retired,
            }
            changed = {**values, "wanted": one.key, "now": now}
            if not self._connection.execute(_keep_field, changed).rowcount:
                new = {**self._stamps_at(now), "key": one.key, **values}
                self._connection.execute(insert(custom_field), new)
        for key in gone:
            self._connection.execute(_remove_field, {"wanted": key, "now": now})

    def keep_sync_state(self, profile: str, body: str) -> None:
        """Keeps what the next run of a profile needs, in place of what was kept before."""
        now = self._clock()
        values = {"wanted": profile, "kept": body, "now": now}
        if not self._connection.execute(_keep_state, values).rowcount:
            new = {**self._stamps_at(now), "profile": profile, "body": body}
            self._connection.execute(insert(sync_state), new)

    def _stamps_at(self, now: datetime) -> dict[str, object]:
        """What every new row begins with."""
        stamps = {"id": new_id(now), "created_at": now, "updated_at": now}
        return {**stamps, "origin": self._desk_id}
