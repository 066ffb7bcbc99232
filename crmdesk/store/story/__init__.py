"""The caller's story: what the pop and the head of the page show."""
