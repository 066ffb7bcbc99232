"""Customers in another program's database, only read."""
