"""The company's own plan of its data."""
