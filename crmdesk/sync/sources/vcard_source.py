"""Address books of phones, mail programs and CardDAV servers: vCard 2.1, 3.0 and 4.0.

Option: `encoding`, for values that do not name theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.sync.sources import encodings, headers, vcard_columns
from crmdesk.sync.sources.limits import MIB, SourceError, too_large
from crmdesk.sync.sources.source import LOOKING, Options, Source, Watch, unwatched
from crmdesk.sync.sources.vcard_lines import Card, cards

FILE_BYTES = 1024 * MIB
"""One card is held at a time, and pictures are passed by: a million cards take no more memory."""

_SAMPLE_CARDS = 20


class VcardSource(Source):
    """A file of cards.

    It is read once to find its columns: which properties the cards have.

    Raises:
        SourceError: It is too large or has no card.
    """

    def __init__(self, path: Path, options: Options, watch: Watch = unwatched) -> None:
        super().__init__(path)
        if self.size > FILE_BYTES:
            raise too_large(self.size, FILE_BYTES)
        name = options.get("encoding", "").strip()
        wide = encodings.named(name, path) if name else encodings.marked(path)
        self._encoding = wide or encodings.Encoding(encodings.UTF8)
        self._named = self._encoding.name if name and self._encoding.width == 1 else ""
        self._look(watch)

    def _look(self, watch: Watch) -> None:
        seen: set[str] = set()
        counts: Counter[str] = Counter()
        samples: list[dict[str, str]] = []
        versions: Counter[str] = Counter()
        for card in self._cards():
            watch(self.position, self.size, LOOKING)
            counts["pictures"] += card.pictures
            if vcard_columns.is_group(card):
                counts["groups"] += 1
                continue
            counts["cards"] += 1
            values = vcard_columns.row(card)
            seen.update(values)
            versions.update(p.value[:8] for p in card.properties if p.name == "VERSION")
            if len(samples) < _SAMPLE_CARDS:
                samples.append(values)
        self._finish(seen, counts, samples, versions)

    def _finish(
        self,
        seen: set[str],
        counts: Counter[str],
        samples: list[dict[str, str]],
        versions: Counter[str],
    ) -> None:
        if not counts["cards"]:
            raise SourceError(
                "The file has no card of a person or company.",
                "There is nothing to import.",
                "Export the address book again as vCard (.vcf).",
            )
        self._titles = vcard_columns.ordered(seen)
        rows = [[values.get(title, "") for title in self._titles] for values in samples]
        details = {"encoding": self._named or self._encoding.name}
        if versions:
            details["version"] = ", ".join(version for version, _ in versions.most_common(3))
        self.facts = SourceFacts(
            SourceKind.VCARD,
            headers.columns(self._titles, rows),
            details,
            tuple(_notes(counts)),
            counts["cards"],
        )

    def _cards(self) -> Iterator[Card]:
        with self.path.open("rb") as file:
            file.seek(self._encoding.mark)
            for card in cards(file, self._encoding, self._named):
                self.position = file.tell()
                yield card

    def _records(self) -> Iterator[SourceRecord]:
        for card in self._cards():
            if vcard_columns.is_group(card):
                continue
            values = vcard_columns.row(card)
            yield SourceRecord(
                card.place,
                tuple(values.get(title, "") for title in self._titles),
                card.error,
                vcard_columns.uid(card),
            )


def _notes(counts: Counter[str]) -> Iterator[str]:
    if pictures := counts["pictures"]:
        yield f"{_counted(pictures, 'picture', 'pictures')} left out."
    if groups := counts["groups"]:
        yield f"{_counted(groups, 'list of other cards', 'lists of other cards')} left out."


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one} was" if count == 1 else f"{count:,} {many} were"
