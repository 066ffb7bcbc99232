"""Steps that can be taken back: a journal of rows, before and after.

A change is made by a `ChangeRecorder`, which writes rows and journals what was in them.
Up to `ONE_TRANSACTION` rows go in one transaction (`writer.change`): after a kill -9 there
is all of it or nothing. More go through a `LargeChange`, a transaction for each part; the
change is OPEN meanwhile, and a store that finds one whose program is gone takes it back
(`recovery`). Undoing is journaled the same way: UNDOING until the last row is restored, and
an interrupted one is finished when the store is opened next.
"""

from __future__ import annotations

from crmdesk.store.changes.journal import ONE_TRANSACTION, ChangeQueries
from crmdesk.store.changes.recording import ChangeRecorder
from crmdesk.store.changes.undoing import ChangeUndoing

__all__ = ["ONE_TRANSACTION", "ChangeQueries", "ChangeRecorder", "ChangeUndoing"]
