"""A vault inside the encrypted store, for desks without a keyring."""

from __future__ import annotations

from crmdesk.store.store import Store


class StoreVault:
    """Secrets of phone lines under the store's own key. Implements `SecretVault`.

    Blocks until the store has answered: not for the GUI thread.
    """

    name = "the encrypted customer store"

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, ref: str) -> str | None:
        """The secret, None where there is none."""
        return self._store.read(lambda reader: reader.secret(ref)).result()

    def set(self, ref: str, value: str) -> None:
        """Stores or replaces a secret."""
        self._store.write(lambda writer: writer.set_secret(ref, value)).result()

    def delete(self, ref: str) -> None:
        """Removes a secret; nothing happens where there is none."""
        self._store.write(lambda writer: writer.delete_secret(ref)).result()
