"""Set up CRMDesk from a fresh checkout and run it, test it or take its pictures.

    python3 installer/dev.py run             the program on demo data, with simulated calls
    python3 installer/dev.py test [ARGS]     all tests; ARGS go to pytest
    python3 installer/dev.py pictures DIR    every page, dialog and card as PNG

Needs nothing but Python. This file must also parse on an old one, to say so in plain words; the
work is in the modules beside it.
"""

import os
import shutil
import subprocess
import sys

SUPPORTED = ("3.14", "3.13", "3.12", "3.11")


def main():  # noqa: ANN201 - old Pythons parse this too
    """Hand over to the commands, on a Python that can run them."""
    if ".".join(map(str, sys.version_info[:2])) in SUPPORTED:
        from commands import run_command

        return run_command(sys.argv[1:])
    for version in SUPPORTED:
        other = shutil.which("python" + version)
        if other and subprocess.call([other, "-c", ""], stderr=subprocess.PIPE) == 0:
            command = [other, os.path.abspath(__file__)]
            command.extend(sys.argv[1:])
            return subprocess.call(command)
    return (
        "CRMDesk needs Python 3.11 to 3.14; this is "
        + sys.version.split()[0]
        + " and no other was found.\nInstall one of them (on Debian and Ubuntu: python3, "
        + "on Windows and macOS: from python.org)\nand run this command with it."
    )


if __name__ == "__main__":
    sys.exit(main())
