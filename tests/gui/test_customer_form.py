"""The form of a customer: the company's own fields, what must be filled in, card numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import Situation
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.widgets.card_guard import MASKED, guard_line, guard_text, guarded
from crmdesk.store.planning.writing import PlanWriting
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import take_back

_K = CustomFieldKind
CARD, KEPT = "4111 1111 1111 1111", "•••• 1111"
FIELDS = (
    CustomField("plan", "Plan", hint="As it stands in the contract"),
    CustomField("seats", "Seats", _K.NUMBER),
    CustomField("ends", "Contract ends", _K.DATE),
    CustomField("level", "Level", _K.CHOICE, ("Basic", "Pro")),
    CustomField("visited", "Was visited", _K.FLAG),
    CustomField("old", "Old field", is_retired=True),
)


def _plan(desk: Windows, *required: str) -> None:
    def write(writer) -> None:
        plan = PlanWriting(writer, "Ann")
        plan.save_fields(FIELDS)
        plan.save_required(Situation.CUSTOMER, set(required))

    desk.store.write(write).result()
    desk.window.plan.read()
    desk.wait(lambda: bool(desk.window.plan.value.fields))


def _form(desk: Windows) -> CustomerForm:
    desk.window.customers().edit()
    form = desk.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    return form


def _custom(desk: Windows) -> dict[str, str]:
    key = desk.window.customers().desk.customer_id()
    assert key is not None
    return desk.store.read(lambda r: r.custom_values(key)).result()


def test_fields_of_the_company_are_filled_in_by_kind(windows: Windows) -> None:  # noqa: F811
    _plan(windows)
    page = opened(windows, jane())
    form = _form(windows)
    own = form.editor.own
    assert list(own) == ["plan", "seats", "ends", "level", "visited"]
    assert own["plan"].field._note.text() == "As it stands in the contract"
    kinds = [type(one.editor) for one in own.values()]
    assert kinds == [QLineEdit, QLineEdit, QLineEdit, QComboBox, QCheckBox]
    own["seats"].editor.setText("many")
    assert own["seats"].field._note.text() == "Write a number, e.g. 12.5."
    own["ends"].editor.setText("soon")
    form.save()
    assert form.isVisible()
    for key, value in {"seats": "12,5", "ends": "2027-01-31", "level": "Pro"}.items():
        own[key].fill(value)
    own["visited"].editor.setChecked(True)
    form.save()
    windows.wait(lambda: not windows.window.findChildren(CustomerForm))
    wanted = {"seats": "12.5", "ends": "2027-01-31", "level": "Pro", "visited": "1"}
    assert _custom(windows) == wanted
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: _custom(windows) == {})


def test_what_the_company_requires_is_asked_for_beside_the_field(windows: Windows) -> None:  # noqa: F811
    _plan(windows, "custom:plan", "source", "role", "numbers")
    opened(windows, jane(numbers=()))
    form = _form(windows)
    form.save()
    assert form.isVisible()
    editor = form.editor
    assert editor.fields["source"]._note.text() == "How they found us is needed."
    assert editor.fields["role"]._note.text() == "Role there is needed."
    assert editor.own["plan"].field._note.text() == "Plan is needed."
    assert editor.numbers.rows()[0].note.text() == "One number is needed."
    assert editor.texts["role"].hasFocus() or not form.isActiveWindow()
    editor.texts["role"].setText("buyer")
    assert editor.fields["role"]._note.text() == ""
    editor.own["plan"].editor.setText("Pro")
    editor.choices["source"].setCurrentIndex(1)
    editor.numbers.rows()[0].edit.setText("030 23125 100")
    form.save()
    windows.wait(lambda: not windows.window.findChildren(CustomerForm))


def test_value_that_is_in_no_list_any_more_stays(windows: Windows) -> None:  # noqa: F811
    opened(windows, jane(segment="Platinum", language="de-AT"))
    form = _form(windows)
    assert form.editor.choices["segment"].currentData() == "Platinum"
    form.editor.texts["role"].setText("buyer")
    form.save()
    windows.wait(lambda: not windows.window.findChildren(CustomerForm))
    key = windows.window.customers().desk.customer_id()
    assert key is not None
    one = windows.store.read(lambda r: r.customer(key)).result()
    assert one is not None
    assert (one.segment, one.language) == ("Platinum", "de-AT")


def test_card_number_typed_or_pasted_into_the_form_is_masked_and_said(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    _plan(windows)
    opened(windows, jane())
    form = _form(windows)
    QApplication.clipboard().setText(f"card {CARD}")
    typed = [
        (form.editor.texts["role"], form.editor.fields["role"]._note),
        (form.editor.own["plan"].editor, form.editor.own["plan"].field._note),
        (form.editor.emails.rows()[0].edit, form.editor.emails.rows()[0].note),
    ]
    for edit, note in typed:
        edit.clear()
        edit.paste()
        assert edit.text() == f"card {KEPT}"
        windows.wait(lambda note=note: note.text() == MASKED)
        edit.clear()
    role = form.editor.texts["role"]
    qtbot.keyClicks(role, f"pays by {CARD}")
    assert role.text() == f"pays by {KEPT}"
    for _ in range(30):
        role.undo()
        assert "4111" not in role.text()
    role.selectAll()
    role.copy()
    assert "4111 1111" not in QApplication.clipboard().text()


def test_card_number_in_a_note_reaches_neither_draft_nor_store(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = jane()
    page = opened(windows, customer)
    page.write_note()
    note = page.card.note
    kept = []
    note.typed.connect(kept.append)
    QApplication.clipboard().setText(f"{CARD}\ncvv 123")
    note.edit.paste()
    assert note.text() == f"{KEPT}\ncvv •••"
    assert note.card_note.isVisible()
    assert note.card_note.parentWidget() is note
    assert not note.card_note.geometry().intersects(note.edit.geometry())
    assert all("4111" not in text for text in kept)
    windows.wait(lambda: note._state.text() == "Draft kept")
    draft = windows.store.write(lambda w: w.secret(f"draft.note.{customer.id}")).result()
    assert draft == f"{KEPT}\ncvv •••"
    note.edit.clear()
    assert note.card_note.isHidden()


def test_what_is_no_card_number_stays(qtbot: QtBot) -> None:
    line, text = QLineEdit(), QPlainTextEdit()
    qtbot.addWidget(line)
    qtbot.addWidget(text)
    guard_line(line)
    note = guard_text(text)
    note.setParent(text)
    for harmless in ("+49 30 23125 200", "DE89 3704 0044 0532 0130 00", "Order 4111111111111111"):
        line.setText(harmless)
        text.setPlainText(harmless)
        assert line.text() == text.toPlainText() == harmless
    line.setText("x 4111111111111111 y")
    line.setCursorPosition(2)
    qtbot.keyClick(line, Qt.Key.Key_A)
    assert line.text() == "x a•••• 1111 y"
    assert line.cursorPosition() == 3


def test_a_guarded_field_of_several_lines_says_so_under_itself(
    qtbot: QtBot,
    wait,  # noqa: F811
) -> None:
    text = QPlainTextEdit()
    field = guarded("Comment", text, "In their words")
    qtbot.addWidget(field)
    QApplication.clipboard().setText(f"card\n{CARD}")
    text.paste()
    assert text.toPlainText() == f"card\n{KEPT}"
    wait(lambda: field._note.text() == MASKED)
    text.undo()
    assert "4111" not in text.toPlainText()
