"""Pictures of two customers that become one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerHit, CustomerKind, CustomerStatus, Email, PhoneNumber
from crmdesk.gui.merge.dialog import MergeDialog
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture

_SIZE = (640, 640)
_PAUSE_MS = 600


@picture("merge", size=_SIZE, pause_ms=_PAUSE_MS)
def merge() -> QWidget:
    """The other one is chosen; where they differ is asked."""
    return _chosen()


@picture("merge-moving", size=_SIZE, pause_ms=_PAUSE_MS)
def moving() -> QWidget:
    """A long history is on its way."""
    made = _chosen()
    made.show_begun(60_000)
    made.show_moved(12_500)
    return made


def _chosen() -> MergeDialog:
    window = demo_window()
    keep = demo_values.STORY.customer
    other = replace(
        keep,
        id=demo_values.LONG_STORY.customer.id,
        name="Doe, Jane (Hansen)",
        segment="Silver",
        role="head of purchasing",
        account_id="10417",
        status=CustomerStatus.DORMANT,
        numbers=(PhoneNumber("0171 3920 101", "+491713920101", "mobile"),),
        emails=(Email("j.doe@example.org"),),
    )
    dialog = MergeDialog(window, window.context, keep)
    dialog.show_found(
        (
            CustomerHit(other.id, CustomerKind.PERSON, other.name, "Hansen Logistics", "Silver",
                        "+491713920101"),
        ),
        other,
    )  # fmt: skip
    return dialog
