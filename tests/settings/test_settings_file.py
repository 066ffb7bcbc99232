"""Settings: read, checked, migrated and written without losing what others wrote."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

import msgspec
import pytest

from crmdesk.settings.file import SettingsError, load, save
from crmdesk.settings.migrations import STEPS, NewerSettingsError, migrate
from crmdesk.settings.model import SCHEMA, LineSettings, LookSettings, PopSettings, Settings
from crmdesk.settings.state import load_state, save_state


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


LINE = LineSettings(
    id="main",
    name="Zentrale Ö",
    host="pbx.example",
    region="DE",
    area_code="30",
    internal=("1001-1199", "20"),
    names={"1001": "Alice Adler"},
    called_names={"+493023125100": "Main number"},
)


def test_defaults_where_there_is_no_file(file: Path) -> None:
    assert load(file) == Settings()
    assert not file.exists()


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(lines=(LINE,)), Settings(pop=PopSettings(position=(-1920, 40)))],
)
def test_what_is_saved_is_loaded(file: Path, settings: Settings) -> None:
    save(file, settings)
    assert load(file) == settings


def test_position_can_be_taken_out_again(file: Path) -> None:
    save(file, Settings(pop=PopSettings(position=(10, 20))))
    save(file, Settings())
    assert load(file).pop.position is None


def test_removed_lines_and_names_are_gone(file: Path) -> None:
    save(file, Settings(lines=(LINE, LineSettings(id="b", name="B"))))
    save(file, Settings(lines=(msgspec.structs.replace(LINE, names={}),)))
    assert [line.id for line in load(file).lines] == ["main"]
    assert load(file).lines[0].names == {}


def test_what_another_program_wrote_meanwhile_is_kept(file: Path) -> None:
    """`crmdesk lines add` and a desk that saves its own change after it."""
    kept, gone = LineSettings(id="kept", name="Kept"), LineSettings(id="gone", name="Gone")
    since = Settings(lines=(LINE, kept, gone))
    save(file, since)
    added = LineSettings(id="added", name="Added")
    renamed = msgspec.structs.replace(kept, name="Renamed")
    theirs = Settings(lines=(LINE, renamed, added), look=LookSettings(theme="dark"))
    save(file, theirs, since)
    moved = msgspec.structs.replace(LINE, host="other.example")
    ours = Settings(lines=(moved, kept, gone), pop=PopSettings(leave_after_s=9))
    saved = save(file, ours, since)
    assert saved == load(file)
    assert saved.lines == (moved, renamed, added)
    assert (saved.look.theme, saved.pop.leave_after_s) == ("dark", 9)


def test_line_that_was_changed_here_and_taken_out_there_stays(file: Path) -> None:
    save(file, Settings(lines=()))
    moved = msgspec.structs.replace(LINE, host="other.example")
    assert save(file, Settings(lines=(moved,)), Settings(lines=(LINE,))).lines == (moved,)
    assert save(file, Settings(lines=()), Settings(lines=(LINE,))).lines == (moved,)
    assert save(file, Settings(lines=()), Settings(lines=(moved,))).lines == ()


def test_unknown_keys_survive_saving(file: Path) -> None:
    _written(
        file,
        """
        schema = 1
        colour_of_tomorrow = "green"
        [agent]
        nickname = "Al"
        [[lines]]
        id = "main"
        name = "Main"
        codec = "opus"
        [team]
        url = "postgresql://team.example"
        """,
    )
    settings = load(file)
    save(file, msgspec.structs.replace(settings, lines=(LINE,)))
    document = tomllib.loads(file.read_text("utf-8"))
    assert document["colour_of_tomorrow"] == "green"
    assert document["agent"]["nickname"] == "Al"
    assert document["lines"][0]["codec"] == "opus"
    assert document["team"] == {"url": "postgresql://team.example"}
    assert load(file).lines == (LINE,)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in lists")
def test_file_is_private_even_when_it_was_not(file: Path) -> None:
    _written(file, "schema = 1\n").chmod(0o666)
    save(file, Settings())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_left_beside_the_file(file: Path) -> None:
    save(file, Settings())
    save(file, Settings(lines=(LINE,)))
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("schema = 1\n")
    file.parent.mkdir()
    file.symlink_to(real)
    save(file, Settings(lines=(LINE,)))
    assert file.is_symlink()
    assert load(real).lines == (LINE,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[agent\n", ["settings.toml", "line 1"]),
        ("[[lines]]\nid='a'\nname='A'\n[[lines]]\nid='b'\nname='B'\nport = 70000\n",
         ["line 7", "`lines[1].port`", "65535"]),
        ("[look]\ntheme = 'pink'\n", ["line 2", "`look.theme`", "pink"]),
        ("[[lines]]\nname = 'A'\n", ["`lines[0]`", "`id`"]),
        ("[[lines]]\nid='a'\nname='A'\nregion = 'Germany'\n", ["line 4", "region"]),
        ("[[lines]]\nid='a'\nname='A'\ninternal = ['1199-1001']\n", ["1199-1001", "1001-1199"]),
        ("[[lines]]\nid='a'\nname='A'\nhost = \"x\\r\\nAction: y\"\n", ["`host`", "`a`"]),
        ("[[lines]]\nid='a'\nname='A'\n[[lines]]\nid='a'\nname='B'\n", ["two lines", "`a`"]),
        ("schema = 'one'\n", ["line 1", "`schema`"]),
        ("schema = 999\n", ["newer CRMDesk", "999"]),
        ("x = '" + "x" * (1 << 20) + "'", ["too large"]),
        ("[matching]\nladder = " + "[" * 100_000, ["nested too deeply"]),
    ],
)  # fmt: skip
def test_errors_name_file_line_and_key(file: Path, text: str, words: list[str]) -> None:
    _written(file, text)
    with pytest.raises(SettingsError) as caught:
        load(file)
    for word in ["settings.toml", *words]:
        assert word in str(caught.value)
    assert caught.value.meaning
    assert caught.value.remedy


def test_other_encodings_are_told(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes("name = 'Ö'".encode("latin-1"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load(file)


def test_byte_order_mark_of_windows_editors(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbf[agent]\r\nextension = '1001'\r\n")
    assert load(file).agent.extension == "1001"


def test_broken_file_is_not_overwritten(file: Path) -> None:
    _written(file, "[agent\n")
    with pytest.raises(SettingsError):
        save(file, Settings())
    assert file.read_text() == "[agent\n"


def test_settings_cannot_be_saved_into_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    with pytest.raises(SettingsError):
        save(tmp_path / "config" / "settings.toml", Settings())


def test_old_form_is_migrated(file: Path) -> None:
    _written(
        file,
        """
        [agent]
        phone = "1001"
        [line]
        host = "pbx.example"
        region = "DE"
        """,
    )
    settings = load(file)
    assert settings.agent.extension == "1001"
    assert settings.lines == (
        LineSettings(id="line-1", name="Phone line", host="pbx.example", region="DE"),
    )
    assert settings.schema == SCHEMA


def test_every_version_has_a_step() -> None:
    assert sorted(STEPS) == list(range(SCHEMA))


def test_step_0_leaves_todays_form_alone() -> None:
    today = {"agent": {"extension": "1"}, "lines": [{"id": "a", "name": "A"}]}
    assert migrate(today) == {**today, "schema": SCHEMA}


def test_newer_versions_are_not_guessed() -> None:
    with pytest.raises(NewerSettingsError):
        migrate({"schema": SCHEMA + 1})


# --- state ----------------------------------------------------------------------------------------


def test_state_is_kept(tmp_path: Path) -> None:
    state = {"window": [0, 0, 1280, 800], "page": "calls"}
    assert save_state(tmp_path / "state.json", state)
    assert load_state(tmp_path / "state.json") == state


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"a":' * 5000]
)
def test_damaged_state_is_forgotten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.json").write_bytes(content)
    assert load_state(tmp_path / "state.json") == {}


def test_state_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not save_state(tmp_path / "file" / "state.json", {})
