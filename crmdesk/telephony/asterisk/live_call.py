"""What is known of a call that is going on, and the rules of how its parts ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmdesk.domain.calls import (
    Direction,
    EndedBy,
    OfferOutcome,
    Presentation,
    TransferKind,
    Verification,
)
from crmdesk.telephony.asterisk.channels import Channel

if TYPE_CHECKING:
    from datetime import datetime

CAUSE_BUSY = "17"
CAUSE_REJECTED = "21"
CAUSE_ELSEWHERE = "26"

_UNREACHABLE = frozenset({"CHANUNAVAIL", "CONGESTION"})


@dataclass(slots=True, eq=False)
class LiveCall:
    """A call of one outside party (or of two extensions), by the PBX's Linkedid.

    It begins as a mere group of channels; `direction` is set once it is known who calls
    whom, and only then anything is told.

    Attributes:
        linked_ids: Keys under which the switchboard finds it.
        members: Uids of its channels, in order of appearance.
        party: Uid of the outside party's channel (internal: the caller's), "" if unknown.
        agent: Uid of the phone that placed an outbound call.
        talker: Uid of the person the party talks with.
        connected: `Connected` was told and `Disconnected` was not.
        left_at: They are apart since then, and it is open whether for good.
        was_parked: Was parked since the party last talked with somebody.
        pending_transfer: From and to of a blind transfer that may turn out to be parking.
        last_transfer: Kind, from and to, since the party was last connected anew.
        consultation: Name of the Local pair that carries a consultation, "" if none.
        open_offers: Uids of devices with an open offer.
        failed_at: End of the last offer that failed.
        hung_up_by: Who asked for the end, None where nobody did yet.
        voicemail_at: The PBX answered after ringing failed: its voicemail, unless a phone,
            queue or bridge follows.
    """

    key: str
    born_at: datetime
    direction: Direction | None = None
    over: bool = False
    linked_ids: set[str] = field(default_factory=set)
    members: dict[str, None] = field(default_factory=dict)
    party: str = ""
    agent: str = ""
    clicked: str = ""
    dialled: str | None = None
    revealed: bool = False
    presentation: Presentation = Presentation.UNKNOWN
    account_id: str = ""
    verification: Verification = Verification.UNKNOWN
    queue: str = ""
    in_queue: bool = False
    talker: str = ""
    talker_extension: str = ""
    connected: bool = False
    was_answered: bool = False
    left_at: datetime | None = None
    parked: bool = False
    was_parked: bool = False
    on_hold: bool = False
    transferring: bool = False
    pending_transfer: tuple[str, str] | None = None
    last_transfer: tuple[TransferKind, str, str] | None = None
    consultation: str = ""
    open_offers: dict[str, None] = field(default_factory=dict)
    last_outcome: OfferOutcome | None = None
    failed_at: datetime | None = None
    was_offered: bool = False
    hung_up_by: EndedBy | None = None
    voicemail_at: datetime | None = None
    voicemail_told: bool = False

    @property
    def started(self) -> bool:
        """Whether it was told and is not over."""
        return self.direction is not None and not self.over


def outcome_of_offer(
    device: Channel, status: str, cause: str, caller_gone: bool, elsewhere: bool
) -> OfferOutcome:
    """How the try of a device ended that nobody talked on.

    Args:
        device: The phone's channel.
        status: DialStatus of the device, or of the Local channel that led to it.
        cause: Hangup cause of the device, "" if it was not hung up yet.
        caller_gone: The caller hung up.
        elsewhere: Another phone of this call answered.
    """
    if device.forwarded:
        return OfferOutcome.FORWARDED
    if cause == CAUSE_ELSEWHERE:
        return OfferOutcome.ELSEWHERE
    if status == "CANCEL":
        # Phones that are cancelled inherit the cause of one that declined before them.
        cause = device.own_cause
    # Many phones answer 486 to their reject key; a phone that was busy does not ring first.
    if cause == CAUSE_REJECTED or (device.rang and _is_busy(status, cause)):
        return OfferOutcome.DECLINED
    if _is_busy(status, cause):
        return OfferOutcome.BUSY
    if status in _UNREACHABLE:
        return OfferOutcome.UNREACHABLE
    if status == "NOANSWER":
        return OfferOutcome.NO_ANSWER
    if caller_gone:
        return OfferOutcome.CALLER_GONE
    return OfferOutcome.ELSEWHERE if elsewhere else OfferOutcome.NO_ANSWER


def _is_busy(status: str, cause: str) -> bool:
    return status == "BUSY" or cause == CAUSE_BUSY


def ended_by(call: LiveCall) -> EndedBy:
    """Whose action ended a call whose end was seen."""
    if call.hung_up_by is not None:
        return call.hung_up_by
    declined = call.last_outcome is OfferOutcome.DECLINED and not call.voicemail_at
    return EndedBy.AGENT if declined and not call.was_answered else EndedBy.SYSTEM
