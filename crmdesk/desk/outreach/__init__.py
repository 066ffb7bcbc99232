"""Messages to customers: templates, mail, and the outbox that sends them once."""
