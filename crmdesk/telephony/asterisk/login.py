"""Logging in with MD5 challenge and response: the secret itself is never sent."""

from __future__ import annotations

import hashlib
from enum import Enum, auto

from crmdesk.telephony.asterisk import actions
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.trouble import LineRefusedError, RemoteProtocolError


class LoginState(Enum):
    """Where the login stands."""

    WAITING_FOR_BANNER = auto()
    WAITING_FOR_CHALLENGE = auto()
    WAITING_FOR_ANSWER = auto()
    ACCEPTED = auto()


def challenge_key(challenge: str, secret: str) -> str:
    """The proof of the secret: md5 over challenge and secret, lower-case hex.

    Weak by today's measure, and all that Asterisk offers (main/manager.c, authenticate); TLS
    is what protects it.
    """
    return hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()


class AmiLogin:
    """The login of one connection; sans-IO.

    Args:
        username: Name of the manager user.
        secret: Its secret; kept only until the challenge is answered.
        action_id: Mark of our requests, so that nothing else is taken for their answer.
    """

    def __init__(self, username: str, secret: str, action_id: str = "crmdesk-login") -> None:
        self.state = LoginState.WAITING_FOR_BANNER
        self.banner = ""
        self._username = username
        self._secret = secret
        self._action_id = action_id

    def receive(self, message: Message) -> bytes:
        """Takes the next message; returns what to send, b"" for nothing.

        Raises:
            LineRefusedError: User or secret are wrong: stop, a person has to act.
            RemoteProtocolError: The peer does not speak AMI.
        """
        if self.state is LoginState.WAITING_FOR_BANNER:
            return self._on_banner(message)
        if message.kind is not MessageKind.RESPONSE or message.get("ActionID") != self._action_id:
            return b""
        if message.name != "Success":
            raise _refusal(self._username, message.get("Message"))
        if self.state is LoginState.WAITING_FOR_CHALLENGE:
            return self._on_challenge(message)
        self.state = LoginState.ACCEPTED
        return b""

    def _on_banner(self, message: Message) -> bytes:
        if message.kind is not MessageKind.BANNER:
            raise not_a_manager(message.name)
        self.banner = message.name
        self.state = LoginState.WAITING_FOR_CHALLENGE
        return actions.CHALLENGE.encode(self._action_id)

    def _on_challenge(self, message: Message) -> bytes:
        key = challenge_key(message.get("Challenge"), self._secret)
        self._secret = ""
        self.state = LoginState.WAITING_FOR_ANSWER
        return actions.login(self._username, key).encode(self._action_id)


def not_a_manager(first_words: str) -> RemoteProtocolError:
    """The error for a port where something else than an Asterisk manager answers."""
    return RemoteProtocolError(
        f"This port does not answer like an Asterisk manager (it said {first_words[:40]!r}).",
        "CRMDesk cannot hear calls from it.",
        "Check the host and the port: the manager usually has 5039 with TLS, 5038 without.",
    )


def _refusal(username: str, reason: str) -> LineRefusedError:
    return LineRefusedError(
        f"The phone system refused the login of {username!r} ({reason or 'no reason given'}).",
        "No calls can be heard. CRMDesk stopped trying, so that it is not locked out.",
        "Check user name and secret in manager.conf, and that permit= lets this computer in.",
    )
