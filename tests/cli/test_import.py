"""`crmdesk import` as a person and as a desk runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import keys, open_store

MESSY = """\
Kundenliste;;;;;;;
Anrede;Name;Firma;Telefon;Handy;E-Mail;Ort;Kunde seit
Frau;Hansen, Jane;Hansen GmbH;030 / 23125-101;0171 / 39 20 012;j@example.com;Berlin;05.03.24
Herr;Müller, Jörg;Hansen GmbH;"030 23125 102; 0171 3920 077";;;Berlin;25.12.23
;;;;;;Köln;
;;Größe & Söhne KG;="03023125103";;info@example.org;München;
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    line = LineSettings(id="de", name="Support", region="DE", area_code="30")
    file.save(paths.settings_file(), Settings(lines=(line,)))
    store = tmp_path / "x.db"
    open_store(store, keys.DEMO_KEY).close()
    return str(store)


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    place = tmp_path / "kunden.csv"
    place.write_bytes(MESSY.replace("\n", "\r\n").encode("cp1252"))
    return place


def output(capsys: pytest.CaptureFixture[str], place: str, *words: object) -> dict[str, Any]:
    assert main([*map(str, words), "--json", "--store", place]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_a_messy_export_is_matched_and_taken_back(
    capsys: pytest.CaptureFixture[str], place: str, messy: Path
) -> None:
    def names(number: str) -> list[str]:
        found = output(capsys, place, "match", number)["candidates"]
        return [candidate["name"] for candidate in found]

    done = output(capsys, place, "import", messy)
    assert done["source"]["details"]["encoding"] == "cp1252"
    assert (done["created"], done["bad"], done["dry_run"]) == (3, 1, False)
    assert names("+491713920012") == ["Jane Hansen"]
    assert names("01713920077") == ["Jörg Müller"]
    assert names("+493023125103") == ["Größe & Söhne KG"]
    bad = Path(done["bad_file"])
    assert bad == messy.with_name("kunden-bad-rows.csv")
    assert "no name, no number" in bad.read_text(encoding="utf-8-sig")

    again = output(capsys, place, "import", messy)
    assert (again["created"], again["updated"], again["same"], again["batch"]) == (0, 0, 3, None)

    (listed,) = output(capsys, place, "import", "--list")["imports"]
    assert (listed["batch"], listed["title"]) == (done["batch"], "Import of kunden.csv")
    assert listed["who"] == "import on the command line", "no agent is named here"
    assert output(capsys, place, "import", "--undo")["batch"] == done["batch"]
    assert names("+491713920012") == []
    assert output(capsys, place, "import", "--list")["imports"][0]["state"] == "undone"


def test_a_dry_run_writes_nothing_but_the_plan(
    capsys: pytest.CaptureFixture[str], place: str, messy: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.jsonl"
    done = output(capsys, place, "import", messy, "--dry-run", "--plan", plan)
    assert (done["dry_run"], done["batch"], done["bad_file"]) == (True, None, None)
    rows = [json.loads(line) for line in plan.read_text(encoding="utf-8").splitlines()]
    assert [row["action"] for row in rows] == ["create", "create", "bad", "create"]
    assert rows == done["rows"]
    assert {"field": "name", "before": "", "after": "Jane Hansen"} in rows[0]["changes"]
    assert output(capsys, place, "import", "--list")["imports"] == []


def test_what_is_in_a_file(capsys: pytest.CaptureFixture[str], place: str, messy: Path) -> None:
    shown = output(capsys, place, "import", "--show", messy)
    columns = {column["name"]: column for column in shown["columns"]}
    assert columns["Handy"]["target"] == "number_mobile"
    assert columns["Ort"]["samples"][:2] == ["Berlin", "Berlin"]
    assert main(["import", "--show", str(messy)]) == 0
    assert "number_mobile" in capsys.readouterr().out


def test_people_read_it_too(capsys: pytest.CaptureFixture[str], place: str, messy: Path) -> None:
    assert main(["import", str(messy), "--store", place]) == 0
    said = capsys.readouterr().out
    assert "Jane Hansen" in said
    assert "3 new with" in said
    assert "crmdesk import --undo" in said
    assert main(["import", "--list", "--store", place]) == 0
    assert "Import of kunden.csv: 4 new" in capsys.readouterr().out


def test_a_profile_keeps_what_was_said(
    capsys: pytest.CaptureFixture[str], place: str, messy: Path
) -> None:
    words = ("--map", "Ort=custom:Stadt", "--map", "Anrede=", "--region", "de")
    saved = output(
        capsys, place, "import", messy, "--dry-run", "--save-profile", "nightly", *words,
        "--option", "encoding=cp1252",
    )  # fmt: skip
    assert saved["profile"] == "nightly"
    done = output(capsys, place, "import", messy, "--profile", "nightly")
    targets = {column["name"]: column["target"] for column in done["source"]["columns"]}
    assert (targets["Ort"], targets["Anrede"]) == ("custom:Stadt", "")
    assert done["created"] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--map", "Mobile=number_mobile"], 'There is no column "Mobile"'),
        (["--map", "Ort=town"], "which is no field"),
        (["--profile", "none"], "There is no profile"),
        (["--region", "XX"], "no country code"),
        (["--option", "encoding=nothing"], "no encoding"),
        (["--bad", "/nowhere/x.csv"], "cannot be written"),
        (["--plan", "/nowhere/x.jsonl"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_there(
    capsys: pytest.CaptureFixture[str], place: str, messy: Path, words: list[str], said: str
) -> None:
    assert main(["import", str(messy), "--store", place, *words]) == 1
    assert said in capsys.readouterr().err
    assert main(["match", "+491713920012", "--store", place]) == 0
    assert "Jane" not in capsys.readouterr().out


def test_without_a_file_it_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import"])
    assert "give a FILE" in capsys.readouterr().err


def test_as_the_child_of_a_desk(place: str, messy: Path) -> None:
    command = [
        sys.executable, "-m", "crmdesk", "import", str(messy), "--progress", "json",
        "--key-from-stdin", "--low-priority", "--memory-limit", "1024", "--store", place,
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps({"key": keys.DEMO_KEY.hex()}) + "\n")
        child.stdin.flush()  # and stays open: a desk that closes it wants no result any more
        last = json.loads(list(child.stdout)[-1])
    assert child.returncode == 0
    assert last["result"]["created"] == 3


BESIDE = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
"""Whether programs that read for an import can be seen here, and there are any."""


def _beside(pid: int) -> list[int]:
    """The programs that a program started."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, children.read_text(encoding="ascii").split())
    return found


def _gone(pids: list[int]) -> bool:
    """Waits until they are; one that nobody asked after is a zombie."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not any(map(_runs, pids)):
            return True
        time.sleep(0.05)
    return False


def _runs(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_in_the_middle_nothing_is_there(
    place: str, tmp_path: Path, number: signal.Signals
) -> None:
    large = tmp_path / "large.csv"
    with large.open("w", encoding="utf-8") as out:
        out.write("Name,Phone\n")
        out.writelines(f"Jane Number{n},030 23125 {n % 1000:03d}\n" for n in range(60_000))
    command = [sys.executable, "-m", "crmdesk", "import", str(large), "--progress", "json",
               "--store", place]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env={**os.environ},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        for line in child.stdout:
            beside = _beside(child.pid)
            if json.loads(line).get("progress", 0) > 200_000 and (beside or not BESIDE):
                break
        child.send_signal(number)
        rest = child.stdout.read()
    assert '"result"' not in rest
    assert bool(beside) == BESIDE
    assert _gone(beside)
    with open_store(place, keys.DEMO_KEY) as store:
        assert store.recovery.wait(60)
        assert not store.read(lambda reader: reader.has_customers()).result()
        assert store.read(lambda reader: reader.unfinished_changes()).result() == ()


def test_a_dry_run_needs_no_store_yet(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    messy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / "new"))
    assert main(["import", str(messy), "--dry-run", "--region", "DE", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["created"], result["batch"]) == (3, None)
    assert not list((tmp_path / "new").glob("**/*.db")), "no store was made"
    wrong = str(tmp_path / "wrong.db")
    assert main(["import", str(messy), "--dry-run", "--store", wrong]) == 1
    assert "wrong.db does not exist" in capsys.readouterr().err
