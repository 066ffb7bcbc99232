"""E-mail addresses out of cells."""

from __future__ import annotations

import re

from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.text import sanitise_external
from crmdesk.store.fold import fold
from crmdesk.sync.cells.words import word_set

_GAP = re.compile(r"\s*:::\s*|[;,|\s]+")
_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}"
)
_LONGEST = 254  # RFC 5321, 4.5.3.1.3
_CELL_CHARS = 2_048
_IN_A_CELL = 20


def read_emails(cell: str) -> tuple[list[str], list[str]]:
    """The addresses of a cell ("Jane <jane@example.com>; info@example.com"), and problems."""
    text = cell[:_CELL_CHARS].strip()
    found = _IN_BRACKETS.findall(text) or _GAP.split(text)
    addresses, problems = [], []
    for part in filter(None, found[:_IN_A_CELL]):
        address = part.removeprefix("mailto:").strip("'\"<>.")
        if len(address) <= _LONGEST and _ADDRESS.fullmatch(address):
            addresses.append(sanitise_external(address))
        elif "@" in part or len(found) == 1:
            problems.append(f"{kept_line(part, 60)}: no e-mail address")
    return addresses, problems


def is_shared(address: str) -> bool:
    """Whether an address is an office's and not a person's ("info@")."""
    return fold(address.partition("@")[0]) in word_set("shared_mailbox")
