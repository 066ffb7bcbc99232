"""Secrets go into a keyring that deserves the name, and nowhere else.

With a real daemon: gnome-keyring on a private bus. Rows 25, 27 and 28 of the threat model.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest

from crmdesk.settings import secrets
from crmdesk.settings.secrets import (
    WINDOWS_MAX_CHARS,
    KeyringError,
    KeyringVault,
    SecretTooLongError,
    open_system_keyring,
    search_keyring,
)

needs_daemon = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")),
    reason="needs gnome-keyring and dbus (apt install gnome-keyring dbus)",
)


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A session bus of our own; returns the folder the daemon lives in."""
    home = tmp_path / "home"
    (home / "run").mkdir(parents=True, mode=0o700)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    address = f"unix:path={home}/bus"
    config = home / "bus.conf"
    config.write_text(
        f"""<busconfig><type>session</type><listen>{address}</listen>
        <policy context="default"><allow send_destination="*" eavesdrop="true"/>
        <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
    )
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(home / "bus")
    yield home
    daemon.kill()
    daemon.wait()


@pytest.fixture
def daemon(bus: Path) -> Iterator[subprocess.Popen[bytes]]:
    """gnome-keyring, unlocked."""
    process = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(b"correct horse")
    process.stdin.close()
    _wait_for_service()
    yield process
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


def _wait_for(path: Path) -> None:
    for _ in range(500):
        if path.exists():
            return
        time.sleep(0.02)
    pytest.fail(f"{path.name} did not appear")


def _wait_for_service() -> None:
    import secretstorage

    for _ in range(500):
        connection = secretstorage.dbus_init()
        try:
            if secretstorage.check_service_availability(connection):
                return
        finally:
            connection.close()
        time.sleep(0.02)
    pytest.fail("the keyring daemon did not start")


@pytest.fixture
def library_leaks() -> Iterator[None]:
    """The keyring library drops its D-Bus connection unclosed when a question fails."""
    yield
    for thread in threading.enumerate():
        if thread.name == "crmdesk-keyring":
            thread.join(10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


# --- a real keyring -------------------------------------------------------------------------------


@needs_daemon
@pytest.mark.usefixtures("daemon")
def test_real_keyring_keeps_secrets() -> None:
    vault = open_system_keyring()
    assert vault is not None
    assert vault.name == "Secret Service"
    assert vault.get("line-main") is None
    vault.set("line-main", "s3cret ö \U0001f511")
    again = open_system_keyring()
    assert again is not None
    assert again.get("line-main") == "s3cret ö \U0001f511"
    vault.set("line-main", "changed")
    assert again.get("line-main") == "changed"
    vault.delete("line-main")
    vault.delete("line-main")
    assert again.get("line-main") is None


@needs_daemon
@pytest.mark.usefixtures("daemon")
def test_portable_folders_do_not_share_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vaults = []
    for name in ("one", "two", "one"):
        monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / name))
        vaults.append(open_system_keyring())
    one, two, one_again = vaults
    assert one
    assert two
    assert one_again
    one.set("store-key", "of one")
    assert two.get("store-key") is None
    assert one_again.get("store-key") == "of one"


@needs_daemon
@pytest.mark.usefixtures("library_leaks")
def test_hanging_keyring_does_not_hang_us(daemon: subprocess.Popen[bytes]) -> None:
    daemon.send_signal(signal.SIGSTOP)
    try:
        found = search_keyring(deadline_s=0.3)
    finally:
        daemon.send_signal(signal.SIGCONT)
    assert found.vault is None
    assert any("did not answer" in reason for reason in found.reasons)


@needs_daemon
@pytest.mark.usefixtures("library_leaks")
def test_keyring_that_dies_is_told_in_words(daemon: subprocess.Popen[bytes]) -> None:
    vault = open_system_keyring()
    assert vault is not None
    daemon.kill()
    daemon.wait()
    with pytest.raises(KeyringError) as caught:
        vault.get("line-main")
    assert "Secret Service" in caught.value.what


def test_no_keyring_is_none_with_reasons() -> None:
    found = search_keyring(deadline_s=5)
    if sys.platform != "linux":
        pytest.skip("the system has its own keyring")
    assert found.vault is None
    assert [reason.partition(":")[0] for reason in found.reasons] == [
        "Secret Service",
        "libsecret",
        "KWallet",
    ]


# --- hijacks --------------------------------------------------------------------------------------

HIJACK = """
from pathlib import Path
Path(__file__).with_suffix(".ran").write_text("")
from keyring.backend import KeyringBackend
class K(KeyringBackend):
    priority = 99
    def get_password(self, service, username): return None
    def set_password(self, service, username, password): pass
    def delete_password(self, service, username): pass
"""


@pytest.mark.parametrize("way", ["environment", "keyringrc", "entry point"])
def test_planted_backend_is_never_imported(tmp_path: Path, way: str) -> None:
    (tmp_path / "hijack.py").write_text(HIJACK)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    if way == "environment":
        environment["PYTHON_KEYRING_BACKEND"] = "hijack.K"
    elif way == "keyringrc":
        folder = tmp_path / "python_keyring"
        folder.mkdir()
        rc = f"[backend]\ndefault-keyring=hijack.K\nkeyring-path={tmp_path}\n"
        (folder / "keyringrc.cfg").write_text(rc)
    else:
        info = tmp_path / "hijack-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hijack\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[keyring.backends]\nhijack = hijack\n")
    repository = Path(secrets.__file__).parents[2]
    ours = "from crmdesk.settings.secrets import open_system_keyring as look; print(look())"
    theirs = "import keyring; keyring.get_keyring()"
    for code, is_imported in ((ours, False), (theirs, True)):
        result = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=repository,
            capture_output=True,
            text=True,
            check=True,
        )
        assert (tmp_path / "hijack.ran").exists() is is_imported, (code, result.stdout)


class _InClear(keyring.backend.KeyringBackend):
    """Like keyrings.alt: keeps what it is given, in clear."""

    priority = 0.5  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def test_only_the_allow_list_is_ever_made() -> None:
    """`_InClear` is registered with the library by being a class, and still never asked."""
    assert _InClear in keyring.backend.KeyringBackend._classes
    modules = {kind.module for kind in secrets.ALLOWED}
    assert modules == {
        f"keyring.backends.{name}"
        for name in ("macOS", "Windows", "SecretService", "libsecret", "kwallet")
    }


@pytest.mark.parametrize(
    "backend", [keyring.backends.null.Keyring(), keyring.backends.fail.Keyring(), _InClear()]
)
def test_backends_that_keep_nothing_fail_the_probe(backend: secrets.KeyringBackend) -> None:
    with pytest.raises(KeyringError):
        KeyringVault("test keyring", backend).probe()


def test_variables_cannot_change_a_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_GET_PASSWORD", "planted")
    kind = secrets.KeyringKind("test", "keyring.backends.null", "Keyring", ("",))
    monkeypatch.setattr(keyring.backends.null.Keyring, "priority", 1)
    assert callable(secrets._make_backend(kind).get_password)


# --- limits ---------------------------------------------------------------------------------------


class _Memory:
    """A keyring that works, and counts what reaches it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str, /) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        del self.kept[service, username]


