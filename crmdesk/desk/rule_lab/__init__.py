"""What other rules would have found in the calls of the past."""
