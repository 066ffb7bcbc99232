"""What to ask after a call, said by a line that takes no focus: missing fields, a survey."""
