"""`--plan`: what becomes of each record, a JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.domain.importing import RowPlan


def plan_writer(stack: ExitStack, path: Path | None) -> Callable[[RowPlan], None] | None:
    """Writes each row of a plan into a file that only this user reads; None for no file.

    Raises:
        UserFacingError: It cannot be written.
    """
    if path is None:
        return None
    from crmdesk.sync.planning.json_form import row_to_json

    try:
        out = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
        path.chmod(0o600)
    except OSError as error:
        raise _cannot_write(path, error) from None
    encode = json.JSONEncoder(ensure_ascii=False).encode

    def write(row: RowPlan) -> None:
        try:
            out.write(encode(row_to_json(row)) + "\n")
        except OSError as error:
            raise _cannot_write(path, error) from None

    return write


def _cannot_write(path: Path, error: OSError) -> UserFacingError:
    return UserFacingError(
        f"The plan {path} cannot be written: {error.strerror or error}.",
        "Nothing was imported.",
        "Make room on the disk, or give --plan a file in a folder that is yours.",
    )
