"""Voicemail, seen without call records (class `cdr` is not among the recommended rights).

The voicemail of Asterisk is no channel and no bridge. It shows as the party going up after
all phones failed, with nothing behind it; and, where a message was left, as MessageWaiting
with the party's channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import VoicemailReached
from crmdesk.domain.calls import Direction
from crmdesk.telephony.asterisk.channels import FAILED_DIALS, Channel

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard


def on_party_up(board: Switchboard, channel: Channel, at: datetime) -> None:
    """The PBX answered: voicemail, if it does so after every phone failed."""
    call = channel.call
    if call is None or not call.started or call.party != channel.uid:
        return
    if call.direction is Direction.OUTBOUND or not call.was_offered or call.was_answered:
        return
    if all(_has_failed(board, uid) for uid in call.open_offers):
        call.voicemail_at = at


def _has_failed(board: Switchboard, uid: str) -> bool:
    device = board.channels.get(uid)
    return device is None or device.dial_status in FAILED_DIALS


def on_message_waiting(board: Switchboard, message: Message, at: datetime) -> None:
    """A message was left, by the channel the event names."""
    channel = board.find(message)
    call = channel.call if channel else None
    if channel is None or call is None or call.party != channel.uid:
        return
    if call.was_answered and not call.connected:
        return
    tell_voicemail(board, call, call.voicemail_at or call.failed_at or at)


def on_call_record(board: Switchboard, message: Message, at: datetime) -> None:
    """A call record that came before the hang-up says which application ran last."""
    channel = board.channels.get(message.get("UniqueID"))
    call = channel.call if channel else None
    if channel is None or call is None or call.party != channel.uid:
        return
    if message.get("LastApplication") == "VoiceMail" and not call.was_answered:
        tell_voicemail(board, call, call.voicemail_at or call.failed_at or at)


def tell_voicemail(board: Switchboard, call: LiveCall, at: datetime) -> None:
    """Tells once that the caller reached voicemail."""
    if not call.voicemail_told:
        call.voicemail_told = True
        board.tell(call, VoicemailReached(call.key, at))
