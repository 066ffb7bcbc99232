"""Making the customer store during the first start. Blocks: not for the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmdesk.gui.settings.line_secrets import safe_vault
from crmdesk.settings import file, paths
from crmdesk.settings.model import Settings
from crmdesk.settings.secrets import open_system_keyring

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.store import Store

DEMO_CUSTOMERS: Final = 200


def keyring_name() -> str:
    """Name of the system's keyring, "" where there is none; takes up to some seconds."""
    vault = open_system_keyring()
    return vault.name if vault is not None else ""


def make_store(place: str | Path, passphrase: str | None) -> OpenedStore:
    """Makes the store; its key goes into the keyring, or under the passphrase.

    Raises:
        StoreError: In words.
    """
    from crmdesk.bootstrap.stores import open_customers

    return open_customers(place, passphrase)


def fill_with_demo(store: Store, tell: Callable[[int, int], None]) -> None:
    """Invents people and calls, unless there are some.

    Args:
        store: The new store.
        tell: Told rows done and rows in all, on this thread.
    """
    from crmdesk.store.demo import make_demo

    if not store.read(lambda reader: reader.has_customers()).result():
        make_demo(store, DEMO_CUSTOMERS, progress=lambda done, total, _rate: tell(done, total))


def save_answers(opened: OpenedStore, settings: Settings, secret: str) -> None:
    """Keeps the password of the line, then the settings: a crash between loses nothing.

    Raises:
        UserFacingError: In words; the settings were not saved.
    """
    for line in settings.lines:
        if line.secret_ref and secret:
            safe_vault(opened).set(line.secret_ref, secret)
    file.save(paths.settings_file(), settings)
