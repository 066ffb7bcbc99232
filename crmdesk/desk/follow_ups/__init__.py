"""Promises and other things to do: how they are written and when they are due."""
