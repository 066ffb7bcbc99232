"""Consents, templates and the outbox."""
