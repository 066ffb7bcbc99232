"""What can go wrong with the store, in words for people."""

from __future__ import annotations

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.store_health import StoreState


class StoreError(UserFacingError):
    """The store could not do what was asked; what was written before is safe."""

    state = StoreState.BROKEN

    @property
    def is_temporary(self) -> bool:
        """Whether the same write may succeed later without a restart."""
        return self.state in {StoreState.LOCKED, StoreState.FULL}


class StoreLocked(StoreError):  # noqa: N818  (the words of the issue)
    """Another program writes to the store and does not finish."""

    state = StoreState.LOCKED

    def __init__(self) -> None:
        super().__init__(
            "Another program is using the customer store.",
            "Customers can be looked up, but nothing new can be saved until it lets go.",
            "Close other CRMDesk windows, imports and database tools; saving is tried again.",
        )


class StoreFull(StoreError):  # noqa: N818
    """No space is left where the store lies."""

    state = StoreState.FULL

    def __init__(self) -> None:
        super().__init__(
            "The disk with the customer store is full.",
            "Everything saved so far is safe and can be read, but nothing new can be saved.",
            "Free some space on that disk; saving is tried again.",
        )


class StoreNewer(StoreError):  # noqa: N818
    """The store was written by a newer CRMDesk."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The customer store has version {found}; this CRMDesk knows {known}.",
            "A newer CRMDesk has changed it, and this one could damage it, so it stays closed.",
            "Install the newest CRMDesk, or open another store.",
        )


class StoreOlder(StoreError):  # noqa: N818
    """The store needs its migration, and it was opened for reading only."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The customer store has version {found}; this CRMDesk needs {known}.",
            "It was opened for reading only, so it cannot be brought up to date.",
            "Start CRMDesk once; it makes a copy and then updates the store.",
        )


class StoreKeyWrong(StoreError):  # noqa: N818
    """The key, passphrase or recovery key does not open this store."""

    def __init__(self, what: str = "The key does not open the customer store.") -> None:
        super().__init__(
            what,
            "The store stays closed and unchanged.",
            "Try the passphrase again, or use the recovery key you were shown at the start.",
        )


class StoreCorrupt(StoreError):  # noqa: N818
    """The file is damaged; nothing of it is shown as good."""

    def __init__(self) -> None:
        super().__init__(
            "The customer store is damaged.",
            "What can no longer be proved right is not shown; the file was left as it is.",
            "Close CRMDesk and put back the newest copy from the backups folder beside it.",
        )


class StoreUnreachable(StoreError):  # noqa: N818
    """The file cannot be opened, or the disk does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "The customer store cannot be reached.",
            "The disk or the folder does not answer, so nothing can be read or saved.",
            "Check that the folder exists, belongs to you and that the disk works.",
        )


class StoreReadOnly(StoreError):  # noqa: N818
    """Something was to be saved in a store opened for reading."""

    def __init__(self) -> None:
        super().__init__(
            "The customer store is open for reading only.",
            "Nothing was changed.",
            "Check who may write to the file and its folder.",
        )


class TookTooLong(StoreError):  # noqa: N818
    """A search was stopped at its time limit."""

    state = StoreState.READY

    def __init__(self) -> None:
        super().__init__(
            "The search took too long and was stopped.",
            "Nothing was changed.",
            "Type more of the name or number, or choose a shorter time.",
        )


# Primary result codes of SQLite (https://sqlite.org/rescode.html); the rest of an
# extended code is above the lowest byte.
_BY_RESULT_CODE: dict[int, type[StoreError]] = {
    5: StoreLocked,  # SQLITE_BUSY
    6: StoreLocked,  # SQLITE_LOCKED
    8: StoreReadOnly,  # SQLITE_READONLY
    9: TookTooLong,  # SQLITE_INTERRUPT
    10: StoreUnreachable,  # SQLITE_IOERR
    11: StoreCorrupt,  # SQLITE_CORRUPT
    13: StoreFull,  # SQLITE_FULL
    14: StoreUnreachable,  # SQLITE_CANTOPEN
    26: StoreCorrupt,  # SQLITE_NOTADB
}


def in_words(error: BaseException) -> StoreError | None:
    """The words for an error of SQLAlchemy or of the driver, None where it is a bug of ours."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    if code is None:
        return None
    kind = _BY_RESULT_CODE.get(code & 0xFF)
    return kind() if kind else None  # type: ignore[call-arg]
