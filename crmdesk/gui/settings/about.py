"""Section "About": version, licences, and where things are."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Final

from PySide6.QtCore import qVersion
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView

from crmdesk import __version__
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.section import Section
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.cells import CELL, Cell, CellDelegate
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.logo import Logo
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label
from crmdesk.settings import paths

_PACKAGES: Final = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("SQLAlchemy", "MIT"),
    ("alembic", "MIT"),
    ("sqlcipher3", "Zlib; SQLCipher: BSD"),
    ("phonenumbers", "Apache-2.0"),
    ("keyring", "MIT"),
    ("cryptography", "Apache-2.0 or BSD"),
    ("platformdirs", "MIT"),
    ("msgspec", "BSD"),
    ("tomli-w", "MIT"),
)
_FREE: Final = (
    "CRMDesk is free software under the MIT license. It uses Qt under the LGPL: you may exchange "
    "the Qt libraries it comes with."
)


class AboutSection(Section):
    """What this program is and what it is made of."""

    title = "About"
    icon = "info"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(book)
        name = column(label("CRMDesk", "lead-strong"), spacing=Space.HAIR)
        name.addWidget(label(_versions(), "body", "muted", selectable=True))
        self.body.addLayout(row(Logo(), name, 1))
        self.body.addWidget(label(_FREE, "body", "text", wrap=True))
        places = (("Settings", paths.settings_file()), ("Log", paths.log_folder()))
        for title, place in places:
            if not place.exists():
                continue  # a demo keeps neither
            block = column(label(title, "small-strong", "muted"), spacing=Space.HAIR)
            block.addWidget(label(str(place), wrap=True, selectable=True))
            self.body.addLayout(block)
        self.body.addWidget(SectionHeader("Libraries"))
        self.licences = table_view(_licences(self), name="Libraries and their licences")
        self.licences.setItemDelegate(CellDelegate(self.licences))
        mode = QHeaderView.ResizeMode.Stretch
        self.licences.horizontalHeader().setSectionResizeMode(mode)
        self.licences.setMinimumHeight((len(_PACKAGES) + 1) * Size.ROW + Space.S)
        self.body.addWidget(self.licences)


def _versions() -> str:
    return f"Version {__version__} · Python {platform.python_version()} · Qt {qVersion()}"


def _licences(parent: Section) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    model.setHorizontalHeaderLabels(["Library", "Version", "Licence"])
    for name, licence in _PACKAGES:
        model.appendRow([_item(text) for text in (name, _version(name), licence)])
    return model


def _item(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(Cell(text), CELL)
    return item


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "built in"
