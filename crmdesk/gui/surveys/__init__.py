"""Surveys: asked at the end of a call, answered by key."""
