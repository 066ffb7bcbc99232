"""Files of customers as other programs write them, one record at a time.

`open_source` finds the reader. Each reader tells what it found out, takes settings instead, and
gives a bad record with the reason where it cannot read one: the rest goes on.
"""

from __future__ import annotations

from crmdesk.sync.sources.limits import SourceError
from crmdesk.sync.sources.opening import open_source
from crmdesk.sync.sources.source import Options, Source

__all__ = ["Options", "Source", "SourceError", "open_source"]
