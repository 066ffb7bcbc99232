"""Records of a source, read by a profile, on several cores."""
