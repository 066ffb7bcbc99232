"""Two people edit one customer: in two windows, and from another program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.customers import PhoneNumber
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.store.audit.editing import CustomerEdits, opened_customer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, desk_windows
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import take_back

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

_ANOTHER_PROGRAM = """
import sys, uuid
from dataclasses import replace
from crmdesk.domain.audit import EditedCustomer
from crmdesk.store import keys, open_store
from crmdesk.store.audit.editing import CustomerEdits, opened_customer

with open_store(sys.argv[1], keys.DEMO_KEY) as store:
    base = store.read(lambda r: opened_customer(r, uuid.UUID(sys.argv[2]))).result()
    new = EditedCustomer(replace(base.customer, **eval(sys.argv[3])), base.custom)
    store.write(lambda w: CustomerEdits(w).edit(base, new, "Ben")).result()
"""


def _elsewhere(desk: Windows, **values: object) -> None:
    """Ben changes the customer that is open, in a program of his own."""
    customer_id = desk.window.customers().desk.customer_id()
    command = [sys.executable, "-c", _ANOTHER_PROGRAM, str(desk.store.file), str(customer_id)]
    subprocess.run([*command, repr(values)], check=True, timeout=60)


def _form(desk: Windows) -> CustomerForm:
    form = desk.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    desk.wait(form.isActiveWindow)
    return form


def _stored(desk: Windows) -> EditedCustomer:
    key = desk.window.customers().desk.customer_id()
    assert key is not None
    found = desk.store.read(lambda r: opened_customer(r, key)).result()
    assert found is not None
    return found


def _press(qtbot: QtBot, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClick(widget, key, *modifiers)


def test_conflict_is_settled_by_keyboard_and_nothing_is_lost(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    page = opened(windows, jane(role="buyer"))
    page.card.timeline.list.setFocus()
    qtbot.keyClick(page.card.timeline.list, Qt.Key.Key_E)
    form = _form(windows)
    for name, text in (("role", "head of purchasing"), ("salutation", "Frau Doe")):
        form.editor.texts[name].setFocus()
        form.editor.texts[name].selectAll()
        qtbot.keyClicks(form.editor.texts[name], text)
    _elsewhere(windows, role="retired", salutation="Dr. Doe", segment="Silver")
    _press(qtbot, Qt.Key.Key_Return, CTRL)
    windows.wait(lambda: bool(windows.window.findChildren(ConflictDialog)))
    dialog = windows.dialog(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    windows.wait(dialog.isActiveWindow)
    assert [one.field for one in dialog.choices] == ["role", "salutation"]
    said = [made.accessibleName() for made in dialog.choices[0].buttons.values()]
    assert said[0] == "Role there: head of purchasing, yours"
    assert said[1].startswith("Role there: retired, Ben")
    _press(qtbot, Qt.Key.Key_Return, CTRL)  # nothing is chosen yet: nothing is saved
    assert dialog.isVisible()
    _press(qtbot, Qt.Key.Key_1)
    _press(qtbot, Qt.Key.Key_2)
    _press(qtbot, Qt.Key.Key_Return, CTRL)
    windows.wait(lambda: "head of purchasing" in page.card.header._what.full_text())
    one = _stored(windows).customer
    assert (one.role, one.salutation, one.segment) == ("head of purchasing", "Dr. Doe", "Silver")
    assert page.undo_bar.text() == "Done. Jane Doe changed"
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: "retired" in page.card.header._what.full_text())
    assert _stored(windows).customer.segment == "Silver"


def test_back_to_the_form_keeps_what_was_typed(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane(role="buyer"))
    page.edit()
    form = _form(windows)
    form.editor.texts["role"].setText("head of purchasing")
    _elsewhere(windows, role="retired")
    form.save()
    windows.wait(lambda: bool(windows.window.findChildren(ConflictDialog)))
    windows.dialog(ConflictDialog).reject()
    assert form.isVisible()
    assert form.editor.texts["role"].text() == "head of purchasing"
    assert form.trouble.isVisible()
    assert _stored(windows).customer.role == "retired"
    form.editor.texts["role"].setText("retired")
    form.save()  # both want the same now
    windows.wait(lambda: not windows.window.findChildren(CustomerForm))


def test_form_and_page_tell_that_another_program_wrote(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    page = opened(windows, jane(role="buyer"))
    page.edit()
    form = _form(windows)
    form.editor.texts["salutation"].setText("Frau Doe")
    form.editor.numbers.add("030 23125 777", "work")
    number = PhoneNumber("+49 30 23125 888", "+493023125888", "mobile")
    form.news.watch.look()
    page.news.watch.look()
    _elsewhere(windows, role="retired", numbers=())
    form.news.watch.look()
    page.news.watch.look()
    windows.wait(lambda: form.news.isVisible() and page.news.isVisible())
    assert form.news.text() == "Ben changed this customer just now. What you typed stays."
    assert page.news.text() == "Ben changed this customer just now."
    _press(qtbot, Qt.Key.Key_F5)
    windows.wait(lambda: form.editor.texts["role"].text() == "retired")
    assert not form.news.isVisible()
    assert form.editor.texts["salutation"].text() == "Frau Doe"
    assert form.editor.numbers.values() == [("030 23125 777", "work")]
    form.save()
    windows.wait(lambda: _stored(windows).customer.salutation == "Frau Doe")
    assert [one.raw for one in _stored(windows).customer.numbers] == ["030 23125 777"]
    assert number not in _stored(windows).customer.numbers
    windows.wait(lambda: not page.news.isVisible())


def test_two_windows_write_different_fields_and_both_hold(
    tmp_path: Path,
    wait: Callable[[Callable[[], bool]], None],  # noqa: F811
    themed: None,  # noqa: F811
) -> None:
    customer = jane()
    with desk_windows(tmp_path, wait) as first:
        opened(first, customer)
        with desk_windows(tmp_path, wait) as second:
            page = second.window.customers()
            second.window.open_customer(customer.id)
            wait(lambda: page.card.header._name.full_text() == customer.name)
            base = _stored(first)
            edited = EditedCustomer(replace(base.customer, role="buyer"), base.custom)
            page.edit()
            (form,) = second.window.findChildren(CustomerForm)
            form.editor.texts["salutation"].setText("Frau Doe")
            first.store.write(lambda w: CustomerEdits(w).edit(base, edited, "Ben")).result()
            form.save()
            wait(lambda: "Say Frau Doe" in page.card.header._address_as.full_text())
        both = _stored(first).customer
        assert (both.role, both.salutation) == ("buyer", "Frau Doe")
