"""One change of the settings after the other, where some of them fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from crmdesk.bootstrap.core import Core
from crmdesk.desk.runtime import Runtime
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineState
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.choices import with_pop, with_theme
from crmdesk.gui.settings.line_dialog import LineDialog
from crmdesk.gui.settings.lines import LinesSection
from crmdesk.settings import file, paths
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.store import keys, open_store
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx
from tests.fakes.memory_vault import MemoryVault
from tests.gui.desk_windows import end
from tests.gui.first_start import PBX_PASSWORD, Wait, home, runtime, themed, wait

__all__ = ["home", "runtime", "themed", "wait"]

LINE = LineSettings(id="office", name="Office", enabled=False, secret_ref="line-office")


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(**{"line-office": "old"})


@pytest.fixture
def book(home: Path, runtime: Runtime, themed: None, vault: MemoryVault) -> Iterator[SettingsBook]:
    settings = Settings(lines=(LINE,))
    file.save(paths.settings_file(), settings)
    with open_store(home / "test.db", keys.DEMO_KEY) as store:
        made = SettingsBook(Core(settings, store, vault), runtime)
        yield made
        made.deleteLater()


def named(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, agent=AgentSettings(name="Alice Adler"))


def test_failed_change_takes_the_next_one_not_along(book: SettingsBook, wait: Wait) -> None:
    go_on = threading.Event()

    def fail() -> None:
        go_on.wait(10)
        raise UserFacingError("The keyring is locked.", "", "")

    told: list[UserFacingError] = []
    book.failed.connect(told.append)
    book.change(named, before=fail)
    book.change(lambda settings: with_theme(settings, "dark"))
    go_on.set()
    wait(lambda: not book.is_saving)
    assert [error.what for error in told] == ["The keyring is locked."]
    for settings in (book.settings, book.core.settings, file.load(paths.settings_file())):
        assert settings.agent.name == ""
        assert settings.look.theme == "dark"
    book.change(lambda settings: with_pop(settings, leave_after_s=30.0))
    wait(lambda: not book.is_saving)
    assert book.core.settings == book.settings
    assert book.settings.look.theme == "dark"


def test_password_stays_where_its_line_cannot_be_removed(
    book: SettingsBook, vault: MemoryVault, wait: Wait
) -> None:
    good = paths.settings_file().read_text()
    paths.settings_file().write_text("this is not TOML")
    book.remove_line("office")
    wait(lambda: not book.is_saving)
    assert book.settings.line("office") == LINE
    assert vault.kept == {"line-office": "old"}
    paths.settings_file().write_text(good)
    book.remove_line("office")
    wait(lambda: not book.is_saving)
    assert book.settings.line("office") is None
    assert vault.kept == {}


@pytest.fixture
def pbx(tmp_path: Path) -> Iterator[FakePbx]:
    with FakePbx(tls=CertificateAuthority(tmp_path)) as made:
        yield made


def line_of(pbx: FakePbx) -> LineSettings:
    return msgspec.structs.replace(
        LINE, host=pbx.host, port=pbx.port, tls_ca=str(pbx.ca_file), username="crmdesk",
        enabled=True,
    )  # fmt: skip


def test_corrected_password_connects_the_line_again(
    book: SettingsBook, vault: MemoryVault, runtime: Runtime, pbx: FakePbx, wait: Wait
) -> None:
    running = runtime.submit(book.core.run())
    book.put_line(line_of(pbx))
    wait(lambda: _state(book) is LineState.REFUSED)
    section = LinesSection(book)
    assert not section.again.isHidden()
    book.put_line(line_of(pbx), before=lambda: vault.set("line-office", PBX_PASSWORD))
    wait(lambda: _state(book) in {LineState.READY, LineState.DEGRADED})
    section.refresh()
    assert section.again.isHidden()
    running.cancel()
    wait(running.done)
    end(section)


def test_connect_again_asks_the_phone_system_once_more(
    book: SettingsBook, vault: MemoryVault, runtime: Runtime, pbx: FakePbx, wait: Wait
) -> None:
    running = runtime.submit(book.core.run())
    book.put_line(line_of(pbx))
    wait(lambda: _state(book) is LineState.REFUSED)
    section = LinesSection(book)
    vault.set("line-office", PBX_PASSWORD)
    section.again.click()
    wait(lambda: _state(book) in {LineState.READY, LineState.DEGRADED})
    running.cancel()
    wait(running.done)
    end(section)


def test_session_of_a_test_ends_with_its_window(
    book: SettingsBook, vault: MemoryVault, runtime: Runtime, pbx: FakePbx, wait: Wait
) -> None:
    vault.set("line-office", PBX_PASSWORD)
    dialog = LineDialog(None, runtime, book.settings, line_of(pbx), vault)
    dialog.show()
    dialog.run_test()
    wait(dialog.test.ring.isVisible)
    wait(lambda: pbx.logins > 1)
    wait(lambda: bool(pbx._sessions))
    end(dialog)  # destroyed with the settings window, without `reject`
    wait(lambda: not pbx._sessions)


def test_line_that_cannot_be_listened_to_says_why(
    book: SettingsBook, runtime: Runtime, wait: Wait
) -> None:
    dialog = LineDialog(None, runtime, book.settings, None, None)
    told: list[str] = []
    dialog.test._live.health_changed.connect(lambda health: told.append(health.message))

    def locked() -> str:
        raise UserFacingError("The keyring is locked.", "No password.", "Unlock it.")

    dialog.test._live.listen(LINE, locked, "1001")
    wait(lambda: told == ["The keyring is locked. No password."])
    end(dialog)


def _state(book: SettingsBook) -> LineState | None:
    health = book.core.health.get("office")
    return health.state if health is not None else None
