"""The folder of the local socket, found without `pathlib`.

Apart from `paths.py` because `crmdesk pop` asks for it while a phone rings, and importing
`pathlib` costs more than all else that it does.
"""

from __future__ import annotations

import os
import sys

HOME_VARIABLE = "CRMDESK_HOME"
SOCKET_NAME = "desk.sock"


def make_private_folder(folder: str | os.PathLike[str]) -> None:
    """Makes a folder and what is missing above it, all of it for this user only.

    `makedirs` gives its mode to the last folder alone.

    Raises:
        OSError: It cannot be made.
    """
    if os.path.isdir(folder):
        return
    above = os.path.dirname(os.fspath(folder))
    if above:
        make_private_folder(above)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:  # another start was quicker
        if not os.path.isdir(folder):
            raise


def runtime_folder() -> str:
    """`$CRMDESK_HOME/run`, else `$XDG_RUNTIME_DIR/crmdesk`, else `run` in the data folder.

    Never a folder that other users can write to, such as `/tmp`.
    """
    own = os.environ.get(HOME_VARIABLE, "")
    if own:
        return os.path.join(os.path.abspath(os.path.expanduser(own)), "run")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and sys.platform not in {"win32", "darwin"}:
        return os.path.join(runtime, "crmdesk")
    from crmdesk.settings.paths import home

    return str(home() / "run")


def socket_path() -> str:
    """The socket through which a second start reaches the first (POSIX)."""
    return f"{runtime_folder()}/{SOCKET_NAME}"
