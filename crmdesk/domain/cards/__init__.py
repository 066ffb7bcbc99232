"""Card numbers in free text, masked before anything is saved. Pure.

PCI DSS 4.0.1: of a card number (PAN) at most the last four digits are kept here (3.4.1 allows six
or eight in front besides); a card code (CVV2, CVC2, CAV2, CID) is never kept, not even until the
payment went through (3.3.1.2). A number that is not masked is a breach; one that is masked though
it was none costs somebody a look into another system. So doubt masks.

What is read is an image of the text (`image`): digits of any script are 0 to 9, what has no width
is nothing, tags and entities of HTML are blanks. In it

    group   := digits, with nothing of a width between them
    gap     := 1 to 32 characters that are neither letter nor digit          (`groups`)
    run     := group (gap group)*
    cluster := a part of a run whose gaps are blanks, dots or hyphens, of at most three

A stretch of whole groups is a card number where its beginning and its length are those of a card
scheme, its check digit is right (Luhn, ISO/IEC 7812-1 annex B), and it is written

    printed := in the groups that the scheme prints, anywhere in a run: 4111/1111-1111 1111
    solid   := in one group, anywhere, whatever letters stick to it: VISA4111111111111111exp12/27
    odd     := in other groups, from the beginning of a cluster up to its end or an expiry date;
               a date, an amount or up to two digits may stand before: 50.00 4111 111111111111

Halves of eight are printed where a stroke or "then" parts them: two numbers of eight digits that a
comma parts are two phone numbers.

Of random digits one in ten has the right check digit, so that a label may say that it is another
number (`labels`): directly before it, "Order no. 4…", "IBAN", "INV-4…", "Tel. 3…" where it is no
longer than a phone number. No label outweighs the groups that a card prints, but a phone's those
of at most 13 digits, and none a word for cards or for paying beside it, or an expiry date behind.
IBANs prove themselves, and keys of programs look like nothing else (`no_cards`).

All of it is done in one pass: every gap, every group and every label is looked at once, and of
each no more than a fixed number of characters.
"""

from __future__ import annotations

from crmdesk.domain.cards.masking import mask_card_numbers

__all__ = ["mask_card_numbers"]
