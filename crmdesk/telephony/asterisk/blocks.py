"""One AMI block to one `Message`.

Two lanes with one meaning: nearly every block is plain printable ASCII and is read with a
few whole-text operations (4 times as fast); anything else is read line by line and cleaned.
The tests hold the lanes to each other.
"""

from __future__ import annotations

import string

from crmdesk.domain.text import EXTERNAL_TEXT_LIMIT, sanitise_external
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.names import clean_name

MAX_LINE = 4096
"""Bytes; Asterisk's own names end at 79, its application data at about 2,000."""
MAX_LINES = 256
"""Lines in one message; the longest real one (ListCommands) has about 180."""

_KINDS = {"Event": MessageKind.EVENT, "Response": MessageKind.RESPONSE}
_NAME_ENDINGS = ("CallerIDName", "ConnectedLineName")
# These two print the name as it is (app_queue.c and manager.c of Asterisk).
_EVENTS_WITHOUT_ESCAPES = frozenset({"QueueEntry", "OriginateResponse"})
# What sanitising would leave alone, character by character; a backslash may be an escape.
_PLAIN = "".join(char for char in string.printable if char.isprintable() and char != "\\").encode(
    "ascii"
)


def parse_block(block: bytes) -> Message | None:
    """Makes a message of one block (without its empty line).

    Returns:
        None where the block is over a limit or tries to be two messages.
    """
    if b"\r\nevent:" in block.lower():
        return None
    line_count = block.count(b"\r\n") + 1
    if line_count > MAX_LINES:
        return None
    plain = _plain_columns(block, line_count)
    if plain is not None:
        return _message(*plain)
    lines = block.split(b"\r\n")
    if max(map(len, lines)) > MAX_LINE:
        return None
    pairs = [_pair(line.decode("utf-8", "replace")) for line in lines]
    return _cleaned(_message([key for key, _ in pairs], [value for _, value in pairs]))


def _plain_columns(block: bytes, line_count: int) -> tuple[list[str], list[str]] | None:
    """Keys and values of a block that needs no cleaning; None where it may need some."""
    controls = block.translate(None, _PLAIN)
    if len(controls) != 2 * line_count - 2 or b"  " in block or b"\\" in controls:
        return None
    parts = block.decode("ascii").replace("\r\n", ": \n").split(": ")
    values = parts[1::2]
    joined = "|".join(values)
    # Each line gave exactly one key and one value only if every mark of a line's start
    # stands before a key.
    if len(parts) != 2 * line_count or not joined.isprintable():
        return None
    if " |" in joined or "| " in joined or joined != joined.strip():
        return None
    if len(joined) > EXTERNAL_TEXT_LIMIT and max(map(len, values)) > EXTERNAL_TEXT_LIMIT:
        return None
    return "".join(parts[::2]).split("\n"), values


def _pair(line: str) -> tuple[str, str]:
    key, found, value = line.partition(": ")
    if found:
        return key, value
    return (key[:-1], "") if key.endswith(":") else (key, "")


def _message(keys: list[str], values: list[str]) -> Message:
    """Sorts columns into a message; where a key repeats the first one stands."""
    first_key, first_value = keys[0], values[0]
    keys.reverse()
    values.reverse()
    fields = dict(zip(keys, values, strict=True))
    kind = _KINDS.get(first_key, MessageKind.UNKNOWN)
    variables = _take_variables("ChanVariable", fields, keys, values)
    dest_variables = _take_variables("DestChanVariable", fields, keys, values)
    kind = _KINDS.get(first_key, MessageKind.UNKNOWN)
    name = first_key if kind is MessageKind.UNKNOWN else first_value
    return Message(kind, name, fields, variables, dest_variables)


def _take_variables(
    wanted: str, fields: dict[str, str], keys: list[str], values: list[str]
) -> dict[str, str]:
    """Moves a repeated `name=value` key out of `fields`; columns come last line first."""
    found: dict[str, str] = {}
    if fields.pop(wanted, None) is None:
        return found
    row = -1
    for _ in range(keys.count(wanted)):
        row = keys.index(wanted, row + 1)
        name, _, found[name] = values[row].partition("=")
    return found


def _cleaned(message: Message) -> Message:
    """The message with names unescaped and every value safe to keep and to show."""
    escaped = message.name not in _EVENTS_WITHOUT_ESCAPES
    fields = {
        key: clean_name(value)
        if escaped and key.endswith(_NAME_ENDINGS)
        else sanitise_external(value, MAX_LINE)
        for key, value in message.fields.items()
    }
    return Message(
        message.kind,
        sanitise_external(message.name),
        fields,
        _clean_values(message.variables),
        _clean_values(message.dest_variables),
    )


def _clean_values(variables: dict[str, str]) -> dict[str, str]:
    return {name: sanitise_external(value, MAX_LINE) for name, value in variables.items()}
