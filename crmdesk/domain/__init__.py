"""Frozen values and pure rules: calls, customers, matches, pops.

Nothing here does I/O, reads a clock or imports anything above it. These are the only
objects that cross threads.
"""
