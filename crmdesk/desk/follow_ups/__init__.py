"""Promises and other things to do: how they are written, when they are due and come again."""
