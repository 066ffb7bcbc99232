"""Settings, "Your data": fields, choices, what is required, blocks; also two desks at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Customer
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import (
    BlockPlace,
    CompanyPlan,
    PicklistKey,
    Situation,
)
from crmdesk.gui.models.plan_words import PICKLISTS
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.settings.your_data.blocks_view import BlocksView
from crmdesk.gui.settings.your_data.choice_dialog import ChoiceDialog
from crmdesk.gui.settings.your_data.choices_view import ChoicesView
from crmdesk.gui.settings.your_data.field_dialog import FieldDialog
from crmdesk.gui.settings.your_data.fields_view import FieldsView
from crmdesk.gui.settings.your_data.remove_dialog import RemoveChoiceDialog, RemoveDialog
from crmdesk.gui.settings.your_data.required_view import RequiredView
from crmdesk.gui.settings.your_data.section import YourDataSection
from crmdesk.gui.widgets.selection import select_row
from crmdesk.store import Writer
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import custom_value
from tests.gui.desk_windows import now
from tests.gui.settings_desk import Desk, desk, home, runtime, themed, wait
from tests.gui.taking_back import take_back

__all__ = ["desk", "home", "runtime", "themed", "wait"]

CARD = CustomField("loyalty_card", "Loyalty card")


@pytest.fixture
def section(desk: Desk) -> YourDataSection:
    made = desk.window.data
    desk.window.show_section(desk.window.sections.index(made))
    return made


def plan(desk: Desk) -> CompanyPlan:
    return desk.core.store.read(lambda reader: reader.company_plan()).result()


def placed(desk: Desk, place: BlockPlace) -> list[str]:
    return [one.block for one in plan(desk).blocks.get(place, ())]


def elsewhere(desk: Desk, work: Callable[[PlanWriting], object]) -> None:
    """Another desk changes the plan; this one has not read it yet."""
    desk.core.store.write(lambda writer: work(PlanWriting(writer, "Ben"))).result()


def customers(desk: Desk, count: int, **facts: object) -> list[Customer]:
    made = [replace(blank(now()), name=f"Jane {n}", **facts) for n in range(count)]
    desk.core.store.write(lambda w: [w.save_customer(one) for one in made]).result()
    return made


def opened(section: YourDataSection, part: str) -> object:
    section.show_part(part)
    return section.parts[part]


def add_field(desk: Desk, section: YourDataSection, title: str) -> FieldsView:
    view = cast("FieldsView", opened(section, "fields"))
    view.list.add.click()
    dialog = desk.dialog(FieldDialog)
    dialog.name.setText(title)
    dialog.accept()
    desk.wait(lambda: title in [one.title for one in section.desk.plan.fields])
    return view


# --- fields -----------------------------------------------------------------------------------


def test_fields_are_added_ordered_renamed_retired_and_taken_back(
    desk: Desk, section: YourDataSection, qtbot: QtBot
) -> None:
    view = add_field(desk, section, "Loyalty card")
    add_field(desk, section, "Contract ends")
    select_row(view.list.view, 1)
    view.up.click()
    desk.wait(lambda: [one.key for one in plan(desk).fields] == ["contract_ends", "loyalty_card"])
    desk.wait(lambda: section.desk.plan == plan(desk))
    select_row(view.list.view, 1)
    view.list.edit.click()
    dialog = desk.dialog(FieldDialog)
    dialog.name.setText("contract ENDS")
    assert not dialog._save.isEnabled(), "two fields of one name"
    dialog.name.setText("Bonus card")
    dialog.is_retired.setChecked(True)
    dialog.accept()
    wanted = replace(CARD, title="Bonus card", is_retired=True)
    desk.wait(lambda: wanted in plan(desk).fields)
    take_back(section.undo_bar, desk.core.store, desk.wait)
    desk.wait(lambda: CARD in plan(desk).fields)


def test_a_field_of_choices_needs_some(desk: Desk, section: YourDataSection) -> None:
    view = cast("FieldsView", opened(section, "fields"))
    view.list.add.click()
    dialog = desk.dialog(FieldDialog)
    dialog.name.setText("Roof")
    dialog.kind.setCurrentIndex(dialog.kind.findData(CustomFieldKind.CHOICE))
    assert not dialog._save.isEnabled()
    dialog.choices.setPlainText("Flat\n\n Pitched \nFlat")
    dialog.accept()
    desk.wait(lambda: [one.choices for one in plan(desk).fields] == [("Flat", "Pitched")])


def test_deleting_a_field_says_who_has_it_and_undo_brings_it_back(
    desk: Desk, section: YourDataSection
) -> None:
    view = add_field(desk, section, "Loyalty card")
    people = customers(desk, 3)

    def give(writer: Writer) -> None:
        with writer.change(ChangeKind.EDIT, "Cards", "Ann") as change:
            for one in people:
                row = {"customer_id": one.id, "field_key": "loyalty_card", "value": "LC-1"}
                change.insert(custom_value, row)

    desk.core.store.write(give).result()
    view.list.remove.click()
    dialog = desk.dialog(RemoveDialog)
    desk.wait(lambda: dialog.count_label.text() == "3 customers have it.")
    dialog.remove.click()
    desk.wait(lambda: plan(desk).fields == ())
    desk.wait(lambda: view.list.stack.currentWidget() is view.list.empty)
    take_back(section.undo_bar, desk.core.store, desk.wait)
    desk.wait(lambda: plan(desk).fields == (CARD,))
    values = desk.core.store.read(lambda reader: reader.custom_values(people[0].id)).result()
    assert values == {"loyalty_card": "LC-1"}


# --- two desks --------------------------------------------------------------------------------


def test_what_another_desk_did_meanwhile_is_not_lost(desk: Desk, section: YourDataSection) -> None:
    view = add_field(desk, section, "Loyalty card")
    view.list.edit.click()
    dialog = desk.dialog(FieldDialog)
    other = CustomField("seats", "Seats")
    elsewhere(desk, lambda p: p.save_fields([other, replace(CARD, hint="On the back")]))
    dialog.name.setText("Bonus card")
    dialog.accept()
    both = (other, replace(CARD, title="Bonus card", hint="On the back"))
    desk.wait(lambda: plan(desk).fields == both)
    desk.wait(lambda: section.desk.plan.fields == both)


def test_what_another_desk_removed_meanwhile_is_said(desk: Desk, section: YourDataSection) -> None:
    view = add_field(desk, section, "Loyalty card")
    view.list.edit.click()
    dialog = desk.dialog(FieldDialog)
    elsewhere(desk, lambda p: p.save_fields([]))
    dialog.name.setText("Bonus card")
    dialog.accept()
    desk.wait(section.trouble.isVisible)
    assert "not there any more" in section.trouble.accessibleName()
    desk.wait(lambda: view.list.model.rowCount() == 0)
    assert section.trouble.isVisible()


# --- choices ----------------------------------------------------------------------------------


def test_every_list_of_the_program_is_offered_and_can_be_shown(
    desk: Desk, section: YourDataSection
) -> None:
    view = cast("ChoicesView", opened(section, "choices"))
    assert set(PICKLISTS) == set(PicklistKey)
    for place in range(view.which.count()):
        view.which.setCurrentIndex(place)
        assert view.list.model.rowCount() == len(section.desk.plan.picklists.lists[view.key])
    view.which.setCurrentIndex(view.which.findData(PicklistKey.CUSTOMER_STATUS))
    assert not view.list.add.isEnabled()
    assert not view.list.remove.isEnabled()


def test_a_choice_is_renamed_and_coloured_and_what_rows_hold_stays(
    desk: Desk, section: YourDataSection
) -> None:
    view = cast("ChoicesView", opened(section, "choices"))
    view.list.edit.click()
    dialog = desk.dialog(ChoiceDialog)
    dialog.name.setText("Premium")
    dialog.tone.setCurrentIndex(dialog.tone.findData("good"))
    dialog.accept()
    desk.wait(lambda: plan(desk).picklists.title(PicklistKey.SEGMENT, "Gold") == "Premium")
    assert plan(desk).picklists.choice(PicklistKey.SEGMENT, "Gold").tone == "good"
    desk.wait(lambda: view.defaults.isEnabled())
    view.defaults.click()
    desk.wait(lambda: plan(desk).picklists.title(PicklistKey.SEGMENT, "Gold") == "Gold")


def test_a_stage_has_a_meaning_and_a_percentage_and_a_language_a_tag(
    desk: Desk, section: YourDataSection
) -> None:
    view = cast("ChoicesView", opened(section, "choices"))
    view.which.setCurrentIndex(view.which.findData(PicklistKey.LEAD_STAGE))
    view.list.add.click()
    dialog = desk.dialog(ChoiceDialog)
    dialog.name.setText("Tasting")
    dialog.percent.setValue(45)
    dialog.accept()
    desk.wait(lambda: plan(desk).picklists.choice(PicklistKey.LEAD_STAGE, "tasting").percent == 45)
    assert plan(desk).picklists.choice(PicklistKey.LEAD_STAGE, "tasting").meaning == "open"
    view.which.setCurrentIndex(view.which.findData(PicklistKey.LANGUAGE))
    view.list.add.click()
    dialog = desk.dialog(ChoiceDialog)
    dialog.name.setText("Brazilian Portuguese")
    assert not dialog._save.isEnabled()
    dialog.tag.setText("Portugiesisch!")
    assert "pt-BR" in dialog._tag_field._note.text()
    dialog.tag.setText("pt-BR")
    dialog.accept()
    desk.wait(lambda: plan(desk).picklists.title(PicklistKey.LANGUAGE, "pt-BR") != "pt-BR")


def test_the_last_choice_that_means_solved_is_refused_in_words(
    desk: Desk, section: YourDataSection
) -> None:
    view = cast("ChoicesView", opened(section, "choices"))
    view.which.setCurrentIndex(view.which.findData(PicklistKey.TICKET_STAGE))
    select_row(view.list.view, 2)
    view.list.remove.click()
    dialog = desk.dialog(RemoveChoiceDialog)
    desk.wait(dialog.remove.isEnabled)
    dialog.remove.click()
    desk.wait(section.trouble.isVisible)
    assert "solved" in section.trouble.accessibleName()
    assert view.list.model.rowCount() == 3


def test_a_choice_in_use_is_replaced_and_deleted_in_one_step(
    desk: Desk, section: YourDataSection
) -> None:
    people = customers(desk, 4, segment="Gold")
    view = cast("ChoicesView", opened(section, "choices"))
    view.list.remove.click()
    dialog = desk.dialog(RemoveChoiceDialog)
    assert not dialog.remove.isEnabled(), "not before it is known who has it"
    desk.wait(lambda: dialog.count_label.text() == "It is used in 4 places.")
    assert dialog.remove.text() == "Replace and delete"
    dialog.other.setCurrentIndex(dialog.other.findData("Silver"))
    dialog.remove.click()

    def segments() -> set[str]:
        return desk.core.store.read(
            lambda r: {r.customer(one.id).segment for one in people}
        ).result()

    def offered() -> set[str]:
        return {one.key for one in plan(desk).picklists.offered(PicklistKey.SEGMENT)}

    desk.wait(lambda: segments() == {"Silver"} and "Gold" not in offered())
    desk.wait(lambda: section.undo_bar.isVisible())
    take_back(section.undo_bar, desk.core.store, desk.wait)
    desk.wait(lambda: segments() == {"Gold"} and "Gold" in offered())


def test_a_choice_in_use_is_retired_and_stays_where_it_is(
    desk: Desk, section: YourDataSection
) -> None:
    customers(desk, 2, segment="Gold")
    view = cast("ChoicesView", opened(section, "choices"))
    view.list.remove.click()
    dialog = desk.dialog(RemoveChoiceDialog)
    desk.wait(lambda: dialog.found == 2)
    dialog.retire.click()
    desk.wait(lambda: plan(desk).picklists.choice(PicklistKey.SEGMENT, "Gold").is_retired)
    lists = plan(desk).picklists
    assert "Gold" not in {one.key for one in lists.offered(PicklistKey.SEGMENT)}
    assert "Gold" in {one.key for one in lists.offered(PicklistKey.SEGMENT, "Gold")}


# --- required and blocks ----------------------------------------------------------------------


def test_what_is_required_is_ticked_by_situation(desk: Desk, section: YourDataSection) -> None:
    add_field(desk, section, "Loyalty card")
    view = cast("RequiredView", opened(section, "required"))
    assert "custom:loyalty_card" in view.boxes
    view.boxes["custom:loyalty_card"].click()
    view.boxes["segment"].click()
    wanted = {"custom:loyalty_card", "segment"}
    desk.wait(lambda: plan(desk).required.get(Situation.CUSTOMER) == wanted)
    view.when.setCurrentIndex(view.when.findData(Situation.NEW_TICKET))
    assert not any(box.isChecked() for box in view.boxes.values())
    view.boxes["owner"].click()
    desk.wait(lambda: plan(desk).is_required(Situation.NEW_TICKET, "owner"))
    take_back(section.undo_bar, desk.core.store, desk.wait)
    desk.wait(lambda: not plan(desk).is_required(Situation.NEW_TICKET, "owner"))
    desk.wait(lambda: not view.boxes["owner"].isChecked())


def test_what_was_just_ticked_is_not_unticked_by_an_older_answer(
    desk: Desk, section: YourDataSection
) -> None:
    view = cast("RequiredView", opened(section, "required"))
    desk.wait(lambda: bool(section.desk.plan == plan(desk)))
    seen: list[bool] = []
    section.desk.read_anew.connect(lambda: seen.append(view.boxes["segment"].isChecked()))
    before = plan(desk)
    view.boxes["segment"].click()
    section.desk.take(before)  # was asked for before the step
    assert view.boxes["segment"].isChecked()
    desk.wait(lambda: section.desk.plan.is_required(Situation.CUSTOMER, "segment"))
    assert all(seen)


def test_every_situation_says_when_it_asks_and_what_it_may_ask_for(
    desk: Desk, section: YourDataSection
) -> None:
    view = cast("RequiredView", opened(section, "required"))
    said = {}
    for place in range(view.when.count()):
        view.when.setCurrentIndex(place)
        assert view.boxes
        said[view.situation] = view._hint.text()
    assert set(said) == set(Situation)
    assert "put off" in said[Situation.AFTER_CALL]
    view.when.setCurrentIndex(view.when.findData(Situation.AFTER_CALL))
    view.boxes["language"].click()
    desk.wait(lambda: plan(desk).is_required(Situation.AFTER_CALL, "language"))


def test_blocks_are_moved_and_hidden_by_keyboard_with_a_preview(
    desk: Desk, section: YourDataSection, qtbot: QtBot
) -> None:
    view = cast("BlocksView", opened(section, "blocks"))
    first, second = view.list.keys()[:2]
    desk.window.activateWindow()
    view.list.setFocus()
    desk.wait(view.list.hasFocus)
    qtbot.keyClick(view.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.list.keys()[:2] == [second, first]
    desk.wait(lambda: placed(desk, BlockPlace.PAGE)[:2] == [second, first])
    desk.wait(lambda: section.desk.plan == plan(desk))
    qtbot.keyClick(view.list, Qt.Key.Key_Space)
    titles = view.titles()
    assert titles[first] not in view.preview.accessibleName()
    assert titles[second] in view.preview.accessibleName()
    desk.wait(lambda: not plan(desk).blocks[BlockPlace.PAGE][1].is_shown)
    view.where.setCurrentIndex(1)
    assert view.list.keys() == ["since", "promise", "tickets"]
    view.list.moved.emit("tickets", "since")  # what a drop tells
    desk.wait(lambda: placed(desk, BlockPlace.POP) == ["tickets", "since", "promise"])
