"""Another program with a text field; prints as JSON what is typed into it."""

from __future__ import annotations

import json
import sys

from PySide6.QtWidgets import QApplication, QLineEdit


class Field(QLineEdit):
    """A field that is a window."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Order entry")
        self.resize(600, 60)
        self.textChanged.connect(self.tell)

    def tell(self, text: str) -> None:
        """Prints the whole text."""
        print(json.dumps({"event": "text", "window": int(self.winId()), "text": text}), flush=True)

    def focusInEvent(self, event) -> None:  # noqa: N802
        """The keyboard came."""
        super().focusInEvent(event)
        self.tell(self.text())

    def focusOutEvent(self, event) -> None:  # noqa: N802
        """The keyboard went."""
        super().focusOutEvent(event)
        print(json.dumps({"event": "focus lost"}), flush=True)


app = QApplication(["other"])
field = Field()
field.show()
sys.exit(app.exec())
