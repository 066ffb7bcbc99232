"""The pages of the main window; each folder here with a `PAGE` is one."""
