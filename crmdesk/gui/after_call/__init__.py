"""What a customer lacks is asked after a call: a line that takes no focus, a small form by key."""
