"""`crmdesk gui`, and plain `crmdesk`: opens the desk, or brings the one that runs to the front."""

from __future__ import annotations

import argparse
import os
import sys

from crmdesk.cli.display import has_display
from crmdesk.cli.opening import add_store_options
from crmdesk.settings.own_program import drop_foreign_code


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk gui --help`."""
    options = _parser().parse_args(argv)
    if _handed_over():
        return 0
    if not has_display():
        print(
            "There is no display to open a window on.",
            "Log in to a desktop, or use crmdesk listen, which needs none.",
            file=sys.stderr,
        )
        return 1
    drop_foreign_code(os.environ)  # before Qt looks for its plug-ins
    from crmdesk.bootstrap import log_file
    from crmdesk.gui.startup import start_desk

    with log_file.kept():
        return start_desk(options.store, options.passphrase_file)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk gui",
        description="Open the desk. Where it is open already, it comes to the front.",
    )
    add_store_options(parser)
    return parser


def _handed_over() -> bool:
    """Whether a desk that runs came to the front."""
    from crmdesk.desk.handover.client import hand_over

    try:
        return hand_over({"verb": "front"})
    except (OSError, ValueError) as error:
        print(f"The running CRMDesk could not be reached: {error}.", file=sys.stderr)
        return False
