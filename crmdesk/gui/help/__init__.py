"""The help (F1): pages of `resources/help`, shown inside the program."""
