"""Secrets kept in the encrypted store where there is no system keyring."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from crmdesk.store.ids import new_id
from crmdesk.store.queries import Queries
from crmdesk.store.row_writing import RowStatements, RowWriting
from crmdesk.store.tables import secret

_secrets = RowStatements.of(secret)
_get = select(secret.c.id, secret.c.value).where(secret.c.ref == bindparam("ref"))
_delete = delete(secret).where(secret.c.ref == bindparam("ref"))


class SecretQueries(Queries):
    """Reads secrets."""

    def secret(self, ref: str) -> str | None:
        """A secret, None where there is none of this name."""
        row = self._connection.execute(_get, {"ref": ref}).one_or_none()
        return row.value if row else None


class SecretWriting(RowWriting):
    """Writes secrets. They never leave the desk, so deleting is no mark."""

    def set_secret(self, ref: str, value: str) -> None:
        """Keeps a secret under a name; replaces an earlier one."""
        row = self._connection.execute(_get, {"ref": ref}).one_or_none()
        key = row.id if row else new_id(self._clock())
        self._put(_secrets, key, {"ref": ref, "value": value})

    def delete_secret(self, ref: str) -> None:
        """Forgets a secret; secure_delete overwrites it in the file."""
        self._connection.execute(_delete, {"ref": ref})
