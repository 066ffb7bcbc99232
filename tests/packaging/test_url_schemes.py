"""The files that make `crmdesk:`, `tel:` and `callto:` links pop a card."""

from __future__ import annotations

import configparser
import importlib.util
import os
import plistlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCHEMES = {"crmdesk", "tel", "callto"}


@pytest.fixture
def script(repository: Path) -> Path:
    """installer/url_schemes.py."""
    return repository / "installer" / "url_schemes.py"


@pytest.fixture
def url_schemes(script: Path) -> ModuleType:
    """The module installer/url_schemes.py."""
    spec = importlib.util.spec_from_file_location("url_schemes", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _entry(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser["Desktop Entry"]


def _as_launched(line: str, url: str) -> list[str]:
    """Read an Exec line as the specification says: string escapes, quotes, field codes."""
    line = line.replace("\\\\", "\\")
    parts = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', line)
    words = [re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, plain in parts]
    return [word.replace("%u", url).replace("%%", "%") for word in words]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop files are for Linux")
@pytest.mark.parametrize("folder", ["plain", "with blank", 'odd "$name` 100%'])
def test_linux_registers_and_removes(script: Path, tmp_path: Path, folder: str) -> None:
    program = tmp_path / folder / "crmdesk"
    program.parent.mkdir()
    heard = tmp_path / "heard"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{heard}"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    environment |= {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    command = [sys.executable, str(script)]

    subprocess.run([*command, "add", "--program", str(program)], check=True, env=environment)
    registered = tmp_path / "data" / "applications" / "crmdesk-url.desktop"
    entry = _entry(registered)
    assert {f"x-scheme-handler/{s}" for s in SCHEMES} == set(entry["MimeType"].split(";")) - {""}
    subprocess.run(_as_launched(entry["Exec"], "tel:+493023125100"), check=True)
    assert heard.read_text(encoding="utf-8").splitlines() == ["--", "tel:+493023125100"]

    subprocess.run([*command, "remove", "--program", str(program)], check=True, env=environment)
    assert not list(registered.parent.glob("crmdesk*"))


def test_windows_offers_each_scheme(url_schemes: ModuleType) -> None:
    keys = url_schemes.windows_keys(r"C:\Program Files\CRMDesk\crmdesk-gui.exe")
    capabilities = keys[r"Software\RegisteredApplications"]["CRMDesk"]
    offered = keys[rf"{capabilities}\UrlAssociations"]
    assert set(offered) == SCHEMES
    for handler in set(offered.values()):
        command = keys[rf"Software\Classes\{handler}\shell\open\command"][""]
        assert command == r'"C:\Program Files\CRMDesk\crmdesk-gui.exe" -- "%1"'
    assert "URL Protocol" in keys[r"Software\Classes\crmdesk"]


def test_macos_bundle_declares_each_scheme(repository: Path) -> None:
    declared = plistlib.loads((repository / "resources" / "url-schemes.plist").read_bytes())
    (kind,) = declared["CFBundleURLTypes"]
    assert set(kind["CFBundleURLSchemes"]) == SCHEMES


def test_a_link_is_never_read_as_an_option(repository: Path) -> None:
    entry = _entry(repository / "resources" / "crmdesk-url.desktop")
    assert entry["Exec"] == "crmdesk -- %u"
