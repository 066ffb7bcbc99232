"""Where the softphone line is that nobody set up."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from crmdesk.bootstrap import stores
from crmdesk.bootstrap.core import Core
from crmdesk.bootstrap.lines import softphone_line
from crmdesk.desk.handover.client import hand_over, leave
from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import CallOutcome
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Store


def test_it_is_where_the_first_line_with_a_country_is() -> None:
    without = LineSettings(id="a", name="A", area_code="40")
    berlin = LineSettings(id="b", name="B", region="DE", area_code="30")
    line = softphone_line(Settings(lines=(without, berlin)))
    assert (line.region, line.area_code) == ("DE", "30")


def test_without_lines_it_is_where_the_computer_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert softphone_line(Settings()).region == "DE"


def test_one_that_is_set_up_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    own = LineSettings(id="zoiper", name="Zoiper", system="softphone")
    assert softphone_line(Settings(lines=(own,))) == own


@pytest.mark.parametrize("is_early", [True, False], ids=["before the lines run", "while they run"])
def test_call_that_goes_on_at_the_end_is_unknown(
    is_early: bool, tmp_path: Path, crmdesk_home: Path
) -> None:
    opened = stores.open_demo(tmp_path / "demo.db")
    try:
        asyncio.run(_pop_and_stop(opened.store, is_early=is_early))
        page = opened.store.read(lambda reader: reader.calls(CallFilter(), None, 5)).result()
    finally:
        opened.store.close()
    assert [row.call.outcome for row in page.rows] == [CallOutcome.UNKNOWN]


async def _pop_and_stop(store: Store, *, is_early: bool) -> None:
    core = Core(Settings(), store, None)
    desk = core.desk(softphone_line(core.settings))
    request = {"verb": "pop", "number": "+493023125710"}
    if is_early:
        leave(request)
    running = asyncio.ensure_future(core.run())
    async with asyncio.timeout(60):
        while not is_early and "softphone" not in core.health:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        if not is_early:
            await asyncio.to_thread(partial(hand_over, request))
        while not desk.calls:  # noqa: ASYNC110  polling what the desk takes
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
