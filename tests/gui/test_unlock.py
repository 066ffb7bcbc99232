"""Passphrases and recovery keys: the dialogs, the hint, and what is written where."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.unlock.strength import MIN_LENGTH, guess_bits, strength
from crmdesk.gui.unlock.trouble import TroubleDialog
from crmdesk.gui.unlock.unlock_dialog import UnlockDialog
from crmdesk.gui.widgets.messages import show_error
from crmdesk.store.errors import StoreKeyWrong, StoreNewer
from crmdesk.store.keys import MIN_PASSPHRASE
from tests.gui.first_start import PASSPHRASE, Wait, themed, wait

__all__ = ["themed", "wait"]

KEY = "7F3QX-M2K9C-0WZ8R-4TTN6-HB1VD-Y5E7P-JQA2S"


def test_hint_and_store_agree_on_the_shortest() -> None:
    assert MIN_LENGTH == MIN_PASSPHRASE
    assert not strength("x" * (MIN_PASSPHRASE - 1)).is_enough
    assert strength("x" * MIN_PASSPHRASE).is_enough


@pytest.mark.parametrize(
    ("weak", "strong"),
    [
        ("aaaaaaaaaaaaaaaa", "river lamp"),
        ("12345678901234", "river lamp"),
        ("abcdefghijklmnop", "qvzmwxpl"),
        ("summer summer summer", "summer winter autumn"),
        ("river lamp", "river lamp cloud seven"),
    ],
)
def test_what_is_easier_to_guess_counts_less(weak: str, strong: str) -> None:
    assert guess_bits(weak) < guess_bits(strong)


@pytest.mark.parametrize(
    ("passphrase", "tone"),
    [
        ("", "muted"),
        ("short", "bad"),
        ("password1", "bad"),
        ("correct horse battery", "warn"),
        ("river lamp cloud seven", "good"),
        ("Straße Übermut Käse Zürich", "good"),
    ],
)
def test_words_for_a_passphrase(passphrase: str, tone: str) -> None:
    judged = strength(passphrase)
    assert judged.tone == tone
    assert 0 <= judged.share <= 1


def test_unlock_says_what_was_wrong_and_lets_one_try_again(qtbot: QtBot, themed: None) -> None:
    dialog = UnlockDialog("crmdesk.db")
    qtbot.addWidget(dialog)
    answers: list[str] = []
    dialog.answered.connect(answers.append)
    dialog.show()
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert answers == []
    assert dialog.edit.accessibleDescription() == "Type the passphrase."
    qtbot.keyClicks(dialog.edit, "wrong horse")
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert answers == ["wrong horse"]
    assert not dialog.ok.isEnabled()
    dialog.show_error(StoreKeyWrong("The passphrase is wrong."))
    assert "The passphrase is wrong." in dialog.trouble.accessibleName()
    qtbot.keyClicks(dialog.edit, "right horse")
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert answers == ["wrong horse", "right horse"]


def test_passphrase_is_not_shown_unless_asked(qtbot: QtBot, themed: None) -> None:
    dialog = UnlockDialog("crmdesk.db")
    qtbot.addWidget(dialog)
    secret = dialog.edit
    qtbot.keyClicks(secret, PASSPHRASE)
    assert PASSPHRASE not in secret.displayText()  # type: ignore[attr-defined]
    secret.actions()[0].trigger()
    assert secret.displayText() == PASSPHRASE  # type: ignore[attr-defined]


def test_choosing_needs_the_same_twice(qtbot: QtBot, themed: None) -> None:
    dialog = PassphraseChoiceDialog(None, "Choose", "Choose a passphrase", "It protects.")
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.show()
    for second, wanted in (("river lamp cloud", []), (PASSPHRASE, [PASSPHRASE])):
        dialog.choice.first.clear()
        dialog.choice.second.clear()
        qtbot.keyClicks(dialog.choice.first, PASSPHRASE)
        qtbot.keyClicks(dialog.choice.second, second)
        qtbot.keyClick(dialog.choice.second, Qt.Key.Key_Return)
        assert chosen == wanted
    dialog.reject()


def test_recovery_key_waits_for_the_tick(qtbot: QtBot, themed: None) -> None:
    dialog = RecoveryKeyDialog(KEY, "crmdesk.db")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reject()
    dialog.close()
    assert dialog.isVisible()
    dialog.panel.copy.click()
    assert QApplication.clipboard().text() == KEY
    dialog.panel.tick.setChecked(True)
    dialog.ok.click()
    assert not dialog.isVisible()
    assert QApplication.clipboard().text() == ""


def test_recovery_key_goes_to_a_private_file(
    qtbot: QtBot, themed: None, wait: Wait, tmp_path: Path
) -> None:
    dialog = RecoveryKeyDialog(KEY, "crmdesk.db")
    qtbot.addWidget(dialog)
    path = tmp_path / "key.txt"
    dialog.panel.save_to(str(path))
    wait(lambda: "Saved to" in dialog.panel.said())
    assert KEY in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    dialog.panel.save_to(str(path / "key.txt"))
    wait(lambda: "could not be written" in dialog.panel.said())


def test_long_words_are_never_cut(qtbot: QtBot, themed: None) -> None:
    """A wrapped text must get the lines it needs, whatever Qt thinks of fixed widths."""
    dialog = TroubleDialog(StoreNewer("0012", "0001"), "x" * 400)
    qtbot.addWidget(dialog)
    dialog.show()
    layout = dialog.layout()
    assert layout is not None
    assert dialog.height() == layout.totalHeightForWidth(dialog.width())


_LONG = UserFacingError("What happened. " * 8, "What it means. " * 20, "What to do. " * 20)


def _wrong_passphrase() -> QDialog:
    dialog = UnlockDialog("crmdesk.db")
    dialog.show()
    dialog.show_error(_LONG)
    return dialog


@pytest.mark.parametrize("made", [_wrong_passphrase, lambda: show_error(None, "Trouble", _LONG)])
def test_no_line_of_an_error_is_cut(
    qtbot: QtBot, themed: None, wait: Wait, made: Callable[[], QDialog]
) -> None:
    dialog = made()
    qtbot.addWidget(dialog)
    texts = [text for text in dialog.findChildren(QLabel) if text.wordWrap() and text.text()]
    wait(lambda: all(text.height() >= text.heightForWidth(text.width()) for text in texts))
    assert len(texts) >= 3
