"""What customers allow, and messages to them."""
