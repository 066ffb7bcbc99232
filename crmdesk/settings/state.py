"""What the program remembers by itself: window places, column widths, last page.

Nothing here is worth an error: what cannot be read is forgotten.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crmdesk.settings.atomic import write_private

log = logging.getLogger(__name__)

MAX_BYTES = 1 << 20


def load_state(path: Path) -> dict[str, Any]:
    """Reads the state; empty where there is none or it is damaged."""
    try:
        with path.open("rb") as file:
            state = json.loads(file.read(MAX_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.info("state file not used: %s", type(error).__name__)
        return {}
    return state if isinstance(state, dict) else {}


def save_state(path: Path, state: Mapping[str, Any]) -> bool:
    """Writes the state; False where that was not possible.

    Args:
        path: The file.
        state: JSON values only.
    """
    try:
        write_private(path, json.dumps(dict(state), indent=1, sort_keys=True).encode())
    except OSError as error:
        log.info("state file not written: %s", error.strerror)
        return False
    return True
