"""Which encoding a text file is in.

A byte order mark or UTF-8 settles it. Else each candidate is judged by the languages it would
make of the file: in the right encoding every letter beyond ASCII belongs to the alphabet of one
language ("Dvořák", "Müller"); in a wrong one they belong to several or to none ("Dvoøák",
"MŸller").
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from crmdesk.sync.sources.byte_lines import whole_lines
from crmdesk.sync.sources.limits import BLOCK_BYTES, KIB, SourceError

UTF8 = "utf-8"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}

_WIDE_NAMES = {*_WIDE, "utf-16", "utf-32", "utf-8-sig"}
_ASCII = "Ab1;,\r\n"
_NO_TEXT = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"}

_LEGACY = (
    "cp1252", "cp1250", "mac_roman", "cp850", "cp852", "cp1255", "cp1251", "cp1253", "cp1254",
    "cp1257", "koi8_r", "cp866", "cp1256", "cp874", "cp932", "euc_jp", "cp949", "gb18030", "big5",
)  # fmt: skip
"""In the order of how often they are met, which decides between equals."""

_SAMPLE_BYTES = 128 * KIB
"""Of lines beyond ASCII that are judged."""

_ALPHABETS = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "äöüßẞéèáàóâôçñ",  # German, with the guests of its address books
        "àâæçéèêëîïôœùûüÿ",
        "áéíóúüñçàèòï",  # Spanish, Catalan
        "àèéìíòóùúâêôãõçü",  # Italian, Portuguese
        "åäöæøéüáàè",  # Scandinavian
        "áðéíóúýþæö",
        "ëéïóöüèêáç",
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýžľĺŕôä",
        "áéíóöőúüű",
        "čćžšđ",
        "ăâîșțşţ",
        "çğıöşüâîû" + "İ",
        "ąčęėįšųūž",
        "āčēģīķļņšūž",
        "äöõüšž",
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώςϊϋ",
        "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةپچژگ",
    )
)
_NEUTRAL = frozenset("–—„“”‘’‚…•·€£§°©®™«»´½²º\u00a0")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to read a text file.

    Attributes:
        name: Python's name of it.
        mark: Bytes to pass by at the beginning.
        stray_lines: Lines that are not in it, where counted.
    """

    name: str
    mark: int = 0
    stray_lines: int = 0

    @property
    def width(self) -> int:
        """Bytes of a line feed."""
        return _WIDE.get(self.name, 1)


def detect(path: Path) -> Encoding:
    """Looks at the whole file, a block at a time.

    All of it, because the first letter beyond ASCII may come late, and a wrong guess spoils
    every name after it.
    """
    with path.open("rb") as file:
        from_head = _wide_or_marked(file.read(4 * KIB))
        if from_head:
            return from_head
        file.seek(0)
        census = _Census()
        for raw, _ in whole_lines(iter(lambda: file.read(BLOCK_BYTES), b"")):
            census.count(raw)
    return census.verdict()


def named(name: str, path: Path) -> Encoding:
    """The encoding a person chose; a byte order mark of it is passed by.

    Raises:
        SourceError: There is none of that name.
    """
    canonical = _canonical(name)
    if not canonical:
        raise SourceError(
            f'There is no encoding "{name[:40]}" for text files.',
            "The file was not read.",
            "Use a name such as utf-8, cp1252, cp1250, mac_roman or utf-16.",
        )
    found = marked(path)
    if found and canonical.replace("_", "-") in (found.name, found.name[:6], "utf-8-sig"):
        return found
    if canonical in ("utf-16", "utf-32"):
        return Encoding(f"{canonical}-le")
    return Encoding("utf-8" if canonical == "utf-8-sig" else canonical)


def marked(path: Path) -> Encoding | None:
    """What the first bytes say, None where they do not."""
    with path.open("rb") as file:
        return _wide_or_marked(file.read(4 * KIB))


def _canonical(name: str) -> str:
    """Python's name of an encoding; "" where it is none, or one in which ASCII is not ASCII."""
    try:
        canonical = codecs.lookup(name).name
        is_plain = _ASCII.encode(canonical) == _ASCII.encode("ascii")
    except (LookupError, ValueError):
        return ""
    is_readable = canonical in _WIDE_NAMES or is_plain
    return canonical if is_readable and canonical not in _NO_TEXT else ""


