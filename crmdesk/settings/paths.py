"""Where things are: one place that knows folders and file names.

`CRMDESK_HOME` moves settings, store, socket and logs into one folder, for tests and for
portable use. Without it each kind goes where the system keeps it. Nothing here makes a
folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crmdesk.settings import runtime_place
from crmdesk.settings.runtime_place import HOME_VARIABLE

_APP = "crmdesk"


def portable_home() -> Path | None:
    """The folder `CRMDESK_HOME` names, absolute, or None where it is not set."""
    value = os.environ.get(HOME_VARIABLE, "")
    return Path(value).expanduser().absolute() if value else None


def home() -> Path:
    """The data folder: store, keys, and everything else when `CRMDESK_HOME` is set."""
    return portable_home() or _system_folder("user_data_dir")


def settings_file() -> Path:
    """The TOML file with the settings."""
    return (portable_home() or _system_folder("user_config_dir")) / "settings.toml"


def state_file() -> Path:
    """The JSON file with window places and the like; losing it loses nothing of worth."""
    return (portable_home() or _system_folder("user_state_dir")) / "state.json"


def store_file() -> Path:
    """The store, where the settings name no other place."""
    return home() / "crmdesk.db"


def keys_file() -> Path:
    """The wrapped store key, for desks without a keyring."""
    return home() / "crmdesk.keys.json"


def log_folder() -> Path:
    """The folder of the log files."""
    own = portable_home()
    return own / "logs" if own else _system_folder("user_log_dir")


def runtime_folder() -> Path:
    """The folder of the local socket; see `runtime_place`."""
    return Path(runtime_place.runtime_folder())


def socket_path() -> Path:
    """The socket through which a second start reaches the first (POSIX)."""
    return Path(runtime_place.socket_path())


def resources() -> Path:
    """The folder with help, icons and demo data.

    Frozen programs carry it as `resources`, the wheel as `crmdesk/_resources`, a checkout
    beside the package.

    Raises:
        FileNotFoundError: The installation is damaged.
    """
    package = Path(__file__).resolve().parent.parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else []
    places += [package / "_resources", package.parent / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"CRMDesk's own files are missing: looked in {places}. Install again.")


def _system_folder(kind: str) -> Path:
    import platformdirs  # 40 ms, and not needed where CRMDESK_HOME is set

    folder: str = getattr(platformdirs, kind)(_APP, appauthor=False)
    return Path(folder)
