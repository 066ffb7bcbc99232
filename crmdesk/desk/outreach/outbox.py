"""Sends what waits in the outbox, one mail after the other, for as long as the desk is open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount, as_mail, hand_in
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Message, MessageState

if TYPE_CHECKING:
    from crmdesk.store import Reader, Writer

MOST_TRIES = 20
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
"""Between tries; the last one again and again."""
_LONGEST_SLEEP_S = 60.0
"""The clock may be set, and a laptop may sleep: the wall clock is looked at this often."""


class OutboxStore(Protocol):
    """What the outbox needs of the store."""

    def read(self, work: Callable[[Reader], Any]) -> Future[Any]:
        """Runs a job on the reader thread."""
        ...

    def write(self, work: Callable[[Writer], Any]) -> Future[Any]:
        """Runs a job on the writer thread, committed when it is done."""
        ...


Send = Callable[[Message, MailAccount], Attempt]


def send_by_smtp(message: Message, account: MailAccount) -> Attempt:
    """Makes the mail and hands it in."""
    try:
        return hand_in(as_mail(message, account), account)
    except UserFacingError as error:
        return Attempt(Fate.REFUSED, error.what)


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

    def wake(self) -> None:
        """Something was put in, or the account is another: look at once. From the loop only."""
        self._woken.set()

    async def run(self) -> None:
        """Sends until it is cancelled; an attempt that is being made is waited for."""
        await self._write(lambda writer: writer.doubt_unfinished_messages())
        with ThreadPoolExecutor(1, "outbox") as sender:
            while True:
                self._woken.clear()
                account = self._account()
                if account is None or not await self._send_next(account, sender):
                    await self._rest()

    async def _send_next(self, account: MailAccount, sender: ThreadPoolExecutor) -> bool:
        """Makes one attempt; False where nothing is due or the account itself is in trouble."""
        attempt = await _to_the_end(self._attempt(account, sender))
        if attempt is None:
            return False
        self._told(attempt)
        return not attempt.is_of_account

    async def _attempt(self, account: MailAccount, sender: ThreadPoolExecutor) -> Attempt | None:
        """Takes a message, sends it and notes what became of it; None where none is due."""
        message: Message | None = await self._write(lambda writer: writer.take_message())
        if message is None:
            return None
        loop = asyncio.get_running_loop()
        attempt = await loop.run_in_executor(sender, self._send, message, account)
        await self._note(message, attempt)
        return attempt

    async def _note(self, message: Message, attempt: Attempt) -> None:
        key, trouble = message.id, attempt.trouble
        tries = message.tries + 1
        if attempt.fate is Fate.SENT:
            await self._write(lambda writer: writer.message_sent(key))
        elif attempt.fate is Fate.LATER and tries < MOST_TRIES:
            at = self._clock() + _PAUSES[min(tries, len(_PAUSES)) - 1]
            await self._write(lambda writer: writer.message_delayed(key, trouble, at))
        else:
            is_doubtful = attempt.fate is Fate.DOUBTFUL
            state = MessageState.DOUBTFUL if is_doubtful else MessageState.FAILED
            await self._write(lambda writer: writer.message_ended(key, state, trouble))

    async def _rest(self) -> None:
        """Until the next message is due, or something happens."""
        next_at = await asyncio.wrap_future(self._store.read(lambda r: r.next_message_at()))
        pause = _LONGEST_SLEEP_S
        if next_at is not None and self._account() is not None:
            pause = min(max(1.0, (next_at - self._clock()).total_seconds()), pause)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), pause)

    async def _write(self, work: Callable[[Writer], Any]) -> Any:  # noqa: ANN401  the job's own
        return await asyncio.wrap_future(self._store.write(work))


async def _to_the_end(making: Coroutine[Any, Any, Attempt | None]) -> Attempt | None:
    """Waits for what must not be left half done; being cancelled waits with it."""
    task = asyncio.ensure_future(making)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
