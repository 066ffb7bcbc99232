"""What nobody caught is logged, and told once with words."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.crash import CrashHook, in_words
from crmdesk.gui.widgets.messages import Question
from tests.conftest import ExpectedLogs
from tests.gui.desk_windows import end, theme_of


@pytest.fixture
def hook(qapp: QApplication) -> Iterator[CrashHook]:
    with theme_of(qapp):
        made = CrashHook()
        made.install()
        yield made
        made.uninstall()
        for dialog in dialogs():
            end(dialog)


def dialogs() -> list[Question]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, Question) and w.isVisible()]


def raised() -> ValueError:
    """An error that was raised here."""
    try:
        int("Jane Doe")
    except ValueError as error:
        return error
    raise AssertionError("that is no number")


def tell(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def test_fault_is_told_and_stays_on_the_screen(
    hook: CrashHook, qtbot: QtBot, expect_log: ExpectedLogs
) -> None:
    expect_log("not caught")
    tell(raised())
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    said = " ".join(text.text() for text in dialogs()[0].findChildren(QLabel))
    assert "Something in CRMDesk went wrong." in said
    assert "Calls and notes that were saved are safe" in said
    assert "Jane" not in said


def test_the_same_fault_is_told_once(
    hook: CrashHook, qtbot: QtBot, expect_log: ExpectedLogs
) -> None:
    expect_log("not caught")
    for _ in range(5):
        tell(raised())
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    qtbot.wait(50)
    assert len(dialogs()) == 1


def test_fault_of_another_thread_is_told_here(
    hook: CrashHook, qtbot: QtBot, expect_log: ExpectedLogs
) -> None:
    expect_log("not caught")
    thread = threading.Thread(target=lambda: [][1])  # type: ignore[misc]
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_ctrl_c_is_no_fault(hook: CrashHook, capsys: pytest.CaptureFixture[str]) -> None:
    tell(KeyboardInterrupt())
    assert dialogs() == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_errors_with_words_keep_them() -> None:
    error = UserFacingError("The line is gone.", "No calls are heard.", "Plug it in.")
    assert in_words(error) is error
    assert "ValueError" in in_words(raised()).remedy
