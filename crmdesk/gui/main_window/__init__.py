"""The main window: rail, top bar, pages, status."""

from crmdesk.gui.main_window.window import MainWindow

__all__ = ["MainWindow"]
