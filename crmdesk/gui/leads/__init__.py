"""Dialogs and pieces of leads."""
