"""Tables and lists with our rows; models stay plain Qt models."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTableView

from crmdesk.gui.theme.tokens import Size


def table_view(model: QAbstractItemModel | None = None, *, name: str) -> QTableView:
    """A table of 28 px rows, whole rows selected, no grid.

    Tooltips of a model are rich text for Qt: give them through `text.tooltip_html`.

    Args:
        model: What it shows, owned by the caller.
        name: Accessible name.
    """
    made = QTableView()
    made.setAccessibleName(name)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.setCornerButtonEnabled(False)
    made.setTabKeyNavigation(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(Size.ROW)
    made.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = made.horizontalHeader()
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    _dress(made)
    if model is not None:
        made.setModel(model)
    return made


def list_view(model: QAbstractItemModel | None = None, *, name: str) -> QListView:
    """A list; its delegate decides how tall rows are."""
    made = QListView()
    made.setAccessibleName(name)
    made.setUniformItemSizes(True)
    _dress(made)
    if model is not None:
        made.setModel(model)
    return made


def _dress(view: QAbstractItemView) -> None:
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
