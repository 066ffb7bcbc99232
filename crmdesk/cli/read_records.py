"""What an import starts beside itself to read records; see `sync.reading_worker`."""

from __future__ import annotations

import argparse
import signal
import sys

from crmdesk.cli import child


def run(argv: list[str]) -> int:
    """Reads records from standard input until it ends; nobody types this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the import, which ends this
    parser = argparse.ArgumentParser(prog="crmdesk read-records")
    child.add_options(parser)
    child.settle_in(parser.parse_args(argv))
    given = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  as long as the program
    out = open(1, "wb", buffering=0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stderr
    from crmdesk.sync.reading.worker import serve

    try:
        serve(given, out)
    except OSError:  # nobody reads the answers any more
        return 0
    return 0
