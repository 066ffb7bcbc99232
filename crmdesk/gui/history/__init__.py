"""The history of a customer: who changed what, from what, and setting it back."""
