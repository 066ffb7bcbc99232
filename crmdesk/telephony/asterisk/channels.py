"""One channel of the PBX, and what its name and context say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall

STATE_RING = "4"
"""ChannelState of a channel that placed the call itself (asterisk/channelstate.h)."""
STATE_RINGING = "5"
STATE_UP = "6"
STATE_BUSY = "7"

FAILED_DIALS = frozenset({"NOANSWER", "CANCEL", "BUSY", "CHANUNAVAIL", "CONGESTION", "ABORT"})
"""DialStatus of a dial attempt that is over without an answer."""

# Channels Asterisk makes for itself: never a person.
_MACHINES = frozenset(
    {"Announcer", "AsyncGoto", "CBAnn", "CBRec", "Message", "Recorder", "Snoop", "Surrogate"}
)
_EXTENSION = re.compile(r"[0-9]{2,6}")
_NAMED_DEVICE = re.compile(r"([0-9]{3,6})[-_.][0-9]*[A-Za-z].*")
_SEPARATORS = re.compile(r"[-_.]")
# FreePBX names its own; the last two are the usual ones of hand-written dialplans.
_TRUNK_CONTEXTS = (
    "from-trunk",
    "from-pstn",
    "from-did",
    "from-analog",
    "from-dahdi",
    "from-digital",
    "from-zaptel",
    "from-sip-external",
    "inbound",
    "incoming",
)
_DIALPLAN_POSITIONS = frozenset({"", "s", "h", "i", "t", "o", "e", "failed", "~~s~~"})


class NumberSet(Protocol):
    """The extensions of the company (`matching.numbers.InternalRanges` is one)."""

    def __contains__(self, number: str, /) -> bool:
        """Whether the number is one of ours."""


class ChannelKind(Enum):
    """What stands at the other end of a channel."""

    PHONE = "phone"
    TRUNK = "trunk"
    LOCAL = "local"
    MACHINE = "machine"


@dataclass(slots=True, eq=False)
class Channel:
    """A channel that was seen and not hung up yet.

    Attributes:
        uid: Its Uniqueid; names begin again after a restart of the PBX.
        extension: Extension a phone's endpoint is named after, "" for everything else.
        originated: It placed the call; otherwise it is being dialled.
        first_exten: What it dialled: `Exten` of its Newchannel. Later events show only the
            position in the dialplan.
        number, number_name: Its own caller id, as last told.
        call: The call its Linkedid belongs to.
        offered: The call in which this device has an open offer.
        was_offered: It has or had an offer of some call.
        talking: The call in which it is the person on our side.
        consulting: The consultation the PBX put through for this phone (feature code).
        dialled: Somebody's dial attempt leads to it.
        dialled_by: Uid of who dials, "" where the PBX itself does (Originate).
        dial_status: First DialStatus that is not CANCEL, else CANCEL, "" while it rings.
        own_cause: Cause with which the device itself asked for the end, "" if it did not.
        own_phone: The agent's own phone, called first by click-to-dial.
    """

    uid: str
    name: str
    kind: ChannelKind
    extension: str
    linked_id: str
    born_at: datetime
    originated: bool = False
    state: str = ""
    first_exten: str = ""
    number: str = ""
    number_name: str = ""
    bridge: str = ""
    call: LiveCall | None = field(default=None, repr=False)
    offered: LiveCall | None = field(default=None, repr=False)
    talking: LiveCall | None = field(default=None, repr=False)
    consulting: LiveCall | None = field(default=None, repr=False)
    was_offered: bool = False
    dialled: bool = False
    dialled_by: str = ""
    dial_status: str = ""
    forwarded: bool = False
    rang: bool = False
    on_hold: bool = False
    own_phone: bool = False
    own_cause: str = ""

    @property
    def is_person(self) -> bool:
        """Whether a person may be at the other end."""
        return self.kind in (ChannelKind.PHONE, ChannelKind.TRUNK)

    @property
    def pair(self) -> str:
        """Common name of the two halves of a Local channel."""
        return self.name[:-2]

    @property
    def half(self) -> str:
        """Which half of a Local channel it is: 1, or 2 that runs the dialplan."""
        return self.name[-1:]


def kind_of(name: str, context: str, internal: NumberSet | None) -> tuple[ChannelKind, str]:
    """What a channel is, and its extension.

    With known extensions the endpoint decides. Without, two to six digits are a phone,
    unless the channel came in through a context for trunks (names as in FreePBX). A second
    device of an extension may have a name of its own: `1001-web`, `desk_1001`.

    Args:
        name: Channel name, e.g. `PJSIP/1001-0000000a`.
        context: Context of its Newchannel, "" where unknown.
        internal: The extensions of the company, None where not configured.
    """
    technology, _, rest = name.partition("/")
    if technology == "Local":
        return ChannelKind.LOCAL, ""
    if technology in _MACHINES:
        return ChannelKind.MACHINE, ""
    endpoint = rest.rpartition("-")[0] or rest
    extension = _guess(endpoint, context) if internal is None else _find(endpoint, internal)
    return (ChannelKind.PHONE if extension else ChannelKind.TRUNK), extension


def _find(endpoint: str, internal: NumberSet) -> str:
    """The extension an endpoint is named after, "" if none or more than one."""
    if endpoint in internal:
        return endpoint
    found = {part for part in _SEPARATORS.split(endpoint) if part in internal}
    return found.pop() if len(found) == 1 else ""


def _guess(endpoint: str, context: str) -> str:
    if context.startswith(_TRUNK_CONTEXTS):
        return ""
    if _EXTENSION.fullmatch(endpoint):
        return endpoint
    device = _NAMED_DEVICE.fullmatch(endpoint)
    return device[1] if device else ""


def dialled_number(exten: str) -> str | None:
    """A dialled number out of `Exten`; None for a mere position in the dialplan."""
    return None if exten in _DIALPLAN_POSITIONS else exten
