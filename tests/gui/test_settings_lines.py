"""Phone lines in the settings window: tested on a PBX, saved, connected."""

from __future__ import annotations

import asyncio
import gc
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import isValid

from crmdesk.desk.runtime import Runtime
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.settings.line_entry import LineEntry, line_of
from crmdesk.gui.widgets.messages import Question
from crmdesk.settings.model import LineSettings
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx
from tests.gui.first_start import PASSPHRASE, PBX_PASSWORD, clear_texts
from tests.gui.settings_desk import (
    AT,
    RECORDINGS,
    SETTINGS,
    Desk,
    desk,
    home,
    runtime,
    themed,
    wait,
)

__all__ = ["desk", "home", "runtime", "themed", "wait"]


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
