"""What the store knows of some records, as planning needs it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from crmdesk.domain.importing import Known
from crmdesk.store.importing.lookups import FOUND_OF_ONE
from crmdesk.sync.planning.merging import Present
from crmdesk.sync.reading.record_keys import all_texts


@dataclass(frozen=True, slots=True)
class StoreAnswers:
    """What the store knows of the keys of some records.

    Attributes:
        by_key: `Key.text` to customers.
        by_name: Folded name to customers.
        companies: Folded name to the company of that name.
        present: The customers that are compared, whole.
        own: External id to the customer of this store whose own id it is: a file that was
            exported here. Who was merged into another is that other one.
        merged: Those of them that were.
        unchanged: Records that say nothing new of a customer, who is not in the others.
    """

    by_key: Mapping[str, Sequence[uuid.UUID]] = field(default_factory=dict)
    by_name: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    companies: Mapping[str, uuid.UUID] = field(default_factory=dict)
    present: Mapping[uuid.UUID, Present] = field(default_factory=dict)
    own: Mapping[str, uuid.UUID] = field(default_factory=dict)
    merged: Set[str] = frozenset()
    unchanged: Mapping[tuple[int, str], uuid.UUID] = field(default_factory=dict)

    def with_key(self, text: str, name: str) -> Iterator[uuid.UUID]:
        """Customers with a key; of a crowd that shares it those of a name as well."""
        found = self.by_key.get(text, ())
        yield from found
        if len(found) >= FOUND_OF_ONE:
            for known in self.by_name.get(name, ()):
                one = self.present.get(known.customer_id)
                if one and text in all_texts(one.customer):
                    yield known.customer_id
