"""`crmdesk pictures DIR`: every page, dialog and card as PNG, for review and the README."""

from __future__ import annotations

import argparse
from pathlib import Path


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk pictures --help`."""
    parser = argparse.ArgumentParser(
        prog="crmdesk pictures",
        description="Draw every page, dialog and card with demo data, light and dark, at 100 %"
        " and 150 %.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--only", default="", metavar="PART", help="only names with this part")
    options = parser.parse_args(argv)
    from crmdesk.gui.pictures.taking import take_all

    return take_all(options.folder.absolute(), options.only)
