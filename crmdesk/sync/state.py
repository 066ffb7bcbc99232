"""Where a profile's next run goes on, and when it has to begin anew.

A run reads only what changed at the server since the last one. That is right as long as what the
last ones brought is still here and was read by the same rules: when an import was taken back, or
the profile changed, everything is read again.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import msgspec

from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.store import Store
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.server import State, read_state

_BATCHES = 500
"""Imports of a profile that are watched for being taken back."""


def last_state(store: Store, profile: ImportProfile) -> State:
    """The state of the last run, empty where everything is to be read."""
    kept = read_state(store.read(lambda reader: reader.sync_state(profile.name)).result())
    if kept.get("rules") != _rules(profile) or not isinstance(kept.get("state"), dict):
        return {}
    batches = _batches(kept)
    changes = store.read(lambda r: r.changes(limit=_BATCHES, kinds=[ChangeKind.IMPORT])).result()
    undone = {str(one.id) for one in changes.changes if one.state is ChangeState.UNDONE}
    state: dict[str, Any] = kept["state"]
    return {} if undone & set(batches) else state


def keep_state(store: Store, profile: ImportProfile, state: State, batch: object) -> None:
    """Keeps the state of a run that is through.

    Args:
        store: Where the customers are.
        profile: That was run.
        state: Of its source.
        batch: What the run made, None where nothing changed.
    """
    name = profile.name
    before = read_state(store.read(lambda reader: reader.sync_state(name)).result())
    batches = [*_batches(before), *([str(batch)] if batch else [])][-_BATCHES:]
    body = json.dumps({"rules": _rules(profile), "state": state, "batches": batches})
    store.write(lambda writer: writer.keep_sync_state(name, body)).result()


def _batches(kept: State) -> list[str]:
    batches = kept.get("batches")
    return [one for one in batches if isinstance(one, str)] if isinstance(batches, list) else []


def _rules(profile: ImportProfile) -> str:
    """Changes whenever something in the profile does."""
    return blake2b(msgspec.json.encode(profile, order="sorted"), digest_size=16).hexdigest()