def _wide_or_marked(head: bytes) -> Encoding | None:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if len(head) >= 4 and odd > 0.7 * half and even < 0.1 * half:
        return Encoding("utf-16-le")
    if len(head) >= 4 and even > 0.7 * half and odd < 0.1 * half:
        return Encoding("utf-16-be")
    return None


class _Census:
    """Counts what is UTF-8 beyond ASCII and what is not, and keeps the first lines that are not."""

    def __init__(self) -> None:
        self._good = 0
        self._strays: list[bytes] = []
        self._stray_bytes = 0
        self._stray_lines = 0

    def count(self, raw: bytes) -> None:
        if raw.isascii():
            return
        try:
            self._good += len(raw) - len(raw.decode(UTF8))
        except UnicodeDecodeError:
            if raw.count(b"\n") + raw.count(b"\r") > 1:
                for line in raw.splitlines():
                    self.count(line)
            else:
                self._keep(raw)

    def _keep(self, line: bytes) -> None:
        self._stray_lines += 1
        if self._stray_bytes < _SAMPLE_BYTES:
            self._strays.append(line[:KIB])
            self._stray_bytes += len(self._strays[-1])

    def verdict(self) -> Encoding:
        """UTF-8 unless more is not."""
        if self._stray_lines <= self._good:
            return Encoding(UTF8, stray_lines=self._stray_lines)
        return Encoding(legacy(b"\n".join(self._strays)))


def legacy(sample: bytes) -> str:
    """The encoding of bytes that are not UTF-8."""
    scores = {name: _plausible(sample, name) for name in _LEGACY}
    return max(scores, key=lambda name: scores[name])


def _plausible(sample: bytes, name: str) -> float:
    """Which part of the characters beyond ASCII one language explains, 0 to 1."""
    text = f" {sample.decode(name, 'replace')} "
    fitting: list[str] = []
    count = 0
    for before, char, after in zip(text, text[1:], text[2:], strict=False):
        if char < "\x80" or (char in _NEUTRAL and not (before.isalpha() and after.isalpha())):
            continue
        count += 1
        if _fits_between(before, char, after):
            fitting.append(char)
    if not count:
        return 0.9
    best = max(sum(char in alphabet for char in fitting) for alphabet in _ALPHABETS)
    return max(best, _east_asian(fitting, name)) / count


def _fits_between(before: str, char: str, after: str) -> bool:
    """Nobody writes "JŸrgen", "Stra§e" or "Gьlay": a capital, sign or script within a word."""
    if char in _NEUTRAL or (char.isupper() and before.islower()):
        return False
    if char.islower() and before.isupper() and after.isupper():  # "JôRG"
        return False
    if "\u0370" <= char <= "\u052f":  # Greek and Cyrillic
        return not any("A" <= other <= "z" and other.isalpha() for other in (before, after))
    return True


_THAI = ("\u0e01", "\u0e5b")
_KANA = ("\u3040", "\u30ff")
_COMMON_KOREAN = range(0xB0, 0xC9)
"""First bytes of the 2,350 syllables of KS X 1001."""

_COMMON_GB = range(0xB0, 0xD8)
"""First bytes of the 3,755 ideographs that GB 2312 calls common."""

_COMMON_BIG5 = range(0xA4, 0xC7)
"""First bytes of the 5,401 that Big5 does."""


def _east_asian(beyond: list[str], name: str) -> float:
    """Kana, Hangul, common ideographs and Thai; less than certain, since any two bytes make one.

    Korean read as Chinese is common ideographs too, so it goes first; Chinese read as Korean is
    Hangul in two characters of three.
    """
    if name == "cp949":
        return 0.85 * _common(beyond, "euc_kr", _COMMON_KOREAN)
    if name in ("cp932", "euc_jp"):
        kana = sum(_KANA[0] <= char <= _KANA[1] for char in beyond)
        return 0.82 * sum(_KANA[0] <= char <= "\u9fff" for char in beyond) if kana else 0
    if name == "cp874":
        return 0.75 * sum(_THAI[0] <= char <= _THAI[1] for char in beyond)
    if name == "gb18030":
        return 0.8 * _common(beyond, "gb2312", _COMMON_GB)
    return 0.8 * _common(beyond, "big5", _COMMON_BIG5) if name == "big5" else 0


def _common(chars: list[str], name: str, first_bytes: range) -> int:
    encoded = (char.encode(name, "ignore") for char in chars)
    return sum(raw[:1] != b"" and raw[0] in first_bytes for raw in encoded)
