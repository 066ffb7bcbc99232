"""From `crmdesk` to an open store, with real stores and real dialogs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from crmdesk.bootstrap.stores import open_customers, open_demo
from crmdesk.desk.handover.client import hand_over
from crmdesk.desk.runtime import Runtime
from crmdesk.gui import opening
from crmdesk.gui.door import Door
from crmdesk.gui.opening import FRONT, Startup
from crmdesk.gui.startup import make_core, start_desk
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.unlock.trouble import TroubleDialog
from crmdesk.gui.unlock.unlock_dialog import RecoverDialog, UnlockDialog
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.wizard.window import Wizard
from crmdesk.settings import file, paths
from crmdesk.settings.model import (
    AgentSettings,
    LineSettings,
    LookSettings,
    Settings,
    StoreSettings,
)
from crmdesk.store import keys
from crmdesk.store.errors import StoreKeyWrong
from tests.conftest import ExpectedLogs
from tests.gui.first_start import (
    PASSPHRASE,
    PBX_PASSWORD,
    Wait,
    clear_texts,
    home,
    runtime,
    themed,
    wait,
)

__all__ = ["home", "runtime", "themed", "wait"]

NEW_PASSPHRASE = "winter boat nine copper"


@pytest.fixture
def settings(home: Path) -> Settings:
    """A desk that was set up before."""
    made = Settings(agent=AgentSettings(name="Alice Adler", extension="1001"))
    file.save(paths.settings_file(), made)
    return made


@pytest.fixture
def recovery_key(settings: Settings) -> str:
    """A store under a passphrase."""
    opened = open_customers(paths.store_file(), PASSPHRASE)
    opened.store.close()
    assert opened.recovery_key is not None
    return opened.recovery_key


@pytest.fixture
def startup(themed: None, runtime: Runtime, wait: Wait) -> Iterator[Startup]:
    made = Startup(runtime)
    yield made
    made.close()
    if made.ready is not None:
        made.ready.opened.store.close()


def _window(startup: Startup, wait: Wait, kind: type) -> object:
    wait(lambda: isinstance(startup.window, kind))
    return startup.window


def _ready(startup: Startup, wait: Wait) -> Settings:
    wait(lambda: startup.ready is not None)
    assert startup.ready is not None
    return startup.ready.settings


def test_right_passphrase_after_a_wrong_one(
    startup: Startup, wait: Wait, recovery_key: str, settings: Settings
) -> None:
    startup.begin()
    dialog = _window(startup, wait, UnlockDialog)
    assert isinstance(dialog, UnlockDialog)
    dialog.answered.emit("not the passphrase")
    wait(lambda: "The passphrase is wrong." in dialog.trouble.accessibleName())
    assert startup.ready is None
    dialog.answered.emit(PASSPHRASE)
    assert _ready(startup, wait) == settings


def test_recovery_key_leads_to_a_new_passphrase(
    startup: Startup, wait: Wait, recovery_key: str
) -> None:
    startup.begin()
    dialog = _window(startup, wait, UnlockDialog)
    dialog.recovery_wanted.emit()  # type: ignore[attr-defined]
    recover = _window(startup, wait, RecoverDialog)
    assert isinstance(recover, RecoverDialog)
    recover.answered.emit(recovery_key[:-1] + ("0" if recovery_key[-1] != "0" else "1"))
    wait(lambda: "typing error" in recover.trouble.accessibleName())
    recover.answered.emit(recovery_key.lower().replace("-", " "))
    choice = _window(startup, wait, PassphraseChoiceDialog)
    choice.chosen.emit(NEW_PASSPHRASE)  # type: ignore[attr-defined]
    _ready(startup, wait)
    assert keys.unlock(paths.store_file(), passphrase=NEW_PASSPHRASE).proved
    with pytest.raises(StoreKeyWrong):
        keys.unlock(paths.store_file(), passphrase=PASSPHRASE)


def test_no_keyring_asks_for_a_passphrase_and_shows_the_recovery_key(
    startup: Startup, wait: Wait, settings: Settings, home: Path
) -> None:
    startup.begin()
    choice = _window(startup, wait, PassphraseChoiceDialog)
    choice.chosen.emit(PASSPHRASE)  # type: ignore[attr-defined]
    shown = _window(startup, wait, RecoveryKeyDialog)
    assert isinstance(shown, RecoveryKeyDialog)
    shown.panel.tick.setChecked(True)
    shown.ok.click()
    _ready(startup, wait)
    assert clear_texts(home, PASSPHRASE) == []


def test_first_start_is_the_wizard_and_quitting_it_leaves_nothing(
    startup: Startup, wait: Wait, home: Path
) -> None:
    startup.begin()
    wizard = _window(startup, wait, Wizard)
    ended: list[bool] = []
    startup.finished.connect(lambda: ended.append(True))
    wizard.cancel.click()  # type: ignore[attr-defined]
    wait(lambda: bool(ended))
    assert startup.ready is None
    assert not paths.settings_file().exists()
    assert not paths.store_file().exists()


def test_damaged_store_offers_ways_out(
    startup: Startup, wait: Wait, recovery_key: str, tmp_path: Path
) -> None:
    data = bytearray(paths.store_file().read_bytes())
    data[200:4000] = bytes(3800)
    paths.store_file().write_bytes(data)
    startup.begin()
    dialog = _window(startup, wait, UnlockDialog)
    dialog.answered.emit(PASSPHRASE)  # type: ignore[attr-defined]
    trouble = _window(startup, wait, TroubleDialog)
    assert trouble.choose.isVisible()  # type: ignore[attr-defined]
    open_demo(tmp_path / "demo.db").store.close()
    startup.use_store(str(tmp_path / "demo.db"))
    assert _ready(startup, wait).store.url == str(tmp_path / "demo.db")
    assert file.load(paths.settings_file()).store.url == str(tmp_path / "demo.db")


def test_newer_settings_are_left_alone_and_can_be_tried_again(
    startup: Startup, wait: Wait, home: Path, recovery_key: str
) -> None:
    good = paths.settings_file().read_text()
    paths.settings_file().write_text("schema = 99\n")
    startup.begin()
    dialog = _window(startup, wait, TroubleDialog)
    assert isinstance(dialog, TroubleDialog)
    assert not dialog.choose.isVisible()
    assert paths.settings_file().read_text() == "schema = 99\n"
    paths.settings_file().write_text(good)
    dialog.retry.click()
    _window(startup, wait, UnlockDialog)


def test_passphrase_file_asks_nobody(
    themed: None, runtime: Runtime, wait: Wait, recovery_key: str, tmp_path: Path
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    startup = Startup(runtime, passphrase_file=secret)
    startup.begin()
    _ready(startup, wait)
    startup.close()
    assert startup.ready is not None
    startup.ready.opened.store.close()


def test_theme_of_the_settings_holds_before_the_first_question(
    startup: Startup, wait: Wait, recovery_key: str
) -> None:
    from crmdesk.gui.theme.theme import theme

    dark = Settings(look=LookSettings(theme="dark"))
    file.save(paths.settings_file(), dark)
    startup.begin()
    _window(startup, wait, UnlockDialog)
    assert theme().palette.is_dark


def test_secret_in_the_store_reaches_the_core(
    startup: Startup, wait: Wait, recovery_key: str
) -> None:
    line = LineSettings(id="office", name="Office", secret_ref="line-office")
    file.save(paths.settings_file(), Settings(lines=(line,)))
    opened = open_customers(paths.store_file(), PASSPHRASE)
    opened.vault.set("line-office", PBX_PASSWORD)
    opened.store.close()
    startup.begin()
    dialog = _window(startup, wait, UnlockDialog)
    dialog.answered.emit(PASSPHRASE)  # type: ignore[attr-defined]
    _ready(startup, wait)
    assert startup.ready is not None
    core = make_core(startup.ready)
    assert core.vault is not None
    assert core.vault.get("line-office") == PBX_PASSWORD


def test_second_start_hands_over_while_the_first_still_asks(
    startup: Startup, wait: Wait, recovery_key: str, home: Path, repository: Path
) -> None:
    startup.begin()
    _window(startup, wait, UnlockDialog)
    wait(lambda: paths.socket_path().exists())
    second = subprocess.Popen(
        [sys.executable, "-m", "crmdesk"], cwd=repository, env=dict(os.environ)
    )
    wait(lambda: second.poll() is not None)
    assert second.returncode == 0


def test_call_that_rings_meanwhile_is_left_for_the_desk(
    startup: Startup, wait: Wait, recovery_key: str
) -> None:
    startup.begin()
    wait(lambda: paths.socket_path().exists())
    assert hand_over({"verb": "pop", "number": "+493023125710"})
    assert hand_over(FRONT)
    startup.close()
    left = list(paths.runtime_folder().glob("waiting-*.json"))
    assert len(left) == 1
    assert b"493023125710" in left[0].read_bytes()


def test_start_that_comes_too_late_ends(
    qtbot: QtBot, themed: None, runtime: Runtime, wait: Wait, recovery_key: str
) -> None:
    first = Door(runtime)
    first.open()
    wait(lambda: paths.socket_path().exists())
    second = Startup(runtime)
    with qtbot.waitSignal(second.finished, timeout=60_000):
        second.begin()
    assert second.ready is None
    second.door.close()
    first.close()


def test_no_display_is_said_in_words(home: Path, repository: Path) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    result = subprocess.run(
        [sys.executable, "-m", "crmdesk", "gui"],
        cwd=repository, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if sys.platform == "linux":
        assert result.returncode == 1
        assert "no display" in result.stderr


def test_store_of_an_unknown_kind_offers_another(
    startup: Startup, wait: Wait, home: Path, tmp_path: Path
) -> None:
    url = StoreSettings(url="postgresql://anna:s3cret@team.example/crm")
    file.save(paths.settings_file(), Settings(store=url))
    startup.begin()
    trouble = _window(startup, wait, TroubleDialog)
    assert trouble.choose.isVisible()  # type: ignore[attr-defined]
    startup._choose_store().close()
    open_demo(tmp_path / "demo.db").store.close()
    startup.use_store(str(tmp_path / "demo.db"))
    assert _ready(startup, wait).store.url == str(tmp_path / "demo.db")


def test_error_nobody_foresaw_is_told_and_ends_with_one(
    startup: Startup,
    wait: Wait,
    recovery_key: str,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: ExpectedLogs,
) -> None:
    expect_log("the store was not opened")

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(opening, "_open_store", broken)
    startup.begin()
    trouble = _window(startup, wait, TroubleDialog)
    ended: list[bool] = []
    startup.finished.connect(lambda: ended.append(startup.has_failed))
    trouble.quit.click()  # type: ignore[attr-defined]
    wait(lambda: ended == [True])


@pytest.mark.parametrize("error", [TimeoutError(), ValueError("refused"), ConnectionResetError()])
def test_other_desk_that_does_not_answer_keeps_no_process(
    startup: Startup,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    expect_log: ExpectedLogs,
) -> None:
    expect_log("does not come to the front")

    def broken(_message: object) -> bool:
        raise error

    monkeypatch.setattr(opening, "hand_over", broken)
    ended: list[bool] = []
    startup.finished.connect(lambda: ended.append(startup.has_failed))
    startup.door.taken.emit()
    assert ended == [True]


def test_crash_before_the_first_question_ends_the_start(
    qapp: QApplication,
    themed: None,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: ExpectedLogs,
) -> None:
    expect_log("not caught")

    def broken(_startup: object) -> None:
        raise ZeroDivisionError

    def close() -> None:
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, Question) and dialog.isVisible():
                dialog.accept()

    monkeypatch.setattr(Startup, "_open_or_set_up", broken)
    closer = QTimer()
    closer.timeout.connect(close)
    closer.start(20)
    with capture_exceptions():
        assert start_desk() == 1
    closer.stop()