def test_long_secrets_are_refused_before_windows_sees_them() -> None:
    backend = _Memory()
    vault = KeyringVault("Windows Credential Manager", backend, max_chars=WINDOWS_MAX_CHARS)
    vault.set("fits", "x" * 1280)
    with pytest.raises(SecretTooLongError, match="1,281 characters"):
        vault.set("too-long", "x" * 1281)
    assert [ref for _, ref in backend.kept] == ["fits"]


def test_probe_leaves_nothing_behind() -> None:
    backend = _Memory()
    KeyringVault("memory", backend).probe()
    assert backend.kept == {}


def test_secret_that_reads_back_otherwise_is_an_error() -> None:
    class Shortening(_Memory):
        def set_password(self, service: str, username: str, password: str, /) -> None:
            super().set_password(service, username, password[:16])

    with pytest.raises(KeyringError, match="did not keep"):
        KeyringVault("cut", Shortening()).set("line", "x" * 17)


def test_reasons_do_not_hold_the_secret() -> None:
    class Loud(_Memory):
        def set_password(self, service: str, username: str, password: str, /) -> None:
            raise OSError("disk full")

    with pytest.raises(KeyringError) as caught:
        KeyringVault("loud", Loud()).set("line", "s3cret-value")
    assert "s3cret-value" not in str(caught.value)
    assert "disk full" in str(caught.value)
