"""Customers: profiles, search, new ones, changed ones, two that are one."""
