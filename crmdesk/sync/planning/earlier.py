"""What the records of a source so far have told: whom they mean, and by what they are known."""

from __future__ import annotations

import uuid

from crmdesk.domain.customers import CustomerKind
from crmdesk.store.fold import fold
from crmdesk.sync.planning import same_name
from crmdesk.sync.planning.seen import KeyTable, SeenCustomers, Trait
from crmdesk.sync.reading.drafts import Draft
from crmdesk.sync.reading.record_keys import (
    Prints,
    name_key,
    prints_of,
    same_name_text,
    spoken,
    texts_of,
    traits_of,
    with_name,
)


class EarlierRecords:
    """The customers of the records so far. Memory: about 100 bytes a customer.

    Attributes:
        seen: They, each with a number.
        tells_names: Whether somebody looks at who has the same name; it decides nothing.
    """

    def __init__(self) -> None:
        self._keys = KeyTable()
        self.seen = SeenCustomers()
        self.tells_names = True

    def remember(
        self,
        draft: Draft,
        customer_id: uuid.UUID,
        seen: int | None,
        *,
        name: str = "",
        is_new: bool = False,
        is_keyless: bool = False,
        prints: Prints = (),
    ) -> int:
        """Notes that a record means a customer.

        Args:
            draft: The record.
            customer_id: Whom it means.
            seen: Their number, None where no earlier record meant them.
            name: That the store has of them, "" for none.
            is_new: The source makes them.
            is_keyless: The record has nothing to be known by but its name.
            prints: Of the record, where whoever read it made them.

        Returns:
            Their number in `seen`.
        """
        said = spoken(draft)
        if seen is None:
            known = name if name and not same_name.is_fuller(said, name) else said
            seen = self.seen.add(
                customer_id, known, draft.place, Trait.NEW if is_new else Trait.NONE
            )
            if not is_new:  # the store does not tell of new ones
                self._keys.put(f"c{customer_id.hex}", seen)
        elif same_name.is_fuller(said, self.seen.name(seen)):
            self.seen.rename(seen, said)
        self.seen.learn(seen, traits_of(draft))
        name_print, *text_prints = prints or prints_of(draft)
        for place, one in enumerate(text_prints):
            if self._keys.put_print(one, seen) != seen:
                self._share(list(texts_of(draft))[place], seen, said)
        if is_keyless:
            self._keys.put(name_key(draft), seen)
        if self.tells_names:
            self._keys.put_print(name_print, seen)
        return seen

    def _share(self, text: str, seen: int, said: str) -> None:
        """Notes one more who has a key; the first one has the short entry."""
        self._keys.put(f"{seen}\0{text}", seen)
        self._keys.put(with_name(text, said), seen)
        self._keys.put(f"S\0{text}", seen)

    def know_nothing_of(self, prints: Prints) -> bool:
        """Whether no earlier record had anything that a record can be known by."""
        return not self._keys.has_any(prints[1:])

    def knows_neither(self, customer_id: uuid.UUID, prints: Prints) -> bool:
        """Whether no earlier record meant a customer, or had the id of a record."""
        is_id_new = bool(prints) and not self._keys.has_any(prints[1:2])
        return is_id_new and self.of_customer(customer_id) is None

    def holders(self, text: str, draft: Draft) -> tuple[int, ...]:
        """Who has a key: the first one, and of several the one with the name of a record."""
        first = self._keys.get(text)
        if first is None:
            return ()
        if not self.is_shared(text):
            return (first,)
        other = self._keys.get(with_name(text, spoken(draft)))
        return (first,) if other is None or other == first else (other, first)

    def is_shared(self, text: str) -> bool:
        """Whether several customers have a key."""
        return self._keys.get(f"S\0{text}") is not None

    def is_known(self, seen: int, text: str) -> bool:
        """Whether an earlier record of a customer had this key."""
        return self._keys.get(text) == seen or self._keys.get(f"{seen}\0{text}") is not None

    def of_customer(self, customer_id: uuid.UUID) -> int | None:
        """The number of a customer of the store, None where no record meant them."""
        return self._keys.get(f"c{customer_id.hex}")

    def by_name_alone(self, draft: Draft) -> int | None:
        """Of records with nothing but a name the first one that says the same."""
        return self._keys.get(name_key(draft))

    def namesake(self, name: str, prints: Prints = ()) -> int | None:
        """The first one of a name; `prints` of the record, where somebody made them."""
        if not self.tells_names:
            return None
        if prints:
            return self._keys.get_print(prints[0])
        return self._keys.get(same_name_text(name))

    # --- companies that people name ---------------------------------------------------------

    def company(self, name: str) -> uuid.UUID | None:
        """The company of an earlier record, by its name."""
        seen = self._keys.get(f"C{fold(name)}")
        return None if seen is None else self.seen.customer_id(seen)

    def name_company(self, name: str, seen: int) -> None:
        """Notes that a customer is the company of a name; the first one stays."""
        self._keys.put(f"C{fold(name)}", seen)

    def remember_company(
        self, name: str, customer_id: uuid.UUID, place: int, *, is_made: bool
    ) -> None:
        """Notes a company; one that is made of its name alone takes what its own record says."""
        seen = self.of_customer(customer_id)
        if seen is None:
            traits = Trait.COMPANY | (Trait.NEW if is_made else Trait.NONE)
            seen = self.seen.add(customer_id, name, place, traits)
            if is_made:
                self._keys.put(f"c{customer_id.hex}", seen)
                self._keys.put(f"B{fold(name)}", seen)
        self.name_company(name, seen)

    def bare_company(self, draft: Draft) -> int | None:
        """The company of which only the name is known so far, where this is its own record."""
        if draft.kind is not CustomerKind.COMPANY:
            return None
        seen = self._keys.get(f"B{fold(draft.name)}")
        return None if seen is None or self._keys.get(f"F{seen}") is not None else seen

    def fill(self, seen: int) -> None:
        """Notes that a company made of its name has met its own record."""
        self._keys.put(f"F{seen}", seen)
