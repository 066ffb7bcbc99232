"""Click-to-dial: one `Originate` and the two answers that come to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from crmdesk.telephony.asterisk import actions
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.session import AmiSession
from crmdesk.telephony.dialling_text import dialable
from crmdesk.telephony.trouble import DialError, LocalProtocolError

ACCEPT_DEADLINE_S = 10.0
"""For "Originate successfully queued"."""
PICKUP_DEADLINE_S = actions.DIAL_TIMEOUT_MS / 1000 + 5.0
"""For the agent to pick up; the PBX itself gives up a little earlier."""

# Reason of OriginateResponse: control frames of Asterisk (include/asterisk/frame.h).
_REASONS = {
    "0": "the phone cannot be reached",
    "1": "the phone was hung up",
    "3": "nobody picked up the phone",
    "5": "the phone is busy",
    "8": "no line is free",
}

_Answer = asyncio.Future[Message]


class Dialling:
    """Waits for the answers to `Originate`."""

    def __init__(self) -> None:
        self._accepted: dict[str, _Answer] = {}
        self._finished: dict[str, _Answer] = {}

    async def dial(
        self,
        session: AmiSession,
        send: Callable[[bytes], bool],
        extension: str,
        number: str,
        context: str,
        technology: str,
    ) -> None:
        """Rings the extension; returns once it was picked up (or is not told).

        Raises:
            DialError: The PBX refused, the phone did not answer, or number, extension or
                context must not be sent; nothing was sent then.
        """
        action = _originate(extension, dialable(number), context, technology)
        action_id, data = session.ask(action)
        loop = asyncio.get_running_loop()
        accepted = self._accepted[action_id] = loop.create_future()
        finished = self._finished[action_id] = loop.create_future()
        try:
            if not send(data):
                raise _failed("The connection to the phone system is gone.")
            await _accepted_in_time(accepted)
            await _picked_up_in_time(finished)
        finally:
            self._accepted.pop(action_id, None)
            self._finished.pop(action_id, None)

    def take(self, message: Message) -> None:
        """Looks at a message; most are not for us."""
        if not self._finished:
            return
        action_id = message.fields.get("ActionID", "")
        if message.kind is MessageKind.RESPONSE:
            _resolve(self._accepted.get(action_id), message)
        elif message.name == "OriginateResponse":
            _resolve(self._finished.get(action_id), message)

    def connection_lost(self) -> None:
        """No answers will come."""
        for waiting in (*self._accepted.values(), *self._finished.values()):
            waiting.cancel()


def _originate(extension: str, number: str, context: str, technology: str) -> actions.Action:
    try:
        return actions.originate(extension, number, context, technology)
    except LocalProtocolError as error:
        raise DialError(
            f"Your phone cannot be rung: {error}." if extension else "Your extension is not set.",
            "Nothing was dialled.",
            "Check your extension and the dial context of the line in the settings.",
        ) from error


def _resolve(waiting: _Answer | None, message: Message) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(message)


async def _accepted_in_time(accepted: _Answer) -> None:
    answer = await _within(accepted, ACCEPT_DEADLINE_S)
    if answer is None:
        raise _failed("The phone system did not answer.")
    if answer.name != "Success":
        reason = answer.get("Message") or "no reason given"
        raise DialError(
            f"The phone system refused to dial ({reason}).",
            "Nothing was dialled.",
            "Add originate to write = of this user in manager.conf, and check the dial context.",
        )


async def _picked_up_in_time(finished: _Answer) -> None:
    # Without the right `call` no OriginateResponse comes: silence is not a failure.
    answer = await _within(finished, PICKUP_DEADLINE_S)
    if answer is not None and answer.get("Response") == "Failure":
        reason = _REASONS.get(answer.get("Reason"), "the phone system gave up")
        raise _failed(f"Your phone could not be rung: {reason}.")


async def _within(waiting: _Answer, seconds: float) -> Message | None:
    done, _ = await asyncio.wait([waiting], timeout=seconds)
    if not done:
        return None
    if waiting.cancelled():
        raise _failed("The connection to the phone system was lost.")
    return waiting.result()


def _failed(what: str) -> DialError:
    return DialError(what, "Nothing was dialled.", "Try again, or dial on the phone.")
