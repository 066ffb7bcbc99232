"""The real program as a process, and a home for it: settings, an encrypted store, a password."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from crmdesk.bootstrap.stores import open_demo
from crmdesk.settings import file
from crmdesk.settings.model import AgentSettings, LineSettings, PopSettings, Settings
from crmdesk.store import Store
from tests.fakes.fake_pbx import FakePbx

REPOSITORY = Path(__file__).resolve().parents[2]
WAIT_S = 60.0
"""How long a test waits for something that must happen; only failures reach it."""
SECRET_REF = "line-office"
SECRET = "s3cret-crmdesk"


def line_to(pbx: FakePbx, **facts: Any) -> LineSettings:
    """The line of a fake PBX."""
    values: dict[str, Any] = {
        "id": "office",
        "name": "Main office",
        "host": pbx.host,
        "port": pbx.port,
        "tls": pbx.ca_file is not None,
        "tls_ca": str(pbx.ca_file or ""),
        "username": "crmdesk",
        "secret_ref": SECRET_REF,
        "phone_system": "test-pbx",
        "region": "DE",
        "internal": ("1001-1199",),
        "names": {"1001": "Alice Adler", "1002": "Bob Brandt", "1003": "Carla Conrad"},
    }
    return LineSettings(**(values | facts))


def make_home(
    home: Path,
    *lines: LineSettings,
    secret: str = SECRET,
    extension: str = "",
    leave_after_s: float = 4.0,
    fill: Callable[[Store], object] | None = None,
) -> Path:
    """Settings, and a store that `fill` filled and that keeps the lines' password."""
    home.mkdir(mode=0o700, exist_ok=True)
    opened = open_demo(home / "crmdesk.db")
    try:
        opened.vault.set(SECRET_REF, secret)
        if fill is not None:
            fill(opened.store)
    finally:
        opened.store.close()
    write_settings(home, *lines, extension=extension, leave_after_s=leave_after_s)
    return home


def write_settings(
    home: Path, *lines: LineSettings, extension: str = "", leave_after_s: float = 4.0
) -> None:
    """Only the settings."""
    settings = Settings(
        agent=AgentSettings(name="Alice Adler", extension=extension),
        lines=lines,
        pop=PopSettings(leave_after_s=leave_after_s),
    )
    file.save(home / "settings.toml", settings)


class Program:
    """A process of ours whose output is read while it runs.

    Attributes:
        lines: What it wrote to standard output.
        errors: What it wrote to standard error.
    """

    def __init__(self, command: list[str], home: Path, **variables: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env={**kept, "CRMDESK_HOME": str(home), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.lines)),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors)),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds that changes with the output."""
        with self._news:
            if not self._news.wait_for(holds, WAIT_S):
                raise AssertionError(f"never came; so far:\n{self.text()}")

    def wait_for_error(self, *words: str) -> str:
        """Waits for a line on standard error that holds all the words."""
        self.wait_until(lambda: self.process.poll() is not None or bool(self._errors_with(words)))
        found = self._errors_with(words)
        assert found, f"no line with {words}; so far:\n{self.text()}"
        return found[0]

    def wait_for(self, event: str, count: int = 1, **facts: Any) -> dict[str, Any]:
        """Waits for the n-th JSON line of an event with these facts and returns it."""
        self.wait_until(lambda: len(self.events(event, **facts)) >= count)
        return self.events(event, **facts)[count - 1]

    def events(self, event: str, **facts: Any) -> list[dict[str, Any]]:
        """The whole JSON lines of an event so far."""
        values = [json.loads(line) for line in self.lines if line.endswith("\n")]
        wanted = {"event": event, **facts}
        return [v for v in values if all(v.get(k) == w for k, w in wanted.items())]

    def text(self) -> str:
        """All it said."""
        return "".join(["stdout:\n", *self.lines, "stderr:\n", *self.errors])

    def stop(self) -> int:
        """Ends it as a service would, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(WAIT_S)
        self._finish()
        return code

    def kill(self) -> None:
        """Ends it as a power cut would. Idempotent."""
        self.process.kill()
        self.process.wait(WAIT_S)
        self._finish()

    def wait(self) -> int:
        """Waits for its own end, and returns its exit code."""
        code = self.process.wait(WAIT_S)
        self._finish()
        return code

    def _errors_with(self, words: tuple[str, ...]) -> list[str]:
        return [line for line in self.errors if all(word in line for word in words)]

    def _finish(self) -> None:
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _read(self, stream: IO[str], kept: list[str]) -> None:
        for line in stream:
            with self._news:
                kept.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()


def crmdesk(home: Path, *arguments: str, **variables: str) -> Program:
    """Starts the real command; a warning of Python's is an error."""
    command = [sys.executable, "-W", "error", "-m", "crmdesk", *arguments]
    return Program(command, home, **variables)


def listen(home: Path, **variables: str) -> Program:
    """Starts `crmdesk listen --json`."""
    return crmdesk(home, "listen", "--json", **variables)
