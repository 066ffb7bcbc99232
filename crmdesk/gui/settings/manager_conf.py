"""The lines an Asterisk needs so that CRMDesk can look and not touch. Pure."""

from __future__ import annotations

_LINES = """\
[general]
enabled = yes
bindaddr = 127.0.0.1              ; the unencrypted port 5038 stays inside the machine
tlsenable = yes
tlsbindaddr = 0.0.0.0:{port}
tlscertfile = /etc/asterisk/keys/manager.pem     ; certificate and its chain
tlsprivatekey = /etc/asterisk/keys/manager.key
channelvars = CALLERID(pres),FROM_DID

[{user}]
secret = {secret}
deny = 0.0.0.0/0.0.0.0
permit = 192.0.2.0/255.255.255.0  ; the network of the desks
read = call,agent,system
write = reporting
writetimeout = 5000
"""
_ONLY_WITH_TLS = ("tls", "bindaddr")
PLACEHOLDER = "a-long-random-password"
HIDDEN = "••••••••"


def manager_lines(user: str, secret: str, *, port: str = "5039", tls: bool = True) -> str:
    """What to paste into manager.conf (FreePBX: manager_custom.conf).

    Args:
        user: Name of the manager user, a default where "".
        port: Where the phone system shall listen.
        secret: As it shall stand there, a placeholder where "".
        tls: Without it the plain port is open to the network, and encryption left out.
    """
    text = _LINES.format(user=user or "crmdesk", secret=secret or PLACEHOLDER, port=port)
    if tls:
        return text
    plain = [line for line in text.splitlines() if not line.startswith(_ONLY_WITH_TLS)]
    plain.insert(2, f"port = {port}")
    return "\n".join(plain) + "\n"
