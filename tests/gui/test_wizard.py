"""The first start, by keyboard, against a PBX on a real TLS socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from crmdesk.bootstrap.stores import OpenedStore
from crmdesk.desk.handover.client import hand_over
from crmdesk.desk.runtime import Runtime
from crmdesk.gui.door import Door
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.wizard.connection import ConnectionStep
from crmdesk.gui.wizard.customers import CustomersStep
from crmdesk.gui.wizard.last_steps import DoneStep, RecoveryKeyStep
from crmdesk.gui.wizard.phone_system import PhoneSystemStep
from crmdesk.gui.wizard.step import Step
from crmdesk.gui.wizard.trial import TrialStep
from crmdesk.gui.wizard.window import Wizard
from crmdesk.settings import file, paths
from crmdesk.settings.model import Settings
from crmdesk.settings.state import load_state
from crmdesk.store import keys, open_store
from crmdesk.store.keys.vault import StoreVault
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx
from tests.gui.first_start import (
    PASSPHRASE,
    PBX_PASSWORD,
    Keyboard,
    Wait,
    clear_texts,
    home,
    runtime,
    themed,
    wait,
)

__all__ = ["home", "runtime", "themed", "wait"]

DATA = Path(__file__).parents[1] / "data" / "asterisk"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> CertificateAuthority:
    return CertificateAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def pbx(authority: CertificateAuthority) -> Iterator[FakePbx]:
    with FakePbx(tls=authority) as made:
        yield made


class Walk:
    """A wizard on the screen and what it told."""

    def __init__(self, qtbot: QtBot, wait: Wait, wizard: Wizard) -> None:
        self.wizard, self._wait = wizard, wait
        wizard.show()
        wizard.activateWindow()
        wait(wizard.isActiveWindow)
        self.keys = Keyboard(qtbot, wizard)
        self.result: list[tuple[Settings, OpenedStore]] = []
        wizard.completed.connect(lambda settings, opened: self.result.append((settings, opened)))

    def step(self, kind: type[Step]) -> Step:
        self._wait(lambda: isinstance(self.wizard.step(), kind))
        return self.wizard.step()

    def next(self) -> None:
        self._wait(self.wizard.next.isEnabled)
        self.keys.tab_to(self.wizard.next)
        self.keys.press(Qt.Key.Key_Space)

    def to_connection(self, system: int = 0) -> ConnectionStep:
        self.keys.type("Alice Adler")
        self.keys.press(Qt.Key.Key_Tab)
        self.keys.type("1001")
        self.keys.press(Qt.Key.Key_Return)
        self.step(PhoneSystemStep)
        self.keys.press(Qt.Key.Key_Down, system)
        self.keys.press(Qt.Key.Key_Return)
        step = self.step(ConnectionStep)
        assert isinstance(step, ConnectionStep)
        return step

    def connect_to(self, pbx: FakePbx, password: str) -> TrialStep:
        form = self.to_connection().form
        self.fill(form.texts["host"], pbx.host)
        self.fill(form.texts["port"], str(pbx.port))
        self.fill(form.tls_ca.edit, str(pbx.ca_file))
        self.fill(form.texts["username"], "crmdesk")
        self.fill(form.secret, password)
        form.region.setCurrentIndex(form.region.findData("DE"))
        self.fill(form.texts["internal"], "1001-1199")
        self.keys.press(Qt.Key.Key_Return)
        step = self.step(TrialStep)
        assert isinstance(step, TrialStep)
        return step

    def fill(self, field: object, text: str) -> None:
        self.keys.tab_to(field)  # type: ignore[arg-type]
        self.keys.type(text)

    def make_store(self, contents: str) -> str:
        """Walks through the store with a passphrase and returns the recovery key shown."""
        step = self.step(CustomersStep)
        assert isinstance(step, CustomersStep)
        self._wait(lambda: self.wizard.answers.keyring == "")
        step.contents.choose(contents)
        self.fill(step.passphrase.first, PASSPHRASE)
        self.fill(step.passphrase.second, PASSPHRASE)
        self.keys.press(Qt.Key.Key_Return)
        key_step = self.step(RecoveryKeyStep)
        assert isinstance(key_step, RecoveryKeyStep)
        key_step.panel.copy.click()
        shown = QApplication.clipboard().text()
        assert not self.wizard.next.isEnabled()
        self.keys.tab_to(key_step.panel.tick)
        self.keys.press(Qt.Key.Key_Space)
        self.keys.press(Qt.Key.Key_Return)
        self.step(DoneStep)
        assert QApplication.clipboard().text() == ""
        return shown

    def finish(self) -> tuple[Settings, OpenedStore]:
        self.step(DoneStep)
        self.keys.press(Qt.Key.Key_Return)
        self._wait(lambda: bool(self.result))
        return self.result[0]


@pytest.fixture
def door(runtime: Runtime, wait: Wait, themed: None) -> Iterator[Door]:
    made = Door(runtime)
    yield made
    made.close()


@pytest.fixture
def walk(
    qtbot: QtBot, wait: Wait, themed: None, runtime: Runtime, door: Door, home: Path
) -> Iterator[Walk]:
    wizard = Wizard(runtime, door, home / "crmdesk.db")
    qtbot.addWidget(wizard)
    made = Walk(qtbot, wait, wizard)
    yield made
    wizard.step().leave()
    if wizard.answers.opened is not None:
        wizard.answers.opened.store.close()


def test_by_keyboard_until_the_first_call_and_no_secret_in_any_file(
    walk: Walk, pbx: FakePbx, wait: Wait, home: Path
) -> None:
    trial = walk.connect_to(pbx, PBX_PASSWORD)
    # The test asks once, and then the line itself.
    wait(lambda: len(pbx.actions_named("QueueStatus")) >= 2)
    assert not [text for text in trial.test.findings.texts() if "does not work" in text]
    assert "Call extension 1001 now" in trial.test.ring.text()
    pbx.play(DATA / "01-direct-answered.ami")
    wait(lambda: "1001 rang: +49" in trial.test.ring.text())

    walk.next()
    recovery_key = walk.make_store("empty")
    settings, opened = walk.finish()

    line = settings.lines[0]
    assert (settings.agent.name, settings.agent.extension) == ("Alice Adler", "1001")
    assert (line.host, line.port, line.tls, line.username) == (
        "127.0.0.1",
        pbx.port,
        True,
        "crmdesk",
    )
    assert (line.region, line.internal) == ("DE", ("1001-1199",))
    assert file.load(paths.settings_file()) == settings
    assert opened.vault.get(line.secret_ref) == PBX_PASSWORD
    opened.store.close()
    assert clear_texts(home, PBX_PASSWORD, PASSPHRASE, recovery_key) == []
    assert keys.unlock(home / "crmdesk.db", passphrase=PASSPHRASE).proved
    assert keys.unlock_with_recovery(home / "crmdesk.db", recovery_key).proved


def test_wrong_password_is_said_and_can_be_corrected(walk: Walk, pbx: FakePbx, wait: Wait) -> None:
    trial = walk.connect_to(pbx, "not the password")
    wait(lambda: bool(trial.test.findings.texts()))
    assert any(text.startswith("Login. does not work") for text in trial.test.findings.texts())
    assert walk.wizard.next.text() == "Go on without"
    walk.wizard.go_back()
    form = walk.step(ConnectionStep).form  # type: ignore[attr-defined]
    form.secret.clear()
    walk.fill(form.secret, PBX_PASSWORD)
    walk.keys.press(Qt.Key.Key_Return)
    wait(lambda: walk.wizard.next.text() == "Next")
    walk.wizard.step().leave()


def test_wrong_certificate_is_said(walk: Walk, pbx: FakePbx, wait: Wait, tmp_path: Path) -> None:
    stranger = CertificateAuthority(tmp_path)
    pbx.ca_file = stranger.ca_file
    trial = walk.connect_to(pbx, PBX_PASSWORD)
    wait(lambda: bool(trial.test.findings.texts()))
    assert "certificate" in trial.test.findings.texts()[0]
    assert pbx.logins == 0


def test_mistakes_are_shown_beside_the_field_and_stop_the_way_on(walk: Walk) -> None:
    form = walk.to_connection().form
    walk.fill(form.texts["host"], "https://pbx.example.com")
    walk.keys.press(Qt.Key.Key_Return)
    assert isinstance(walk.wizard.step(), ConnectionStep)
    assert "without http" in form.texts["host"].accessibleDescription()
    assert form.texts["username"].accessibleDescription()
    assert walk.wizard.focusWidget() is form.texts["host"]


def test_simulated_calls_and_demo_people(walk: Walk, wait: Wait) -> None:
    walk.to_connection(system=2)
    walk.keys.press(Qt.Key.Key_Return)
    trial = walk.step(TrialStep)
    assert isinstance(trial, TrialStep)
    wait(lambda: "1001 rings:" in trial.test.ring.text())
    walk.next()
    walk.make_store("demo")
    settings, opened = walk.finish()
    assert settings.lines[0].system == "simulator"
    assert opened.store.read(lambda reader: reader.counts()).result().customers == 200


def test_who_has_a_file_begins_with_the_import(walk: Walk, wait: Wait, home: Path) -> None:
    walk.to_connection(system=2)
    walk.keys.press(Qt.Key.Key_Return)
    walk.step(TrialStep)
    walk.next()
    walk.make_store("file")
    _, opened = walk.finish()
    assert opened.store.read(lambda reader: reader.counts()).result().customers == 0
    assert load_state(paths.state_file())["window.page"] == "imports"


def test_softphone_shows_what_it_starts(walk: Walk, door: Door, wait: Wait, home: Path) -> None:
    door.open()
    wait(lambda: paths.socket_path().exists())
    walk.to_connection(system=1)
    connection = walk.step(ConnectionStep)
    assert isinstance(connection, ConnectionStep)
    assert connection.form.region.hasFocus(), "without the country most numbers cannot be read"
    walk.keys.press(Qt.Key.Key_Return)
    trial = walk.step(TrialStep)
    assert isinstance(trial, TrialStep)
    wait(trial.isVisible)
    assert hand_over({"verb": "pop", "number": "+493023125710", "name": "<b>Anna</b>"})
    wait(lambda: "Your softphone rings: +49 30 23125710" in trial.test.ring.text())
    door.close()
    assert len(list(paths.runtime_folder().glob("waiting-*.json"))) == 1


def test_existing_store_is_not_made_again(
    qtbot: QtBot, wait: Wait, themed: None, runtime: Runtime, door: Door, home: Path
) -> None:
    with open_store(home / "old.db", keys.DEMO_KEY) as store:
        opened = OpenedStore(store, StoreVault(store))
        wizard = Wizard(runtime, door, home / "old.db", opened)
        qtbot.addWidget(wizard)
        walk = Walk(qtbot, wait, wizard)
        walk.to_connection(system=2)
        walk.keys.press(Qt.Key.Key_Return)
        walk.step(TrialStep)
        walk.next()
        assert walk.finish()[1] is opened


def test_two_different_passphrases_stop_the_way_on(walk: Walk, wait: Wait, home: Path) -> None:
    walk.to_connection(system=2)
    walk.keys.press(Qt.Key.Key_Return)
    walk.step(TrialStep)
    walk.next()
    step = walk.step(CustomersStep)
    assert isinstance(step, CustomersStep)
    wait(lambda: walk.wizard.answers.keyring == "")
    walk.fill(step.passphrase.first, PASSPHRASE)
    walk.fill(step.passphrase.second, PASSPHRASE + "x")
    walk.keys.press(Qt.Key.Key_Return)
    assert walk.wizard.step() is step
    assert "not the same" in step.passphrase.second.accessibleDescription()
    assert not (home / "crmdesk.db").exists()


def test_leaving_asks_first_and_saves_nothing(walk: Walk, wait: Wait) -> None:
    walk.to_connection()
    walk.keys.press(Qt.Key.Key_Escape)
    question = walk.wizard.findChild(Question)
    assert question is not None
    assert walk.wizard.isVisible()
    question.accept()
    wait(lambda: not walk.wizard.isVisible())
    assert walk.wizard.result() == QDialog.DialogCode.Rejected
    assert not paths.settings_file().exists()


def test_leaving_shows_a_recovery_key_that_nobody_has_written_down(
    walk: Walk, wait: Wait, home: Path
) -> None:
    walk.to_connection(system=2)
    walk.keys.press(Qt.Key.Key_Return)
    walk.step(TrialStep)
    walk.next()
    step = walk.step(CustomersStep)
    assert isinstance(step, CustomersStep)
    wait(lambda: walk.wizard.answers.keyring == "")
    step.contents.choose("empty")
    walk.fill(step.passphrase.first, PASSPHRASE)
    walk.fill(step.passphrase.second, PASSPHRASE)
    walk.keys.press(Qt.Key.Key_Return)
    walk.step(RecoveryKeyStep)
    walk.wizard.reject()
    question = walk.wizard.findChild(Question)
    assert question is not None
    question.accept()
    dialog = walk.wizard.findChild(RecoveryKeyDialog)
    assert dialog is not None
    dialog.reject()
    assert dialog.isVisible()
    assert walk.wizard.isVisible()
    key = dialog.panel._key
    dialog.panel.tick.setChecked(True)
    dialog.ok.click()
    wait(lambda: not walk.wizard.isVisible())
    assert keys.unlock_with_recovery(home / "crmdesk.db", key).proved
