"""Calls and pops in one line for people, and what `listen` tells of its lines."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from datetime import UTC, datetime

import pytest

from crmdesk.cli import output
from crmdesk.cli.listen import Printer, _until_stopped
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, Direction, Presentation
from crmdesk.domain.lines import LineHealth, LineState

AT = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


def _call(**facts: object) -> Call:
    values = {"caller_raw": "+493023125710", "caller_name": "Jane Roe", **facts}
    return Call(uuid.UUID(int=1), "office", Direction.INBOUND, AT, **values)  # type: ignore[arg-type]


def test_own_name_of_the_caller_where_no_customer_is() -> None:
    assert "Jane Roe" in output.call_line(CallRow(_call(), None))
    known = output.call_line(CallRow(_call(), None, customer_name="Jane Miller"))
    assert "Jane Miller" in known
    assert "Jane Roe" not in known


def test_withheld_caller_has_no_name() -> None:
    call = _call(presentation=Presentation.WITHHELD)
    assert "Jane Roe" not in output.call_line(CallRow(call, None))


def test_columns_stay_where_they_are() -> None:
    short = output.call_line(CallRow(_call(), None))
    long = output.call_line(
        CallRow(_call(caller_raw="sip:+493023125710@pbx.example;user=phone"), None)
    )
    assert long.index("in progress") == short.index("in progress")
    assert "…" in long


def test_same_state_of_a_line_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer(as_json=False)
    for state in (LineState.READY, LineState.READY, LineState.OFF, LineState.READY):
        printer.line_health_changed(LineHealth("softphone", "Softphone", state, AT))
    told = capsys.readouterr().err.splitlines()
    assert told == ["Softphone: ready.", "Softphone: off.", "Softphone: ready."]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_second_signal_does_not_break_off_the_saving() -> None:
    saved: list[bool] = []

    async def desk() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            for _ in range(20):
                await asyncio.sleep(0.001)
            saved.append(True)

    asyncio.run(_until_stopped(desk()))
    assert saved == [True]
