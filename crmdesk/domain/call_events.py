"""What every phone system is translated into before the desk hears of it.

A translator (`telephony/<system>/calls.py`) turns wire events into these; the desk's call
tracker folds them into `Call`s. `call` is the phone system's own key of the whole call
(Asterisk: Linkedid); the tracker makes the row's key from it. `at` is aware UTC.

Guarantees of a translator: `CallStarted` first and once per key; `CallEnded` last and
once; withheld numbers never leave the translator; every text went through
`sanitise_external`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.calls import (
    Direction,
    EndedBy,
    OfferOutcome,
    Presentation,
    TransferKind,
    Verification,
)


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call is known for the first time.

    Attributes:
        agent: The extension that placed it (outbound, internal), None for inbound.
        caller_raw: Outside number (inbound: who calls; outbound: who is called) or, for
            internal calls, the calling extension. "" where unknown or withheld.
    """

    call: str
    at: datetime
    direction: Direction
    caller_raw: str = ""
    caller_name: str = ""
    presentation: Presentation = Presentation.UNKNOWN
    dialled: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class CallDetails:
    """Facts of a call became known or changed; None means "as before".

    A change to `presentation=WITHHELD` wipes number and name that were told before.
    """

    call: str
    at: datetime
    direction: Direction | None = None
    caller_raw: str | None = None
    caller_name: str | None = None
    presentation: Presentation | None = None
    dialled: str | None = None
    queue: str | None = None
    account_id: str | None = None
    agent: str | None = None
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class PhoneOffered:
    """A device of an extension is being tried; it may never ring.

    Attributes:
        device: Key of the try (Asterisk: the device channel's Uniqueid); two devices of
            one extension are two tries of one offer.
        transferred: The call comes to this phone by a transfer.
    """

    call: str
    at: datetime
    extension: str
    device: str
    transferred: bool = False


@dataclass(frozen=True, slots=True)
class PhoneRang:
    """The device rings."""

    call: str
    at: datetime
    extension: str
    device: str


@dataclass(frozen=True, slots=True)
class OutsideDialled:
    """The outside number of an outbound call is being dialled, for `extension`.

    With click-to-dial the agent's own phone rings and is picked up before.
    """

    call: str
    at: datetime
    extension: str


@dataclass(frozen=True, slots=True)
class OutsideRang:
    """A phone outside rings: the called party's (outbound), or where a call is forwarded to."""

    call: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OfferEnded:
    """A try ended. Idempotent: a second end of one device only corrects the outcome."""

    call: str
    at: datetime
    extension: str
    device: str
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True)
class Connected:
    """The outside party (internal: the caller) and a person talk from now on.

    Attributes:
        extension: "" where the person has none (a call forwarded to an outside number).
    """

    call: str
    at: datetime
    extension: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """They no longer talk, but the call goes on (ringing at a transfer target).

    Told when that is certain; `at` is when the talk ended, so it may lie before the last
    event.
    """

    call: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldChanged:
    """The agent holds or resumes the other party."""

    call: str
    at: datetime
    extension: str
    on_hold: bool


@dataclass(frozen=True, slots=True)
class CallTransferred:
    """The call moved from one extension to another."""

    call: str
    at: datetime
    kind: TransferKind
    from_extension: str
    to_extension: str


@dataclass(frozen=True, slots=True)
class VoicemailReached:
    """The phone system's voicemail answered the caller."""

    call: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """The caller left a queue without an agent, by own wish (`by_caller`) or sent on."""

    call: str
    at: datetime
    by_caller: bool


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over.

    Attributes:
        seen: False where only its absence was seen (connection or phone system was lost).
        ended_by: None where the phone system does not tell.
    """

    call: str
    at: datetime
    ended_by: EndedBy | None = None
    seen: bool = True


CallEvent = (
    CallStarted
    | CallDetails
    | PhoneOffered
    | PhoneRang
    | OutsideDialled
    | OutsideRang
    | OfferEnded
    | Connected
    | Disconnected
    | HoldChanged
    | CallTransferred
    | VoicemailReached
    | QueueLeft
    | CallEnded
)
