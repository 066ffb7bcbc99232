"""A vault that forgets with the process."""

from __future__ import annotations


class MemoryVault:
    """Secrets by name.

    Attributes:
        kept: What is in it.
    """

    name = "a vault in memory"

    def __init__(self, **kept: str) -> None:
        self.kept = kept

    def get(self, ref: str) -> str | None:
        """A secret, None for none."""
        return self.kept.get(ref)

    def set(self, ref: str, value: str) -> None:
        """Keeps a secret."""
        self.kept[ref] = value

    def delete(self, ref: str) -> None:
        """Forgets a secret."""
        self.kept.pop(ref, None)
