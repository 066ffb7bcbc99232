"""Pictures of every page, dialog and card, for review and for the README."""
