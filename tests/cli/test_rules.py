"""`crmdesk rules`: what is shown, what is refused, what a try tells and what is saved."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.desk.rule_lab.texts import BadRuleError, change_rules, changed_rules, rule_texts
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, MatchingSettings, Settings
from crmdesk.store import keys, open_store
from crmdesk.store.demo import make_demo

LINES = (LineSettings(id="support", name="Support", region="DE", internal=("1000-1099",)),)
SETTINGS = Settings(lines=LINES)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    made: Path = tmp_path_factory.mktemp("rules") / "demo.db"
    with open_store(made, keys.DEMO_KEY) as store:
        make_demo(store, 60, calls=800)
    return str(made)


@pytest.fixture
def saved(crmdesk_home: Path) -> Settings:
    file.save(paths.settings_file(), SETTINGS)
    return SETTINGS


# --- rules as text -----------------------------------------------------------------------------


def test_every_rule_is_written_as_it_is_read() -> None:
    texts = rule_texts(SETTINGS)
    assert change_rules(Settings(lines=(LineSettings(id="support", name="Support"),)), texts) == (
        SETTINGS
    )
    assert "line.support.internal=1000-1099" in texts
    assert f"suffix_digits={MatchingSettings().suffix_digits}" in texts


def test_only_what_differs_is_a_change() -> None:
    after = change_rules(SETTINGS, ["suffix_digits=6", "line.support.region=at", "lead=100"])
    assert changed_rules(SETTINGS, after) == ("suffix_digits=6", "line.support.region=AT")


def test_later_rule_of_a_name_wins() -> None:
    after = change_rules(SETTINGS, ["suffix_digits=6", " suffix_digits = 8 "])
    assert after.matching.suffix_digits == 8


def test_every_rung_may_be_off() -> None:
    assert change_rules(SETTINGS, ["ladder="]).matching.ladder == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("suffix_digits=2", "from 5 to 12"),
        ("suffix_digits=13", "from 5 to 12"),
        ("suffix_digits=9" + "9" * 400, "no whole number"),
        ("suffix_digits=٧", "no whole number"),
        ("block_digits=0", "from 1 to 5"),
        ("link_from=-1", "from 0 to 2000"),
        ("link_from=", "no whole number"),
        ("lead=1.5", "no whole number"),
        ("ladder=e164,telepathy", "no rung 'telepathy'"),
        ("ladder=e164,e164", "names a rung twice"),
        ("ladder=account,,e164", "between two commas is empty"),
        ("ladder=,", "between two commas is empty"),
        ("line.support.region=XX", "country 'XX'"),
        ("line.support.region=Deutschland", "country 'Deutschland'"),
        ("line.support.area_code=3O", "digits"),
        ("line.support.line_prefix=" + "0" * 17, "at most 16 digits"),
        ("line.support.internal=1099-1000", "no range"),
        ("line.support.internal=(1+)+$", "no range"),
        ("line.support.secret_ref=x", "region, area_code, line_prefix, internal"),
        ("line.nowhere.region=DE", "no phone line 'nowhere'"),
        ("store.url=/tmp/x", "no rule of this name"),
        ("suffix_digits", "a name, =, and a value"),
        ("=", "no rule of this name"),
        ("", "a name, =, and a value"),
        ("\x1b[31m=\u202e1", "no rule of this name"),
        ("ladder=" + "e164," * 2_000, "longer than 500"),
    ],
)
def test_nonsense_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadRuleError) as refused:
        change_rules(SETTINGS, [text])
    assert words in refused.value.what
    assert refused.value.meaning or "Lines:" in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(BadRuleError, match="more than 200"):
        change_rules(SETTINGS, ["lead=1"] * 201)


# --- the command -------------------------------------------------------------------------------


def test_rules_in_force_are_shown(saved: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show"]) == 0
    assert capsys.readouterr().out.splitlines() == list(rule_texts(saved))
    assert main(["rules", "show", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert rules["line.support.region"] == "DE"


def test_saving_says_how_to_go_back(saved: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "set", "suffix_digits=6", "line.support.area_code=30"]) == 0
    told = capsys.readouterr().out
    now = file.load(paths.settings_file())
    assert now.matching.suffix_digits == 6
    assert now.lines[0].area_code == "30"
    back = told.split("crmdesk rules set ")[1].splitlines()[0].split()
    assert main(["rules", "set", *back]) == 0
    assert file.load(paths.settings_file()) == saved


def test_what_holds_already_is_not_saved(
    saved: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = paths.settings_file().stat().st_mtime_ns
    assert main(["rules", "set", "suffix_digits=7"]) == 0
    assert "hold already" in capsys.readouterr().out
    assert paths.settings_file().stat().st_mtime_ns == before


def test_wrong_rule_saves_nothing(saved: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "set", "suffix_digits=6", "suffix_digits=2"]) == 1
    assert "from 5 to 12" in capsys.readouterr().err
    assert file.load(paths.settings_file()) == saved


def test_a_try_tells_figures_and_changes_nothing(
    saved: Settings, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "try", "--json", "--store", place, "--rule", "ladder=account"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["looked_at"]["calls"] + report["withheld_calls"] == 800
    assert report["counts"]["lost"]["calls"] >= report["linked_before"]["calls"] > 0
    assert report["linked_after"]["calls"] == 0
    assert report["rules"] == ["ladder=account"]
    example = report["examples"][0]
    assert example["kind"] == "lost"
    assert example["before"]["name"]
    assert file.load(paths.settings_file()) == saved


def test_a_ladder_without_a_rung_is_told(
    saved: Settings, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "try", "--store", place, "--rule", "ladder="]) == 0
    assert "nobody who calls is found with these rules" in capsys.readouterr().out
    assert main(["rules", "set", "ladder="]) == 0
    assert "nobody who calls is found with these rules" in capsys.readouterr().out


def test_a_try_for_people(saved: Settings, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["rules", "try", "--store", place, "--rule", "ladder=account", "--examples", "1"]
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "Rules tried: ladder=account" in told
    assert "\nLost\n" in told
    assert told.count(" -> nobody") == 1
    assert "To save these rules: crmdesk rules set ladder=account" in told


def test_no_calls_since_tomorrow(
    saved: Settings, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "try", "--json", "--store", place, "--since", "2100-01-01"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["looked_at"] == {"calls": 0, "numbers": 0}


@pytest.mark.parametrize("count", ["-1", "101", "many"])
def test_examples_are_bounded(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["rules", "try", "--examples", count])
    assert "from 0 to 100" in capsys.readouterr().err


# --- for a parent --------------------------------------------------------------------------------


def _child(place: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "crmdesk", "rules", "try", "--progress", "json"]
    return subprocess.Popen(
        [*command, "--store", place, *options],
        stdin=subprocess.DEVNULL,  # a pipe that closes would say that nobody waits
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
    )


def test_a_child_tells_its_result_last(saved: Settings, place: str) -> None:
    child = _child(place, "--rule", "suffix_digits=6")
    out, errors = child.communicate(timeout=60)
    assert child.returncode == 0, errors
    *progress, last = map(json.loads, out.splitlines())
    assert all("progress" in line for line in progress)
    assert last["result"]["rules"] == ["suffix_digits=6"]


def test_a_child_tells_a_wrong_rule(saved: Settings, place: str) -> None:
    child = _child(place, "--rule", "suffix_digits=2")
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "from 5 to 12" in json.loads(out.splitlines()[-1])["error"]["what"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM there")
def test_a_child_ends_when_it_is_told_to(saved: Settings, place: str) -> None:
    child = _child(place)
    assert child.stdout is not None
    child.stdout.read(1)  # it is at work
    child.send_signal(signal.SIGTERM)
    out, _ = child.communicate(timeout=60)
    assert child.returncode in {0, 130}
    assert (child.returncode == 0) == (b'"result"' in out)
