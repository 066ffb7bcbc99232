"""Card codes and the words before them (PCI DSS 3.3.1.2: never kept). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmdesk.domain.cards.image import NO_WIDTH
from crmdesk.domain.cards.labels import is_beside_card_word

_THREE_OR_FOUR = rf"[0-9](?:[ .\-{NO_WIDTH}]{{0,2}}[0-9]){{2,3}}(?!\w)"
_NO_AMOUNT = r"(?!\W{0,2}(?:€|eur|usd|gbp|chf|%))"
_NO_LETTER = r"(?<![^\W\d_])"


def _code_after(words: str) -> re.Pattern[str]:
    """Some words, what people say between, and a code, which is the group."""
    return re.compile(
        rf"{_NO_LETTER}(?:{words})"
        r"(?:\W{0,4}(?:code|number|nummer|num|nr|no|is|ist|was|war|lautet)(?![a-z])){0,3}"
        rf"\W{{0,4}}({_THREE_OR_FOUR})",
        re.IGNORECASE,
    )


_OF_CARDS = (
    r"cvv2?|cvc2?|cvn2?|kpn(?![a-z])|cav2|"
    r"card[ -]?(?:verification|security)[ -]?(?:value|code|number)|"
    r"[a-z]{0,7}karten?[ -]{0,2}(?:pr[üu]f(?:ziffer|nummer|code)n?|pr[üu]fnr|sicherheitscode)"
)
_SURE = _code_after(_OF_CARDS)
"""Said of cards only."""

_SURE_IN_WORDS = re.compile(
    rf"{_NO_LETTER}(?:{_OF_CARDS})[^0-9•\n]{{0,20}}"
    rf"([0-9](?:[ \-{NO_WIDTH}]{{0,2}}[0-9]){{2,3}})(?!\w|[.,:/][0-9]){_NO_AMOUNT}",
    re.IGNORECASE,
)
"""With any words between, "the CVC of the card is 123": no date, no time, no amount."""

_LIKELY = _code_after(
    r"(?:security|sicherheits)[ -]?code|sicherheitsnummer|-?pr[üu]f(?:ziffer|code)n?|"
    r"code de s[ée]curit[ée]"
)
"""Said of doors and forms too; then what stands behind may be a year or another number, and four
digits are more often theirs than American Express's."""

_BESIDE = _code_after(r"cid|csc|pr[üu]fnummern?|pr[üu]fnr|verification[ -]?code")
"""Customers, conferences, test reports and log-ins have one too, so only beside a card number or a
word for cards."""

_MAY_BE_CODE = re.compile(r"cv[vcn]|kpn|c[sai][cvd]|code|card|pr[uü]f|sicherheitsn", re.IGNORECASE)
"""Quicker than looking for all of the words at every place."""

_MASKED_CARD = re.compile(r"•••• [0-9]{4}(?![0-9])")
_USUAL = 3
_GOES_ON = re.compile(r"[-/.][0-9]")

_EXPIRY_THEN_CODE = re.compile(
    r"\W{0,4}(?:(?:exp[a-z]{0,8}|valid|g[üu]ltig|bis|thru|until|to)\b\W{0,3}){0,2}"
    r"(?:0[1-9]|1[0-2]|[1-9](?=/))(?:\W{0,3}(?:20)?[2-4][0-9])(?![0-9])"
    rf"\W{{1,4}}(?:code\W{{0,3}})?([0-9]{{3,4}})(?![\w/]){_NO_AMOUNT}",
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


def _named_codes(image: str, has_card: bool) -> Iterator[tuple[int, int]]:
    """Codes behind a word that says so; `has_card` is true also where it is masked."""
    for words in (_SURE, _SURE_IN_WORDS):
        for match in words.finditer(image):
            yield match.span(1)
    for match in _LIKELY.finditer(image):
        if has_card or not _is_other_number(match) or _is_by_card_word(match):
            yield match.span(1)
    for match in _BESIDE.finditer(image):
        if has_card or _is_by_card_word(match):
            yield match.span(1)


def _is_other_number(match: re.Match[str]) -> bool:
    """Whether it is a year, of a door, or the beginning of more: "2024", "4711", "123-4567"."""
    is_long = sum(map(str.isdigit, match[1])) > _USUAL
    return is_long or _GOES_ON.match(match.string, match.end(1)) is not None


def _is_by_card_word(match: re.Match[str]) -> bool:
    return is_beside_card_word(match.string, *match.span())
