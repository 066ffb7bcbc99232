"""Tickets: their clocks, what was said and done, and the service levels they are held to."""
