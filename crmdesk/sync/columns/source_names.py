"""Whose ids the ids of a file are, where no profile says it."""

from __future__ import annotations

from hashlib import blake2b

from crmdesk.domain.importing import SourceFacts, SourceKind
from crmdesk.sync.columns.names import folded_all

OWN_EXPORT = "crmdesk"

_OF_OWN_TABLES = frozenset({"Name", "Kind", "Customer number", "Added on", "Changed on", "Id"})
_OF_OWN_OBJECTS = frozenset({"id", "kind", "name", "customer_number", "added_at", "changed_at"})


def guessed_source_name(facts: SourceFacts) -> str:
    """The source that the columns of a file suggest.

    Ids are one program's own, and the columns tell it from others: "7" in the shop's export is
    not "7" in the address book's, whatever the files are called today. How many phones there
    are columns for changes from one export to the next, so numbered columns count once.
    """
    if facts.kind is SourceKind.VCARD:
        return facts.kind.value
    names = {column.name for column in facts.columns}
    if names >= _OF_OWN_TABLES or names >= _OF_OWN_OBJECTS:
        return OWN_EXPORT
    plain = "\n".join(sorted({folded_all(name) for name in names}))
    mark = blake2b(plain.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"{facts.kind.value}-{mark}"
