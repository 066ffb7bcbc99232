"""Segments in the window: rules edited, counted in the background, listed."""
