"""Asterisk Manager Interface (AMI)."""
