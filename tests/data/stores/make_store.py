"""Makes the file of a version that is about to be released.

    python tests/data/stores/make_store.py

Eight invented customers and 24 calls, and a row in every table. Once released, a file is
never made again: it is what people have on their disks.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.importing import CustomField, CustomFieldKind, ExternalRef, NewCustomer
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome
from crmdesk.store import Store, Writer, open_store
from crmdesk.store.demo import make_demo
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.schema import HEAD
from crmdesk.store.tables import customer

FOLDER = Path(__file__).parent


def main() -> None:
    """Makes the newest version's file where there is none yet."""
    file = FOLDER / f"{HEAD}.db"
    if file.exists():
        raise SystemExit(f"{file.name} is there already")
    with open_store(file, DEMO_KEY) as store:
        make_demo(store, 8, calls=24)
        store.write(_add_the_rest).result()
        _import_somebody(store)
    (FOLDER / f"{file.name}.change").unlink(missing_ok=True)


def _add_the_rest(writer: Writer) -> None:
    first, second = (hit.id for hit in writer.customers(limit=2).customers)
    known = writer.customer(first)
    number = known.numbers[0].e164 if known else None
    if number is None:
        raise SystemExit("the first customer has no number")
    today = datetime.now(UTC)
    writer.end_ownership(number, first, today.date().replace(year=today.year - 1, day=1), "1001")
    writer.assign_number(number, number, second, None, "home", "1001", since=today.date())
    writer.choose_owner(number, second, None, "1001", remember=True)
    rule = IgnoreRule(uuid.uuid4(), IgnoreKind.PATTERN, "+4420794609?8", "Robot calls")
    undone = writer.ignore(rule, "1002")
    writer.undo_change(undone.id, "1002")
    with writer.change(ChangeKind.NUMBER_FIX, "Segments set", "1001") as change:
        change.update(customer, second, {"segment": "Gold", "owner": "Jonas Weber"})
    writer.set_secret("line/demo", "not a secret")
    line = LedgerLine(today, "demo", "phone_rang", LedgerOutcome.NO_MATCH, extension="1001")
    writer.add_ledger([line])


def _import_somebody(store: Store) -> None:
    """Two that are one, from elsewhere, and what the company keeps of them."""
    field = CustomField("card", "Loyalty card", CustomFieldKind.CHOICE, ("Silver", "Gold"))
    with ImportBatch(store, "Import of shop.csv", "1001") as batch:
        for place in range(2):
            one = Customer(
                batch.new_key(),
                CustomerKind.PERSON,
                "Nia New",
                numbers=(PhoneNumber("030 23125 201", "+493023125201", "work"),),
                emails=(Email("Nia@Example.com"),),
            )
            refs = (ExternalRef("shop", str(4711 + place)),)
            batch.create([NewCustomer(one, refs, {"card": "Gold"}, ("From the shop.",))])
    merged = store.read(lambda r: r.known_by_ref("shop", ["4711", "4712"])).result()
    keep, other = (merged[ref][0].customer_id for ref in ("4711", "4712"))
    store.write(lambda w: w.merge_customers(keep, other, "1001")).result()
    store.write(lambda w: w.save_custom_fields([field])).result()
    store.write(lambda w: w.keep_sync_state("shop", '{"token": "1"}')).result()


if __name__ == "__main__":
    main()
