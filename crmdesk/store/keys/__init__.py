"""The key of the store, where it is kept, and the secrets that are kept in the store."""

from crmdesk.store.keys.finding import (
    DEMO_KEY,
    MIN_PASSPHRASE,
    PassphraseNeeded,
    PassphraseTooShort,
    StoreKey,
    create_keys,
    discard,
    has_keys,
    keep,
    needs_passphrase,
    renew_recovery,
    unlock,
    unlock_with_recovery,
)

__all__ = [
    "DEMO_KEY",
    "MIN_PASSPHRASE",
    "PassphraseNeeded",
    "PassphraseTooShort",
    "StoreKey",
    "create_keys",
    "discard",
    "has_keys",
    "keep",
    "needs_passphrase",
    "renew_recovery",
    "unlock",
    "unlock_with_recovery",
]
