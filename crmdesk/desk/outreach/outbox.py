"""Sends what waits in the outbox, one mail after the other, for as long as the desk is open."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from crmdesk.desk.outreach.brake import Brake
from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount, as_mail
from crmdesk.desk.outreach.smtp import LIMIT_S, hand_in
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Message, MessageState

if TYPE_CHECKING:
    from crmdesk.store import Reader, Writer

log = logging.getLogger(__name__)

MOST_TRIES = 20
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
"""Between tries of a mail, and of an account; the last one again and again."""
_LONGEST_SLEEP_S = 60.0
"""The clock may be set, and a laptop may sleep: the wall clock is looked at this often."""
_STORE_PAUSE_S = 5.0
"""Until a store that could not be written to is asked again."""
_NOTE_TRIES = 6
"""So often what became of a mail is told to such a store; then it is in doubt."""


class OutboxStore(Protocol):
    """What the outbox needs of the store."""

    def read(self, work: Callable[[Reader], Any]) -> Future[Any]:
        """Runs a job on the reader thread."""
        ...

    def write(self, work: Callable[[Writer], Any]) -> Future[Any]:
        """Runs a job on the writer thread, committed when it is done."""
        ...


Send = Callable[[Message, MailAccount, Brake], Attempt]


def send_by_smtp(message: Message, account: MailAccount, brake: Brake) -> Attempt:
    """Makes the mail and hands it in."""
    try:
        mail = as_mail(message, account)
    except UserFacingError as error:
        return Attempt(Fate.REFUSED, error.what)
    return hand_in(mail, account, brake=brake)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """An account that fares no better with the next mail.

    Attributes:
        until: When it is tried again; None for not before it is another account.
        times: In a row, so far.
    """

    account: MailAccount
    until: datetime | None
    times: int


class Outbox:
    """The one who sends.

    Args:
        store: Where the messages wait.
        account: The account that holds now, None while there is none: messages wait.
        clock: Tells the present moment, aware UTC.
        told: Called after each attempt, from the loop's thread.
        send: Makes one attempt; blocks.
    """

    def __init__(
        self,
        store: OutboxStore,
        account: Callable[[], MailAccount | None],
        clock: Callable[[], datetime],
        told: Callable[[Attempt], object] = lambda _attempt: None,
        send: Send = send_by_smtp,
    ) -> None:
        self._store = store
        self._account = account
        self._clock = clock
        self._told = told
        self._send = send
        self._woken = asyncio.Event()
        self._trouble: _Trouble | None = None
        self._brake = Brake(LIMIT_S)

    def wake(self) -> None:
        """Something was put in, or the account is another: look at once. From the loop only."""
        self._woken.set()

    async def run(self) -> None:
        """Sends until it is cancelled; a mail that is on its way is waited for.

        Nothing that goes wrong with one mail ends it: what is not told in words is in the log.
        """
        with ThreadPoolExecutor(1, "outbox") as sender:
            await self._in_store(lambda writer: writer.doubt_unfinished_messages())
            while True:
                self._woken.clear()
                try:
                    went_on = await self._send_next(sender)
                except UserFacingError as error:  # the store: full, locked, gone
                    log.warning("the outbox waits: %s", error.what)
                    went_on = False
                if not went_on:
                    await self._rest()

    async def _send_next(self, sender: ThreadPoolExecutor) -> bool:
        """Makes one attempt; False where nothing is due or the account itself is in trouble."""
        account = self._usable_account()
        if account is None:
            return False
        self._brake = Brake(LIMIT_S)
        attempt = await _to_the_end(self._attempt(account, sender), self._brake)
        if attempt is None:
            return False
        self._remember(account, attempt)
        self._told(attempt)
        return not attempt.is_of_account

    def _usable_account(self) -> MailAccount | None:
        """The account, where it is worth trying now."""
        account, trouble = self._account(), self._trouble
        if trouble is None or account != trouble.account:
            self._trouble = None
            return account
        is_over = trouble.until is not None and trouble.until <= self._clock()
        return account if is_over else None

    def _remember(self, account: MailAccount, attempt: Attempt) -> None:
        """One wrong password is enough: fifty in a row would lock the account."""
        if not attempt.is_of_account:
            self._trouble = None
            return
        times = 1 if self._trouble is None else self._trouble.times + 1
        until = None if attempt.is_final else self._clock() + _pause(times)
        self._trouble = _Trouble(account, until, times)

    async def _attempt(self, account: MailAccount, sender: ThreadPoolExecutor) -> Attempt | None:
        """Takes a message, sends it and notes what became of it; None where none is due."""
        message: Message | None = await self._write(lambda writer: writer.take_message())
        if message is None:
            return None
        loop = asyncio.get_running_loop()
        try:
            attempt = await loop.run_in_executor(sender, self._send, message, account, self._brake)
        except Exception:
            log.exception("a mail was not sent for a reason of our own")
            attempt = Attempt(Fate.DOUBTFUL, "The program went wrong while sending this.")
        await self._in_store(lambda writer: self._note(writer, message, attempt))
        return attempt

    def _note(self, writer: Writer, message: Message, attempt: Attempt) -> None:
        key, trouble = message.id, attempt.trouble
        tries = message.tries + 1
        if attempt.fate is Fate.SENT:
            writer.message_sent(key)
        elif attempt.is_of_account:
            writer.message_delayed(key, trouble, self._clock(), counts=False)
        elif attempt.fate is Fate.LATER and tries < MOST_TRIES:
            writer.message_delayed(key, trouble, self._clock() + _pause(tries))
        else:
            is_doubtful = attempt.fate is Fate.DOUBTFUL
            state = MessageState.DOUBTFUL if is_doubtful else MessageState.FAILED
            writer.message_ended(key, state, trouble)

    async def _rest(self) -> None:
        """Until the next message is due, or something happens."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), await self._pause_s())

    async def _pause_s(self) -> float:
        if self._usable_account() is None:
            return _LONGEST_SLEEP_S
        try:
            next_at: datetime | None = await asyncio.wrap_future(
                self._store.read(lambda reader: reader.next_message_at())
            )
        except UserFacingError:
            return _STORE_PAUSE_S
        if next_at is None:
            return _LONGEST_SLEEP_S
        return min(max(1.0, (next_at - self._clock()).total_seconds()), _LONGEST_SLEEP_S)

    async def _write(self, work: Callable[[Writer], Any]) -> Any:  # noqa: ANN401  the job's own
        return await asyncio.wrap_future(self._store.write(work))

    async def _in_store(self, work: Callable[[Writer], Any]) -> None:
        """Writes what must not be lost to a store that is only locked or full for a while."""
        for tries_left in reversed(range(_NOTE_TRIES)):
            try:
                await self._write(work)
            except UserFacingError as error:
                log.warning("the outbox could not write: %s", error.what)
                if tries_left:
                    await asyncio.sleep(_STORE_PAUSE_S)
            else:
                return


def _pause(times: int) -> timedelta:
    return _PAUSES[min(times, len(_PAUSES)) - 1]


async def _to_the_end(making: Coroutine[Any, Any, Attempt | None], brake: Brake) -> Attempt | None:
    """Waits for what must not be left half done; what was not begun ends when cancelled."""
    task = asyncio.ensure_future(making)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        brake.pull()
        await asyncio.wait([task])
        raise
