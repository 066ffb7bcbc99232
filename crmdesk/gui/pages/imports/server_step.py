"""First step for a server: address and login at the left, what it has at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from crmdesk.domain.importing import SourceFacts, SourceKind
from crmdesk.gui.pages.imports.answers import Looked
from crmdesk.gui.pages.imports.first_rows import FirstRows
from crmdesk.gui.pages.imports.origin import ServerOrigin
from crmdesk.gui.pages.imports.server_entry import SERVERS
from crmdesk.gui.pages.imports.server_form import ServerForm
from crmdesk.gui.pages.imports.words import KINDS, counted
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.scrolling import scroll_area

_NOT_ASKED = (
    "Not connected yet",
    "Fill in the left side and press Connect. Nothing is imported or saved by that, and nothing is"
    " ever changed on the server.",
)
_CHANGED = "Something was changed at the left since: connect again."
_NO_ROWS = ("Nothing to read there", "The connection works, but there is no record to read.")
_WHAT = {"book": ("address book", "address books"), "table": ("table", "tables")}


class ServerStep(QWidget):
    """The form of one kind of server and its first records.

    Signals:
        changed: Whether one may go on is another thing now.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.forms = {kind: ServerForm(kind) for kind in SERVERS}
        self.kind = SERVERS[0]
        self._connected: ServerOrigin | None = None
        self._found: Looked | None = None
        self._wanted = ""
        for form in self.forms.values():
            form.changed.connect(self._changed)
        self.heading = SectionHeader("", "link")
        self.found = Banner("good", closable=False)
        self.found.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.rows = FirstRows("First records of the server")
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        parts = column(self.heading, *self.forms.values(), 1, spacing=Space.M, margin=Space.L)
        content.setLayout(parts)
        left = scroll_area(content, name="The server")
        left.setMinimumWidth(Size.SIDE_LIST)
        right = QWidget()
        found = column(self.found)
        found.setContentsMargins(Space.S, Space.M, Space.S, Space.S)
        items = column(found, spacing=Space.NONE)
        items.addWidget(self.rows, 1)
        items.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        right.setLayout(items)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([Size.SIDE_LIST + Size.ROW, 3 * Size.FIELD])
        self.setLayout(column(self.splitter, spacing=Space.NONE))

    @property
    def form(self) -> ServerForm:
        """The one that is shown."""
        return self.forms[self.kind]

    def show_server(
        self,
        kind: SourceKind,
        name: str,
        options: Mapping[str, str],
        taken: Sequence[str],
        *,
        is_new: bool,
    ) -> None:
        """Shows the form of a server; arguments as for `ServerForm.show_profile`."""
        self.kind = kind
        self._connected = self._found = None
        self._wanted = ""
        self.heading.set_title(KINDS[kind])
        for each, form in self.forms.items():
            form.setVisible(each is kind)
        self.form.show_profile(name, options, taken, is_new=is_new)
        self.found.hide()
        self.rows.show_nothing(*_NOT_ASKED)
        self.changed.emit()

    def origin(self) -> ServerOrigin:
        """The server as the form says."""
        form = self.form
        return ServerOrigin(self.kind, form.profile_name(), form.options(), form.password())

    def is_connected(self) -> bool:
        """Whether what the form says was tried and gave columns."""
        return self._connected is not None and _asked(self._connected) == _asked(self.origin())

    def check(self) -> bool:
        """Whether the form is complete; what is missing is said beside the field."""
        return self.form.check()

    def show_found(self, found: Looked, origin: ServerOrigin) -> None:
        """Shows what a look at the server found."""
        for option, offered in found.choices.items():
            self.form.offer(option, offered, must_choose=not found.facts.columns)
        names = [(column.name, column.name) for column in found.facts.columns]
        for option in ("updated", "key"):
            if names:
                self.form.offer(option, names)
        if found.facts.columns:
            self._connected, self._found, self._wanted = origin, found, ""
            self._show_rows(found)
        else:
            self._show_choices(found.choices)
        self.changed.emit()

    def focus_first(self) -> None:
        """The keyboard where something is missing."""
        if self._wanted:
            self.form.focus_option(self._wanted)
        else:
            self.form.focus_first()

    def _show_rows(self, found: Looked) -> None:
        facts = found.facts
        self.found.set_tone("good")
        self.found.tell(_connected_words(facts), "\n".join(facts.notes[:3]))
        self.found.show()
        if found.rows:
            self.rows.show_rows(facts, found.rows)
        else:
            self.rows.show_nothing(*_NO_ROWS)

    def _show_choices(self, choices: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        option, offered = next(iter(choices.items()), ("table", ()))
        one, several = _WHAT.get(option, ("choice", "choices"))
        self.found.set_tone("accent")
        self.found.tell(
            f"Connected. There are {counted(len(offered), one, several)}.",
            f"Choose one at the left, and connect again: {_some(offered)}.",
        )
        self.found.show()
        self.rows.show_nothing(f"Which {one}?", "The list is in its field at the left.")
        self._wanted = option

    @Slot()
    def _changed(self) -> None:
        if self._connected is not None and not self.is_connected():
            self.found.set_tone("warn")
            self.found.tell(_CHANGED)
        elif self._found is not None:
            self._show_rows(self._found)
        self.changed.emit()


def _asked(origin: ServerOrigin) -> tuple[object, ...]:
    """What makes the server answer as it does; the name of the profile does not."""
    options = {name: value for name, value in origin.options.items() if name != "secret_ref"}
    return origin.kind, options, origin.password


def _connected_words(facts: SourceFacts) -> str:
    count = f", {counted(facts.records, 'record')}" if facts.records is not None else ""
    return f"Connected: {counted(len(facts.columns), 'column')}{count}."


def _some(offered: Sequence[tuple[str, str]]) -> str:
    names = [title for _, title in offered[:6]]
    more = f" and {len(offered) - 6} more" if len(offered) > 6 else ""
    return ", ".join(names) + more
