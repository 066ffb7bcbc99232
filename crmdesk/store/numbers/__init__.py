"""Whose a number is, was, or is not; numbers that are ignored; the clinic's pages."""
