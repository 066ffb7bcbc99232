"""Everything that happened with a customer."""
