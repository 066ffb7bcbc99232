"""Why something of sales is not written, in words; each raises UserFacingError."""

from __future__ import annotations

import re

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.sales import Invoice, InvoiceStatus, PaymentMethod, Receipt

_LAST_FOUR = re.compile(r"[0-9]{4}|")
_MANY_DIGITS = re.compile(r"(?:\d[ -]?){8,}")
"""More digits than any bank's or card's name has: somebody typed a number there."""


def refuse_closed(invoice: Invoice) -> None:
    """An invoice that is paid, cancelled or written off."""
    if invoice.status is not InvoiceStatus.OPEN:
        raise UserFacingError(
            f"Invoice {invoice.number} is not open any more.",
            "Nothing was changed.",
            "Look at its history first.",
        )


def refuse_receipt(new: Receipt, invoice: Invoice | None) -> None:
    """Money that is for an invoice that cannot take it."""
    if invoice is None:
        raise gone("This invoice")
    if invoice.status not in {InvoiceStatus.OPEN, InvoiceStatus.PAID}:
        raise UserFacingError(
            f"Invoice {invoice.number} was closed without being paid.",
            "The money was not written down.",
            "Take the closing back first, or write the money down without an invoice.",
        )
    if invoice.currency != new.currency:
        raise UserFacingError(
            f"Invoice {invoice.number} is in {invoice.currency}, this money is in {new.currency}.",
            "The money was not written down.",
            "Write down what it came to in the currency of the invoice.",
        )


def refuse_currency(edited: Invoice, before: Invoice) -> None:
    """An invoice that came to be in another currency than what was paid on it."""
    if before.receipts and edited.currency != before.currency:
        raise UserFacingError(
            f"Money in {before.currency} came in on invoice {before.number} already.",
            "The invoice was not changed.",
            f"Leave it in {before.currency}, or cancel it and write another one.",
        )


def refuse_numbers(method: PaymentMethod) -> None:
    """Numbers of cards and accounts.

    PCI DSS 3.4.1: of a card at most the last four digits; of an account none of them.
    """
    texts = (method.brand, method.bank)
    typed = any(_MANY_DIGITS.search(text) for text in texts)
    masked = any(mask_card_numbers(text)[1] for text in (*texts, method.mandate, method.token))
    if typed or masked or _LAST_FOUR.fullmatch(method.last_four) is None:
        raise UserFacingError(
            "A card or account number is never kept here.",
            "Nothing was saved.",
            "Give the brand, the last four digits and the month it expires, or the bank's name"
            " and the mandate reference.",
        )


def gone(what: str) -> UserFacingError:
    """Somebody removed it meanwhile."""
    return UserFacingError(
        f"{what} is no longer in the store.",
        "Nothing was changed.",
        "Read the customer again.",
    )
