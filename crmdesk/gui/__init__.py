"""All of Qt, and nothing else has Qt."""
