"""Links that pop a card: `python3 installer/url_schemes.py add` or `remove`, for this user only.

Registers the installed `crmdesk` for `crmdesk:`, and offers it for `tel:` and `callto:`, where the
system lets the user choose among programs. A web page can open such a link, so what it starts is
`crmdesk -- URL`, which reads one link and no option, and can show a card or a dialog to dial from.

On macOS the bundle says it (resources/url-schemes.plist), so there is nothing to register.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
SCHEMES = ("crmdesk", "tel", "callto")
DESKTOP_FILES = ("crmdesk.desktop", "crmdesk-url.desktop")


def main(arguments: list[str] | None = None) -> int:
    """Run one command of the command line and return the exit code."""
    parser = argparse.ArgumentParser(description="Register CRMDesk for crmdesk:, tel: and callto:.")
    parser.add_argument("what", choices=("add", "remove"))
    parser.add_argument("--program", default=_program(), help="path of the installed crmdesk")
    options = parser.parse_args(arguments)
    if not options.program:
        return _fail("crmdesk was not found. Install it first, or name it with --program.")
    adding = options.what == "add"
    if sys.platform == "darwin":
        return _fail("On macOS the program registers itself when it is first opened.")
    if sys.platform == "win32":
        _add_windows(options.program) if adding else _remove_windows()
    else:
        _add_linux(Path(options.program)) if adding else _remove_linux()
    return 0


def _program() -> str | None:
    """Find the installed command; on Windows the one that opens no console."""
    return shutil.which("crmdesk-gui" if sys.platform == "win32" else "crmdesk")


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


# --- Linux: Desktop Entry Specification, MIME applications (freedesktop.org) ----------------------


def _add_linux(program: Path) -> None:
    folder = _applications()
    folder.mkdir(parents=True, exist_ok=True)
    for name in DESKTOP_FILES:
        text = (RESOURCES / name).read_text(encoding="utf-8")
        text = text.replace("Exec=crmdesk", f"Exec={_quoted(program.absolute())}")
        text = text.replace("Icon=crmdesk", f"Icon={RESOURCES / 'icons' / 'logo.svg'}")
        (folder / name).write_text(text, encoding="utf-8")
    _refresh(folder)
    # crmdesk: is ours. What dials for tel: and callto: is the choice of the user.
    _if_there("xdg-mime", "default", DESKTOP_FILES[1], "x-scheme-handler/crmdesk")


def _remove_linux() -> None:
    folder = _applications()
    for name in DESKTOP_FILES:
        (folder / name).unlink(missing_ok=True)
    _refresh(folder)


def _applications() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "applications")


def _quoted(program: Path) -> str:
    """Quote a path for an Exec line: blanks need quotes, and %, " $ and ` a mark before them."""
    text = str(program).replace("%", "%%")
    for character in '\\"`$':
        text = text.replace(character, "\\" + character)
    return f'"{text}"'.replace("\\", "\\\\")  # once more, as every string of the file


def _refresh(folder: Path) -> None:
    _if_there("update-desktop-database", str(folder))


def _if_there(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path:
        subprocess.run([path, *arguments], check=False)


# --- Windows: Default Programs (learn.microsoft.com/windows/win32/shell/default-programs) ---------


def windows_keys(program: str) -> dict[str, dict[str, str]]:
    """Return the keys below HKEY_CURRENT_USER -> their values ("" is the default value)."""
    command = {"": f'"{program}" -- "%1"'}
    schemes = dict.fromkeys(SCHEMES, "CRMDesk.Url")
    return {
        r"Software\Classes\CRMDesk.Url": {"": "CRMDesk: show the caller", "URL Protocol": ""},
        r"Software\Classes\CRMDesk.Url\shell\open\command": command,
        r"Software\Classes\crmdesk": {"": "URL:CRMDesk", "URL Protocol": ""},
        r"Software\Classes\crmdesk\shell\open\command": command,
        r"Software\CRMDesk\Capabilities": {"ApplicationName": "CRMDesk"},
        r"Software\CRMDesk\Capabilities\UrlAssociations": schemes,
        r"Software\RegisteredApplications": {"CRMDesk": r"Software\CRMDesk\Capabilities"},
    }


_OWN_TREES = (
    r"Software\Classes\CRMDesk.Url",
    r"Software\Classes\crmdesk",
    r"Software\CRMDesk\Capabilities",
)


if sys.platform == "win32":
    import winreg

    def _add_windows(program: str) -> None:
        for path, values in windows_keys(program).items():
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as key:
                for name, value in values.items():
                    winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

    def _remove_windows() -> None:
        list_of_programs = r"Software\RegisteredApplications"
        with (
            contextlib.suppress(FileNotFoundError),
            winreg.OpenKey(
                winreg.HKEY_CURRENT_USER, list_of_programs, access=winreg.KEY_SET_VALUE
            ) as key,
        ):
            winreg.DeleteValue(key, "CRMDesk")
        for path in _OWN_TREES:
            with contextlib.suppress(FileNotFoundError):
                _delete_tree(path)

    def _delete_tree(path: str) -> None:
        """Delete a key of the registry with everything below it."""
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
            count, _, _ = winreg.QueryInfoKey(key)
            children = [winreg.EnumKey(key, index) for index in range(count)]
        for child in children:
            _delete_tree(rf"{path}\{child}")
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, path)


if __name__ == "__main__":
    sys.exit(main())
