"""Steps from one form of the settings file to the next.

Each step takes the document of its version and returns that of the next; it moves what it
knows and leaves everything else alone. A file without `schema` counts as version 0, so step
0 must do no harm to a file that was written by hand in today's form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmdesk.settings.model import SCHEMA

Document = dict[str, Any]


class NewerSettingsError(Exception):
    """The file was written by a newer version of the program."""


def migrate(document: Document) -> Document:
    """Brings a document to the form of this version.

    Raises:
        NewerSettingsError: Its version is unknown here.
    """
    version = document.get("schema", 0)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        return document  # not a version at all: the model says so, with the name of the key
    if version > SCHEMA:
        raise NewerSettingsError(version)
    for step in range(version, SCHEMA):
        document = STEPS[step](document)
    return {**document, "schema": SCHEMA}


def _lines_as_list(document: Document) -> Document:
    """0 to 1: the one `[line]` became `[[lines]]`, `agent.phone` became `agent.extension`."""
    changed = dict(document)
    line = changed.pop("line", None)
    if isinstance(line, dict) and "lines" not in changed:
        changed["lines"] = [{"id": "line-1", "name": "Phone line", **line}]
    agent = changed.get("agent")
    if isinstance(agent, dict) and "phone" in agent:
        rest = {key: value for key, value in agent.items() if key != "phone"}
        changed["agent"] = {"extension": agent["phone"], **rest}
    return changed


STEPS: dict[int, Callable[[Document], Document]] = {0: _lines_as_list}
"""From version to the step that leaves it."""
