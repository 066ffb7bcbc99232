"""Shows the help: topics at the left, the page at the right, no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QSplitter, QTextBrowser, QWidget

from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.text import set_window_title
from crmdesk.settings.paths import resources

FIRST = "getting-started"
"""The page that opens first."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the help."""

    title: str
    path: Path


def topics(folder: Path | None = None) -> tuple[Topic, ...]:
    """All pages: how to begin first, then by file name; the title is the first heading."""
    found = (folder or resources() / "help").glob("*.md")
    pages = sorted(found, key=lambda page: (page.stem != FIRST, page.name))
    return tuple(Topic(_title(page), page) for page in pages)


def _title(page: Path) -> str:
    first = page.read_text(encoding="utf-8").lstrip().splitlines()[:1]
    return first[0].lstrip("# ").strip() if first else page.stem


class HelpViewer(QDialog):
    """The help in a window of its own.

    Args:
        parent: The window it belongs to.
        wanted: File name of the page to open, without ".md"; the first where "".
    """

    def __init__(self, parent: QWidget | None, wanted: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Help")
        self._topics = topics()
        self.model = QStringListModel([topic.title for topic in self._topics], self)
        self.list = list_view(self.model, name="Topics")
        self.page = QTextBrowser()
        self.page.setAccessibleName("Help page")
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(Space.L)
        self.page.anchorClicked.connect(self._follow)
        self.list.selectionModel().currentChanged.connect(self._show_row)
        self.list.setMinimumWidth(Size.FIELD // 2)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.list)
        parts.addWidget(self.page if self._topics else EmptyState("help", "No help pages here."))
        parts.setSizes([Size.FIELD, 2 * Size.FIELD])
        self.setLayout(column(parts, row(1, close), spacing=Space.M, margin=Space.M))
        self.resize(3 * Size.FIELD, Size.DIALOG)
        self.show_topic(wanted)

    def show_topic(self, wanted: str) -> None:
        """Opens a page by its file name without ".md"."""
        names = [topic.path.stem for topic in self._topics]
        row = names.index(wanted) if wanted in names else 0
        self.list.setCurrentIndex(self.model.index(row, 0))

    def _show_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        if 0 <= index.row() < len(self._topics):
            text = self._topics[index.row()].path.read_text(encoding="utf-8")
            self.page.setMarkdown(text)
            _space_out(self.page.document())

    def _follow(self, link: QUrl) -> None:
        """Links go to other pages of the help and nowhere else."""
        if link.isRelative():
            self.show_topic(Path(link.path()).stem)


def _space_out(document: QTextDocument) -> None:
    """Room between paragraphs: Qt's reader of Markdown leaves none."""
    block = document.begin()
    while block.isValid():
        form = block.blockFormat()
        form.setBottomMargin(Space.XS if block.textList() else Space.M)
        if form.headingLevel():
            form.setTopMargin(Space.S)
        QTextCursor(block).setBlockFormat(form)
        block = block.next()
