"""Passwords of servers: in the system's keyring or in the encrypted store, and nowhere else."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmdesk.cli.opening import opened
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.bootstrap.desk_line import GivenServer
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.sync.profile import ImportProfile

_SECRET_MAX = 4096


def keep_given_password(
    options: argparse.Namespace, store: OpenedStore, profile: ImportProfile
) -> None:
    """Keeps the password that somebody typed into the window, where the profile names one.

    Raises:
        UserFacingError: A demo store keeps no secrets.
    """
    given: GivenServer | None = getattr(options, "given_server", None)
    ref = profile.options.get("secret_ref", "")
    if given is not None and given.password and ref:
        _refuse_demo(store)
        store.vault.set(ref, given.password)


def password_of(store: OpenedStore, profile: ImportProfile) -> str:
    """The password of a profile, "" where it needs none.

    Raises:
        UserFacingError: It needs one that is not there.
    """
    ref = profile.options.get("secret_ref", "")
    if not ref:
        return ""
    password = store.vault.get(ref)
    if password is None:
        raise UserFacingError(
            f"The password of {profile.name} is not in {store.vault.name}.",
            "Nothing was imported.",
            f"Save it: crmdesk sync password {profile.name!r}",
        )
    return password


@contextmanager
def store_for_secrets(options: argparse.Namespace, *, makes: bool = False) -> Iterator[OpenedStore]:
    """An open store that may keep secrets.

    Raises:
        UserFacingError: It is a demo store.
    """
    with opened(options, makes=makes) as store:
        _refuse_demo(store)
        yield store


def _refuse_demo(store: OpenedStore) -> None:
    if store.is_demo:
        raise UserFacingError(
            "A demo store has a public key.",
            "The password was not saved.",
            "Use a store of your own: crmdesk makes one.",
        )


def read_password() -> str:
    """A password typed on the terminal, or the first line of standard input.

    Raises:
        UserFacingError: None came.
    """
    if sys.stdin.isatty():
        password = getpass.getpass("Password there: ")
    else:
        password = sys.stdin.readline(_SECRET_MAX + 1).rstrip("\r\n")
    if not 0 < len(password) <= _SECRET_MAX:
        raise UserFacingError(
            "No password came on standard input.", "Nothing was changed.", "Type or pipe it in."
        )
    return password


def ref_of(name: str) -> str:
    """What the password of a profile is called in the vault."""
    return f"sync-{name}"
