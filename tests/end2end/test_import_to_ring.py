"""Ten minutes of a new user: a messy export, the page of imports, and the next ring.

All by keyboard, in the real program on a real display; a PBX that speaks TLS rings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end2end.people import JANE_NUMBER
from tests.end2end.programs import Program, line_to, make_home
from tests.end2end.screen import Screen, missing_programs, private_screen
from tests.fakes.fake_pbx import FakePbx

pytestmark = pytest.mark.skipif(
    bool(missing_programs()), reason=f"needs {', '.join(missing_programs())}, not installed here"
)

DATA = Path(__file__).parents[1] / "data" / "asterisk"
DESK = "tests.end2end.import_desk"
AT_THE_END = "QBackingStore::flush() called for "
"""Qt says so where the main window had something to paint in the moment it was closed."""

EXPORT = """\ufeffKunden der Hansen GmbH;;;;;
Stand: 20.11.2026, erstellt von Buchhaltung;;;;;
;;;;;
Kd-Nr;Ansprechpartner;Firma;Telefon;E-Mail;Kunde seit
10023;"Dörfler, Jana";Hansen Logistik GmbH;030/23125-710 (Mo-Fr);jana@hansen.example;03.04.2019
10024;"Brandt, Jonas";;0171 3920 441 / 030 23125-144;jonas@brandt.example;17.11.2021
10024;"Brandt, Jonas";;0171-3920441;jonas@brandt.example;17.11.2021
10025;Bäckerei Müller & Söhne;;"030 23125 170
030 23125 171";info@mueller.example;
;;;siehe oben;;
10026;Café Größenwahn;;+44 20 7946 0312;;02.02.2024
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with private_screen() as made:
        yield made


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """What a new user has: a spreadsheet somebody saved as CSV on Windows."""
    folder = tmp_path / "Export"
    folder.mkdir()
    file = folder / "kunden.csv"
    file.write_bytes(EXPORT.lstrip("\ufeff").replace("\n", "\r\n").encode("cp1252"))
    return file


@pytest.fixture
def desk(tmp_path: Path, pbx: FakePbx, screen: Screen) -> Iterator[Program]:
    """The desk of Alice (1001), connected, with an empty store."""
    home = make_home(tmp_path / "home", line_to(pbx), extension="1001", leave_after_s=1.0)
    command = [sys.executable, "-W", "error", "-m", DESK, "gui"]
    with Program(command, home, **screen.variables) as program:
        pbx.wait_for_login()
        program.wait_for("import")
        yield program
        assert program.stop() == 0
        assert [line for line in program.errors if not line.startswith(AT_THE_END)] == []


def now(desk: Program) -> dict[str, Any]:
    return desk.events("import")[-1]


def cards_since(desk: Program, count: int) -> list[str]:
    return [card for seen in desk.events("screen")[count:] for card in seen["cards"]]


def ring(desk: Program, pbx: FakePbx, recording: str) -> list[str]:
    """Lets the phone ring, and returns what the pop said until it was gone."""
    before = len(desk.events("screen"))
    pbx.play(DATA / recording, speed=3.0)
    desk.wait_until(lambda: bool(cards_since(desk, before)))
    desk.wait_until(lambda: desk.events("screen")[-1]["pop"] is None)
    return cards_since(desk, before)


def import_file(desk: Program, screen: Screen, file: Path) -> None:
    """From the palette to the figures, with keys alone."""
    main = desk.events("screen")[0]["main"]
    screen.run("xdotool", "windowactivate", "--sync", str(main))
    screen.keys("ctrl+k")
    screen.wait_until(lambda: now(desk)["focus"] != "" and not now(desk)["shown"], "the palette")
    screen.type("import cust")
    screen.keys("Return")
    desk.wait_until(lambda: now(desk)["shown"] and now(desk)["focus"] == "Choose a file…")
    screen.keys("Return")
    screen.wait_until(lambda: bool(screen.windows("Import")), "the choice of a file")
    screen.type(str(file))
    screen.keys("Return")
    desk.wait_until(lambda: now(desk)["stage"] == "file")
    for stage in ("columns", "check", "result"):
        screen.keys("ctrl+Return")
        desk.wait_until(lambda stage=stage: now(desk)["stage"] == stage)  # type: ignore[misc]


def test_a_messy_export_pops_the_right_person_and_an_undo_forgets_them(
    desk: Program, pbx: FakePbx, screen: Screen, export: Path
) -> None:
    import_file(desk, screen, export)
    seen = now(desk)
    assert seen["details"]["encoding"] == "cp1252"
    assert seen["details"]["delimiter"] == ";"
    assert seen["details"]["header"] == "4"
    assert seen["mapping"]["Telefon"] == "number"
    assert seen["trouble"] == ""
    assert seen["heading"].startswith("4 customers added")

    said = ring(desk, pbx, "01-direct-answered.ami")
    assert any("Jana Dörfler" in card and "Hansen Logistik" in card for card in said), said
    assert any(chip.startswith("exact") for seen in desk.events("import") for chip in seen["chips"])

    assert now(desk)["focus"] == "Show customers"
    screen.keys("Tab", "Tab", "space")
    desk.wait_until(lambda: now(desk)["undone"])
    said = ring(desk, pbx, "06-queue-ringall-answered.ami")
    assert not any("Jana" in card for card in said), said
    digits = JANE_NUMBER.removeprefix("+49")
    assert any(digits in card.replace(" ", "") for card in said), said
