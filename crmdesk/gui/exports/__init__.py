"""What a list shows, into a file: a small dialog, a program beside the window, a line after it."""
