"""The settings window on a real desk: what is typed reaches the file and the running core."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from crmdesk.bootstrap.core import Core
from crmdesk.bootstrap.stores import open_customers
from crmdesk.desk.runtime import Runtime
from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    PhoneRang,
)
from crmdesk.domain.calls import Direction, Presentation
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.bridge import Bridge
from crmdesk.gui.settings import safety
from crmdesk.gui.settings.about import AboutSection
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.choices import LookSection, PopSection
from crmdesk.gui.settings.line_entry import LineEntry, entry_of, line_of, problems, with_tls
from crmdesk.gui.settings.line_test import RingPanel
from crmdesk.gui.settings.manager_conf import PLACEHOLDER, manager_lines
from crmdesk.gui.settings.regions import guessed_region, regions
from crmdesk.gui.settings.ring_words import RingTeller
from crmdesk.gui.settings.store_section import StoreSection
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.unlock.old_passphrase import OldPassphraseDialog
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.widgets.messages import Question
from crmdesk.settings import file, paths
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.settings.secrets import KeyringVault
from crmdesk.store import keys
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx
from tests.gui.desk_windows import end
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

SIMULATED = LineSettings(id="training", name="Training", system="simulator", enabled=False)
SETTINGS = Settings(agent=AgentSettings(name="Alice Adler", extension="1001"), lines=(SIMULATED,))
NEW_PASSPHRASE = "winter boat nine copper"
RECORDINGS = Path(__file__).parents[1] / "data" / "asterisk"
AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """A desk and its settings window."""

    core: Core
    bridge: Bridge
    window: SettingsWindow
    wait: Wait

    def saved(self, holds: Callable[[Settings], bool]) -> Settings:
        """Waits until the file and the core both have what was asked for."""

        def both() -> bool:
            if self.window.book.is_saving or not paths.settings_file().exists():
                return False
            return holds(file.load(paths.settings_file())) and holds(self.core.settings)

        self.wait(both)
        return self.core.settings

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The open dialog of a kind."""
        self.wait(lambda: any(d.isVisible() for d in self.window.findChildren(kind)))
        return next(d for d in self.window.findChildren(kind) if d.isVisible())


@pytest.fixture
def desk(home: Path, themed: None, runtime: Runtime, wait: Wait) -> Iterator[Desk]:
    opened = open_customers(paths.store_file(), PASSPHRASE)
    file.save(paths.settings_file(), SETTINGS)
    core, bridge = Core(SETTINGS, opened.store, opened.vault), Bridge()
    book = SettingsBook(core, runtime)
    window = SettingsWindow(book, bridge)
    window.show()
    made = Desk(core, bridge, window, wait)
    yield made
    for widget in QApplication.topLevelWidgets():
        if isValid(widget):  # a dialog goes with its window
            end(widget)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    book.deleteLater()
    opened.store.close()


# --- what is typed --------------------------------------------------------------------------------


def test_name_and_extension_are_saved_as_one_types(desk: Desk, qtbot: QtBot) -> None:
    me = desk.window.me
    me.name.clear()
    qtbot.keyClicks(me.name, "Bob Brandt")
    me.extension.clear()
    qtbot.keyClicks(me.extension, "1002")
    desk.saved(lambda s: s.agent == AgentSettings(name="Bob Brandt", extension="1002"))


def test_wrong_extension_is_told_and_not_saved(desk: Desk, qtbot: QtBot) -> None:
    me = desk.window.me
    me.extension.clear()
    qtbot.keyClicks(me.extension, "10 01")
    assert "without blanks" in me.extension.accessibleDescription()
    desk.window.close()
    assert desk.window.isVisible()  # it asks before what was typed is lost
    desk.dialog(Question).reject()
    me.extension.setText("1003")
    me.extension.textEdited.emit("1003")
    desk.window.close()
    desk.saved(lambda s: s.agent.extension == "1003")


