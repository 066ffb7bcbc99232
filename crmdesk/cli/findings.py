"""How `doctor` and `lines test` print what they found."""

from __future__ import annotations

from crmdesk.cli.output import print_json
from crmdesk.telephony.findings import Finding, FindingState

_MARKS = {
    FindingState.OK: "ok     ",
    FindingState.WARNING: "warning",
    FindingState.FAILED: "FAILED ",
    FindingState.UNKNOWN: "?      ",
}


def print_finding(finding: Finding, *, as_json: bool, about: str = "") -> None:
    """One finding: a line, and below it what to do; or one JSON object."""
    if as_json:
        about_it = {"line": about} if about else {}
        print_json(
            {
                **about_it,
                "check": finding.check,
                "state": finding.state,
                "message": finding.message,
                "remedy": finding.remedy,
            }
        )
        return
    print(f"  {_MARKS[finding.state]}  {finding.check}: {finding.message}")
    if finding.remedy:
        print(f"           -> {finding.remedy}")
