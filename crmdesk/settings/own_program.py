"""How the program starts itself, so that nothing else comes in with it.

Whoever starts `crmdesk pop` chooses its current folder and its environment; neither may bring
code into the desk that is started from there (threat model, row 25). Standard library only
and no `pathlib`: a ringing phone waits.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping

from crmdesk.settings.runtime_place import HOME_VARIABLE

_QT_CODE = frozenset(
    {
        "QT_PLUGIN_PATH",
        "QT_QPA_PLATFORM_PLUGIN_PATH",
        "QT_QPA_GENERIC_PLUGINS",
        "QT_ACCESSIBILITY_PLUGIN_PATH",
        "QML_IMPORT_PATH",
        "QML2_IMPORT_PATH",
    }
)
"""Variables from which Qt loads code; `QT_QPA_PLATFORM` only chooses among its own plug-ins."""

_PACKAGES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

_BOOT = (
    "import sys; place = sys.argv.pop(1); place in sys.path or sys.path.insert(0, place);"
    " sys.argv[0] = 'crmdesk'; from crmdesk.cli import main; sys.exit(main())"
)
"""Names the folder of the package, because a checkout is on no path of its own."""


def own_command(*arguments: str) -> list[str]:
    """The command line that starts this very program, from any folder.

    `-E -P` is `-I` without `-s`: what was installed with `pip install --user` must start too,
    and that folder is the user's own.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-E", "-P", "-c", _BOOT, _PACKAGES, *arguments]


def own_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment for it: without foreign code, and right in any current folder."""
    kept = dict(variables)
    drop_foreign_code(kept)
    if kept.get(HOME_VARIABLE):
        kept[HOME_VARIABLE] = os.path.abspath(os.path.expanduser(kept[HOME_VARIABLE]))
    return kept


def drop_foreign_code(variables: MutableMapping[str, str]) -> None:
    """Takes out the variables that make Python or Qt load code from somewhere else."""
    for name in tuple(variables):
        if name.upper() in _QT_CODE or name.upper().startswith("PYTHON"):
            del variables[name]


def starting_folder() -> str:
    """The folder to start it in: the user's, else the root."""
    home = os.path.expanduser("~")
    return home if os.path.isdir(home) else os.path.abspath(os.sep)
