"""What works beside the calls goes on after a mistake."""

from __future__ import annotations

import asyncio

import pytest

from crmdesk.desk.supervision import kept_running


def test_a_mistake_is_logged_and_it_begins_again(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> int:
        runs = 0
        third = asyncio.Event()

        async def run() -> None:
            nonlocal runs
            runs += 1
            if runs < 3:
                raise OverflowError("a date in the year 9999")
            third.set()
            await asyncio.Event().wait()

        running = asyncio.create_task(kept_running("reminding", run, 0.01))
        await asyncio.wait_for(third.wait(), 20)
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        return runs

    assert asyncio.run(main()) == 3
    assert caplog.text.count("reminding went wrong") == 2
    caplog.clear()
