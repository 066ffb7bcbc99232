"""What the README tells people to do at their phone system holds."""

from __future__ import annotations

import re
import shlex
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

from crmdesk.cli.given import certificate_file
from crmdesk.gui.settings.manager_conf import manager_lines


def _without_comments(text: str) -> list[str]:
    return [line.partition(";")[0].strip() for line in text.strip().splitlines()]


def test_lines_of_the_wizard_are_those_of_the_readme(repository: Path) -> None:
    readme = (repository / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^```ini\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert _without_comments(block) == _without_comments(manager_lines("", ""))


def test_certificate_made_as_told_is_trusted(
    repository: Path, tmp_path: Path, needs_program: Callable[[str], str]
) -> None:
    openssl = needs_program("openssl")
    readme = (repository / "README.md").read_text("utf-8")
    commands = re.findall(r"^openssl (.*)$", readme, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        subprocess.run(
            [openssl, *shlex.split(command)], cwd=tmp_path, check=True, capture_output=True
        )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "manager.pem", tmp_path / "manager.key")
    desk = ssl.create_default_context(cafile=certificate_file(str(tmp_path / "ca.pem")))
    desk.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT  # the default from Python 3.13 on
    assert _shake_hands(server, desk, "pbx.example.com") == "pbx.example.com"


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> str:
    """A handshake in memory; the name in the certificate that the client accepted."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = client.wrap_bio(to_client, to_server, server_hostname=host)
    right = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (left, right, left, right):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    certificate = left.getpeercert()
    assert certificate is not None
    return str(dict(certificate["subjectAltName"])["DNS"])  # type: ignore[arg-type]
