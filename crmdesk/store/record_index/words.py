"""What a word is to the index of records. Pure.

The index takes words as they are made here and splits nothing itself (tokenizer `ascii`), so
that question and index agree whatever Unicode knows next year. It holds no positions: a search
for beginnings longer than those it keeps (`PREFIXES`) finds a little too much, and `holds`
looks again.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable

from crmdesk.store.fold import fold, spellings

PREFIXES = (3, 6)
"""Beginnings of words that have a list of their own, in characters."""

_MOST_WORDS = 4_000
_LONGEST_WORD = 40
_MOST_ASKED = 6

_OWNER = "\ue000"
"""Private use, never part of a word of a text: the word that says whose record it is."""

# Written without spaces: each character is a word of its own.
_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
# Their vowels are marks, which no class of `re` knows; U+0964 and U+0965 are full stops.
_MARKED = "\u0900-\u0963\u0966-\u0dff\u0f00-\u0fff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])(?:[^\W_]|[{_MARKED}]))+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_IS_INSIDE = re.compile(rf"(?![{_UNSPACED}])(?:[^\W_]|[{_MARKED}])")
"""A character after which no word begins."""


def words(text: str) -> list[str]:
    """The words of a text, folded, in order, with repetitions."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def owner_word(customer_id: uuid.UUID) -> str:
    """The word all records of a customer have."""
    return f"{_OWNER}{customer_id.hex}"


def index_text(customer_id: uuid.UUID, texts: Iterable[str]) -> str:
    """What the index gets of a record: each word once, umlauts also spelled out."""
    found: dict[str, None] = {}
    for text in texts:
        for spelling in spellings(text) if text else ():
            found.update(dict.fromkeys(words(spelling)))
    return " ".join((owner_word(customer_id), *list(found)[:_MOST_WORDS]))


def asked_words(text: str) -> list[str]:
    """The words that are looked for."""
    return list(dict.fromkeys(words(text)))[:_MOST_ASKED]


def query(asked: Collection[str], owner: uuid.UUID | None = None, *, whole: bool = False) -> str:
    """An FTS5 query for records with all words; "" where no word is long enough for one.

    Args:
        asked: From `asked_words`.
        owner: Only this customer's.
        whole: The words as they are, not as beginnings of longer ones.
    """
    parts = [f'"{owner_word(owner)}"'] if owner else []
    parts += filter(None, (_part(word, whole=whole) for word in asked))
    return " AND ".join(parts)


def _part(word: str, *, whole: bool) -> str:
    if whole or _IS_UNSPACED.match(word):
        return f'"{word}"'
    length = max((length for length in PREFIXES if length <= len(word)), default=0)
    return f'"{word[:length]}"*' if length else ""


def is_exact(asked: Iterable[str]) -> bool:
    """Whether the index finds what was asked and nothing else."""
    return all(len(word) in PREFIXES or bool(_IS_UNSPACED.match(word)) for word in asked)


def holds(texts: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether texts have words that begin with all that was asked."""
    forms = [form for text in texts for form in spellings(text)]
    return all(any(_begins(form, word) for form in forms) for word in asked)


def _begins(folded: str, word: str) -> bool:
    """Whether a word of a text begins so; a quick look that makes no words of the text."""
    at = folded.find(word)
    while at > 0 and _IS_INSIDE.match(folded[at - 1]) and not _IS_UNSPACED.match(word):
        at = folded.find(word, at + 1)
    return at >= 0
