"""Where a store may be: a path, or the same as an address."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import url2pathname

from crmdesk.store.errors import StoreError


class StorePlaceUnknown(StoreError):  # noqa: N818
    """The address is of a kind this version cannot open."""

    def __init__(self) -> None:
        super().__init__(
            "This kind of store is not supported yet.",
            "The customer store is an encrypted file; a database server cannot keep it so far.",
            "Set the path of a file as `url` under [store] in the settings, for example "
            "/srv/crm/customers.db or sqlite:////srv/crm/customers.db.",
        )


class StorePasswordInPlace(StoreError):  # noqa: N818
    """The address of the store holds a password; it is not repeated anywhere."""

    def __init__(self) -> None:
        super().__init__(
            "The address of the customer store holds a password.",
            "Settings are plain text that others may read, so it was not used.",
            "Take the password out of `url` under [store] in the settings, and change it where "
            "it is used.",
        )


def file_of(place: str | Path) -> Path:
    """The file of a store.

    Args:
        place: A path, `file:///path`, or `sqlite:///path` as SQLAlchemy writes it (four
            slashes for a path from the root). Each means an encrypted file.

    Raises:
        StorePlaceUnknown: Another kind of database.
        StorePasswordInPlace: There is a password in it.
    """
    text = str(place)
    if "://" not in text:
        return Path(place).expanduser()
    try:
        parts = urlsplit(text)
    except ValueError:
        raise StorePlaceUnknown from None
    if parts.password is not None:
        raise StorePasswordInPlace
    path = _path_in(parts)
    if not path or parts.netloc or parts.query or parts.fragment:
        raise StorePlaceUnknown
    return Path(path)


def _path_in(parts: SplitResult) -> str:
    """The path of an address, "" where its kind is not known."""
    if parts.scheme == "sqlite":
        return unquote(parts.path.removeprefix("/"))
    if parts.scheme == "file":
        return url2pathname(parts.path) if os.name == "nt" else unquote(parts.path)
    return ""
