"""An address book on the loopback, until a test makes it behave otherwise."""

from __future__ import annotations

import socket

from crmdesk.sync.carddav.source import CardDavSource
from crmdesk.sync.carddav.web import Access, Patience
from tests.fakes.web_script import Request, WebScript, answer

IMPATIENT = Patience(connect=5, silence=0.3, answer=0.8)

HEAD = '<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
END = "</multistatus>"
A_BOOK = "<resourcetype><collection/><C:addressbook/></resourcetype>"


def response(href: str, props: str) -> str:
    """One entry of a multi-status."""
    return (
        f"<response><href>{href}</href><propstat><prop>{props}</prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response>"
    )


def status(href: str, code: int) -> str:
    """One entry that has no properties."""
    return f"<response><href>{href}</href><status>HTTP/1.1 {code} x</status></response>"


THE_BOOK = f"{HEAD}{response('/b/', A_BOOK)}{END}"


def card(name: str, *lines: str) -> str:
    """A card."""
    more = "".join(f"{line}\n" for line in lines)
    return f"BEGIN:VCARD\nVERSION:3.0\nUID:{name}\nFN:{name}\n{more}END:VCARD\n"


class CardServer:
    """An address book with one card.

    Attributes:
        listing: Answer to sync-collection.
        cards: Answer to multiget.
    """

    def __init__(self) -> None:
        etag = response("/b/a.vcf", "<getetag>1</getetag>")
        self.listing = f"{HEAD}{etag}<sync-token>t1</sync-token>{END}"
        data = response("/b/a.vcf", f"<C:address-data>{card('a')}</C:address-data>")
        self.cards = f"{HEAD}{data}{END}"

    def __call__(self, request: Request, sock: socket.socket) -> None:
        if request.method == "PROPFIND":
            answer(sock, 207, THE_BOOK)
        elif b"sync-collection" in request.body:
            answer(sock, 207, self.listing)
        else:
            answer(sock, 207, self.cards)


def read(script: WebScript, patience: Patience = IMPATIENT, **more: str) -> list[str]:
    """The keys of all records."""
    with CardDavSource(Access(script.url + "b/", **more), patience=patience) as source:
        return [record.key for record in source.records()]
