"""The simulator's part of the doctor: there is nothing that could fail."""

from __future__ import annotations

from crmdesk.settings.model import LineSettings
from crmdesk.telephony.findings import Finding, FindingState


async def probe(_line: LineSettings, _secret: str) -> list[Finding]:
    """One finding: it works."""
    return [Finding("Phone system", FindingState.OK, "Simulated calls need no connection.")]
