"""What an import would do, or did: figures, rows by kind, why, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStackedWidget, QWidget

from crmdesk.domain.importing import RowAction, RowPlan
from crmdesk.gui.models.row_table import Column, RowTableModel
from crmdesk.gui.pages.imports.answers import Outcome
from crmdesk.gui.pages.imports.plan_pages import PlanPages
from crmdesk.gui.pages.imports.tiles import Tiles
from crmdesk.gui.pages.imports.words import ACTIONS, change_words, counted, figures, why_words
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import Cell, CellDelegate
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.messages import Banner, EmptyState
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import joined, label
from crmdesk.sync.profile_targets import CUSTOMERS

_COLUMNS = (
    Column("Row", 2 * Size.ROW),
    Column("", 4 * Size.ROW),
    Column("Name or number"),
    Column("Why"),
    Column("Before → after"),
)
_ORDER = (RowAction.BAD, RowAction.UPDATE, RowAction.CREATE, RowAction.SKIP, RowAction.SAME)
"""What needs a look stands first."""

_MOST_NOTES = 3


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A row of a plan, ready to be painted."""

    plan: RowPlan
    cells: tuple[Cell, ...]
    spoken: str

    @property
    def key(self) -> int:
        """Where it stands in the source."""
        return self.plan.place

    @property
    def age_order(self) -> float:
        """As in the source."""
        return -float(self.plan.place)


class OutcomeView(QWidget):
    """Figures and rows; of many rows the first, and more as one scrolls.

    Signals:
        opened: Key of a customer, a UUID.
        bad_wanted: The bad rows shall be saved to a file.
    """

    opened = Signal(object)
    bad_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._outcome: Outcome | None = None
        self._plan: Path | None = None
        self._holds = CUSTOMERS
        self.heading = label("", "lead-strong", wrap=True)
        self.tiles = Tiles()
        self.tiles.chosen.connect(self.show_kind)
        self.notes = Banner("warn", closable=False)
        self.notes.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.about = label("", "small", "muted")
        self.save_bad = button("Save bad rows…", icon="download")
        self.save_bad.clicked.connect(self.bad_wanted)
        self.model: RowTableModel[PlanLine] = RowTableModel(_COLUMNS, self)
        self.pages = PlanPages(self)
        self.model.more_wanted.connect(self.pages.ask)
        self.pages.page.connect(self._show_more)
        self.table = table_view(self.model, name="Rows of the file")
        self.table.setItemDelegate(CellDelegate(self.table))
        self.table.selectionModel().selectionChanged.connect(self._show_details)
        self.table.activated.connect(self._open)
        self.details = wrapped("", "small", "muted")
        self.nothing = EmptyState("inbox", "No rows", "There are none of this kind.")
        self._size_columns()
        self._lay_out()

    def _lay_out(self) -> None:
        about = row(self.about, 1, self.save_bad)
        self.head = column(self.heading, self.tiles, self.notes, about, spacing=Space.M)
        self.head.setContentsMargins(Space.L, Space.L, Space.L, Space.S)
        texts = column(self.details, spacing=Space.NONE)
        texts.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self._below = QWidget()
        self._below.setLayout(column(rule(), texts, spacing=Space.NONE))
        table = QWidget()
        rows = column(self.table, spacing=Space.NONE)
        rows.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        table.setLayout(rows)
        self._rows = QStackedWidget()
        self._rows.addWidget(table)
        self._rows.addWidget(self.nothing)
        items = column(self.head, spacing=Space.NONE)
        items.addWidget(self._rows, 1)
        items.addWidget(self._below)
        self.setLayout(items)

    def show_outcome(
        self, heading: str, outcome: Outcome, plan: Path | None = None, holds: str = CUSTOMERS
    ) -> None:
        """Shows an outcome, all kinds at once.

        Args:
            heading: What it comes to, in a sentence.
            outcome: Figures, and the first rows of each kind.
            plan: The file with all rows, None for none.
            holds: What the rows are.
        """
        self._outcome, self._plan, self._holds = outcome, plan, holds
        self.heading.setText(heading)
        self.tiles.show_summary(outcome.summary)
        notes = outcome.summary.notes
        more = f" And {len(notes) - _MOST_NOTES} more." if len(notes) > _MOST_NOTES else ""
        self.notes.tell("Good to know", "\n".join(notes[:_MOST_NOTES]) + more)
        self.notes.set_tone("neutral")
        self.notes.setVisible(bool(notes))
        self.save_bad.setVisible(bool(outcome.summary.bad))
        self.show_kind(None)

    @Slot(object)
    def show_kind(self, kind: RowAction | None) -> None:
        """Shows the rows of a kind, None for all: what needs a look first."""
        if self._outcome is None:
            return
        wanted = _ORDER if kind is None else (kind,)
        rows = self._outcome.rows
        first = [row for action in wanted for row in rows if row.action is action]
        counts = figures(self._outcome.summary)
        has_more = self._plan is not None and self.pages.begin(
            self._plan, wanted, Counter(row.action for row in first), counts
        )
        self.model.reset(self._lines(first), has_more=has_more)
        total = sum(counts[action] for action in wanted)
        cut = "" if has_more or len(first) >= total else f"The first {len(first):,} of "
        self.about.setText(f"{cut}{counted(total, 'row')}")
        self._rows.setCurrentIndex(0 if first else 1)
        select_row(self.table, 0)
        self._show_details()

    @Slot(object, bool)
    def _show_more(self, rows: tuple[RowPlan, ...], has_more: bool) -> None:
        self.model.append(self._lines(rows), has_more=has_more)

    def _lines(self, rows: Iterable[RowPlan]) -> Iterator[PlanLine]:
        return (_line(row, self._holds) for row in rows)

    def forget(self) -> None:
        """The file of the plan goes."""
        self.pages.stop()
        self._plan = None

    def _size_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        for place, each in enumerate(_COLUMNS):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(place, mode.Fixed if each.width else mode.Stretch)
            if each.width:
                header.resizeSection(place, each.width)

    @Slot()
    def _show_details(self) -> None:
        line = self.model.line(selected_row(self.table))
        text = _details(line.plan, self._holds) if line is not None else ""
        set_wrapped(self.details, text)
        self._below.setVisible(bool(text))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None and line.plan.customer_id is not None:
            self.opened.emit(line.plan.customer_id)

    def focus_first(self) -> None:
        """The keyboard on the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _line(plan: RowPlan, holds: str) -> PlanLine:
    words = ACTIONS[plan.action]
    each = [change_words(change, holds) for change in plan.changes]
    why, changes = why_words(plan), joined(each)
    title = plan.title or "no name"
    cells = (
        Cell(f"{plan.place:,}", tone="faint"),
        Cell(words.title, icon=words.icon, icon_tone=words.tone, tone="muted"),
        Cell(title, tip=title, tone="text" if plan.title else "faint"),
        Cell(why, tip=why, tone="warn" if plan.action is RowAction.BAD else "muted"),
        Cell(changes, tip="\n".join(each), tone="text"),
    )
    return PlanLine(plan, cells, f"Row {plan.place}, {words.title}: {title}. {why}. {changes}")


def _details(plan: RowPlan, holds: str) -> str:
    changes = joined(change_words(change, holds) for change in plan.changes)
    lines = (f"Row {plan.place:,}: {why_words(plan)}", changes)
    return "\n".join(line for line in lines if line)
