"""Customers and calls as files that other programs read."""
