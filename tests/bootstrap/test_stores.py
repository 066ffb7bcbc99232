"""Which road to the key of a store is taken, and what happens when a store cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.bootstrap import stores
from crmdesk.store import StoreError, keys
from crmdesk.store.keys import PassphraseNeeded
from crmdesk.store.keys.vault import StoreVault

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "open_system_keyring", lambda: None)


def test_without_keyring_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(PassphraseNeeded):
        stores.open_customers(tmp_path / "new.db")
    assert list(tmp_path.iterdir()) == []


def test_secrets_stay_where_they_were_put(tmp_path: Path) -> None:
    place = tmp_path / "new.db"
    made = stores.open_customers(place, PASSPHRASE)
    made.vault.set("line-1", "secret of the line")
    made.store.close()
    again = stores.open_customers(place, PASSPHRASE)
    assert isinstance(again.vault, StoreVault)
    assert again.vault.get("line-1") == "secret of the line"
    assert again.recovery_key is None
    again.store.close()


def test_the_recovery_key_is_shown_by_the_try_that_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "new.db"

    def no_room(*_args: object, **_options: object) -> None:
        place.touch()
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(stores, "open_store", no_room)
        with pytest.raises(StoreError):
            stores.open_customers(place, PASSPHRASE)
    opened = stores.open_customers(place, PASSPHRASE)
    assert opened.recovery_key
    opened.store.close()
    key = keys.unlock_with_recovery(place, opened.recovery_key)
    assert key.proved


def test_a_store_without_keys_is_a_demo(tmp_path: Path) -> None:
    place = tmp_path / "demo.db"
    stores.open_demo(place).store.close()
    opened = stores.open_customers(place)
    assert opened.is_demo
    opened.store.close()
