"""A PBX that says what a test wants: messages as Asterisk would send them, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.pop_policy import PopPolicy
from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.calls import Call
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.messages import Message, MessageKind

JANE = "+493023125710"
DID = "+493023125101"
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class Chan:
    """A channel as the script knows it; the translator sees only its fields."""

    name: str
    uid: str
    linked: str
    state: str
    number: str = ""
    caller_name: str = ""
    context: str = ""
    exten: str = ""

    def fields(self, prefix: str = "") -> dict[str, str]:
        return {
            prefix + "Channel": self.name,
            prefix + "ChannelState": self.state,
            prefix + "CallerIDNum": self.number or "<unknown>",
            prefix + "CallerIDName": self.caller_name or "<unknown>",
            prefix + "Context": self.context,
            prefix + "Exten": self.exten,
            prefix + "Uniqueid": self.uid,
            prefix + "Linkedid": self.linked,
        }


class AmiScript:
    """Sends events to a translator and follows the calls that come of it."""

    def __init__(self, calls: AsteriskCalls | None = None, policy: PopPolicy | None = None) -> None:
        self.translator = calls or AsteriskCalls()
        self.tracker = CallTracker("line", "pbx")
        self.policy = policy or PopPolicy()
        self.now = START
        self.events: list[CallEvent] = []
        self.calls: dict[str, Call] = {}
        self.variables: dict[str, str] = {}
        self._count = 0
        self.banner()

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def banner(self) -> None:
        self._take(Message(MessageKind.BANNER, "Asterisk Call Manager/11.0.0"))

    def event(self, name: str, *parts: dict[str, str], **fields: str) -> None:
        merged = {"Event": name}
        for part in parts:
            merged |= part
        merged |= fields
        variables = dict(self.variables)
        self._take(Message(MessageKind.EVENT, name, merged, variables, variables))

    def new(self, name: str, state: str, linked: str = "", **facts: str) -> Chan:
        self._count += 1
        uid = f"1795310478.{self._count}"
        channel = Chan(f"{name}-{self._count:08x}", uid, linked or uid, state, **facts)
        self.event("Newchannel", channel.fields())
        return channel

    def new_local(self, target: str, linked: str = "", **facts: str) -> tuple[Chan, Chan]:
        self._count += 2
        name, uid = f"Local/{target}-{self._count:08x}", f"1795310478.{self._count}"
        near = Chan(name + ";1", uid, linked or uid, "0", **facts)
        far = Chan(name + ";2", f"{uid}5", near.linked, "4", **facts)
        self.event("Newchannel", near.fields())
        self.event("Newchannel", far.fields())
        return near, far

    def dial(self, source: Chan | None, target: Chan, string: str = "", rings: bool = True) -> None:
        source_fields = source.fields() if source else {}
        self.event("DialBegin", source_fields, target.fields("Dest"), DialString=string)
        if rings:
            target.state = "5"
            self.event("Newstate", target.fields())

    def dial_end(self, source: Chan | None, target: Chan, status: str, **fields: str) -> None:
        if status == "ANSWER":
            target.state = "6"
            self.event("Newstate", target.fields())
        source_fields = source.fields() if source else {}
        self.event("DialEnd", source_fields, target.fields("Dest"), DialStatus=status, **fields)

    def bridge(self, name: str, *channels: Chan) -> None:
        for channel in channels:
            self.event("BridgeEnter", channel.fields(), BridgeUniqueid=name)

    def unbridge(self, name: str, *channels: Chan) -> None:
        for channel in channels:
            self.event("BridgeLeave", channel.fields(), BridgeUniqueid=name)

    def hang_up(self, *channels: Chan, cause: str = "16", by: Chan | None = None) -> None:
        if by is not None:
            self.event("HangupRequest", by.fields(), Cause=cause)
        for channel in channels:
            self.event("Hangup", channel.fields(), Cause=cause)

    def inbound(self, name: str = "PJSIP/sipgate", exten: str = DID) -> Chan:
        return self.new(
            name, "4", number=JANE, caller_name="Jane Doe", context="from-pstn", exten=exten
        )

    def phone(self, extension: str, caller: Chan) -> Chan:
        return self.new(
            f"PJSIP/{extension}", "0", caller.linked, number=extension, context="from-internal"
        )

    def ringing(self, extension: str = "201") -> tuple[Chan, Chan]:
        caller = self.inbound()
        desk = self.phone(extension, caller)
        self.dial(caller, desk)
        return caller, desk

    def answered(self) -> tuple[Chan, Chan]:
        caller, desk = self.ringing()
        self.wait(3)
        self.dial_end(caller, desk, "ANSWER")
        self.bridge("b1", desk, caller)
        return caller, desk

    def _take(self, message: Message) -> None:
        for event in self.translator.handle(message, self.now):
            self.events.append(event)
            self.calls[event.call] = self.policy.decide(self.tracker, event).call

    @property
    def only_call(self) -> Call:
        (call,) = self.calls.values()
        return call
