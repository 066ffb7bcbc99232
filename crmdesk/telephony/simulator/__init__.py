"""A phone system that is not there: scripted calls for demo, training and tests."""
