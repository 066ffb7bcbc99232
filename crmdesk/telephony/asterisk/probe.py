"""Trying out an Asterisk line: one connection, a few questions, plain answers."""

from __future__ import annotations

import asyncio

from crmdesk.settings.model import LineSettings
from crmdesk.telephony.asterisk import facts as words
from crmdesk.telephony.asterisk.facts import LineFacts, is_this_computer
from crmdesk.telephony.asterisk.messages import Message
from crmdesk.telephony.asterisk.session import AmiSession
from crmdesk.telephony.driver import Driver, Endpoint
from crmdesk.telephony.findings import Finding, FindingState
from crmdesk.telephony.trouble import LineError, LineRefusedError

PROBE_DEADLINE_S = 30.0
"""For everything; the deadlines of the connection itself are shorter."""


class _ProbeListener:
    """Notes how far the session came."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()

    def logged_in(self) -> None:
        """The questions go out now."""

    def messages_arrived(self, messages: list[Message]) -> None:
        """What matters went into the facts."""

    def snapshot_ended(self) -> None:
        self.answered.set()

    def session_closed(self, was_logged_in: bool) -> None:
        self.answered.set()


async def probe(line: LineSettings, secret: str) -> list[Finding]:
    """Connects, logs in, asks, logs off.

    Returns:
        Findings in the order they were made; after a failure the rest is missing.
    """
    facts = LineFacts()
    listener = _ProbeListener()
    session = AmiSession(line.username, secret, listener, facts)
    error = await _try_out(line, session, listener)
    if error is not None:
        return _failed(line, error, session)
    return [
        Finding("Connection", FindingState.OK, f"{line.host}, port {line.port}, answers."),
        _encryption(line),
        Finding("Login", FindingState.OK, f"The login of {line.username!r} was accepted."),
        *_rights(facts),
        *_variables(facts),
    ]


async def _try_out(
    line: LineSettings, session: AmiSession, listener: _ProbeListener
) -> LineError | None:
    """Runs one connection until the PBX has answered; returns what went wrong."""
    endpoint = Endpoint(line.host, line.port, line.tls, line.tls_ca)
    driver = Driver(endpoint, lambda: session, lambda _error, _delay: None)
    connection = asyncio.create_task(driver.run_once(session))
    answered = asyncio.create_task(listener.answered.wait())
    try:
        await asyncio.wait(
            (connection, answered),
            timeout=PROBE_DEADLINE_S,
            return_when=asyncio.FIRST_COMPLETED,
        )
    finally:
        answered.cancel()
        connection.cancel()
    try:
        await connection
    except LineError as error:
        return error
    except asyncio.CancelledError:
        return None if listener.answered.is_set() else _too_slow()
    return None


def _too_slow() -> LineError:
    return LineError(
        "The phone system took the login but does not answer questions.",
        "Whether calls can be heard is not known.",
        "Try again; if this goes on, restart the phone system's manager.",
    )


def _failed(line: LineSettings, error: LineError, session: AmiSession) -> list[Finding]:
    failure = FindingState.FAILED
    if not isinstance(error, LineRefusedError) or not session.has_banner:
        return [Finding("Connection", failure, error.what, error.remedy)]
    return [
        Finding("Connection", FindingState.OK, f"{line.host}, port {line.port}, answers."),
        _encryption(line),
        Finding("Login", failure, error.what, error.remedy),
    ]


def _encryption(line: LineSettings) -> Finding:
    if line.tls:
        return Finding("Encryption", FindingState.OK, "TLS is on and the certificate is right.")
    if is_this_computer(line.host):
        return Finding("Encryption", FindingState.OK, "Not needed: it is this computer.")
    return _warning("Encryption", words.NO_TLS)


def shown_by_calls(facts: LineFacts) -> list[Finding]:
    """The checks that only calls can answer, as far as calls have answered them."""
    findings = [_hear_right(facts), *_variables(facts)]
    return [finding for finding in findings if finding.state is not FindingState.UNKNOWN]


def _rights(facts: LineFacts) -> list[Finding]:
    return [
        Finding("Right to hear of restarts", FindingState.OK, "read = system is there.")
        if "system" in facts.classes
        else _warning("Right to hear of restarts", words.NO_SYSTEM),
        _warning("Right to list calls", words.NO_CHANNEL_LIST)
        if facts.channel_list_denied
        else Finding("Right to list calls", FindingState.OK, "Calls that are on can be listed."),
        _dial_right(facts),
        _hear_right(facts),
    ]


def _hear_right(facts: LineFacts) -> Finding:
    check = "Right to hear of calls"
    if "call" in facts.classes:
        return Finding(check, FindingState.OK, "read = call is there.")
    if facts.lost_a_channel:
        return _warning(check, words.NO_CALL)
    return Finding(
        check,
        FindingState.UNKNOWN,
        "It shows with the first call.",
        "Call one of your phones; if nothing pops, add call,agent to read = in manager.conf.",
    )


def _dial_right(facts: LineFacts) -> Finding:
    check = "Right to dial"
    may = facts.may("Originate")
    if may is None:
        return Finding(check, FindingState.UNKNOWN, "The phone system did not list our rights.")
    if may:
        return Finding(check, FindingState.OK, "Numbers can be dialled with a click.")
    return Finding(
        check,
        FindingState.WARNING,
        "Numbers cannot be dialled with a click.",
        "Where that is wanted, add originate to write = of this user in manager.conf.",
    )


def _variables(facts: LineFacts) -> list[Finding]:
    return [
        _variable("Withheld numbers", facts.presentation, words.NO_PRESENTATION),
        _variable(
            "Dialled number",
            facts.dialled,
            "The phone system may not tell which number was dialled. Add the line "
            f"{words.CHANNELVARS} to [general] in manager.conf.",
        ),
    ]


def _variable(check: str, told: bool | None, missing: str) -> Finding:
    if told:
        return Finding(check, FindingState.OK, "The phone system tells.")
    if told is False:
        return _warning(check, missing)
    return Finding(
        check,
        FindingState.UNKNOWN,
        "It shows with the first call.",
        f"To be sure, see that [general] in manager.conf has the line {words.CHANNELVARS}.",
    )


def _warning(check: str, text: str) -> Finding:
    """A warning of `facts`: its first sentence says what, the rest what to do."""
    what, stop, remedy = text.partition(". ")
    return Finding(check, FindingState.WARNING, what + stop.strip(), remedy)
