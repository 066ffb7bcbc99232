"""`crmdesk listen`: a PBX on a real TLS socket in, pops and saved calls out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crmdesk.cli import main
from tests.end2end.people import JANE, TICKET
from tests.end2end.programs import crmdesk, listen
from tests.fakes.fake_pbx import FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"


def test_pop_names_the_customer_and_the_call_is_kept(
    pbx: FakePbx,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with listen(home) as desk:
        pbx.wait_for_login()
        pbx.play(DATA / "01-direct-answered.ami")
        pop = desk.wait_for("pop")
        finished = desk.wait_for("call")
        assert desk.stop() == 0
    assert pop["title"] == pop["customer"]["name"] == JANE.name
    assert pop["match"]["state"] == "exact"
    assert pop["match"]["rule"] == "e164"
    assert [ticket["subject"] for ticket in pop["customer"]["open_tickets"]] == [TICKET]
    assert any("2041" in line for line in pop["customer"]["since_you_last_spoke"])
    assert finished["outcome"] == "answered"
    monkeypatch.setenv("CRMDESK_HOME", str(home))
    assert main(["calls", "--json", "--limit", "1"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["customer"] == {"id": str(JANE.id), "name": JANE.name}
    same = finished.keys() - {"event"}
    assert {key: listed[key] for key in same} == {key: finished[key] for key in same}


def test_twenty_calls_at_once_are_twenty_pops_and_twenty_calls(pbx: FakePbx, home: Path) -> None:
    with listen(home) as desk:
        pbx.wait_for_login()
        pbx.play(DATA / "19-twenty-concurrent.ami")
        desk.wait_for("call", count=20)
        pops = desk.events("pop")
        assert desk.stop() == 0
        calls = {call["id"]: call for call in desk.events("call")}
    assert len(calls) == 20
    popped = [key for key, call in calls.items() for _ in call["pops"]]
    assert sorted(pop["call"] for pop in pops) == sorted(popped)


@pytest.mark.parametrize("arguments", [(), ("tel:+49-30-23125-710",)])
def test_windows_that_are_not_there_are_told(
    arguments: tuple[str, ...], pbx: FakePbx, home: Path
) -> None:
    with listen(home) as desk:
        pbx.wait_for_login()
        with crmdesk(home, *arguments) as second:
            assert second.wait() == 1
            assert "without windows" in "".join(second.errors)
        assert desk.stop() == 0


def test_withheld_number_is_nowhere(pbx: FakePbx, home: Path) -> None:
    with listen(home) as desk:
        pbx.wait_for_login()
        pbx.play(DATA / "11b-anonymous-with-presentation-var.ami")
        call = desk.wait_for("call")
        pop = desk.events("pop")[0]
        assert desk.stop() == 0
        assert (call["caller"], call["caller_raw"], call["withheld"]) == (None, "anonymous", True)
        assert (pop["title"], pop["number"]) == ("Number withheld", None)
