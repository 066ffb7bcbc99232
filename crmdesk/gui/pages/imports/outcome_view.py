"""What an import would do, or did: figures, rows by kind, why, before and after."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStackedWidget, QWidget

from crmdesk.domain.importing import RowAction, RowPlan
from crmdesk.gui.pages.imports.answers import Outcome
from crmdesk.gui.pages.imports.tiles import Tiles
from crmdesk.gui.pages.imports.words import ACTIONS, change_words, counted, figures, why_words
from crmdesk.gui.pages.numbers.table import NumberModel, Row
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

_COLUMNS = ("Row", "", "Customer", "Why", "Before → after")
_MOST_NOTES = 3


class OutcomeView(QWidget):
    """Figures and rows.

    Signals:
        opened: Key of a customer, a UUID.
        bad_wanted: The bad rows shall be saved to a file.
    """

    opened = Signal(object)
    bad_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._outcome: Outcome | None = None
        self._shown: tuple[RowPlan, ...] = ()
        self.heading = label("", "lead-strong", wrap=True)
        self.tiles = Tiles()
        self.tiles.chosen.connect(self.show_kind)
        self.notes = Banner("warn", closable=False)
        self.notes.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.about = label("", "small", "muted")
        self.save_bad = button("Save bad rows…", icon="download")
        self.save_bad.clicked.connect(self.bad_wanted)
        self.model = NumberModel(self)
        self.table = table_view(self.model, name="Rows of the file")
        self.table.setItemDelegate(CellDelegate(self.table))
        self.table.selectionModel().selectionChanged.connect(self._show_details)
        self.table.activated.connect(self._open)
        self.details = wrapped("", "small", "muted")
        self.nothing = EmptyState("inbox", "No rows", "The file has no rows of this kind.")
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

    def show_outcome(self, heading: str, outcome: Outcome) -> None:
        """Shows an outcome, all kinds at once."""
        self._outcome = outcome
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
        order = (RowAction.BAD, RowAction.UPDATE, RowAction.CREATE, RowAction.SKIP, RowAction.SAME)
        wanted = order if kind is None else (kind,)
        self._shown = tuple(
            r for action in wanted for r in self._outcome.rows if r.action is action
        )
        self.model.show_rows(_COLUMNS, [_row(each) for each in self._shown])
        self._size_columns()
        counts = figures(self._outcome.summary)
        total = sum(counts[action] for action in wanted)
        shown = len(self._shown)
        first = f"The first {shown:,} of " if shown < total else ""
        self.about.setText(f"{first}{counted(total, 'row')}")
        self._rows.setCurrentIndex(0 if self._shown else 1)
        select_row(self.table, 0)
        self._show_details()

    def _size_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        widths = (2 * Size.ROW, 4 * Size.ROW, 0, 0, 0)
        for place, width in enumerate(widths):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(place, mode.Fixed if width else mode.Stretch)
            if width:
                header.resizeSection(place, width)

    @Slot()
    def _show_details(self) -> None:
        place = selected_row(self.table)
        plan = self._shown[place] if 0 <= place < len(self._shown) else None
        text = _details(plan) if plan is not None else ""
        set_wrapped(self.details, text)
        self._below.setVisible(bool(text))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        customer_id = self._shown[index.row()].customer_id
        if customer_id is not None:
            self.opened.emit(customer_id)

    def focus_first(self) -> None:
        """The keyboard on the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _row(plan: RowPlan) -> Row:
    words = ACTIONS[plan.action]
    why, changes = why_words(plan), joined(map(change_words, plan.changes))
    title = plan.title or "no name"
    cells = (
        Cell(f"{plan.place:,}", tone="faint"),
        Cell(words.title, icon=words.icon, icon_tone=words.tone, tone="muted"),
        Cell(title, tip=title, tone="text" if plan.title else "faint"),
        Cell(why, tip=why, tone="warn" if plan.action is RowAction.BAD else "muted"),
        Cell(changes, tip="\n".join(map(change_words, plan.changes)), tone="text"),
    )
    return Row(cells, f"Row {plan.place}, {words.title}: {title}. {why}. {changes}")


def _details(plan: RowPlan) -> str:
    lines = (f"Row {plan.place:,}: {why_words(plan)}", joined(map(change_words, plan.changes)))
    return "\n".join(line for line in lines if line)
