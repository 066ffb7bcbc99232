"""What a phone system lets us see, learnt from what it sends.

Asterisk tells nobody their rights. Write rights show in `ListCommands` (it lists only what
this user may do); read rights only in what comes or fails to come: a call that was listed
and is gone without a single `call` event, a queue whose counters moved without a single
`agent` event.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from crmdesk.telephony.asterisk.messages import Message

PRESENTATION = "CALLERID(pres)"
DIALLED = "FROM_DID"
CHANNELVARS = "channelvars = CALLERID(pres),FROM_DID"
"""The one line in [general] of manager.conf that both need."""

_TELLING = frozenset({"Newchannel", "DialBegin", "CoreShowChannel"})
_PHONE = re.compile(r"([A-Za-z0-9]+)/([0-9A-Za-z_.\-]+)-[0-9a-f]{8}")
_MAX_PHONES = 10_000  # extensions remembered with their technology

NO_SYSTEM = (
    "The login lacks the right to hear of restarts. Add system to read = of this user in "
    "manager.conf."
)
NO_CALL = (
    "The login lacks the right to hear of calls: nothing pops. Add call to read = of this user "
    "in manager.conf."
)
NO_AGENT = (
    "The login lacks the right to hear of queues: callers who gave up waiting are not told from "
    "missed calls. Add agent to read = of this user in manager.conf."
)
NO_CHANNEL_LIST = (
    "The login may not ask which calls are on, so calls that began before CRMDesk connected are "
    "not shown. Add reporting to write = of this user in manager.conf."
)
NO_PRESENTATION = (
    "The phone system does not tell whether a number is withheld, so withheld numbers may be "
    f"shown. Add the line {CHANNELVARS} to [general] in manager.conf."
)
NO_TLS = (
    "The connection is not encrypted: others in this network can read who calls. Turn TLS on "
    "(tlsenable = yes in manager.conf, port 5039)."
)


@dataclass(slots=True)
class LineFacts:
    """Filled message by message; survives reconnects.

    Attributes:
        classes: Event classes seen ("call", "agent", "system").
        boot_awaited: FullyBooted was due and did not come.
        commands: Actions this user may send, None until told.
        channel_list_denied: `CoreShowChannels` was answered "Permission denied".
        presentation, dialled: Whether channels carry the two variables, None until a channel
            was seen.
        lost_a_channel, queue_moved: Proof of a missing read right, see above.
    """

    classes: set[str] = field(default_factory=set)
    boot_awaited: bool = False
    commands: frozenset[str] | None = None
    channel_list_denied: bool = False
    presentation: bool | None = None
    dialled: bool | None = None
    lost_a_channel: bool = False
    queue_moved: bool = False
    _technology: dict[str, str] = field(default_factory=dict)
    _listed: frozenset[str] = frozenset()
    _listing: set[str] = field(default_factory=set)
    _queue_counts: dict[str, int] = field(default_factory=dict)

    def note(self, message: Message) -> None:
        """Learns from one message."""
        privilege = message.fields.get("Privilege")
        if privilege:
            self.classes.add(privilege.partition(",")[0])
        if message.name in _TELLING:
            self._note_channel(message)
        elif message.name == "QueueParams":
            self._note_queue(message)
        elif message.name == "CoreShowChannelsComplete":
            self._note_listed()

    def technology(self, extension: str) -> str:
        """Channel technology of a phone, as seen in its calls; PJSIP where never seen."""
        return self._technology.get(extension, "PJSIP")

    def may(self, action: str) -> bool | None:
        """Whether this user may send an action; None where unknown."""
        return None if self.commands is None else action in self.commands

    def warnings(self, tls: bool, host: str) -> tuple[str, ...]:
        """What works less well than it could, each with its remedy, most pressing first."""
        missing = (
            (self.lost_a_channel and "call" not in self.classes, NO_CALL),
            (self.presentation is False, NO_PRESENTATION),
            (self.queue_moved and "agent" not in self.classes, NO_AGENT),
            (self.channel_list_denied, NO_CHANNEL_LIST),
            (self.boot_awaited and "system" not in self.classes, NO_SYSTEM),
            (not tls and not is_this_computer(host), NO_TLS),
        )
        return tuple(text for is_missing, text in missing if is_missing)

    def _note_channel(self, message: Message) -> None:
        known = {**message.variables, **message.dest_variables}
        self.presentation = PRESENTATION in known
        self.dialled = DIALLED in known
        phone = _PHONE.fullmatch(message.get("Channel"))
        if phone and phone[1] != "Local" and len(self._technology) < _MAX_PHONES:
            self._technology[phone[2]] = phone[1]
        if message.name == "CoreShowChannel":
            self._listing.add(message.get("Uniqueid"))

    def _note_listed(self) -> None:
        if self._listed - self._listing and "call" not in self.classes:
            self.lost_a_channel = True
        self._listed = frozenset(self._listing)
        self._listing.clear()

    def _note_queue(self, message: Message) -> None:
        done = _count(message.get("Completed")) + _count(message.get("Abandoned"))
        queue = message.get("Queue")
        if self._queue_counts.get(queue, done) < done and "agent" not in self.classes:
            self.queue_moved = True
        self._queue_counts[queue] = done

    def connection_lost(self) -> None:
        """Calls and queue counters go on unseen now: nothing may be concluded from them."""
        self._listed = frozenset()
        self._listing.clear()
        self._queue_counts.clear()


def is_this_computer(host: str) -> bool:
    """Whether a host is the loopback."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
