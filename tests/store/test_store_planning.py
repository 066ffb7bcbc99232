"""What the company decides about its data is read as one value."""

from __future__ import annotations

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import DEFAULTS, BlockPlace, PicklistKey, Picklists, Situation
from crmdesk.store.tables import layout_block, picklist_entry, required_field


def test_fresh_store_offers_the_programs_own_choices(store):
    plan = store.read(lambda r: r.company_plan()).result()
    assert dict(plan.picklists.lists) == dict(DEFAULTS)
    assert (plan.fields, plan.required, plan.blocks) == ((), {}, {})


def test_value_of_no_list_is_shown_as_it_is():
    lists = Picklists()
    assert lists.title(PicklistKey.SEGMENT, "Platinum") == "Platinum"
    assert lists.offered(PicklistKey.SEGMENT, "Platinum")[-1].key == "Platinum"
    assert "Platinum" not in {one.key for one in lists.offered(PicklistKey.SEGMENT)}


def _plan_something(writer):
    with writer.change(ChangeKind.PLAN, "Segments", "1001") as change:
        for place, (key, retired) in enumerate((("Platinum", False), ("Gold", True))):
            change.insert(
                picklist_entry,
                {
                    "list_key": "segment",
                    "key": key,
                    "title": key.upper(),
                    "position": place,
                    "is_retired": retired,
                },
            )
        change.insert(required_field, {"situation": "customer", "field": "segment"})
        change.insert(layout_block, {"place": "page", "block": "orders", "position": 1})
        change.insert(
            layout_block, {"place": "page", "block": "tickets", "position": 0, "is_shown": False}
        )
    writer.save_custom_fields(
        [
            CustomField("card", "Loyalty card", hint="on the back"),
            CustomField("old", "Old", CustomFieldKind.FLAG, is_retired=True),
        ]
    )
    return change.id


def test_plan_is_what_the_company_wrote_and_can_be_taken_back(store):
    change_id = store.write(_plan_something).result()
    plan = store.read(lambda r: r.company_plan()).result()
    assert [one.title for one in plan.picklists.offered(PicklistKey.SEGMENT)] == ["PLATINUM"]
    assert plan.picklists.title(PicklistKey.SEGMENT, "Gold") == "GOLD"
    assert plan.is_required(Situation.CUSTOMER, "segment")
    assert [(b.block, b.is_shown) for b in plan.blocks[BlockPlace.PAGE]] == [
        ("tickets", False),
        ("orders", True),
    ]
    assert [one.key for one in plan.offered_fields()] == ["card"]
    assert [one.hint for one in plan.fields] == ["on the back", ""]
    assert store.read(lambda r: [one.key for one in r.custom_fields()]).result() == ["card"]
    store.write(lambda w: w.undo_change(change_id, "1001")).result()
    again = store.read(lambda r: r.company_plan()).result()
    assert dict(again.picklists.lists) == dict(DEFAULTS)
    assert (again.required, again.blocks) == ({}, {})
