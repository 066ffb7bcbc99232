"""The customer store: the only room with SQLAlchemy."""
