"""What stands beside a number and says what it is. Pure.

A label counts only directly before the number, and only back to the digits, the mask or the line
end before: "customer paid with", "for invoice 12:" and "phone order" are none.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_LOOK_BACK = 40
"""Characters; the longest label has fewer."""

_SAME_TEXT = re.compile(r"[^0-9•\n]*\Z")

_CARD_WORDS = (
    r"karten?|cards?|visa|master ?cards?|maestro|amex|american express|diners|discover|jcb|"
    r"union ?pay|carte|carta|tarjeta|cart[ãa]o|girocard|cc|pan|mc|kk"
)
_PAYMENT_WORDS = r"(?<!an)zahl|anzahlung|paid|pay|debit|\bec(?![a-z])"
"""Of "Anzahl" there are many, of "Anzahlung" few."""

_CARD_WORD = re.compile(
    rf"kart|card|credit|kredit|\b(?:{_CARD_WORDS})(?![a-z])|{_PAYMENT_WORDS}", re.IGNORECASE
)
_CARD_LABEL = re.compile(
    rf"(?<![a-z])(?:[a-z]{{0,12}}-?)?(?:{_CARD_WORDS})"
    r"[ -]?(?:no|nr|num|number|nummer|#)?[ .:#=\-(]{0,4}\Z",
    re.IGNORECASE,
)
_CARD_AFTER = re.compile(
    r"\W{0,4}(?:exp|valid|g[uü]ltig|ablauf|l[aä]uft|cv[vcn]|csc|security|pr[uü]f"
    r"|(?:0[1-9]|1[0-2])/[0-9]{2})"
    r"|[^0-9•\n]{0,20}(?<![0-9])(?:0[1-9]|1[0-2])/(?:20)?[2-4][0-9](?![0-9])",
    re.IGNORECASE,
)

_NUMBER_WORD = r"(?:no|nr|num|number|nummer|numero|numéro|n°|№|id|key|#)"
_NUMBERED = (
    r"order|best|bestell(?:ungs)?|auftrags?|rechnungs?|rg|invoice|kunden?|kd|customer|client|"
    r"lieferschein|z[äa]hler|versicherungs|ticket|case|fall|"
    r"vorgangs?|sendungs?|shipment|tracking|paket|parcel|referenz|reference|ref|konto|account|"
    r"transa[ck]tions?|serial|serien|vertrags?|contract|mandats?|mandate|buchungs?|booking|"
    r"mitglieds?|member|policen?|policy|artikel|article|item|device|commande|pedido|ordine"
)
_ORDERS = (
    "order|bestellung|auftrag|rechnung|invoice|ticket|vorgang|sendung|paket|parcel|tracking|"
    "commande|pedido|ordine|vertrag|police|case|lieferschein"
)
_CARRIERS = "dhl|fedex|ups|gls|dpd|hermes"
_SENTENCE = r"(?:^|[.,;:!?(])\s*"
_REFERENCE = re.compile(
    rf"\b(?:{_NUMBERED})(?:\.?-|[. _])?{_NUMBER_WORD}[ .:#=\-]{{0,4}}\Z"
    r"|\b(?:ref|referen[cz]e?|imei|iccid|ean|gtin|upc|isbn|sscc|u?uid|guid|s/?n|id)[ .:#=]{0,4}\Z"
    r"|\b(?:ord|order|inv|invoice|re|ref|ticket|so|po|trx)[\-_/]\Z"
    r"|\b(?:imei|iccid|ean|gtin|isbn) (?:ist|is|lautet)[ :]{1,3}\Z"
    rf"|{_SENTENCE}(?:(?:{_CARRIERS})[ \-])?(?:{_ORDERS}|{_CARRIERS})[ .:]{{0,3}}\Z"
    r"|#\Z",
    re.IGNORECASE | re.MULTILINE,
)
_PREFIX = re.compile(r"(?<![A-Za-z0-9])(?:(?!N[RO]\b)[A-Z]{1,5}[\-_/]|1Z|RE|INV|ORD|REF|TRX)\Z")
"""Of order numbers and the like: "AB-4…", and of UPS: "1Z4…"; always of capitals."""

_LONGEST_PREFIX = 8

_PHONE = re.compile(
    rf"{_SENTENCE}(?:tel|telefon|telephone|phone|mobil|mobile|handy|cell|fax|telefax|fon)"
    r"[ .:\-]{1,3}\Z",
    re.IGNORECASE | re.MULTILINE,
)
_IBAN = re.compile(r"\biban[ .:#=\-]{0,3}\Z", re.IGNORECASE)
_MOST_OF_PHONES = 14
"""Digits; ITU-T E.164 has one more, but cards of 15 begin with 34 or 37: numbers of +34 and +370 to
+379 are shorter."""

_MOST_PRINTED_OF_PHONES = 13
"""Of a number in the groups of a card; longer ones are not written so."""


class Form(Enum):
    """How a number is written, as the grammar of this package says."""

    PRINTED = auto()
    SOLID = auto()
    ODD = auto()


def is_named_card(image: str, start: int) -> bool:
    """Whether a word for cards stands directly before a number: "Visa 4…", "card no. 4…"."""
    return _CARD_LABEL.search(image, _begin(image, start), start) is not None


def is_beside_card_word(image: str, start: int, end: int) -> bool:
    """Whether a word for cards or for paying stands near a place."""
    return _CARD_WORD.search(image, max(0, start - _LOOK_BACK), end + _LOOK_BACK) is not None


def is_other_number(image: str, start: int, end: int, digits: str, form: Form) -> bool:
    """Whether a label says that it is a phone number, an order, an account.

    Args:
        image: Of the text.
        start: Where the number begins.
        end: Where it ends.
        digits: All of it.
        form: How it is written.
    """
    begin = _begin(image, start)
    if _CARD_WORD.search(image, begin, start) or _CARD_AFTER.match(image, end):
        return False
    if _may_be_phone(digits, form) and _is_called_phone(image, begin, start):
        return True
    if form is Form.PRINTED:
        return False
    if _IBAN.search(image, begin, start):
        return True
    is_prefixed = _PREFIX.search(image, max(0, start - _LONGEST_PREFIX), start) is not None
    return is_prefixed or _REFERENCE.search(image, begin, start) is not None


def _begin(image: str, start: int) -> int:
    """Where the text directly before a number begins."""
    same = _SAME_TEXT.search(image, max(0, start - _LOOK_BACK), start)
    return same.start() if same else start


def _may_be_phone(digits: str, form: Form) -> bool:
    most = _MOST_PRINTED_OF_PHONES if form is Form.PRINTED else _MOST_OF_PHONES
    return len(digits) <= most


def _is_called_phone(image: str, begin: int, start: int) -> bool:
    return image[start - 1 : start] == "+" or _PHONE.search(image, begin, start) is not None
