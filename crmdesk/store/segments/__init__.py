"""Segments: rules become conditions of SQL, customers are found by them."""
