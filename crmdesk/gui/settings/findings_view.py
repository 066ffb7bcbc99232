"""Findings of a test as a list: an icon, a word, a sentence and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import label
from crmdesk.telephony.findings import Finding, FindingState

_LOOKS: Final = {
    FindingState.OK: ("check-circle", "good", "good", "works"),
    FindingState.WARNING: ("warning", "warn", "warn", "could be better"),
    FindingState.FAILED: ("error", "bad", "bad", "does not work"),
    FindingState.UNKNOWN: ("help", "muted", "neutral", "not known yet"),
}
"""Icon, its tone, tone of the chip, word."""


class FindingRow(QWidget):
    """One finding, read out as one sentence."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        icon, tone, chip_tone, word = _LOOKS[finding.state]
        spoken = (finding.check, word, finding.message, finding.remedy)
        self.setAccessibleName(". ".join(part.rstrip(".") for part in spoken if part) + ".")
        head = row(label(finding.check, "strong"), chip(word, chip_tone), 1, spacing=Space.S)
        texts = column(head, spacing=Space.HAIR)
        texts.addWidget(label(finding.message, "body", "text", wrap=True, selectable=True))
        if finding.remedy:
            texts.addWidget(label(finding.remedy, "body", "muted", wrap=True, selectable=True))
        items = row(spacing=Space.S)
        items.addWidget(icon_label(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        items.addLayout(texts, 1)
        self.setLayout(items)


class FindingsView(QWidget):
    """All findings, in the order they were made."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What the test found")
        self._findings: tuple[Finding, ...] = ()
        self._rows = column(spacing=Space.M)
        self.setLayout(self._rows)

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Shows what a test found; nothing clears the list."""
        clear(self._rows)
        self._findings = tuple(findings)
        for finding in self._findings:
            self._rows.addWidget(FindingRow(finding))

    def update_findings(self, newer: Iterable[Finding]) -> None:
        """Shows what calls have taught since, in the rows that wait for it."""
        by_check = {finding.check: finding for finding in newer}
        findings = tuple(by_check.get(known.check, known) for known in self._findings)
        if findings != self._findings:
            self.show_findings(findings)

    def texts(self) -> list[str]:
        """What is shown, one sentence each."""
        return [row.accessibleName() for row in self.findChildren(FindingRow)]


def failed(findings: Iterable[Finding]) -> bool:
    """Whether the line cannot be used."""
    return any(finding.state is FindingState.FAILED for finding in findings)
