"""Numbers and the match ladder. Pure: no I/O, no clock."""