def test_what_waits_is_saved_when_the_window_closes(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.window.me.name, " junior")
    desk.window.close()
    desk.saved(lambda s: s.agent.name == "Alice Adler junior")


def test_look_changes_at_once_and_is_kept(desk: Desk) -> None:
    look = next(s for s in desk.window.sections if isinstance(s, LookSection))
    look.looks.cards[2].radio.click()
    assert theme().palette.is_dark
    desk.saved(lambda s: s.look.theme == "dark")


def test_card_choices(desk: Desk) -> None:
    pop = next(s for s in desk.window.sections if isinstance(s, PopSection))
    for box, value in ((pop.when, "asked"), (pop.where, "primary"), (pop.stay, 30.0)):
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())
    made = desk.saved(lambda s: s.pop.leave_after_s == 30)
    assert made.pop.screen == "primary"
    assert made.lines[0].pop_when == "asked"


def test_settings_that_cannot_be_written_come_back(desk: Desk, qtbot: QtBot) -> None:
    paths.settings_file().write_text("this is not TOML")
    qtbot.keyClicks(desk.window.me.name, "x")
    desk.window.me.flush()
    desk.wait(desk.window.trouble.isVisible)
    assert "not valid TOML" in desk.window.trouble.accessibleName()
    assert desk.window.book.settings == SETTINGS
    assert desk.core.settings == SETTINGS
    assert paths.settings_file().read_text() == "this is not TOML"


# --- closing ------------------------------------------------------------------------------------


def _esc(window: SettingsWindow) -> None:
    QTest.keyClick(window.me.name, Qt.Key.Key_Escape)


def _click(window: SettingsWindow) -> None:
    QTest.mouseClick(window.close_button, Qt.MouseButton.LeftButton)


def _return(window: SettingsWindow) -> None:
    window.close_button.setFocus()
    QTest.keyClick(window.close_button, Qt.Key.Key_Return)


def _space(window: SettingsWindow) -> None:
    window.close_button.setFocus()
    QTest.keyClick(window.close_button, Qt.Key.Key_Space)


