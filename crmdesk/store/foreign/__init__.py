"""Other programs' databases, only read."""
