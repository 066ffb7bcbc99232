"""All roads to a store's key, and none of them leaves it in clear."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from crmdesk.store import StoreCorrupt, StoreKeyWrong, open_store
from crmdesk.store.keys import (
    DEMO_KEY,
    PassphraseNeeded,
    PassphraseTooShort,
    create_keys,
    has_keys,
    keep,
    key_file,
    needs_passphrase,
    recovery,
    renew_recovery,
    unlock,
    unlock_with_recovery,
)
from crmdesk.store.keys.passphrases import (
    CREDENTIAL,
    PassphraseFileUnsafe,
    find_credential,
    read_passphrase_file,
)
from crmdesk.store.keys.vault import StoreVault

PASSPHRASE = "four plain words here"


class FakeKeyring:
    """A keyring that works: it keeps what it is given."""

    def __init__(self, name: str = "Secret Service") -> None:
        self.name = name
        self.kept: dict[str, str] = {}

    def get(self, ref: str) -> str | None:
        return self.kept.get(ref)

    def set(self, ref: str, value: str) -> None:
        self.kept[ref] = value

    def delete(self, ref: str) -> None:
        self.kept.pop(ref, None)


class ForgetfulKeyring(FakeKeyring):
    """keyring.backends.null: takes everything, keeps nothing, says nothing."""

    def set(self, ref: str, value: str) -> None:
        pass


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


def _bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_keyring_road(store_file, keyring):
    key, _ = create_keys(store_file, vault=keyring)
    assert unlock(store_file, vault=keyring) == key
    assert key.proved
    assert not needs_passphrase(store_file)


def test_passphrase_road(store_file):
    key, _ = create_keys(store_file, passphrase=PASSPHRASE)
    assert needs_passphrase(store_file)
    assert unlock(store_file, passphrase=PASSPHRASE) == key
    with pytest.raises(StoreKeyWrong, match="passphrase is wrong"):
        unlock(store_file, passphrase=PASSPHRASE + "!")
    with pytest.raises(PassphraseNeeded):
        unlock(store_file)


def test_passphrase_does_not_depend_on_how_letters_are_composed(store_file):
    key, _ = create_keys(store_file, passphrase="Kätzchen-Straße")
    assert unlock(store_file, passphrase="Ka\u0308tzchen-Straße") == key


def test_recovery_road(store_file, keyring):
    key, text = create_keys(store_file, vault=keyring)
    assert unlock_with_recovery(store_file, text) == key
    assert unlock_with_recovery(store_file, f" {text.lower().replace('-', ' ')} ") == key


def test_new_passphrase_after_recovery(store_file, keyring):
    """The keyring was lost with the old computer."""
    key, text = create_keys(store_file, vault=keyring)
    with pytest.raises(StoreKeyWrong, match="which is not there"):
        unlock(store_file, vault=None)
    keep(store_file, unlock_with_recovery(store_file, text), passphrase=PASSPHRASE)
    assert unlock(store_file, passphrase=PASSPHRASE) == key
    assert unlock_with_recovery(store_file, text) == key


def test_changed_passphrase_replaces_the_old_one(store_file):
    key, _ = create_keys(store_file, passphrase=PASSPHRASE)
    keep(store_file, key, passphrase="another good one")
    assert unlock(store_file, passphrase="another good one") == key
    with pytest.raises(StoreKeyWrong):
        unlock(store_file, passphrase=PASSPHRASE)


def test_from_passphrase_to_keyring(store_file, keyring):
    key, _ = create_keys(store_file, passphrase=PASSPHRASE)
    keep(store_file, key, vault=keyring)
    assert unlock(store_file, vault=keyring) == key


def test_swapped_keyring_says_where_the_key_was(store_file, keyring):
    create_keys(store_file, vault=keyring)
    with pytest.raises(StoreKeyWrong, match=r"KWallet does not have.*kept in Secret Service"):
        unlock(store_file, vault=FakeKeyring("KWallet"))


def test_keyring_that_keeps_nothing_is_found_out(store_file):
    with pytest.raises(StoreKeyWrong):
        create_keys(store_file, vault=ForgetfulKeyring())
    assert not has_keys(store_file)


def test_keyring_with_another_key_is_found_out(store_file, keyring):
    create_keys(store_file, vault=keyring)
    keyring.kept = dict.fromkeys(keyring.kept, "00" * 32)
    with pytest.raises(StoreKeyWrong):
        unlock(store_file, vault=keyring)


def test_nothing_to_keep_the_key_in(store_file):
    with pytest.raises(PassphraseNeeded):
        create_keys(store_file)
    assert not has_keys(store_file)


def test_short_passphrase_is_refused(store_file):
    with pytest.raises(PassphraseTooShort):
        create_keys(store_file, passphrase="short")


def test_keys_of_a_store_are_never_overwritten(store_file, keyring):
    create_keys(store_file, vault=keyring)
    with pytest.raises(FileExistsError):
        create_keys(store_file, vault=keyring)


def test_missing_file_is_named(store_file):
    with pytest.raises(StoreKeyWrong, match=r"crmdesk\.keys\.json"):
        unlock(store_file, passphrase=PASSPHRASE)


def test_no_secret_lies_in_clear(store_file):
    key, text = create_keys(store_file, passphrase=PASSPHRASE)
    open_store(store_file, key.raw).close()
    everything = _bytes_on_disk(store_file.parent)
    for secret in (key.raw, key.raw.hex().encode(), PASSPHRASE.encode(), text.encode()):
        assert secret not in everything
    assert key.raw.hex() not in repr(key)
    assert repr(key.raw) not in repr(key)


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")
def test_key_file_is_private(store_file):
    create_keys(store_file, passphrase=PASSPHRASE)
    assert stat.S_IMODE(key_file.path_beside(store_file).stat().st_mode) == 0o600


def test_damaged_key_file_is_told_apart(store_file):
    create_keys(store_file, passphrase=PASSPHRASE)
    path = key_file.path_beside(store_file)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoreCorrupt):
        unlock(store_file, passphrase=PASSPHRASE)


def test_unbearable_cost_is_refused(store_file):
    create_keys(store_file, passphrase=PASSPHRASE)
    path = key_file.path_beside(store_file)
    path.write_text(path.read_text().replace("65536", "999999999"))
    with pytest.raises(StoreCorrupt):
        unlock(store_file, passphrase=PASSPHRASE)


def test_wrapped_keys_of_two_stores_cannot_be_mixed(tmp_path):
    files = []
    for name in ("one", "two"):
        create_keys(tmp_path / f"{name}.db", passphrase=PASSPHRASE)
        files.append(key_file.load(tmp_path / f"{name}.keys.json"))
    with pytest.raises(key_file.WrongSecret):
        key_file.unwrap_with_passphrase(files[0].passphrase, PASSPHRASE, files[1].store_id)


# --- recovery key ---------------------------------------------------------------------------------


def test_recovery_key_is_seven_groups_of_five():
    text = recovery.to_text(bytes(20))
    assert [len(group) for group in text.split("-")] == [5] * 7
    assert recovery.from_text(text) == bytes(20)


def test_every_single_slip_of_the_pen_is_noticed():
    secret = bytes(range(20))
    text = recovery.to_text(secret)
    for place, char in enumerate(text):
        if char == "-":
            continue
        slip = text[:place] + ("Z" if char != "Z" else "Y") + text[place + 1 :]
        with pytest.raises(recovery.RecoveryKeyMistyped):
            recovery.from_text(slip)


@pytest.mark.parametrize("text", ["", "ABCDE", "U" * 35, "É" * 35, "0" * 36])
def test_what_is_no_recovery_key(text):
    with pytest.raises(recovery.RecoveryKeyMistyped):
        recovery.from_text(text)


def test_letters_that_look_like_digits_are_read_as_digits():
    text = recovery.to_text(bytes(20))
    assert recovery.from_text(text.replace("0", "O")) == bytes(20)


def test_recovery_key_errors_tell_slip_from_stranger(tmp_path):
    create_keys(tmp_path / "one.db", passphrase=PASSPHRASE)
    _, other = create_keys(tmp_path / "two.db", passphrase=PASSPHRASE)
    with pytest.raises(StoreKeyWrong, match="typing error"):
        unlock_with_recovery(tmp_path / "one.db", "ABCDE")
    with pytest.raises(StoreKeyWrong, match="another store"):
        unlock_with_recovery(tmp_path / "one.db", other)


# --- unattended -----------------------------------------------------------------------------------


@pytest.fixture
def passphrase_file(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


def test_private_passphrase_file_is_read(passphrase_file):
    assert read_passphrase_file(passphrase_file) == PASSPHRASE


posix_only = pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700])
def test_passphrase_file_others_could_read_is_refused(passphrase_file, mode):
    passphrase_file.chmod(mode)
    with pytest.raises(PassphraseFileUnsafe, match=f"{mode:04o}"):
        read_passphrase_file(passphrase_file)


@posix_only
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to give away"
)
def test_passphrase_file_of_another_user_is_refused(passphrase_file):
    os.chown(passphrase_file, 65534, -1)
    with pytest.raises(PassphraseFileUnsafe, match="another user"):
        read_passphrase_file(passphrase_file)


@posix_only
def test_link_to_a_passphrase_file_is_refused(passphrase_file, tmp_path):
    (tmp_path / "link").symlink_to(passphrase_file)
    with pytest.raises(PassphraseFileUnsafe):
        read_passphrase_file(tmp_path / "link")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_passphrase_file_without_one_is_refused(passphrase_file, content):
    passphrase_file.write_bytes(content)
    with pytest.raises(PassphraseFileUnsafe):
        read_passphrase_file(passphrase_file)


def test_missing_passphrase_file(tmp_path):
    with pytest.raises(PassphraseFileUnsafe, match="cannot be opened"):
        read_passphrase_file(tmp_path / "none")


def test_systemd_credential(tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert find_credential() is None
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert find_credential() is None
    (tmp_path / CREDENTIAL).write_text(PASSPHRASE)
    assert find_credential() == PASSPHRASE


# --- secrets in the store -------------------------------------------------------------------------


def test_vault_in_the_store(store):
    vault = StoreVault(store)
    assert vault.get("line-1") is None
    vault.set("line-1", "s3cret")
    vault.set("line-1", "s3cret-2")
    vault.set("line-2", "other")
    assert (vault.get("line-1"), vault.get("line-2")) == ("s3cret-2", "other")
    vault.delete("line-1")
    vault.delete("line-1")
    assert vault.get("line-1") is None


def test_demo_key_is_fixed():
    assert len(DEMO_KEY) == 32


def test_new_recovery_key_makes_the_old_one_void(store_file, keyring):
    key, old = create_keys(store_file, vault=keyring)
    new = renew_recovery(store_file, key)
    assert new != old
    assert unlock_with_recovery(store_file, new) == key
    with pytest.raises(StoreKeyWrong, match="another store"):
        unlock_with_recovery(store_file, old)
    assert unlock(store_file, vault=keyring) == key
    assert recovery.from_text(new) not in _bytes_on_disk(store_file.parent)


def test_new_recovery_key_needs_the_key_of_the_store(store_file, keyring, tmp_path):
    _, old = create_keys(store_file, vault=keyring)
    other, _ = create_keys(tmp_path / "other.db", vault=keyring)
    with pytest.raises(StoreKeyWrong):
        renew_recovery(store_file, other)
    assert unlock_with_recovery(store_file, old).proved