def _ctrl_w(window: SettingsWindow) -> None:
    QTest.keyClick(window.me.name, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("way", [_esc, _click, _return, _space, _ctrl_w, SettingsWindow.close])
def test_every_way_closes_the_window_and_saves(
    desk: Desk, qtbot: QtBot, way: Callable[[SettingsWindow], object]
) -> None:
    window = desk.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClicks(window.me.name, " junior")
    way(window)
    assert not window.isVisible()
    desk.saved(lambda s: s.agent.name == "Alice Adler junior")


def test_return_in_a_field_does_not_close(desk: Desk) -> None:
    QTest.keyClick(desk.window.me.name, Qt.Key.Key_Return)
    assert desk.window.isVisible()


@pytest.mark.parametrize("way", [_esc, _click, SettingsWindow.close])
def test_every_way_asks_before_something_typed_is_lost(
    desk: Desk, qtbot: QtBot, way: Callable[[SettingsWindow], object]
) -> None:
    desk.window.me.extension.clear()
    qtbot.keyClicks(desk.window.me.extension, "10 01")
    way(desk.window)
    assert desk.window.isVisible()
    desk.dialog(Question).accept()
    assert not desk.window.isVisible()


# --- phone lines ----------------------------------------------------------------------------------


def _entry(pbx: FakePbx, **changes: str) -> LineEntry:
    made = LineEntry(
        name="Office",
        host=pbx.host,
        port=str(pbx.port),
        tls_ca=str(pbx.ca_file),
        username="crmdesk",
        secret=PBX_PASSWORD,
        region="DE",
        internal="1001 - 1199",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_new_line_is_tested_saved_and_connected(
    desk: Desk, runtime: Runtime, home: Path, tmp_path: Path
) -> None:
    with FakePbx(tls=CertificateAuthority(tmp_path)) as pbx:
        running = runtime.submit(desk.core.run())
        dialog = desk.window.lines.add_line()
        dialog.form.set_entry(_entry(pbx))
        dialog.run_test()
        desk.wait(lambda: len(dialog.test.findings.texts()) > 3)
        dialog.save.click()
        made = desk.saved(lambda s: s.line("office") is not None).line("office")
        assert made is not None
        assert made.internal == ("1001-1199",)
        assert desk.core.vault is not None
        assert desk.core.vault.get(made.secret_ref) == PBX_PASSWORD
        desk.wait(lambda: "office" in desk.core.health)
        desk.wait(lambda: desk.core.health["office"].state is not LineState.CONNECTING)
        assert desk.core.health["office"].state in {LineState.READY, LineState.DEGRADED}
        running.cancel()
        desk.wait(running.done)
        desk.wait(lambda: not pbx._sessions)
    assert clear_texts(home, PBX_PASSWORD, PASSPHRASE) == []


def test_calls_answer_what_the_test_could_not(desk: Desk, tmp_path: Path) -> None:
    with FakePbx(tls=CertificateAuthority(tmp_path)) as pbx:
        dialog = desk.window.lines.add_line()
        dialog.form.set_entry(_entry(pbx))
        dialog.run_test()
        desk.wait(dialog.test.ring.isVisible)
        pbx.wait_for_login(2)
        waiting = [text for text in dialog.test.findings.texts() if "not known yet" in text]
        assert len(waiting) == 3
        pbx.play(RECORDINGS / "01b-direct-answered-timestamps-channelvars.ami")
        desk.wait(lambda: "rang: +49 30 23125710" in dialog.test.ring.text())
        texts = [row for row in dialog.test.findings.texts() if "not known yet" not in row]
        assert len(texts) == len(dialog.test.findings.texts())
        assert "Right to hear of calls. works. read = call is there." in texts
        dialog.accept()
        desk.wait(lambda: not pbx._sessions)


def test_password_that_is_kept_needs_not_be_typed_again(desk: Desk, tmp_path: Path) -> None:
    with FakePbx(tls=CertificateAuthority(tmp_path)) as pbx:
        line = line_of(replace(_entry(pbx), enabled=False))
        assert desk.core.vault is not None
        desk.core.vault.set(line.secret_ref, PBX_PASSWORD)
        desk.window.book.put_line(line)
        desk.saved(lambda s: s.line("office") == line)
        desk.window.lines.list.setCurrentIndex(desk.window.lines.list.model().index(1, 0))
        dialog = desk.window.lines.edit_line()
        assert dialog is not None
        assert dialog.form.secret.text() == ""
        assert "encrypted customer store" in dialog.form.secret.placeholderText()
        dialog.run_test()
        desk.wait(lambda: len(dialog.test.findings.texts()) > 3)
        dialog.reject()
        assert pbx.logins >= 1
        desk.wait(lambda: not pbx._sessions)


def test_line_that_is_listened_to_ends_in_silence(
    desk: Desk, runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with FakePbx(tls=CertificateAuthority(tmp_path)) as pbx:
        dialog = desk.window.lines.add_line()
        dialog.form.set_entry(_entry(pbx))
        dialog.run_test()
        desk.wait(dialog.test.ring.isVisible)
        desk.wait(lambda: bool(pbx._sessions))
        forms_are_gone = threading.Event()
        runtime.call_soon(forms_are_gone.wait)  # the line hears of its end when nobody is there
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        desk.dialog(Question).reject()
        desk.window.close()
        desk.wait(lambda: not isValid(dialog))
        forms_are_gone.set()
        desk.wait(lambda: not pbx._sessions)
        runtime.submit(asyncio.sleep(0)).result()
        gc.collect()
    assert [record for record in caplog.records if record.name == "asyncio"] == []


def test_unsaved_line_is_not_lost_silently(desk: Desk) -> None:
    dialog = desk.window.lines.edit_line()
    assert dialog is not None
    dialog.form.texts["name"].setText("Practice")
    dialog.reject()
    assert dialog.isVisible()
    question = dialog.findChild(Question)
    assert question is not None
    question.accept()
    desk.saved(lambda s: s.lines[0].name == "Practice")


def test_line_with_mistakes_is_not_saved(desk: Desk) -> None:
    dialog = desk.window.lines.add_line()
    dialog.form.set_entry(LineEntry(name="Office", host="pbx", port="99999", username="crmdesk"))
    dialog.save.click()
    assert dialog.isVisible()
    assert "65535" in dialog.form.texts["port"].accessibleDescription()
    assert "password" in dialog.form.secret.accessibleDescription()
    assert desk.core.settings == SETTINGS
    dialog.accept()


def test_line_is_turned_on_and_removed(desk: Desk, home: Path) -> None:
    desk.window.lines.switch.click()
    desk.saved(lambda s: s.lines[0].enabled)
    assert desk.window.lines.switch.text() == "Turn off"
    desk.window.lines.ask_to_remove()
    desk.dialog(Question).accept()
    desk.saved(lambda s: not s.lines)


def test_health_of_a_line_is_shown_as_it_changes(desk: Desk) -> None:
    desk.window.book.put_line(LineSettings(id="x", name="Office", host="192.0.2.1"))
    desk.saved(lambda s: len(s.lines) == 2)
    health = LineHealth("x", "Office", LineState.REFUSED, AT, "Wrong password.", "Correct it.")
    desk.core.health["x"] = health
    desk.bridge.line_health_changed(health)
    index = desk.window.lines.list.model().index(1, 0)

    def told() -> str:
        return str(index.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole))

    desk.wait(lambda: told() == "Office, refused, Wrong password.")


def test_about_names_no_folder_that_is_not_there(desk: Desk) -> None:
    def said() -> set[str]:
        section = AboutSection(desk.window.book)
        found = {text.text() for text in section.findChildren(QLabel)}
        end(section)
        return found

    assert str(paths.settings_file()) in said()
    assert str(paths.log_folder()) not in said()
    paths.log_folder().mkdir()
    assert str(paths.log_folder()) in said()


# --- store and safety -----------------------------------------------------------------------------


def _store_section(desk: Desk) -> StoreSection:
    section = next(s for s in desk.window.sections if isinstance(s, StoreSection))
    desk.window.show_section(desk.window.sections.index(section))
    desk.wait(section.change_passphrase.isVisible)
    return section


def test_passphrase_is_changed(desk: Desk, home: Path) -> None:
    section = _store_section(desk)
    section.change_passphrase.click()
    asking = desk.dialog(OldPassphraseDialog)
    assert isinstance(asking, OldPassphraseDialog)
    asking.secret.setText("not the passphrase")
    asking.ok.click()
    desk.wait(lambda: "The passphrase is wrong." in asking.trouble.accessibleName())
    asking.secret.setText(PASSPHRASE)
    asking.ok.click()
    choosing = desk.dialog(PassphraseChoiceDialog)
    assert isinstance(choosing, PassphraseChoiceDialog)
    choosing.choice.first.setText(NEW_PASSPHRASE)
    choosing.choice.second.setText(NEW_PASSPHRASE)
    choosing._choose()
    desk.wait(section.told.isVisible)
    assert keys.unlock(paths.store_file(), passphrase=NEW_PASSPHRASE).proved
    with pytest.raises(keys.StoreKeyWrong):
        keys.unlock(paths.store_file(), passphrase=PASSPHRASE)
    assert clear_texts(home, PASSPHRASE, NEW_PASSPHRASE) == []


def test_new_recovery_key_replaces_the_old_one(desk: Desk, home: Path) -> None:
    section = _store_section(desk)
    section.new_recovery.click()
    asking = desk.dialog(OldPassphraseDialog)
    assert isinstance(asking, OldPassphraseDialog)
    asking.secret.setText("not the passphrase")
    asking.ok.click()
    desk.wait(lambda: "The passphrase is wrong." in asking.trouble.accessibleName())
    asking.secret.setText(PASSPHRASE)
    asking.ok.click()
    shown = desk.dialog(RecoveryKeyDialog)
    assert isinstance(shown, RecoveryKeyDialog)
    key = shown.panel._key
    shown.panel.tick.setChecked(True)
    shown.ok.click()
    opened = keys.unlock_with_recovery(paths.store_file(), key)
    assert opened.raw == keys.unlock(paths.store_file(), passphrase=PASSPHRASE).raw
    assert clear_texts(home, key) == []


class _Backend:
    """A keyring of the operating system, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, _service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, _service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, _service: str, username: str) -> None:
        del self.kept[username]


def test_key_and_passwords_move_to_the_keyring(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = KeyringVault("Test keyring", _Backend())
    monkeypatch.setattr(safety, "open_system_keyring", lambda: keyring)
    line = LineSettings(id="office", name="Office", host="192.0.2.1", secret_ref="line-office")
    assert desk.core.vault is not None
    desk.core.vault.set("line-office", PBX_PASSWORD)
    desk.window.book.put_line(line)
    desk.saved(lambda s: s.line("office") == line)
    section = _store_section(desk)
    section.to_keyring.click()
    asking = desk.dialog(OldPassphraseDialog)
    assert isinstance(asking, OldPassphraseDialog)
    asking.secret.setText(PASSPHRASE)
    asking.ok.click()
    desk.wait(lambda: section.to_passphrase.isVisible())
    assert keys.unlock(paths.store_file(), vault=keyring).proved
    assert desk.core.vault is keyring
    assert keyring.get("line-office") == PBX_PASSWORD


# --- pure parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("host", "https://pbx"),
        ("host", "pbx:5038"),
        ("host", "p bx"),
        ("host", "x" * 254),
        ("port", "0"),
        ("port", "65536"),
        ("port", "99999999999999999999"),
        ("port", "٥٠٣٩"),
        ("port", ""),
        ("username", "crm desk"),
        ("area_code", "3O"),
        ("line_prefix", "9" * 17),
        ("internal", "1199-1001"),
        ("internal", "99-1001"),
        ("internal", "1001-"),
        ("internal", "a-b"),
        ("dial_context", "from\ninternal"),
    ],
)
def test_mistakes_of_a_line(field: str, text: str) -> None:
    good = LineEntry(name="Office", host="pbx", username="crmdesk", secret="x")
    assert problems(good) == {}
    assert list(problems(replace(good, **{field: text}))) == [field]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("1001-1199", ("1001-1199",)),
        ("1001 – 1199; 20", ("1001-1199", "20")),
        ("10,11  12", ("10", "11", "12")),
        ("", ()),
    ],
)
def test_ranges_as_people_write_them(text: str, ranges: tuple[str, ...]) -> None:
    entry = LineEntry(name="Office", host="pbx", username="crmdesk", internal=text)
    assert problems(entry, needs_secret=False) == {}
    assert line_of(entry).internal == ranges


def test_line_survives_the_form() -> None:
    line = LineSettings(
        id="office", name="Office", host="pbx", port=5038, tls=False, username="crmdesk",
        secret_ref="line-office", region="DE", area_code="30", line_prefix="0",
        internal=("1001-1199",), pop_when="asked", pop_internal=True, names={"1001": "Alice"},
        called_names={"+493023125200": "Support"}, phone_system="main",
    )  # fmt: skip
    assert line_of(entry_of(line), base=line) == line


def test_ids_of_lines_never_meet() -> None:
    entry = LineEntry(name="Office")
    assert line_of(entry, {"office", "office-2"}).id == "office-3"
    assert line_of(replace(entry, name="Büro 東京")).id == "b-ro"
    assert line_of(replace(entry, name="東京")).id == "line"


def test_tls_takes_the_usual_port_along() -> None:
    assert with_tls(LineEntry(), tls=False).port == "5038"
    assert with_tls(LineEntry(port="5038"), tls=True).port == "5039"
    assert with_tls(LineEntry(port="7777"), tls=False).port == "7777"


def test_lines_for_the_phone_system_ask_for_no_more_than_needed() -> None:
    text = manager_lines("", "")
    assert "[crmdesk]" in text
    assert f"secret = {PLACEHOLDER}" in text
    assert "read = call,agent,system\nwrite = reporting\n" in text
    assert "channelvars = CALLERID(pres),FROM_DID" in text
    plain = manager_lines("desk", "x", port="5038", tls=False)
    assert "tls" not in plain
    assert "port = 5038" in plain


def test_secret_of_an_entry_is_not_in_its_repr() -> None:
    assert PBX_PASSWORD not in repr(LineEntry(secret=PBX_PASSWORD))


def test_countries() -> None:
    from PySide6.QtCore import QLocale

    codes = {code: name for name, code in regions()}
    assert codes["DE"] == "Germany (+49)"
    assert len(codes) > 200
    assert guessed_region(QLocale("de_AT")) == "AT"
    assert guessed_region(QLocale("C")) == ""


def _ring(*before: CallEvent) -> str:
    line = LineSettings(id="x", name="x", region="DE", area_code="30", internal=("1001-1199",))
    teller = RingTeller(line, "1001")
    told = teller.hear((*before, PhoneRang("c", AT, "1001", "d")))
    return f"{told[0].text} | {told[0].details}"


def test_words_for_what_rings() -> None:
    came = CallStarted("c", AT, Direction.INBOUND, "03023125710", "Anna", dialled="23125101")
    assert _ring(came) == ("1001 rings: +49 30 23125710 | Name: Anna · Called: +49 30 23125101")
    withheld = CallDetails("c", AT, presentation=Presentation.WITHHELD)
    assert _ring(came, withheld).startswith("1001 rings: number withheld | Called")
    assert "Anna" not in _ring(came, withheld)
    inside = CallStarted("c", AT, Direction.INTERNAL, "1002")
    assert _ring(inside) == "1001 rings: 1002, an internal call | "
    assert _ring(CallStarted("c", AT, Direction.INBOUND)) == (
        "1001 rings: a caller without a number | "
    )


def test_own_extension_stays_in_the_headline_and_ends_in_the_past(themed: None) -> None:
    teller = RingTeller(LineSettings(id="x", name="x", region="DE"), "1001")
    panel = RingPanel()
    rings = [PhoneRang("c", AT, extension, "d") for extension in ("1002", "1001", "1003")]
    started = CallStarted("c", AT, Direction.INBOUND, "+493023125710")
    for heard in teller.hear([started, *rings]):
        panel.show_heard(heard)
    assert panel.text() == "1001 rings: +49 30 23125710"
    for heard in teller.hear([CallEnded("c", AT)]):
        panel.show_heard(heard)
    assert panel.text() == "1001 rang: +49 30 23125710"
    end(panel)


def test_other_phones_and_ends_are_told_apart() -> None:
    line = LineSettings(id="x", name="x", region="DE")
    teller = RingTeller(line, "1001")
    teller.hear([CallStarted("c", AT, Direction.INBOUND, "+493023125710")])
    (other,) = teller.hear([PhoneRang("c", AT, "1002", "d")])
    (answered,) = teller.hear([Connected("c", AT, "1001")])
    assert (other.is_mine, other.rings) == (False, True)
    assert (answered.text, answered.rings) == ("1001 answered.", False)
    teller.hear([CallEnded("c", AT)])
    assert teller.hear([PhoneRang("c", AT, "1001", "d")]) == []
