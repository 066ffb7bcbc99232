"""Whatever a filter shows, all of it, in pages."""
