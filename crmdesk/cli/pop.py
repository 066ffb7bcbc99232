"""`crmdesk pop`: what a softphone starts when it rings.

Hands the number to the running desk and ends; where none runs, leaves it for one and
starts that. Standard library only and no argparse: the phone is ringing.
"""

from __future__ import annotations

import os
import sys

from crmdesk.cli.display import has_display
from crmdesk.desk.handover.client import hand_over, leave
from crmdesk.domain.errors import UserFacingError

HELP = """\
Usage: crmdesk pop NUMBER [--name NAME] [--called NUMBER] [--event ring|answer|end]
       crmdesk tel:NUMBER | callto:NUMBER | crmdesk:show?n=NUMBER | crmdesk:dial?n=NUMBER

Shows the caller on the desk that runs, or starts one. NUMBER may be in any form, a SIP
address too, and its blanks need no quotes; "" or "anonymous" is a withheld number. A URL
with dial only opens a dialog.
"""

_OPTIONS = {"--name": "name", "--called": "called", "--event": "event"}
_EVENTS = ("ring", "answer", "end")
_ROOM = {"number": 1536, "name": 1536, "called": 512, "event": 64}
"""Bytes of the request for each; together less than one may have."""
_HIDDEN = ("%00", "%0a", "%0d")
_UNREADABLE_SHOWN = 40


class BadArgumentsError(ValueError):
    """The arguments are not those of the command."""


def run(argv: list[str]) -> int:
    """Runs the command; 0 handed over or started, 1 not possible, 2 wrong arguments."""
    if argv[:1] in (["--help"], ["-h"]):
        print(HELP, end="")
        return 0
    try:
        request = read_arguments(argv)
    except ValueError as error:
        print(f"crmdesk pop: {error}", file=sys.stderr)
        print("See crmdesk pop --help.", file=sys.stderr)
        return 2
    return deliver(request)


def read_arguments(argv: list[str]) -> dict[str, str]:
    """The request that the arguments make; all of them are hostile.

    The values are the caller's. None of them is a reason to refuse, or a caller could keep
    the pop away with a name: they are cleaned and cut.

    Raises:
        BadArgumentsError: Unknown options, or no number.
        BadUrlError: The number is a URL of ours, and a wrong one.
    """
    fields: dict[str, str] = {}
    parts: list[str] = []
    rest = list(argv)
    while rest:
        argument = rest.pop(0)
        name, equals, value = argument.partition("=")
        if argument == "--":
            if any(part.startswith("-") for part in rest[1:]):
                raise BadArgumentsError("only a number or URL may follow --.")
            parts += rest
            break
        if name in _OPTIONS:
            if not equals and not rest:
                raise BadArgumentsError(f"{name} needs a value.")
            _set_once(fields, _OPTIONS[name], value if equals else rest.pop(0))
        elif argument.startswith("-") and argument != "-":
            raise BadArgumentsError(f"there is no option {name[:32]!r}.")
        else:
            parts.append(argument)
    if parts:  # softphones pass the blanks of a number on without quotes
        fields["number"] = " ".join(parts)
    return _request(fields)


def deliver(request: dict[str, str]) -> int:
    """Hands a request to the running desk, or starts one that finds it."""
    try:
        if hand_over(request):
            return 0
        if not has_display():
            print(
                "No CRMDesk is running, and there is no display to start one on.",
                "Start `crmdesk listen`, or CRMDesk on a desktop.",
                file=sys.stderr,
            )
            return 1
        leave(request)
        _start_desk()
    except UserFacingError as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"CRMDesk could not be reached: {error}.", file=sys.stderr)
        return 1
    return 0


def _set_once(fields: dict[str, str], name: str, value: str) -> None:
    if name in fields:
        raise BadArgumentsError(f"{name} is given twice.")
    fields[name] = value


def _request(fields: dict[str, str]) -> dict[str, str]:
    if "number" not in fields:
        raise BadArgumentsError('no number. A withheld one is "" or anonymous.')
    if fields["number"].lower().startswith("crmdesk:"):
        from crmdesk.cli.urls import parse_url

        return parse_url(fields["number"])
    if fields.get("event", "ring") not in _EVENTS:
        raise BadArgumentsError("--event is ring, answer or end.")
    values = {name: _cut(_cleaned(value), _ROOM[name]) for name, value in fields.items()}
    return {"verb": "pop", **values, "number": _number(fields["number"])}


def _number(text: str) -> str:
    """The number; one that is too long or hides controls becomes text that matches nobody."""
    cleaned = _cleaned(text)
    hides = _has_controls(text) or any(escape in text.lower() for escape in _HIDDEN)
    if not hides and _cut(cleaned, _ROOM["number"]) == cleaned:
        return cleaned
    shown = "".join(char for char in cleaned[: _ROOM["number"]] if char.isalnum())
    return f"unreadable {shown[:_UNREADABLE_SHOWN]}"


def _has_controls(text: str) -> bool:
    return any(ord(char) < ord(" ") or "\x7f" <= char <= "\x9f" for char in text)


def _cleaned(text: str) -> str:
    """Without controls and the half characters that undecodable argument bytes become."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    if not _has_controls(whole):
        return whole
    return " ".join("".join(" " if _has_controls(char) else char for char in whole).split())


def _cut(text: str, room: int) -> str:
    """As much of a text as has room in the request, where other than ASCII takes 6 or 12."""
    for place, char in enumerate(text):
        room -= 12 if char > "\uffff" else 1 if " " <= char <= "~" and char not in '"\\' else 6
        if room < 0:
            return text[:place]
    return text


def _start_desk() -> None:
    import subprocess

    from crmdesk.settings.own_program import own_command, own_environment, starting_folder

    detached = {"creationflags": 0x8 | 0x200} if os.name == "nt" else {"start_new_session": True}
    subprocess.Popen(  # noqa: S603  our own program with fixed arguments
        own_command("gui"),
        cwd=starting_folder(),
        env=own_environment(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        **detached,
    )
