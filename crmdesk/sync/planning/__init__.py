"""What becomes of each record, and why."""
