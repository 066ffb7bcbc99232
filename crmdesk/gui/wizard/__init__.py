"""The first start: a few calm steps until the phone rings on the screen."""
