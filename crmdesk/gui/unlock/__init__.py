"""Passphrase and recovery key: dialogs in front of a protected store."""
