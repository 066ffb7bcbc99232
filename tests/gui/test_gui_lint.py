"""Every text on the screen goes through `crmdesk/gui/widgets/text.py` (threat model, row 1).

Qt takes a text for rich text wherever it looks like it. So widgets that do that are made, and
tooltips and titles are set, in one file; everywhere else the bare call is an error.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

GUI = Path(__file__).parents[2] / "crmdesk" / "gui"
FACTORY = GUI / "widgets" / "text.py"

MAKERS = {"QLabel", "QMessageBox", "QErrorMessage", "QToolTip", "QTextBrowser", "QTextEdit",
          "QWhatsThis", "QInputDialog", "QProgressDialog", "QSplashScreen"}  # fmt: skip
SETTERS = {"setToolTip", "setWhatsThis", "setStatusTip", "setWindowTitle", "setHtml", "setMarkdown",
           "insertHtml", "setTextFormat", "setInformativeText", "setDetailedText",
           "setOpenExternalLinks", "showMessage"}  # fmt: skip
ESCAPED = {"tooltip_html"}
"""Functions of the factory whose result is safe for a tooltip."""
ALLOWED = {
    # our own help pages, which nobody outside writes
    ("help/viewer.py", "QTextBrowser"),
    ("help/viewer.py", "setMarkdown"),
    ("help/viewer.py", "setHtml"),
    # native trays take no markup; `tip` leaves none in it
    ("tray.py", "setToolTip"),
    ("tray.py", "showMessage"),
}


def bare_calls(source: str) -> list[tuple[str, int]]:
    """Names and lines of calls that may take a text for markup."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := _name(node.func)) and not _is_escaped(node):
            is_label = name in MAKERS or (isinstance(node.func, ast.Attribute) and name in SETTERS)
            if is_label:
                found.append((name, node.lineno))
    return found


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        owner = function.value
        is_method_of_maker = isinstance(owner, ast.Name) and owner.id in MAKERS
        return owner.id if is_method_of_maker else function.attr  # type: ignore[union-attr]
    return function.id if isinstance(function, ast.Name) else ""


def _is_escaped(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Call) and _name(first.func) in ESCAPED


def test_no_text_goes_past_the_factory() -> None:
    found = [
        f"{path.relative_to(GUI)}:{line} {name}"
        for path in sorted(GUI.rglob("*.py"))
        if path != FACTORY
        for name, line in bare_calls(path.read_text("utf-8"))
        if (path.relative_to(GUI).as_posix(), name) not in ALLOWED
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "QLabel(name)",
        "QtWidgets.QLabel()",
        "widget.setToolTip(caller)",
        "self.setWindowTitle(f'{name}')",
        "QMessageBox(parent)",
        "QMessageBox.critical(parent, 'x', text)",
        "QToolTip.showText(here, text)",
        "edit.setHtml(note)",
        "made.setTextFormat(Qt.TextFormat.RichText)",
    ],
)
def test_lint_finds_what_it_looks_for(line: str) -> None:
    assert len(bare_calls(line)) == 1


@pytest.mark.parametrize(
    "line", ["label(name)", "set_tooltip(widget, text)", "i.setToolTip(tooltip_html(text))"]
)
def test_lint_lets_the_factory_pass(line: str) -> None:
    assert bare_calls(line) == []
