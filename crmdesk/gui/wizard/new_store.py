"""Making the customer store during the first start. Blocks: not for the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmdesk.gui.settings.line_secrets import safe_vault
from crmdesk.settings import file, paths
from crmdesk.settings.model import Settings
from crmdesk.settings.secrets import open_system_keyring
from crmdesk.settings.state import load_state, save_state

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


def save_answers(
    opened: OpenedStore, settings: Settings, secret: str, first_page: str = ""
) -> None:
    """Keeps the password of the line, then the settings: a crash between loses nothing.

    Args:
        opened: The store.
        settings: What was answered.
        secret: The password of the line, "" for none.
        first_page: The page the desk opens with, "" for the usual one.

    Raises:
        UserFacingError: In words; the settings were not saved.
    """
    for line in settings.lines:
        if line.secret_ref and secret:
            safe_vault(opened).set(line.secret_ref, secret)
    if first_page:
        state = load_state(paths.state_file())
        save_state(paths.state_file(), {**state, "window.page": first_page})
    file.save(paths.settings_file(), settings)
