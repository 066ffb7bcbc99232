"""One connection to an Asterisk manager, from the banner to the end; sans-IO.

Log in, wait for the PBX to be fully booted, ask what is going on, then listen and ping.
Everything after the login is handed on; what it means is decided in `calls.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from crmdesk.telephony.asterisk import actions
from crmdesk.telephony.asterisk.actions import Action
from crmdesk.telephony.asterisk.facts import LineFacts
from crmdesk.telephony.asterisk.login import AmiLogin, LoginState, not_a_manager
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.protocol import BANNER, AmiProtocol
from crmdesk.telephony.trouble import LineError

LOGIN_DEADLINE_S = 10.0
"""For banner, challenge and login; Asterisk delays a refusal by one second."""
BOOT_WAIT_S = 3.0
"""FullyBooted comes right after the login, or never where the right `system` is missing."""
PING_EVERY_S = 10.0
PONG_DEADLINE_S = 8.0
"""A connection that is dead without saying so is noticed within 18 s."""
RECHECK_CHANNELS_S = 60.0
"""How often the list of calls is compared while not one `call` event has come."""
RECHECK_QUEUES_S = 600.0
"""The same for `agent` events; the list of a large call center is long."""

_TOLD, _SILENT = "crmdesk-", "crmdesk-silent-"

# Told in place of what the rights of this login keep from us.
_BOOTED = Message(MessageKind.EVENT, "FullyBooted", {"Event": "FullyBooted"})
_NOTHING_LISTED = Message(
    MessageKind.EVENT,
    "CoreShowChannelsComplete",
    {"Event": "CoreShowChannelsComplete", "EventList": "Complete", "ListItems": "0"},
)


class SessionListener(Protocol):
    """Who wants to know; called from within `receive`."""

    def logged_in(self) -> None:
        """The login was accepted; nothing is known yet."""

    def messages_arrived(self, messages: list[Message]) -> None:
        """One batch per read, at least one message."""

    def snapshot_ended(self) -> None:
        """The PBX told what is going on (or may not tell us)."""

    def session_closed(self, was_logged_in: bool) -> None:
        """The connection is gone."""


class AmiSession:
    """The talk on one connection, a `driver.Conversation`.

    Args:
        facts: What is learnt about the PBX goes here.
        on_bytes: Told of every chunk as it came, for recordings.
    """

    def __init__(
        self,
        username: str,
        secret: str,
        listener: SessionListener,
        facts: LineFacts,
        on_bytes: Callable[[bytes], None] | None = None,
    ) -> None:
        self.protocol = AmiProtocol()
        self.is_settled = False
        self._login = AmiLogin(username, secret)
        self._listener = listener
        self._facts = facts
        self._on_bytes = on_bytes
        self._banner: Message | None = None
        self._deadlines: dict[Callable[[float], bytes], float] = {}
        self._asked: dict[str, str] = {}
        self._asked_count = 0

    @property
    def is_logged_in(self) -> bool:
        """Whether actions may be sent."""
        return self._login.state is LoginState.ACCEPTED

    @property
    def has_banner(self) -> bool:
        """Whether the other side said that it is an Asterisk manager."""
        return self._login.state is not LoginState.WAITING_FOR_BANNER

    def opened(self, now: float) -> bytes:
        """Waits for the banner; the PBX speaks first."""
        self._deadlines[self._give_up_login] = now + LOGIN_DEADLINE_S
        return b""

    def receive(self, data: bytes, now: float) -> bytes:
        """Takes a chunk, tells the listener, returns what to send."""
        if self._on_bytes is not None:
            self._on_bytes(data)
        self.protocol.receive_data(data)
        batch = self.protocol.messages()
        answer = b"".join([self._take(message, now) for message in batch])
        self._tell([message for message in batch if self._is_for_others(message)])
        if self.protocol.error is not None:
            raise self.protocol.error
        self._check_first_bytes()
        return answer

    def next_deadline(self) -> float:
        """The earliest of all deadlines; there is always one."""
        return min(self._deadlines.values())

    def on_deadline(self, now: float) -> bytes:
        """Does what is due."""
        due = [action for action, at in self._deadlines.items() if at <= now]
        for action in due:
            del self._deadlines[action]
        return b"".join([action(now) for action in due])

    def goodbye(self) -> bytes:
        """Logs off where logged in."""
        return actions.LOGOFF.encode("crmdesk-logoff") if self.is_logged_in else b""

    def closed(self) -> None:
        """Tells the listener; half a message is dropped."""
        self.protocol.receive_eof()
        self._facts.connection_lost()
        self._listener.session_closed(self.is_logged_in)

    def ask(self, action: Action, silent: bool = False) -> tuple[str, bytes]:
        """Makes an action ready to send.

        Args:
            action: What to ask.
            silent: The answer is for the facts only, not for the listener.

        Returns:
            Its ActionID and the bytes.
        """
        self._asked_count += 1
        action_id = f"{_SILENT if silent else _TOLD}{self._asked_count}"
        data = action.encode(action_id)
        self._asked[action_id] = action.name
        return action_id, data

    def _take(self, message: Message, now: float) -> bytes:
        if not self.is_logged_in:
            if self._banner is None:
                self._banner = message
            answer = self._login.receive(message)
            return self._start(now) if self.is_logged_in else answer
        self._facts.note(message)
        if message.name == "FullyBooted":
            self._deadlines.pop(self._stop_waiting_for_boot, None)
            return self._ask_snapshot()
        if message.fields.get("ActionID") in self._asked:
            self._take_answer(message)
        return b""

    def _start(self, now: float) -> bytes:
        self._deadlines.clear()
        self._deadlines[self._stop_waiting_for_boot] = now + BOOT_WAIT_S
        self._deadlines[self._ping] = now + PING_EVERY_S
        self._deadlines[self._recheck_channels] = now + RECHECK_CHANNELS_S
        self._deadlines[self._recheck_queues] = now + RECHECK_QUEUES_S
        self._listener.logged_in()
        return self._ask_bytes(actions.LIST_COMMANDS, silent=True)

    def _take_answer(self, message: Message) -> None:
        name = self._asked[message.fields["ActionID"]]
        if _is_last_of_answer(message):
            del self._asked[message.fields["ActionID"]]
        if message.name == "CoreShowChannelsComplete":
            self._end_snapshot()
        elif message.kind is not MessageKind.RESPONSE:
            return
        elif name == "ListCommands" and message.name == "Success":
            self._facts.commands = frozenset(message.fields)
        elif name == "CoreShowChannels" and message.name == "Error":
            self._facts.channel_list_denied = True
            # Whether calls from before still go on will not be told: do as if none did.
            self._tell([_NOTHING_LISTED])
            self._end_snapshot()
        elif name == "Ping":
            self._deadlines.pop(self._give_up_pong, None)

    def _end_snapshot(self) -> None:
        self.is_settled = True
        self._listener.snapshot_ended()

    def _tell(self, batch: list[Message]) -> None:
        if batch:
            self._listener.messages_arrived(batch)

    def _is_for_others(self, message: Message) -> bool:
        """The first banner and what follows the login; a second banner would be a forgery."""
        if not self.is_logged_in or message.kind is MessageKind.BANNER:
            return message is self._banner
        return not message.fields.get("ActionID", "").startswith(_SILENT)

    def _ask_bytes(self, action: Action, silent: bool = False) -> bytes:
        return self.ask(action, silent)[1]

    def _ask_snapshot(self) -> bytes:
        return self._ask_bytes(actions.SHOW_CHANNELS) + self._ask_bytes(actions.QUEUE_STATUS)

    def _check_first_bytes(self) -> None:
        """Gives up at once where a web server or the like answers."""
        if self._login.state is not LoginState.WAITING_FOR_BANNER:
            return
        first = self.protocol.peek(len(BANNER))
        if not BANNER.startswith(first):
            raise not_a_manager(first.decode("ascii", "replace"))

    def _give_up_login(self, _now: float) -> bytes:
        if self._login.state is LoginState.WAITING_FOR_BANNER:
            raise LineError(
                "The phone system took the connection but says nothing.",
                "No calls can be heard from it.",
                "If this is its TLS port (usually 5039), turn TLS on for this line.",
            )
        raise LineError(
            "The phone system does not answer the login.",
            "No calls can be heard until it does.",
            "CRMDesk keeps trying; if this goes on, restart the phone system's manager.",
        )

    def _stop_waiting_for_boot(self, _now: float) -> bytes:
        self._facts.boot_awaited = True
        self._tell([_BOOTED])
        return self._ask_snapshot()

    def _ping(self, now: float) -> bytes:
        self._deadlines[self._ping] = now + PING_EVERY_S
        self._deadlines.setdefault(self._give_up_pong, now + PONG_DEADLINE_S)
        return self._ask_bytes(actions.PING, silent=True)

    def _give_up_pong(self, _now: float) -> bytes:
        raise LineError(
            "The phone system no longer answers.",
            "Calls are not heard until it is back.",
            "Check the network; CRMDesk connects again by itself.",
        )

    def _recheck_channels(self, now: float) -> bytes:
        if "call" in self._facts.classes or self._facts.channel_list_denied:
            return b""
        self._deadlines[self._recheck_channels] = now + RECHECK_CHANNELS_S
        return self._ask_bytes(actions.SHOW_CHANNELS, silent=True)

    def _recheck_queues(self, now: float) -> bytes:
        if "agent" in self._facts.classes:
            return b""
        self._deadlines[self._recheck_queues] = now + RECHECK_QUEUES_S
        return self._ask_bytes(actions.QUEUE_STATUS, silent=True)


def _is_last_of_answer(message: Message) -> bool:
    """Whether no more messages of this ActionID will come."""
    part = message.fields.get("EventList")
    return part == "Complete" or (message.kind is MessageKind.RESPONSE and part != "start")
