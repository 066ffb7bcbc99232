"""The number clinic: what is wrong with stored numbers, and the mending of it."""
