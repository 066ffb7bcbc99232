"""Is a statement one SELECT? A wall for people's mistakes, and the first of several for the rest.

It is no parser: it takes texts, names in quotes and comments away, and looks at the words that are
left. What the database itself would change in a function is the database's to refuse.
"""

from __future__ import annotations

import re

from crmdesk.domain.errors import UserFacingError

QUERY_CHARS = 100_000

_REST = r"""
    | "(?:[^"]|"")*" | `(?:[^`]|``)*`   # names
    | --[^\n]* | /\*.*?\*/              # comments
    | \$(\w*)\$.*?\$\1\$                # PostgreSQL's texts
"""
_STANDARD = re.compile(r"'(?:[^']|'')*'" + _REST, re.VERBOSE | re.DOTALL)
_BACKSLASH = re.compile(r"'(?:[^'\\]|''|\\.)*'" + _REST, re.VERBOSE | re.DOTALL)
"""MySQL's way: a quote behind a backslash ends nothing. A statement has to be good in both."""

_WORD = re.compile(r"[^\W\d]\w*")
_CHANGING = frozenset({
    "insert", "update", "delete", "merge", "into", "create", "alter", "drop", "truncate", "grant",
    "revoke",
    "attach", "detach", "pragma", "vacuum", "copy", "call", "exec", "execute", "do", "lock",
    "begin", "commit", "rollback", "savepoint", "load", "outfile", "dumpfile", "upsert",
})  # fmt: skip
_OPEN = re.compile(r"['\"`]|/\*|\$\w*\$")


class NotOneSelectError(UserFacingError):
    """A statement that does more than read, or that nobody can be sure of."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The query is not used: {why}.",
            "It has to be one SELECT, because the database is only read.",
            "Write a SELECT, or make a view in the database and name it as the table.",
        )


def check_select(statement: str) -> str:
    """The statement without a semicolon at its end.

    Raises:
        NotOneSelectError: It is not one SELECT.
    """
    if len(statement) > QUERY_CHARS or "\0" in statement:
        raise NotOneSelectError("it is too long or holds a zero character")
    for quoted in (_STANDARD, _BACKSLASH):
        _check_bare(quoted.sub(" ", statement).strip().removesuffix(";"))
    return _without_end(statement)


def _check_bare(bare: str) -> None:
    """A statement without its texts and comments."""
    if _OPEN.search(bare):
        raise NotOneSelectError("a quote or a comment in it does not end")
    if ";" in bare:
        raise NotOneSelectError("it is several statements")
    words = [word.lower() for word in _WORD.findall(bare)]
    if not words or words[0] not in ("select", "with"):
        raise NotOneSelectError("it does not begin with SELECT")
    changing = next((word for word in words if word in _CHANGING), None)
    if changing is not None:
        raise NotOneSelectError(f"it says {changing.upper()}")


def _without_end(statement: str) -> str:
    """Without the last semicolon, and comments behind it."""
    hidden = _STANDARD.sub(lambda match: " " * len(match[0]), statement).rstrip()
    return statement[: len(hidden) - 1] if hidden.endswith(";") else statement
