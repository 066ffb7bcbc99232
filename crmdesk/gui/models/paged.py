"""What the models of lists share that are read page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()

# A class of Qt can have one base of Qt; the signal needs to be typed as one of a QObject.
if TYPE_CHECKING:
    _Base = QObject
else:
    _Base = object


class Paged(_Base):
    """Asks for the next page, once, when a view has shown the last row.

    Comes before the model of Qt among the bases of a model that has the signal `more_wanted`.
    """

    more_wanted: ClassVar[Signal]
    _has_more = False
    _is_asking = False

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 (Qt's name)
        """Whether there is a page behind the last row."""
        return not parent.isValid() and self._has_more and not self._is_asking

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 (Qt's name)
        """Asks for the next page, once."""
        if self.canFetchMore(parent):
            self._is_asking = True
            self.more_wanted.emit()

    def failed(self) -> None:
        """The next page could not be read; it may be asked for again."""
        self._is_asking = False

    def _answered(self, *, has_more: bool) -> None:
        self._has_more, self._is_asking = has_more, False
