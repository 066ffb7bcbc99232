"""The list of customers shows a segment: chosen under a chip, opened with Enter, exported."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows

RULE = Group((Condition("role", Operator.IS, ("Beekeeper",)),))
BEES = Segment(uuid.uuid4(), "Beekeepers", RULE)
NOBODY = Segment(uuid.uuid4(), "Nobody", Group((Condition("role", Operator.IS, ("Nobody's",)),)))


def test_a_segment_is_listed_and_its_first_customer_opened(windows: Windows) -> None:  # noqa: F811
    desk = windows
    for name in ("Zoe Hive", "Ada Hive"):
        one = Customer(uuid.uuid4(), CustomerKind.PERSON, name, role="Beekeeper")
        desk.store.write(lambda w, one=one: w.save_customer(one)).result()
    page = desk.window.customers()
    desk.window.show_page("customers")
    assert page.finder.segments.isHidden()
    desk.store.write(lambda w: w.save_segments((BEES, NOBODY), "Ann")).result()
    page.finder.refresh()
    desk.wait(lambda: page.finder.segments.isVisible())
    page.finder.segments.choose(str(BEES.id))
    desk.wait(lambda: page.finder.model.rowCount() == 2)
    assert [page.finder.model.hit(n).name for n in range(2)] == ["Ada Hive", "Zoe Hive"]
    assert page.finder.scope().arguments == ("--segment=Beekeepers",)
    QTest.keyClick(page.finder.list, Qt.Key.Key_Down)
    QTest.keyClick(page.finder.list, Qt.Key.Key_Return)
    desk.wait(lambda: page.opened() is not None)
    page.finder.segments.choose(str(NOBODY.id))
    desk.wait(lambda: page.finder._stack.currentWidget() is page.finder.empty)
    assert page.finder.empty._title.text() == "Nobody belongs to “Nobody” now."
    page.finder.show_all()
    desk.wait(lambda: page.finder.model.rowCount() >= 2)
    assert page.finder.segments.present is None
