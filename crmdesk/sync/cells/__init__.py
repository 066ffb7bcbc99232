"""Values out of the cells of a record."""
