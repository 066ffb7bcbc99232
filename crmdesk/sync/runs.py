"""What the last run of each profile came to: for people, not for the next run.

It stands beside the sync states, under names no profile can have. A state of 200,000 cards has
tens of megabytes; a list of profiles reads only this.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Protocol

import msgspec

from crmdesk.domain.importing import ImportSummary
from crmdesk.store import Store

_BEFORE = "run/"
"""No name of a profile has a slash."""

_LONGEST = 10_000
_TEXT_CHARS = 500


class ProfileRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    Attributes:
        at: When it ended, aware UTC.
        removed: Records that are no longer at the server.
        batch: What takes it back, None where nothing changed.
        file: That was read, "" for a server.
        error: Why it failed, "" where it did not.
    """

    at: datetime
    created: int = 0
    updated: int = 0
    same: int = 0
    skipped: int = 0
    bad: int = 0
    removed: int = 0
    batch: uuid.UUID | None = None
    file: str = ""
    error: str = ""


class _States(Protocol):
    def sync_state(self, profile: str) -> str: ...


def run_of(summary: ImportSummary, at: datetime, *, removed: int = 0, file: str = "") -> ProfileRun:
    """A run that is through."""
    return ProfileRun(
        at=at, created=summary.created, updated=summary.updated, same=summary.same,
        skipped=summary.skipped, bad=summary.bad, removed=removed, batch=summary.batch,
        file=file[:_TEXT_CHARS],
    )  # fmt: skip


def keep_run(store: Store, profile: str, run: ProfileRun) -> None:
    """Keeps a run in place of the one before."""
    kept = msgspec.structs.replace(run, error=run.error[:_TEXT_CHARS])
    body = msgspec.json.encode(kept).decode()
    store.write(lambda writer: writer.keep_sync_state(_BEFORE + profile, body)).result()


def last_run(reader: _States, profile: str) -> ProfileRun | None:
    """The last run of a profile, None where there was none."""
    body = reader.sync_state(_BEFORE + profile)
    try:
        return msgspec.json.decode(body, type=ProfileRun) if 0 < len(body) < _LONGEST else None
    except msgspec.DecodeError:
        return None


def forget(store: Store, profile: str) -> None:
    """Forgets run and state of a profile that is deleted."""
    store.write(lambda writer: writer.keep_sync_state(_BEFORE + profile, "")).result()
    store.write(lambda writer: writer.keep_sync_state(profile, "")).result()
