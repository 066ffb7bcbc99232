"""What may be sent to an Asterisk manager, and the one encoder that lets it out.

There is no action here that runs a program, a command or a dialplan application:
`Originate` always goes through the dialplan, so the PBX's own rules for outside lines hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crmdesk.telephony.dialling_text import DIALLABLE
from crmdesk.telephony.trouble import LocalProtocolError

DIAL_TIMEOUT_MS = 30_000
"""How long the agent's own phone rings for a click-to-dial."""

_EXTENSION = re.compile(r"[0-9A-Za-z_.\-]{1,40}")
_TECHNOLOGY = re.compile(r"[A-Za-z0-9]{2,10}")
_CONTEXT = re.compile(r"[0-9A-Za-z_.\-]{1,80}")
_HARMFUL = re.compile(r"[\r\n\0]")


@dataclass(frozen=True, slots=True)
class Action:
    """One request; its answer carries the same ActionID."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()

    def encode(self, action_id: str) -> bytes:
        """The bytes for the wire.

        Raises:
            LocalProtocolError: A value holds CR, LF or NUL, and would start a second action.
        """
        lines = (("Action", self.name), ("ActionID", action_id), *self.fields)
        for key, value in lines:
            if _HARMFUL.search(key) or _HARMFUL.search(value):
                raise LocalProtocolError(f"{self.name}: {key} holds a line break or NUL")
        text = "".join(f"{key}: {value}\r\n" for key, value in lines)
        try:
            return f"{text}\r\n".encode()
        except UnicodeEncodeError as error:
            raise LocalProtocolError(f"{self.name}: not valid text") from error


PING = Action("Ping")
LOGOFF = Action("Logoff")
CHALLENGE = Action("Challenge", (("AuthType", "MD5"),))
LIST_COMMANDS = Action("ListCommands")
SHOW_CHANNELS = Action("CoreShowChannels")
QUEUE_STATUS = Action("QueueStatus")


def login(username: str, key: str) -> Action:
    """The answer to a challenge; see `login.challenge_key`."""
    fields = (("AuthType", "MD5"), ("Username", username), ("Key", key), ("Events", "on"))
    return Action("Login", fields)


def originate(extension: str, number: str, context: str, technology: str = "PJSIP") -> Action:
    """Rings the agent's phone and, once it is picked up, dials the number as that phone.

    The agent's phone shows the number as a name. The caller ID stays the extension's own: the
    customer must not see their own number calling, and FreePBX finds its outbound rules by it.

    Args:
        extension: The agent's phone, e.g. "1001".
        number: What that phone would dial.
        context: Dialplan context of the agents' phones, e.g. "from-internal".
        technology: Channel technology of the phone.

    Raises:
        LocalProtocolError: A value is not what its name says.
    """
    _require(DIALLABLE, number, "number")
    _require(_EXTENSION, extension, "extension")
    _require(_CONTEXT, context, "dialplan context")
    _require(_TECHNOLOGY, technology, "technology")
    fields = (
        ("Channel", f"{technology}/{extension}"),
        ("Context", context),
        ("Exten", number),
        ("Priority", "1"),
        ("CallerID", f'"{number}" <{extension}>'),
        ("Timeout", str(DIAL_TIMEOUT_MS)),
        ("Async", "true"),
    )
    return Action("Originate", fields)


def _require(pattern: re.Pattern[str], value: str, what: str) -> None:
    if not pattern.fullmatch(value):
        raise LocalProtocolError(f"{value[:40]!r} is no {what} that can be sent")
