"""Takes names and numbers out of AMI lines, and keeps what a bug report needs.

The same number gets the same pseudonym, however it was written: digits are replaced from
the end, each depending on those behind it and on a key that only the recorder knows. So
"+49 30 ...", "0049 30 ..." and "030 ..." still agree, and two numbers never become one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from crmdesk.telephony.asterisk.verification import VARIABLE as VERIFICATION_VARIABLE
from crmdesk.telephony.asterisk.verification import verification_word

_REPLACED_DIGITS = 7
"""From the end of a number: the subscriber; country and area stay."""
_NUMBER = re.compile(r"(?<![0-9.\-])\+?[0-9]{7,20}(?![0-9.])")
_ADDRESS = re.compile(r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b")
_NAMED_NUMBER = re.compile(r'"(.*)"(\s*<.*>)?')
_NOT_A_NAME = frozenset({"", "<unknown>", "unknown", "anonymous", "restricted", "unavailable"})

_NAME_ENDINGS = ("CallerIDName", "ConnectedLineName", "MemberName")
_NAME_KEYS = frozenset({"Name"})
_KEPT_ENDINGS = (
    "Uniqueid", "UniqueID", "Linkedid", "LinkedID", "ChannelState", "ChannelStateDesc",
    "Context", "Priority", "Language", "Timestamp", "Time", "Cause", "Cause-txt",
    "BridgeId", "BridgeType", "BridgeTechnology", "BridgeCreator", "BridgeName",
    "BridgeNumChannels", "BridgeVideoSourceMode",
)  # fmt: skip
_KEPT_KEYS = frozenset(
    {
        "Event", "Response", "ActionID", "Privilege", "Message", "EventList", "ListItems",
        "Status", "Uptime", "LastReload", "DialStatus", "Reason", "Application",
        "LastApplication", "Disposition", "Position", "Count", "HoldTime", "TalkTime",
        "RingTime", "Duration", "BillableSeconds", "AMAFlags", "Queue", "Strategy", "Calls",
        "Max", "Completed", "Abandoned", "Holdtime", "ServiceLevel", "ServicelevelPerf",
        "ServicelevelPerf2", "Weight", "Penalty", "CallsTaken", "LastCall", "LastPause",
        "InCall", "Paused", "Wrapuptime", "Membership", "Wait", "OriginalPosition",
        "Restart", "Shutdown", "Result", "IsExternal", "TransferMethod", "DestType", "Ping",
        "State", "New", "Old", "Waiting", "CID-CallingPres", "LocalOptimization",
        "Class",
    }
)  # fmt: skip
_NUMBER_ENDINGS = (
    "Channel", "CallerIDNum", "ConnectedLineNum", "Exten", "Extension", "DialString", "Interface",
    "Location", "StateInterface", "Device", "AccountCode", "Source", "Destination", "CallerID",
    "ChanVariable", "ApplicationData", "LastData", "AppData", "Data", "Forward", "Mailbox",
    "ParkingSpace", "Hint",
)  # fmt: skip


class AmiPseudonyms:
    """One consistent mapping for one recording.

    Args:
        key: What the mapping depends on; random where None, and then lost with this object.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key if key is not None else secrets.token_bytes(32)
        self._names: dict[str, str] = {}

    def line(self, line: bytes) -> bytes:
        """One wire line (without its end) as it may be given away."""
        text = line.decode("utf-8", "replace")
        key, colon, value = text.partition(": ")
        if not colon:
            # A banner and the empty line say nothing personal; anything else could.
            return line if not line or line.startswith(b"Asterisk Call Manager/") else b"X-Dropped:"
        return f"{key}: {self._value(key, value)}".encode()

    def _value(self, key: str, value: str) -> str:
        bare_key = key.partition("(")[0]
        if bare_key in _NAME_KEYS or bare_key.endswith(_NAME_ENDINGS):
            return self.name(value)
        if bare_key in _KEPT_KEYS or bare_key.endswith(_KEPT_ENDINGS):
            return value
        if not bare_key.endswith(_NUMBER_ENDINGS):
            return "..." if value else ""  # nobody looked at this field: better nothing
        if bare_key == "ChanVariable" or bare_key.endswith("ChanVariable"):
            return self._variable(value)
        return self._numbers(_NAMED_NUMBER.sub(self._named_number, value))

    def name(self, name: str) -> str:
        """The pseudonym of a person's name; words for "no name" stay."""
        if name.lower() in _NOT_A_NAME:
            return name
        if _NUMBER.fullmatch(name):
            return self._numbers(name)
        return self._names.setdefault(name, f"Person {len(self._names) + 1}")

    def number(self, number: str) -> str:
        """The pseudonym of a number: same length, same country and area."""
        start = max(1, len(number) - _REPLACED_DIGITS)
        head, tail = number[:start], number[start:]
        return head + "".join(self._digit(tail, place) for place in range(len(tail)))

    def _digit(self, digits: str, place: int) -> str:
        behind = digits[place + 1 :].encode()
        shift = hmac.new(self._key, behind, hashlib.sha256).digest()[0]
        return str((int(digits[place]) + shift) % 10)

    def _numbers(self, text: str) -> str:
        hidden = _ADDRESS.sub("192.0.2.1", text)
        return _NUMBER.sub(lambda found: self.number(found[0]), hidden)

    def _named_number(self, found: re.Match[str]) -> str:
        return f'"{self.name(found[1])}"{found[2] or ""}'

    def _variable(self, text: str) -> str:
        """`name=value`: what callers keyed in is personal however short it is."""
        name, equals, value = text.partition("=")
        if value.isascii() and value.isdigit():
            value = "".join(self._digit(value, place) for place in range(len(value)))
        elif name == VERIFICATION_VARIABLE:
            value = verification_word(value) or ("..." if value else "")
        elif name != "CALLERID(pres)":
            value = self._numbers(value) if _NUMBER.fullmatch(value) else ("..." if value else "")
        return f"{name}{equals}{value}"
