"""What there is to ask after a call is said by a line that takes no focus: missing fields, a survey."""
