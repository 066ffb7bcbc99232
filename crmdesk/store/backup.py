"""Copies a store while it is in use; the copy is encrypted with the same key."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

from crmdesk.store.errors import StoreCorrupt, in_words


def backup(engine: Engine, file: Path, label: str) -> Path:
    """Writes a copy beside the store and proves that every page of it can be read.

    Args:
        engine: Of the store.
        file: Its file; the copy goes to the folder `backups` beside it.
        label: Part of the copy's name, e.g. the version of its tables.

    Returns:
        The copy. It appears under this name only when it is whole.

    Raises:
        StoreError: The disk is full, or the store is damaged.
    """
    folder = file.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    copy = folder / f"{file.stem}-{label}-{stamp}{file.suffix}"
    unfinished = copy.with_suffix(".unfinished")
    with engine.connect() as connection:
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        try:
            _copy_and_check(driver, unfinished)
        except BaseException as error:
            unfinished.unlink(missing_ok=True)
            known = in_words(error)
            if known is None:
                raise
            raise known from error
    unfinished.chmod(0o600)
    unfinished.replace(copy)
    return copy


def _copy_and_check(driver: sqlite3.Connection, copy: Path) -> None:
    """VACUUM INTO keeps the cipher and the key of the database it reads."""
    driver.execute("VACUUM INTO ?", (str(copy),))
    driver.execute("ATTACH ? AS copy", (str(copy),))
    try:
        damage = driver.execute("PRAGMA copy.cipher_integrity_check").fetchall()
        tables = "SELECT count(*) FROM {}.sqlite_schema"
        same = (
            driver.execute(tables.format("copy")).fetchone()
            == driver.execute(tables.format("main")).fetchone()
        )
    finally:
        driver.execute("DETACH copy")
    if damage or not same:
        raise StoreCorrupt
