"""A real Radicale over TLS, in a folder of its own."""

from __future__ import annotations

import ssl
import sys
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crmdesk.sync.carddav.web import Access
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.real_server import free_port, running

USER, PASSWORD = "jane", "pass wörd:1"
BOOK = "/jane/customers/"


@dataclass(frozen=True)
class Radicale:
    """A running server with one user."""

    access: Access

    def send(self, method: str, path: str, body: str = "", kind: str = "text/vcard") -> None:
        """A request as any other client makes it."""
        login = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            self.access.url.rstrip("/") + path, body.encode(), method=method,
            headers={"Authorization": f"Basic {login}", "Content-Type": kind},
        )  # fmt: skip
        trust = ssl.create_default_context(cafile=self.access.ca_file)
        with urllib.request.urlopen(request, context=trust, timeout=20) as answer:
            answer.read()

    def make_book(self, path: str, title: str) -> None:
        """Makes an address book."""
        self.send(
            "MKCOL", path,
            '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype>'
            f"<collection/><C:addressbook/></resourcetype><displayname>{title}</displayname>"
            "</prop></set></mkcol>", "application/xml",
        )  # fmt: skip

    def put(self, uid: str, name: str, *lines: str, book: str = BOOK) -> None:
        """Writes a card."""
        body = "\r\n".join(
            ("BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", f"N:{name};;;;", *lines,
             "END:VCARD", "")
        )  # fmt: skip
        self.send("PUT", f"{book}{uid}.vcf", body)


@contextmanager
def real_radicale(folder: Path) -> Iterator[Radicale]:
    """A server on the loopback until the end of the block."""
    authority = CertificateAuthority(folder)
    server = authority.issue("server", "127.0.0.1")
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", "utf-8")
    port = free_port()
    command = [
        sys.executable, "-m", "radicale", "--config", "",
        f"--server-hosts=127.0.0.1:{port}", "--server-ssl=True",
        f"--server-certificate={server.certificate}", f"--server-key={server.key}",
        "--auth-type=htpasswd", f"--auth-htpasswd-filename={users}",
        "--auth-htpasswd-encryption=plain", "--auth-delay=0",
        f"--storage-filesystem-folder={folder / 'books'}",
    ]  # fmt: skip
    with running(command, port, folder / "radicale.log"):
        url = f"https://127.0.0.1:{port}/"
        access = Access(url, USER, PASSWORD, str(authority.ca_file))
        yield Radicale(access)
