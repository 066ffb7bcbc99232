"""Pictures of the settings section "Your data" and its dialogs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import (
    DEFAULTS,
    BlockPlace,
    CompanyPlan,
    PicklistKey,
    PlacedBlock,
    Situation,
)
from crmdesk.gui.pictures.demo_desk import demo_desk
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.settings.your_data.blocks_view import BlocksView
from crmdesk.gui.settings.your_data.choice_dialog import ChoiceDialog
from crmdesk.gui.settings.your_data.choices_view import ChoicesView
from crmdesk.gui.settings.your_data.field_dialog import FieldDialog
from crmdesk.gui.settings.your_data.remove_dialog import RemoveChoiceDialog, remove_field_dialog
from crmdesk.gui.widgets.selection import select_row

_SIZE = (860, 600)
_DIALOG = (520, 420)
_FIELDS = (
    CustomField("loyalty_card", "Loyalty card", hint="The number on the back of the card"),
    CustomField("contract_end", "Contract ends", CustomFieldKind.DATE),
    CustomField("roof", "Kind of roof", CustomFieldKind.CHOICE, ("Flat", "Pitched", "Green roof")),
    CustomField("seats", "Seats", CustomFieldKind.NUMBER),
    CustomField("key", "We have a key of the building", CustomFieldKind.FLAG),
    CustomField("fax", "Fax of the branch office in the old building", is_retired=True),
)
_PLAN = CompanyPlan(
    fields=_FIELDS,
    required={Situation.CUSTOMER: frozenset({"segment", "numbers", "custom:loyalty_card"})},
    blocks={
        BlockPlace.PAGE: (PlacedBlock("reach"), PlacedBlock("figures", is_shown=False)),
        BlockPlace.POP: (PlacedBlock("promise"), PlacedBlock("since")),
    },
)


def _window(part: str, plan: CompanyPlan = _PLAN) -> SettingsWindow:
    book = SettingsBook(demo_desk().core, demo_desk().runtime)
    window = SettingsWindow(book)
    window.show_section(window.sections.index(window.data))
    window.data.show_part(part)
    # What the store says arrives first; it is the plan of a picture that is shown.
    window.data.desk.read_anew.connect(lambda: _keep(window, plan))
    _keep(window, plan)
    return window


def _keep(window: SettingsWindow, plan: CompanyPlan) -> None:
    if window.data.desk.plan != plan:
        window.data.desk.take(plan)


@picture("your-data-fields", size=_SIZE)
def fields() -> QWidget:
    """Fields of every kind, one of them retired."""
    return _window("fields")


@picture("your-data-fields-empty", size=_SIZE)
def fields_empty() -> QWidget:
    """None yet."""
    return _window("fields", CompanyPlan())


@picture("your-data-refused", size=_SIZE)
def refused() -> QWidget:
    """Somebody removed meanwhile what was to be renamed."""
    window = _window("fields")
    error = UserFacingError(
        "“Kind of roof” is not there any more.",
        "Somebody removed it meanwhile. Nothing was changed.",
        "Take their step back under Changes, or add it again.",
    )
    window.data.desk.failed.emit(error)
    return window


@picture("your-data-choices", size=_SIZE)
def choices() -> QWidget:
    """Stages of leads: what the program takes them for, and how likely they come off."""
    window = _window("choices")
    part = window.data.parts["choices"]
    if isinstance(part, ChoicesView):
        part.which.setCurrentIndex(part.which.findData(PicklistKey.LEAD_STAGE))
    return window


@picture("your-data-choices-fixed", size=_SIZE)
def choices_fixed() -> QWidget:
    """A list the program acts on."""
    window = _window("choices")
    part = window.data.parts["choices"]
    if isinstance(part, ChoicesView):
        part.which.setCurrentIndex(part.which.findData(PicklistKey.CUSTOMER_STATUS))
        select_row(part.list.view, 1)
    return window


@picture("your-data-required", size=_SIZE)
def required() -> QWidget:
    """What has to be filled in before a customer is saved."""
    return _window("required")


@picture("your-data-blocks", size=_SIZE)
def blocks() -> QWidget:
    """Blocks of the page, with their preview."""
    return _window("blocks")


@picture("your-data-blocks-card", size=_SIZE)
def blocks_of_the_card() -> QWidget:
    """Blocks of the card."""
    window = _window("blocks")
    part = window.data.parts["blocks"]
    if isinstance(part, BlocksView):
        part.where.setCurrentIndex(1)
    return window


@picture("your-data-field-dialog", size=_DIALOG)
def field_dialog() -> QWidget:
    """A field with choices."""
    return FieldDialog(None, _FIELDS, _FIELDS[2])


@picture("your-data-choice-dialog", size=_DIALOG)
def choice_dialog() -> QWidget:
    """A stage of leads."""
    stages = DEFAULTS[PicklistKey.LEAD_STAGE]
    return ChoiceDialog(None, PicklistKey.LEAD_STAGE, stages, stages[2])


@picture("your-data-remove-field", size=_DIALOG)
def remove_field() -> QWidget:
    """How many customers have it."""
    made = remove_field_dialog(None, demo_desk().core.store, _FIELDS[0])
    made.show_count(37)
    return made


@picture("your-data-remove-choice", size=_DIALOG)
def remove_choice() -> QWidget:
    """A choice that is used: another one takes its place."""
    gold, *others = DEFAULTS[PicklistKey.SEGMENT]
    store, retired = demo_desk().core.store, replace(others[0], is_retired=True)
    made = RemoveChoiceDialog(
        None, store, PicklistKey.SEGMENT, gold, (retired, *others[1:]), "Alice Adler"
    )
    made.show_count(1_204)
    return made
