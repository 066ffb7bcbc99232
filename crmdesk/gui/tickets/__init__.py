"""Dialogs and pieces of tickets, for the customer page, the list of tickets and the pop."""
