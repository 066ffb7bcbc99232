"""Where the columns of a source go."""
