"""Typed, versioned settings in TOML; secrets only by reference to a vault."""
