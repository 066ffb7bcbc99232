"""The country this computer is set to, without Qt."""

from __future__ import annotations

import os
import re
import sys

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Z][a-z]{3})?[_-]([A-Z]{2})(?:[.@].*)?")
_NAMES = ("LC_ALL", "LC_TELEPHONE", "LANG")
_LOCALE_NAME_MAX = 85


def system_region() -> str:
    """ISO 3166 country of this computer's locale, "" where it tells none."""
    names = _windows_locales() if sys.platform == "win32" else _posix_locales()
    return next((found[1] for name in names if (found := _LOCALE.fullmatch(name))), "")


def _posix_locales() -> list[str]:
    """In the order of POSIX: the first that is set holds."""
    return [value for name in _NAMES if (value := os.environ.get(name))][:1]


def _windows_locales() -> list[str]:
    if sys.platform != "win32":
        return []
    import ctypes

    name = ctypes.create_unicode_buffer(_LOCALE_NAME_MAX)
    ctypes.windll.kernel32.GetUserDefaultLocaleName(name, _LOCALE_NAME_MAX)
    return [name.value]
