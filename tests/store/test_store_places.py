"""Where a store may be, and what is said of all other places."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.store import keys, open_store
from crmdesk.store.places import StorePasswordInPlace, StorePlaceUnknown, file_of


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("/srv/crm/customers.db", "/srv/crm/customers.db"),
        ("customers.db", "customers.db"),
        ("sqlite:////srv/crm/customers.db", "/srv/crm/customers.db"),
        ("sqlite:///C:/crm/customers.db", "C:/crm/customers.db"),
        ("sqlite:////srv/my%20customers.db", "/srv/my customers.db"),
        ("file:///srv/crm/customers.db", "/srv/crm/customers.db"),
    ],
)
def test_places_of_a_file(place: str, file: str) -> None:
    assert file_of(place) == Path(file)


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://team.example/crm",
        "mysql+nothing://team.example",
        "sqlite://",
        "sqlite:///",
        "sqlite:////srv/crm.db?mode=ro",
        "file://server/share/crm.db",
        "://",
        "http://[broken",
    ],
)
def test_other_kinds_are_refused_in_words(place: str) -> None:
    with pytest.raises(StorePlaceUnknown, match="not supported yet"):
        open_store(place, keys.DEMO_KEY)


def test_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StorePasswordInPlace) as raised:
        open_store("postgresql://anna:s3cret@team.example/crm", None)
    error = raised.value
    assert "password" in error.what
    assert "s3cret" not in f"{error!r} {error.what} {error.meaning} {error.remedy}"
    assert "plain text" in error.meaning


def test_address_opens_the_same_encrypted_file(tmp_path: Path) -> None:
    file = tmp_path / "customers.db"
    with open_store(f"sqlite:///{file.as_posix()}", keys.DEMO_KEY) as store:
        assert store.health().place == str(file)
        assert store.health().encrypted
    assert not file.read_bytes().startswith(b"SQLite format")
