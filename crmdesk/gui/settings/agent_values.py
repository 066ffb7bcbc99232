"""What an extension and a name may be. Pure."""

from __future__ import annotations

import re
from typing import Final

NAME_MAX: Final = 200
_EXTENSION = re.compile(r"[0-9A-Za-z_.*#+-]{0,64}")


def extension_error(text: str) -> str:
    """What is wrong with an extension, "" where nothing."""
    if _EXTENSION.fullmatch(text.strip()):
        return ""
    return "Digits and letters only, without blanks, for example 1001."
