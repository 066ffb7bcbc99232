"""Callers who choose their name with care (threat model, rows 1 to 6)."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fakes.fake_pbx import FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"
RECORDING = DATA / "01-direct-answered.ami"
REAL_NAME = b"Jane Doe"

NAMES = {
    "html": '<img src="file:///etc/passwd"><h1 style="font-size:400pt">VERIFIED</h1>',
    "table": "<table><tr><td width=99999>x",
    "script": "<script>x</script>",
    "link": '<a href="file:///etc">Pay & go</a>',
    "right-to-left": "+49 30 \u202e4321\u2066 evil \u200f",
    "sql": "'); DROP TABLE call;-- \" OR 1=1",
    "percent": "%s %n {0.__class__} $(id) `id`",
    "controls": "a\x00b\x07c\x1b[31md",
    "long": "A" * 4000,
    "half": b"\xed\xa0\x80 J\xffrg".decode("utf-8", "surrogateescape"),
    "formula": "=cmd|'/c calc'!A1",
    "placeholder": "[*] &File %1",
}


_MOMENT = re.compile(rb"\b(1795\d{6})(?=\.\d+)")


def play_call_of(pbx: FakePbx, name: str, folder: Path, number: int) -> None:
    """The recording of a plain call whose caller has another name.

    Args:
        number: Makes it another call: channel ids hold the second the channel was made.
    """
    data = RECORDING.read_bytes().replace(REAL_NAME, name.encode("utf-8", "surrogateescape"))
    copy = folder / f"hostile-{number}.ami"
    copy.write_bytes(_MOMENT.sub(lambda found: b"%d" % (int(found[1]) + number), data))
    pbx.play(copy)
