"""Order and visibility of the blocks, on the customer page and on the card."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.desk.planning import edits
from crmdesk.desk.planning.edits import Edit
from crmdesk.desk.planning.steps import change_blocks
from crmdesk.domain.planning import BlockPlace, PlacedBlock
from crmdesk.gui.pages.customers.blocks.registry import BLOCKS
from crmdesk.gui.pop.blocks import POP_BLOCKS
from crmdesk.gui.settings.your_data.block_list import BlockList
from crmdesk.gui.settings.your_data.block_preview import BlockPreview
from crmdesk.gui.settings.your_data.plan_desk import PlanDesk
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label

_PLACES = {
    BlockPlace.PAGE: "Customer page, beside the timeline",
    BlockPlace.POP: "The card that appears when the phone rings",
}


class BlocksView(QWidget):
    """The list of blocks with a preview beside it."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._desk = desk
        self.where = combo_box(((text, place) for place, text in _PLACES.items()), name="Where")
        self.list = BlockList()
        self.preview = BlockPreview()
        self.up = button("Up", icon="up", tip=f"Earlier  ({keys.MOVE_UP.sequence})")
        self.down = button("Down", icon="down", tip=f"Later  ({keys.MOVE_DOWN.sequence})")
        self.defaults = button("Use the program's own", "quiet")
        hint = "Drag a block, or move it with Alt and the arrow keys. Space shows or hides it."
        left = column(self.list, row(self.up, self.down, 1, self.defaults), 1, spacing=Space.S)
        middle = row(spacing=Space.L)
        middle.addLayout(left, 1)
        middle.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        head = (Field("Where", self.where), label(hint, "small", "muted", wrap=True))
        self.setLayout(column(*head, middle, 1, spacing=Space.M))
        self.where.currentIndexChanged.connect(self.show_plan)
        self.list.moved.connect(self._move)
        self.list.shown_changed.connect(self._set_shown)
        self.up.clicked.connect(partial(self.list.move_current, -1))
        self.down.clicked.connect(partial(self.list.move_current, 1))
        self.defaults.clicked.connect(partial(self._change, lambda _blocks: []))
        desk.read_anew.connect(self.show_plan)
        self.show_plan()

    @property
    def place(self) -> BlockPlace:
        """Page or card."""
        return BlockPlace(self.where.currentData())

    def titles(self) -> dict[str, str]:
        """The blocks there are, in the program's own order."""
        if self.place is BlockPlace.PAGE:
            return {spec.key: spec.title for spec in BLOCKS}
        return dict(POP_BLOCKS)

    @Slot()
    def show_plan(self) -> None:
        """Shows the order as it is now."""
        placed = self._desk.plan.blocks.get(self.place, ())
        self._show(edits.all_blocks(placed, self.titles()))
        self.defaults.setEnabled(bool(placed))

    def _show(self, blocks: list[PlacedBlock]) -> None:
        titles = self.titles()
        self.list.show_blocks(blocks, titles)
        shown = (titles[one.block] for one in blocks if one.is_shown)
        self.preview.show_blocks(self.place, shown)

    def _change(self, edit: Edit[PlacedBlock], *_of_signal: object) -> None:
        known, who = tuple(self.titles()), self._desk.desk.agent()
        placed = self._desk.plan.blocks.get(self.place, ())
        # At once: reading it back from the store comes a moment later.
        self._show(edits.all_blocks(edit(edits.all_blocks(placed, known)), known))
        self._desk.do(change_blocks(self.place, known, edit, who))

    @Slot(str, str)
    def _move(self, block: str, beside: str) -> None:
        self._change(partial(edits.moved_block, block=block, beside=beside))

    @Slot(str, bool)
    def _set_shown(self, block: str, is_shown: bool) -> None:
        self._change(partial(edits.shown_block, block=block, is_shown=is_shown))
