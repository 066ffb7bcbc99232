"""What became of each event of the phone lines."""
