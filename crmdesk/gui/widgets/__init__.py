"""The pieces windows are made of; the only way to show text that somebody else wrote."""
