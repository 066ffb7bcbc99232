"""Keys: one list of them, the overlay that shows it, and how they are bound."""
