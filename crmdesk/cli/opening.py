"""What the commands that work on the store have in common: options, and opening it."""

from __future__ import annotations

import getpass
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from crmdesk.bootstrap.core import Core
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.settings.model import Settings
    from crmdesk.store import Store


def add_store_options(parser: argparse.ArgumentParser) -> None:
    """`--store` and `--passphrase-file`."""
    parser.add_argument("--store", default=None, metavar="PATH", help="another store")
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        default=None,
        metavar="FILE",
        help="file with the store's passphrase, readable by you alone (mode 0600)",
    )


def load_settings() -> Settings:
    """The settings of this user."""
    from crmdesk.settings import file, paths

    return file.load(paths.settings_file())


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[OpenedStore]:
    """The store that the options and the settings name, asking for a passphrase if needed."""
    from crmdesk.bootstrap import stores
    from crmdesk.store.keys import PassphraseNeeded

    place = stores.place_of(load_settings(), options.store)
    passphrase = stores.given_passphrase(options.passphrase_file)
    if passphrase is None:
        passphrase = getattr(options, "typed_passphrase", None)
    try:
        result = stores.open_customers(place, passphrase)
    except PassphraseNeeded:
        if not sys.stdin.isatty():
            raise
        typed = getpass.getpass("Passphrase of the store: ")
        result = stores.open_customers(place, typed)
        options.typed_passphrase = typed  # the next opening of this command does not ask again
    if result.recovery_key:
        _show_recovery_key(result.recovery_key)
    try:
        yield result
    finally:
        result.store.close()


@contextmanager
def open_store_of(options: argparse.Namespace) -> Iterator[Store]:
    """Only the store of `opened`."""
    with opened(options) as result:
        yield result.store


@contextmanager
def open_core(options: argparse.Namespace) -> Iterator[Core]:
    """The wired core; its `run` follows the lines."""
    from crmdesk.bootstrap.core import Core

    with opened(options) as result:
        yield Core(load_settings(), result.store, result.vault)


def _show_recovery_key(key: str) -> None:
    print(
        "A new customer store was made. Its recovery key, shown only now:\n\n"
        f"    {key}\n\n"
        "Write it down: without keyring or passphrase it is the only way to your data.",
        file=sys.stderr,
    )
