"""What the commands that work on the store have in common: options, and opening it."""

from __future__ import annotations

import getpass
import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from crmdesk.bootstrap.core import Core
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.settings.model import Settings
    from crmdesk.store import Store


DEMO_FILE = "demo.db"
"""Where `crmdesk demo` makes its store, beside the store of the customers."""


class NoStoreError(UserFacingError):
    """A command that only reads found no store to read."""

    def __init__(self, asked: str | None) -> None:
        if asked:
            super().__init__(f"{asked} does not exist.", "", "Check the path after --store.")
        else:
            super().__init__("There is no customer store yet.", "", _how_to_come_to_one())


def _how_to_come_to_one() -> str:
    """Where a demo was made already, its path: no command looks there by itself."""
    from crmdesk.settings import paths

    demo = paths.home() / DEMO_FILE
    if demo.exists():
        return f"`crmdesk` makes one; the demo is at --store {shlex.quote(str(demo))}"
    return "`crmdesk` makes one, `crmdesk demo` a demo."


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


def load_settings(options: argparse.Namespace | None = None) -> Settings:
    """The settings of this user, or those a desk sent with its key (`child.settle_in`)."""
    given: Settings | None = getattr(options, "given_settings", None)
    if given is not None:
        return given
    from crmdesk.settings import file, paths

    return file.load(paths.settings_file())


def who_of(options: argparse.Namespace, settings: Settings, doing: str = "") -> str:
    """Whose change it is: the agent of this desk; where none is named, what a command did.

    Args:
        options: Those of the command.
        settings: Say who works here.
        doing: E.g. "import"; "" where the step is told beside it.
    """
    agent = settings.agent.name or settings.agent.extension
    is_of_window = getattr(options, "progress", None) is not None
    command = f"{doing} on the command line" if doing else "the command line"
    return agent or ("" if is_of_window else command)


@contextmanager
def opened(options: argparse.Namespace, *, makes: bool = False) -> Iterator[OpenedStore]:
    """The store that the options and the settings name, asking for a passphrase if needed.

    Args:
        options: With those of `add_store_options`.
        makes: Where there is no store, one is made.

    Raises:
        NoStoreError: There is none, and this command makes none.
    """
    from crmdesk.bootstrap import stores
    from crmdesk.store import keys

    place = stores.place_of(load_settings(options), options.store)
    is_new = not place.exists() and not keys.has_keys(place)
    if is_new and not makes:
        raise NoStoreError(options.store)
    result = _open(options, place, is_new=is_new)
    if result.recovery_key:
        _show_recovery_key(result.recovery_key)
    try:
        yield result
    finally:
        result.store.close()


def _open(options: argparse.Namespace, place: Path, *, is_new: bool) -> OpenedStore:
    """Opens with the key a desk sent, else as the user opens it."""
    from crmdesk.bootstrap import stores
    from crmdesk.store import keys

    sent: keys.StoreKey | None = getattr(options, "store_key", None)
    if sent is not None:
        return stores.open_with_key(place, sent)
    passphrase = stores.given_passphrase(options.passphrase_file)
    if passphrase is None:
        passphrase = getattr(options, "typed_passphrase", None)
    try:
        return stores.open_customers(place, passphrase)
    except keys.PassphraseNeeded:
        typed = _typed_passphrase(is_new=is_new)
        result = stores.open_customers(place, typed)
        options.typed_passphrase = typed  # the next opening of this command does not ask again
        return result


@contextmanager
def open_store_of(options: argparse.Namespace, *, makes: bool = False) -> Iterator[Store]:
    """Only the store of `opened`."""
    with opened(options, makes=makes) as result:
        yield result.store


@contextmanager
def open_core(options: argparse.Namespace) -> Iterator[Core]:
    """The wired core; its `run` follows the lines."""
    from crmdesk.bootstrap.core import Core

    with opened(options, makes=True) as result:
        yield Core(load_settings(), result.store, result.vault)


def _typed_passphrase(*, is_new: bool) -> str:
    """What a person types; the passphrase of a new store twice.

    Raises:
        PassphraseNeeded: Nobody is there to be asked.
        UserFacingError: Nobody is there, or the two differ; no store was made.
    """
    from crmdesk.store.keys import MIN_PASSPHRASE, PassphraseNeeded

    if not sys.stdin.isatty():
        if not is_new:
            raise PassphraseNeeded
        raise UserFacingError(
            "There is no customer store yet and no keyring, so a new one needs a passphrase.",
            "Nothing was changed.",
            "Run this on a terminal without a pipe, or name a file with --passphrase-file.",
        )
    if not is_new:
        return getpass.getpass("Passphrase of the store: ")
    print("There is no customer store yet: a new one is made now.", file=sys.stderr)
    typed = getpass.getpass(f"Choose its passphrase ({MIN_PASSPHRASE} characters or more): ")
    if getpass.getpass("The same again: ") != typed:
        raise UserFacingError("The two passphrases differ.", "No store was made.", "Try again.")
    return typed


def _show_recovery_key(key: str) -> None:
    print(
        "A new customer store was made. Its recovery key, shown only now:\n\n"
        f"    {key}\n\n"
        "Write it down: without keyring or passphrase it is the only way to your data.",
        file=sys.stderr,
    )
