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

ORDER = (
    "getting-started", "keys",
    "the-pop", "the-customer-page", "follow-ups", "tickets", "orders-and-payments", "leads",
    "messages", "surveys", "history",
    "phone-lines", "matching", "the-log", "number-clinic",
    "importing", "importing-from-servers", "importing-records", "list-exports",
    "segments", "your-data",
    "when-something-is-wrong",
)  # fmt: skip
"""How to begin, then what one does all day, then what is set up once; others come last."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the help."""

    title: str
    path: Path


def topics(folder: Path | None = None) -> tuple[Topic, ...]:
    """All pages in `ORDER`; the title is the first heading."""
    found = (folder or resources() / "help").glob("*.md")
    pages = sorted(found, key=lambda page: (_place(page.stem), page.name))
    return tuple(Topic(_title(page), page) for page in pages)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


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
        self.page.setMinimumWidth(2 * Size.FIELD)
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(Space.L)
        self.page.anchorClicked.connect(self._follow)
        self.list.selectionModel().currentChanged.connect(self._show_row)
        widest = self.list.sizeHintForColumn(0) + 2 * Space.XL  # no title is cut
        self.list.setMinimumWidth(widest)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.list)
        parts.addWidget(self.page if self._topics else EmptyState("help", "No help pages here."))
        parts.setSizes([widest, 2 * Size.FIELD])
        parts.setStretchFactor(1, 1)
        self.setLayout(column(parts, row(1, close), spacing=Space.M, margin=Space.M))
        self.resize(widest + 2 * Size.FIELD, Size.DIALOG)
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
