"""The command line: light imports, no Qt until the GUI is asked for."""

from __future__ import annotations

import importlib
import keyword
import sys

COMMANDS = {
    "gui": "open the desk (the default)",
    "demo": "make a store of invented people; --show opens the desk on it",
    "pop": "show a caller: for softphones that can start a program",
    "calls": "list calls",
    "tickets": "list tickets, what is due first on top",
    "segments": "list saved segments, count one or list its customers",
    "ledger": "list what became of each event of the phone lines, and why no card",
    "match": "say who a number is, and why",
    "export": "write customers, calls, orders... into a file: csv, xlsx, vcard, jsonl",
    "import": "bring customers, orders... in from a file, or take an import back",
    "sync": "bring customers in from an address book, a directory or a database",
    "numbers": "find wrong phone numbers of customers and put them right",
    "changes": "list what was changed, and take a step of it back",
    "rules": "show, try and save the rules by which callers are found",
    "lines": "add, list, test and remove phone lines",
    "listen": "follow the phone lines without windows",
    "doctor": "check everything and say what to do",
    "replay": "feed a recording through the program",
    "pictures": "draw every page and card into a folder",
}
"""Each is a module of this package with `run(argv) -> int`, imported when it is asked for.

A word of Python itself has its module with a "_" behind: "import" is `import_`.
"""

_INNER = {"read-records": "read_records"}
"""What the program starts by itself and nobody types."""

_URLS = ("crmdesk:", "tel:", "callto:")


def main(argv: list[str] | None = None) -> int:
    """Runs a command and returns the exit code: 0 done, 1 not possible, 2 wrong arguments."""
    return _written(_dispatch(list(sys.argv[1:] if argv is None else argv)))


def _dispatch(arguments: list[str]) -> int:
    if not arguments:
        return _run("gui", [])
    first, *rest = arguments
    if first in COMMANDS:
        return _run(first, rest)
    if first in _INNER:
        return _run(_INNER[first], rest)
    if first in {"-h", "--help", "help"}:
        print(_help(), end="")
        return 0
    if first in {"-V", "--version"}:
        from crmdesk import __version__

        print(f"crmdesk {__version__}")
        return 0
    url = rest[0] if first == "--" and len(rest) == 1 else first
    if url.lower().startswith(_URLS) and (url is not first or not rest):
        return _open_url(url)
    return _unknown(first)


def _run(command: str, argv: list[str]) -> int:
    name = f"{command}_" if keyword.iskeyword(command) else command
    module = importlib.import_module(f"crmdesk.cli.{name}")
    try:
        return int(module.run(argv))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `crmdesk calls | head`: the reader has seen enough
        sys.stdout = None
        return 0
    except Exception as error:
        from crmdesk.domain.errors import UserFacingError

        if not isinstance(error, UserFacingError):
            raise
        print(error, file=sys.stderr)
        return 1


def _written(code: int) -> int:
    """Brings what was printed to where it goes; at the end of Python an error is not caught."""
    try:
        if sys.stdout is not None:  # a windowed program has none
            sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = None
    except OSError as error:
        sys.stdout = None
        if not code:
            print(f"crmdesk: the output cannot be written: {error.strerror}", file=sys.stderr)
            return 1
    return code


def _open_url(url: str) -> int:
    from crmdesk.cli.pop import deliver
    from crmdesk.cli.urls import BadUrlError, parse_url

    try:
        request = parse_url(url)
    except BadUrlError as error:
        print(f"crmdesk: {error}", file=sys.stderr)
        return 2
    return deliver(request)


def _help() -> str:
    commands = "".join(f"  {name:<10}{what}\n" for name, what in COMMANDS.items())
    return (
        "Usage: crmdesk [COMMAND] [OPTIONS]\n\n"
        f"{commands}\n"
        "crmdesk COMMAND --help tells more. crmdesk tel:NUMBER opens the dialling dialog.\n"
        "CRMDESK_HOME moves settings, store and socket to another folder.\n"
    )


def _unknown(word: str) -> int:
    import difflib

    shown = "".join(char if char.isprintable() else "?" for char in word[:40])
    near = difflib.get_close_matches(word[:40], COMMANDS, n=1)
    hint = f" Did you mean `crmdesk {near[0]}`?" if near else ""
    print(f"crmdesk: there is no command {shown!r}.{hint}", file=sys.stderr)
    print("crmdesk --help lists the commands.", file=sys.stderr)
    return 2
