"""The country this computer is set to."""

from __future__ import annotations

import sys

import pytest

from crmdesk.settings.system_region import system_region


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks the system, not variables")
@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"LANG": "de_DE.UTF-8"}, "DE"),
        ({"LANG": "de_AT@euro", "LC_TELEPHONE": "en_GB"}, "GB"),
        ({"LANG": "sr_Latn_RS"}, "RS"),
        ({"LANG": "de_DE", "LC_ALL": "C.UTF-8"}, ""),
        ({"LANG": "POSIX"}, ""),
        ({}, ""),
    ],
)
def test_locales(variables: dict[str, str], region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_TELEPHONE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_region() == region
