"""Sends what waits in the outbox, one mail after the other, for as long as the desk is open."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
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
        self._notes: list[Callable[[Writer], None]] = []
        self._closing = threading.Event()

    def wake(self) -> None:
        """Something was put in, or the account is another: look at once. From the loop only."""
        self._woken.set()

    async def run(self) -> None:
        """Sends until it is cancelled; a mail that is on its way is waited for.

        Nothing that goes wrong with one mail ends it: what is not told in words is in the log.
        """
        sender = ThreadPoolExecutor(1, "outbox")
        self._closing.clear()
        try:
            await self._write(lambda writer: writer.doubt_unfinished_messages())
            while True:
                self._woken.clear()
                try:
                    went_on = await self._send_next(sender)
                except UserFacingError as error:  # the store: full, locked, gone
                    log.warning("the outbox waits: %s", error.what)
                    went_on = False
                if not went_on:
                    await self._rest()
        finally:
            sender.shutdown(wait=False)

    async def _send_next(self, sender: ThreadPoolExecutor) -> bool:
        """Makes one attempt; False where nothing is due or the account itself is in trouble."""
        account = self._usable_account()
        if account is None:
            return False
        brake = Brake(LIMIT_S)
        # All of an attempt is done in its thread: whatever ends the loop, it is noted.
        work = asyncio.get_running_loop().run_in_executor(sender, self._attempt, account, brake)
        attempt = await self._to_the_end(work, brake)
        if attempt is None:
            return False
        self._remember(account, attempt)
        self._told(attempt)
        return not attempt.is_of_account

    async def _to_the_end(
        self, work: asyncio.Future[Attempt | None], brake: Brake
    ) -> Attempt | None:
        """Waits for what must not be left half done; what was not begun ends when cancelled."""
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self._closing.set()
            brake.pull()
            while not work.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([work])
            raise

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

    def _attempt(self, account: MailAccount, brake: Brake) -> Attempt | None:
        """Takes a message, sends it and notes what became of it; None where none is due.

        In the thread of the sender.
        """
        self._write_notes(tries=1)
        message: Message | None = self._store.write(lambda w: w.take_message()).result()
        if message is None:
            return None
        try:
            attempt = self._send(message, account, brake)
        except Exception:
            log.exception("a mail was not sent for a reason of our own")
            attempt = Attempt(Fate.DOUBTFUL, "The program went wrong while sending this.")
        self._notes.append(partial(self._note, message=message, attempt=attempt))
        with contextlib.suppress(UserFacingError):  # it is kept, and written before the next
            self._write_notes(_NOTE_TRIES)
        return attempt

    def _write_notes(self, tries: int) -> None:
        """Writes what became of mails; a store may be locked or full for a while.

        Raises:
            UserFacingError: It is so still.
        """
        while self._notes:
            tries -= 1
            try:
                self._store.write(self._notes[0]).result()
            except UserFacingError as error:
                log.warning("the outbox could not write: %s", error.what)
                if tries <= 0 or self._closing.wait(_STORE_PAUSE_S):
                    raise
            else:
                del self._notes[0]

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
        pause_s = await self._pause_s()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):  # `wait_for` may swallow being cancelled
                await self._woken.wait()

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


def _pause(times: int) -> timedelta:
    return _PAUSES[min(times, len(_PAUSES)) - 1]
