"""Follow-ups, promises, appointments and call-backs."""
