"""Segments: rules in words, counted and listed a stretch at a time."""
