"""The composition root: settings -> open store -> wired core.

Used by the windows, the command line and the tests; nothing is wired anywhere else.
"""
