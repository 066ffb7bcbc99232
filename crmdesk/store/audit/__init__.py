"""The history of each customer, and edits that nobody else's are lost to."""
