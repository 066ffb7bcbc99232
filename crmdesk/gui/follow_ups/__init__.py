"""Dialogs and pieces of follow-ups, for the customer page, the page of what is due and the pop."""
