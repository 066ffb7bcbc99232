"""Card codes and the words before them (PCI DSS 3.3.1.2: never kept). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmdesk.domain.cards.image import NO_WIDTH

_THREE_OR_FOUR = rf"[0-9](?:[ .\-{NO_WIDTH}]{{0,2}}[0-9]){{2,3}}(?!\w)"
_CODE = re.compile(
    r"(?<![^\W\d_])(?:cvv2?|cvc2?|csc|cav2|card verification value|"
    r"(?:security|sicherheits|verification)[ -]?code|"
    r"(?:[a-z]{0,7}karten)?-?pr[üu]f(?:ziffer|nummer|code)n?|pr[üu]fnr|code de s[ée]curit[ée])"
    r"(?:\W{0,4}(?:code|number|nummer|num|nr|no|is|ist|was|war|lautet)(?![a-z])){0,3}"
    rf"\W{{0,4}}({_THREE_OR_FOUR})",
    re.IGNORECASE,
)
_MAY_BE_CODE = re.compile(r"cv[vc]|c[sai][cvd]|code|pr[uü]f", re.IGNORECASE)
"""Quicker than looking for all of the words at every place."""

_CARD_ID = re.compile(rf"\bcid\W{{0,4}}({_THREE_OR_FOUR})", re.IGNORECASE)
"""American Express's word for the code; also a customer's id, so only beside a card number."""

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
        for match in _CODE.finditer(image):
            yield match.span(1)
    if card_ends:
        for match in _CARD_ID.finditer(image):
            yield match.span(1)
    for end in card_ends:
        follows = _EXPIRY_THEN_CODE.match(image, end)
        if follows is not None:
            yield follows.span(1)
