"""Is a statement one SELECT? A wall for people's mistakes, and the first of several for the rest.

It is no parser: it takes texts, names in quotes and comments away as the database would, and looks
at the words that are left. What the database itself would change in a function is the database's
to refuse. The statement is later put into parentheses, so with its own in balance there is no place
for a second one.
"""

from __future__ import annotations

import re

from crmdesk.domain.errors import UserFacingError

QUERY_CHARS = 100_000

# What databases take for texts, names and comments: how it goes on, and how it ends.
_TEXT = (r"'(?:[^']|'')*", "'")
_TEXT_ESCAPED = (r"'(?:[^'\\]|''|\\.)*", "'")
_TEXT_E = (r"(?<!\w)[eE]'(?:[^'\\]|''|\\.)*", "'")
_NAME = (r'"(?:[^"]|"")*', '"')
_NAME_ESCAPED = (r'"(?:[^"\\]|""|\\.)*', '"')
_TICKS = (r"`(?:[^`]|``)*", "`")
_BRACKETS = (r"\[(?:[^\]]|\]\])*", r"\]")
_DOLLARS = (r"(?<![\w$])\$(\w*)\$.*?", r"\$\1\$")
_LINE = (r"--[^\n]*", "")
_LINE_BLANK = (r"--(?=[\x00-\x20]|\Z)[^\n]*", "")
_HASH = (r"\#[^\n]*", "")
_BLOCK = (r"/\*.*?", r"\*/")

_Part = tuple[str, str]


class _Reading:
    """How a database tells texts, names and comments from the rest."""

    def __init__(self, *parts: _Part) -> None:
        parts = (*parts, _BLOCK)
        # What has no end goes on to the last character: else every quote would be looked at anew.
        self._loose = re.compile("|".join(f"{go}(?:{end}|\\Z)" for go, end in parts), re.DOTALL)
        self._strict = re.compile("|".join(go + end for go, end in parts), re.DOTALL)

    def bare(self, statement: str) -> str:
        """The rest, as long as the statement.

        Raises:
            NotOneSelectError: Something has no end, or a comment stands in a comment: of that
                each database has its own opinion.
        """
        found: list[str] = []
        end = 0
        for match in self._loose.finditer(statement):
            if match.end() == len(statement) and not self._strict.fullmatch(match[0]):
                raise NotOneSelectError("a quote or a comment in it does not end")
            if match[0].startswith("/*") and "/*" in match[0][2:]:
                raise NotOneSelectError("a comment stands in a comment")
            found += (statement[end : match.start()], " " * len(match[0]))
            end = match.end()
        return "".join((*found, statement[end:]))


_READINGS = {
    # By standard_conforming_strings: on, and off.
    "postgresql": (
        _Reading(_TEXT_E, _TEXT, _NAME, _LINE, _DOLLARS),
        _Reading(_TEXT_ESCAPED, _NAME, _LINE, _DOLLARS),
    ),
    # By NO_BACKSLASH_ESCAPES; two dashes are a comment before a blank, and in MariaDB's SQL_MODE.
    "mysql": (
        _Reading(_TEXT_ESCAPED, _NAME_ESCAPED, _TICKS, _HASH, _LINE),
        _Reading(_TEXT_ESCAPED, _NAME_ESCAPED, _TICKS, _HASH, _LINE_BLANK),
        _Reading(_TEXT, _NAME, _TICKS, _HASH, _LINE),
        _Reading(_TEXT, _NAME, _TICKS, _HASH, _LINE_BLANK),
    ),
    "mssql": (_Reading(_TEXT, _NAME, _BRACKETS, _LINE),),
    "sqlite": (_Reading(_TEXT, _NAME, _TICKS, _BRACKETS, _LINE),),
    "oracle": (_Reading(_TEXT, _NAME, _LINE),),
}
_READINGS["mariadb"] = _READINGS["mysql"]
_ALL = tuple(dict.fromkeys(one for several in _READINGS.values() for one in several))
"""A database nobody knows: the statement has to be good in every reading."""

_WORD = re.compile(r"[^\W\d]\w*")
_CHANGING = frozenset({
    "insert", "update", "delete", "merge", "into", "create", "alter", "drop", "truncate", "grant",
    "revoke",
    "attach", "detach", "pragma", "vacuum", "copy", "call", "exec", "execute", "do", "lock",
    "begin", "commit", "rollback", "savepoint", "load", "outfile", "dumpfile", "upsert",
})  # fmt: skip
_OPEN = re.compile(r"['\"`]|/\*|\*/|\$\w*\$")
_RUN_COMMENT = re.compile(r"/\*M?!", re.IGNORECASE)
_ORACLE_TEXT = re.compile(r"(?<!\w)n?q'", re.IGNORECASE)


class NotOneSelectError(UserFacingError):
    """A statement that does more than read, or that nobody can be sure of."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The query is not used: {why}.",
            "It has to be one SELECT, because the database is only read.",
            "Write a SELECT, or make a view in the database and name it as the table.",
        )


def check_select(statement: str, system: str = "") -> str:
    """The statement without a semicolon at its end, its lines ending as all databases know it.

    Args:
        statement: As somebody wrote it.
        system: Name of SQLAlchemy's dialect, "" for any database.

    Raises:
        NotOneSelectError: It is not one SELECT.
    """
    if len(statement) > QUERY_CHARS or "\0" in statement:
        raise NotOneSelectError("it is too long or holds a zero character")
    statement = statement.replace("\r\n", "\n").replace("\r", "\n")
    if _RUN_COMMENT.search(statement):
        raise NotOneSelectError("it holds a comment that MySQL would run")
    if system not in _READINGS or system == "oracle":
        _check_oracle_text(statement)
    bare = [reading.bare(statement) for reading in _READINGS.get(system, _ALL)]
    for one in bare:
        _check_bare(one.strip().removesuffix(";"))
    return _without_end(statement, bare[0])


def _check_oracle_text(statement: str) -> None:
    if _ORACLE_TEXT.search(statement):
        raise NotOneSelectError("it holds a text that begins with q'")


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
    _check_parentheses(bare)


def _check_parentheses(bare: str) -> None:
    depth = 0
    for char in bare:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
    if depth:
        raise NotOneSelectError("a parenthesis in it has no partner")


def _without_end(statement: str, bare: str) -> str:
    """Without the last semicolon, and comments behind it."""
    bare = bare.rstrip()
    return statement[: len(bare) - 1] if bare.endswith(";") else statement
