"""Text of the network in AMI values: undo Asterisk's escapes, then make it harmless."""

from __future__ import annotations

import re
from functools import lru_cache

from crmdesk.domain.text import sanitise_external

_NAMES_KEPT = 512  # names repeat on every event of a call; at most 4 KiB each

# ast_escape_c of Asterisk (main/utils.c) escapes these and nothing else.
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "?": "?",
}
_ESCAPED = re.compile(r"""\\([abfnrtv\\'"?])""")


def unescape_c(text: str) -> str:
    r"""Undoes `ast_escape_c`: `=\?UTF-8\?Q` becomes `=?UTF-8?Q`; other backslashes stay."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: _ESCAPES[found[1]], text)


@lru_cache(maxsize=_NAMES_KEPT)
def clean_name(wire_name: str) -> str:
    """A caller's or agent's name as it may be shown (as plain text)."""
    return sanitise_external(unescape_c(wire_name))
