"""Card codes and the words before them (PCI DSS 3.3.1.2: never kept). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmdesk.domain.cards.image import NO_WIDTH

_THREE_OR_FOUR = rf"[0-9](?:[ .\-{NO_WIDTH}]{{0,2}}[0-9]){{2,3}}(?!\w)"


def _code_after(words: str) -> re.Pattern[str]:
    """Some words, what people say between, and a code, which is the group."""
    return re.compile(
        rf"(?<![^\W\d_])(?:{words})"
        r"(?:\W{0,4}(?:code|number|nummer|num|nr|no|is|ist|was|war|lautet)(?![a-z])){0,3}"
        rf"\W{{0,4}}({_THREE_OR_FOUR})",
        re.IGNORECASE,
    )


_SURE = _code_after(
    r"cvv2?|cvc2?|cav2|card[ -]?(?:verification|security)[ -]?(?:value|code|number)|"
    r"[a-z]{0,7}karten?[ -]{0,2}(?:pr[üu]f(?:ziffer|nummer|code)n?|pr[üu]fnr|sicherheitscode)"
)
"""Said of cards only."""

_LIKELY = _code_after(
    r"(?:security|sicherheits|verification)[ -]?code|-?pr[üu]f(?:ziffer|code)n?|"
    r"code de s[ée]curit[ée]"
)
"""Said of doors and forms too; then what stands behind may be a year or another number."""

_BESIDE = _code_after(r"cid|csc|pr[üu]fnummern?|pr[üu]fnr")
"""Customers, conferences and test reports have one too, so only beside a card number."""

_MAY_BE_CODE = re.compile(r"cv[vc]|c[sai][cvd]|code|card|pr[uü]f", re.IGNORECASE)
"""Quicker than looking for all of the words at every place."""

_MASKED_CARD = re.compile(r"•••• [0-9]{4}(?![0-9])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_GOES_ON = re.compile(r"[-/.][0-9]")

_EXPIRY_THEN_CODE = re.compile(
    r"\W{0,4}(?:(?:exp[a-z]{0,8}|valid|g[üu]ltig|bis|thru|until|to)\b\W{0,3}){0,2}"
    r"(?:0[1-9]|1[0-2]|[1-9](?=/))(?:\W{0,3}(?:20)?[2-4][0-9])(?![0-9])"
    r"\W{1,4}(?:code\W{0,3})?([0-9]{3,4})(?![\w/])"
    r"(?!\W{0,2}(?:€|eur|usd|gbp|chf|%))",
    re.IGNORECASE,
)

EXPIRY = re.compile(r"[ ,;.\-]{0,3}(?:0[1-9]|1[0-2])[ ./\-]{0,3}(?:20)?[2-4][0-9](?![0-9])")
"""Month and year as they follow a card number: of this century, and not long gone."""


def codes_in(image: str, card_ends: list[int]) -> Iterator[tuple[int, int]]:
    """Start and end of every card code.

    Args:
        image: Of the text.
        card_ends: Where the card numbers in it end.
    """
    if _MAY_BE_CODE.search(image):
        yield from _named_codes(image, bool(card_ends) or _MASKED_CARD.search(image) is not None)
    for end in card_ends:
        follows = _EXPIRY_THEN_CODE.match(image, end)
        if follows is not None:
            yield follows.span(1)


def _named_codes(image: str, is_beside_card: bool) -> Iterator[tuple[int, int]]:
    """Codes behind a word that says so; `is_beside_card` is true also where it is masked."""
    for match in _SURE.finditer(image):
        yield match.span(1)
    for match in _LIKELY.finditer(image):
        if is_beside_card or not _is_other_number(image, match):
            yield match.span(1)
    if is_beside_card:
        for match in _BESIDE.finditer(image):
            yield match.span(1)


def _is_other_number(image: str, match: re.Match[str]) -> bool:
    """Whether it is a year, or a longer number begins with it: "2024", "123-4567"."""
    return bool(_YEAR.fullmatch(match[1]) or _GOES_ON.match(image, match.end(1)))
