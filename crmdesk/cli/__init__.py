"""The command line: light imports, no Qt until the GUI is asked for."""
