"""Keeps what works beside the calls running, whatever goes wrong in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0


async def kept_running(
    name: str, run: Callable[[], Awaitable[None]], pause_s: float = FIRST_PAUSE_S
) -> None:
    """Runs something until it is cancelled; a mistake in it is logged, and it begins again.

    Args:
        name: What it is, for the log.
        run: Makes one run, which is not meant to end.
        pause_s: Before the second run; doubled each time, up to `LONGEST_PAUSE_S`.
    """
    while True:
        try:
            await run()
        except Exception:
            log.exception("%s went wrong; it begins again in %d s", name, pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
