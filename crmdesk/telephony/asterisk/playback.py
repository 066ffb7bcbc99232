"""A recording as batches of call events: what `crmdesk replay` and the tests feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from crmdesk.domain.call_events import CallEvent
from crmdesk.telephony.asterisk.protocol import AmiProtocol
from crmdesk.telephony.asterisk.source import CallTranslator


def play(
    chunks: Iterable[tuple[datetime, bytes]], calls: CallTranslator
) -> Iterator[tuple[datetime, list[CallEvent]]]:
    """Feeds chunks (see `recording.Recording`) through parser and translator.

    Empty bytes are the end of a connection: calls that are on are lost, as they would be
    live, and found again where the recording goes on. Every chunk gives one batch, for the
    time it tells; most are empty.
    """
    protocol = AmiProtocol()
    for at, data in chunks:
        if data:
            protocol.receive_data(data)
            events = [
                event for message in protocol.messages() for event in calls.handle(message, at)
            ]
        else:
            protocol.receive_eof()
            events = calls.connection_lost(at)
        yield at, events
