"""The search over everything (Ctrl+K): customers, numbers, commands."""
