"""The use cases: call tracking, screen pop, directory. No Qt, no SQL."""
