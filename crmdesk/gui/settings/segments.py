"""Section "Segments": groups of customers by rules."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from crmdesk.desk.segments.counting import Counted
from crmdesk.desk.segments.words import rule_words
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import Picklists
from crmdesk.domain.segments import Condition, Group, Operator, Segment, SegmentField, catalogue
from crmdesk.gui.segments.dialog import SegmentDialog
from crmdesk.gui.segments.live_count import LiveCount
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.item_list import ItemList
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.step_desk import SettingsDesk
from crmdesk.gui.tasks import await_future
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.selection import selected_row
from crmdesk.gui.widgets.text import joined

if TYPE_CHECKING:
    from crmdesk.store import Reader, Writer

_COUNTS_LAST = timedelta(hours=1)
_FIRST_RULE = Group((Condition("segment", Operator.ANY_OF),))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the section shows."""

    segments: tuple[Segment, ...] = ()
    fields: Mapping[str, SegmentField] = field(default_factory=dict)
    lists: Picklists = field(default_factory=Picklists)
    now: datetime | None = None


class SegmentsSection(Section):
    """The segments there are; counts that are old are taken anew while one looks."""

    title = "Segments"
    icon = "filter"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book,
            "Groups of customers by rules, e.g. gold and not called for 90 days. Who belongs to"
            " one is found out anew each time.",
        )
        self._desk = SettingsDesk(book)
        self.steps = NumberSteps(self._desk, self)
        self._known = _Known()
        self._uncounted: list[Segment] = []
        self._changed: set[uuid.UUID] = set()
        self.count: LiveCount | None = None
        self.undo_bar = UndoBar(self.steps)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.list = ItemList("Segments", "filter", ("No segment yet.", "Add… makes the first one."))
        for part in (self.trouble, self.undo_bar, self.list):
            self.body.addWidget(part)
        self.list.add.clicked.connect(self._add)
        self.list.edit.clicked.connect(self._edit)
        self.list.remove.clicked.connect(self._remove)
        self.steps.done.connect(self.read)
        self.steps.undone.connect(self._undone)
        self.steps.failed.connect(self._failed)

    def enter(self) -> None:
        """Reads the segments: colleagues change them too."""
        self.read()

    def leave(self) -> None:
        """Counts no more."""
        super().leave()
        self._uncounted.clear()
        if self.count is not None:
            self.count.stop()

    @Slot()
    def read(self, *_what: object) -> None:
        """Reads the segments anew."""
        self.trouble.hide()
        await_future(self._desk.store.read(_read), self, self._show, self._failed)

    @Slot()
    def _undone(self, *_what: object) -> None:
        self._changed.update(one.id for one in self._known.segments)
        self.read()

    def _show(self, known: _Known) -> None:
        self._known = known
        self.list.show_cells([_cell(one, known) for one in known.segments])
        self._uncounted = [one for one in known.segments if self._is_old(one)]
        self._count_next()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    # --- counts -----------------------------------------------------------------------------

    def _is_old(self, one: Segment) -> bool:
        now = self._known.now
        if one.counted_at is None or now is None or one.id in self._changed:
            return True
        return now - one.counted_at > _COUNTS_LAST

    def _count_next(self) -> None:
        if self.count is not None:
            self.count.stop()
            self.count.deleteLater()
            self.count = None
        if not self._uncounted:
            return
        self.count = LiveCount(self._desk.store, self)
        one = self._uncounted.pop(0)
        self.count.told.connect(partial(self._counted, one))
        self.count.failed.connect(self._failed)
        self.count.start(one.rule)

    def _counted(self, one: Segment, so_far: Counted) -> None:
        if not so_far.is_done:
            return
        self._changed.discard(one.id)
        done = self._desk.store.write(partial(_keep_count, one.id, so_far.count))
        await_future(done, self, self._show_counts, self._failed)
        self._count_next()

    def _show_counts(self, _done: object) -> None:
        await_future(self._desk.store.read(_read), self, self._show_cells, self._failed)

    def _show_cells(self, known: _Known) -> None:
        self._known = known
        self.list.show_cells([_cell(one, known) for one in known.segments])

    # --- changes ----------------------------------------------------------------------------

    @Slot()
    def _add(self) -> None:
        self._ask(Segment(uuid.uuid4(), "", _FIRST_RULE))

    @Slot()
    def _edit(self) -> None:
        place = selected_row(self.list.view)
        if 0 <= place < len(self._known.segments):
            self._ask(self._known.segments[place])

    @Slot()
    def _remove(self) -> None:
        known, place = self._known.segments, selected_row(self.list.view)
        if 0 <= place < len(known):
            self._save([*known[:place], *known[place + 1 :]])

    def _ask(self, segment: Segment) -> None:
        known = self._known
        asked = (segment, known.fields, known.lists, self._desk.rules())
        dialog = SegmentDialog(self.window(), self._desk.store, *asked)
        dialog.saved.connect(self._keep)
        dialog.open()

    def _keep(self, segment: Segment) -> None:
        self._changed.add(segment.id)
        known = self._known.segments
        kept = [segment if one.id == segment.id else one for one in known]
        self._save(kept if segment in kept else [*kept, segment])

    def _save(self, segments: Sequence[Segment]) -> None:
        who = self._desk.agent()
        self.steps.do(lambda writer: writer.save_segments(segments, who))


def _read(reader: Reader) -> _Known:
    fields = catalogue(reader.custom_fields())
    return _Known(reader.segments(), fields, reader.picklists(), reader.moment())


def _keep_count(segment_id: uuid.UUID, count: int, writer: Writer) -> None:
    writer.keep_count(segment_id, count, writer.moment())


def _cell(one: Segment, known: _Known) -> Cell:
    rule = rule_words(one.rule, known.fields, known.lists)
    words = joined((_counted(one.counted), rule))
    return Cell(one.name, words, icon="filter", icon_tone=one.tone or "muted", tip=words)


def _counted(count: int | None) -> str:
    if count is None:
        return "not counted yet"
    return "1 customer" if count == 1 else f"{count:,} customers"
