"""Consents written down, messages sent only with them, and what became of each, by keyboard."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl, qWarning
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from crmdesk.desk.outreach.mail import Attempt, Fate, MailAccount
from crmdesk.desk.outreach.outbox import Outbox
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.outreach import Channel, Message, MessageState, MessageTemplate
from crmdesk.domain.records import RecordRef
from crmdesk.gui.outreach.consent_dialog import ConsentDialog
from crmdesk.gui.outreach.send_dialog import SendDialog
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.widgets.times import utc_now
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.opened_customer import jane, opened

CTRL = Qt.KeyboardModifier.ControlModifier
NEWS = MessageTemplate(
    uuid.uuid4(), "News", "News for {{ customer.company|default('you', true) }}",
    "Dear {{ customer.address }},\nnews.", purpose="updates",
)  # fmt: skip


@pytest.fixture
def desk(windows: Windows) -> Windows:  # noqa: F811
    windows.store.write(lambda w: w.save_message_templates((NEWS,), "Ann")).result()
    return windows


@pytest.fixture
def page(desk: Windows) -> CustomersPage:
    return opened(desk, jane())


def shown(widget: QWidget) -> str:
    texts = (one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))
    return "\n".join(texts)


def press(desk: Windows, key: Qt.Key) -> None:
    """A key where the keyboard is, once the window in front has it."""
    desk.window.customers().card.timeline.list.setFocus()
    desk.window.activateWindow()
    desk.wait(lambda: QApplication.activeWindow() is desk.window)
    QTest.keyClick(QApplication.focusWidget() or desk.window, key)


def dialog(desk: Windows, kind: type[QDialog]) -> Any:
    desk.wait(lambda: any(one.isVisible() for one in desk.window.findChildren(kind)))
    return desk.dialog(kind)


def confirm(desk: Windows, asked: QDialog, kind: type[QDialog]) -> None:
    """Saves a dialog by its key."""
    asked.activateWindow()
    desk.wait(lambda: QApplication.activeWindow() is asked)
    QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait(lambda: not any(one.isVisible() for one in desk.window.findChildren(kind)))


def write_down(desk: Windows, *, is_given: bool) -> None:
    press(desk, Qt.Key.Key_A)
    asked = dialog(desk, ConsentDialog)
    (asked.yes if is_given else asked.no).setChecked(True)
    asked.wording.setPlainText("May we send you news by e-mail?")
    confirm(desk, asked, ConsentDialog)


def allowed(desk, page):
    key = page.opened()
    return desk.store.read(lambda r: r.may_send(key, Channel.EMAIL, "updates")).result()


def test_news_are_not_sent_without_consent_nor_after_it_was_withdrawn(desk, page):
    press(desk, Qt.Key.Key_U)
    form = dialog(desk, SendDialog)
    assert not form.save_button.isEnabled()
    assert "they were not asked yet. Nothing is sent." in shown(form)
    form.reject()
    write_down(desk, is_given=True)
    assert allowed(desk, page)
    desk.wait(lambda: "allowed" in shown(page.card))
    write_down(desk, is_given=False)
    assert not allowed(desk, page)
    desk.wait(lambda: "not allowed" in shown(page.card))


def test_consent_is_only_written_down_as_it_was_said(desk, page):
    write_down(desk, is_given=True)
    press(desk, Qt.Key.Key_A)
    asked = dialog(desk, ConsentDialog)
    asked.activateWindow()
    desk.wait(lambda: QApplication.activeWindow() is asked)
    desk.wait(lambda: "Until now: allowed" in shown(asked))
    assert not asked.yes.isChecked()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    assert asked.isVisible(), "a yes that nobody said was written down"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert asked.no.isChecked()
    confirm(desk, asked, ConsentDialog)
    desk.wait(lambda: "not allowed" in shown(page.card))
    assert not allowed(desk, page)


def test_message_is_seen_before_it_leaves_and_logged_when_it_is_handed_over(
    desk, page, monkeypatch
):
    mails = []
    monkeypatch.setattr(
        "crmdesk.gui.outreach.send_dialog.open_mail", lambda *mail: not mails.append(mail)
    )
    write_down(desk, is_given=True)
    press(desk, Qt.Key.Key_U)
    form = dialog(desk, SendDialog)
    assert form.subject.text() == "News for you"
    assert form.body.toPlainText() == "Dear Jane Doe,\nnews."
    assert form.address.currentText() == "jane@example.com"
    confirm(desk, form, SendDialog)
    assert mails == [("jane@example.com", "News for you", "Dear Jane Doe,\nnews.")]
    desk.wait(lambda: "Opened in the mail program" in shown(page.card))


def test_without_a_mail_program_nothing_is_noted_and_nothing_is_printed(
    desk, page, monkeypatch, capfd
):
    write_down(desk, is_given=True)
    press(desk, Qt.Key.Key_U)
    form = dialog(desk, SendDialog)
    monkeypatch.setattr(QDesktopServices, "openUrl", _no_launcher)
    form.save()
    desk.wait(form.trouble.isVisible)
    assert "No mail program" in form.trouble.accessibleName()
    assert form.isVisible()
    key = page.opened()
    messages = desk.store.read(lambda r: r.timeline(key, kinds=(TimelineKind.MESSAGE,))).result()
    assert messages.entries == ()
    assert "jane@example.com" not in "".join(capfd.readouterr())
    form.reject()


def _no_launcher(url: QUrl) -> bool:
    qWarning(f"Unable to detect a launcher for '{url.toString()}'")
    return False


def test_what_was_typed_is_there_again_after_looking_at_a_template(desk, page):
    write_down(desk, is_given=True)
    press(desk, Qt.Key.Key_U)
    form = dialog(desk, SendDialog)
    last = form.template.count() - 1
    form.template.setCurrentIndex(last)
    form.subject.setText("Your chair")
    form.body.setPlainText("It comes on Monday.")
    form.template.setCurrentIndex(0)
    assert form.subject.text() == "News for you"
    assert form.template.itemText(last) == "What you wrote"
    form.template.setCurrentIndex(last)
    assert (form.subject.text(), form.body.toPlainText()) == ("Your chair", "It comes on Monday.")
    form.reject()


def test_message_of_ones_own_says_what_it_is_for_and_needs_that_consent(desk, page):
    press(desk, Qt.Key.Key_U)
    form = dialog(desk, SendDialog)
    assert not form.what_for.isEnabled(), "the template says it"
    form.template.setCurrentIndex(form.template.count() - 1)
    form.subject.setText("Our newest chairs")
    assert form.what_for.currentData() == ""
    assert form.save_button.isEnabled(), "an answer"
    form.what_for.setCurrentIndex(form.what_for.findData("updates"))
    assert not form.save_button.isEnabled()
    assert "they were not asked yet. Nothing is sent." in shown(form)
    form.reject()


def test_template_that_cannot_be_filled_in_is_said_and_nothing_can_be_sent(desk, page):
    broken = MessageTemplate(uuid.uuid4(), "Broken", "{{ nobody }}", "x")
    desk.store.write(lambda w: w.save_message_templates((broken,), "Ann")).result()
    press(desk, Qt.Key.Key_U)
    form = dialog(desk, SendDialog)
    assert "There is no placeholder nobody" in shown(form)
    assert not form.save_button.isEnabled()
    form.reject()


def test_doubtful_message_is_sent_again_only_by_a_person(desk, page):
    key = page.opened()
    message = _sent(desk, key, Attempt(Fate.DOUBTFUL, "The connection broke"))
    assert message.state is MessageState.DOUBTFUL
    page.desk.open(RecordRef(TimelineKind.MESSAGE, message.id, key))
    desk.wait(lambda: "Perhaps sent" in shown(page.card))
    assert "never sent twice" in shown(page.card)
    (again,) = [b for b in page.card.findChildren(QPushButton) if b.text() == "Send again"]
    again.click()
    desk.wait(
        lambda: (
            desk.store.read(lambda r: r.message(message.id)).result().state is MessageState.QUEUED
        )
    )


def _sent(desk, customer_id, attempt):
    """A message whose attempt ended in some way."""
    one = Message(
        uuid.uuid4(), customer_id, utc_now(), "jane@example.com", "Hello", "Text", "<1@x.invalid>"
    )
    desk.store.write(lambda w: w.queue_message(one, "Ben")).result()

    async def run():
        told = asyncio.Event()
        account = MailAccount("127.0.0.1", from_address="us@example.com")
        outbox = Outbox(
            desk.store, lambda: account, utc_now, lambda _a: told.set(), lambda *_: attempt
        )
        running = asyncio.ensure_future(outbox.run())
        await asyncio.wait_for(told.wait(), 10)
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(run())
    return desk.store.read(lambda r: r.message(one.id)).result()
