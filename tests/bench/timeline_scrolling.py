"""A timeline scrolled from its top to its end, and what each page costs the thread of the window.

`python -m tests.bench.timeline_scrolling STORE CUSTOMER PAGES` prints JSON: milliseconds that
adding and painting each page took, without the reading, which is another thread's.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from functools import partial
from pathlib import Path


def scroll(store_file: str, customer: str, pages: int) -> None:
    """Scrolls and tells."""
    from PySide6.QtWidgets import QApplication

    from crmdesk.gui.models.names import Names
    from crmdesk.gui.pages.customers.reading import read_timeline
    from crmdesk.gui.pages.customers.timeline import TimelineView
    from crmdesk.gui.theme.theme import Theme
    from crmdesk.gui.widgets.times import utc_now
    from crmdesk.settings.model import Settings
    from crmdesk.store import open_store
    from crmdesk.store.keys import DEMO_KEY

    app = QApplication([sys.argv[0]])
    theme = Theme(app, "light")
    key, names, now = uuid.UUID(customer), Names(Settings()), utc_now()
    view = TimelineView()
    view.resize(620, 900)
    view.show()
    app.processEvents()
    added: list[float] = []
    painted: list[float] = []
    with open_store(Path(store_file), DEMO_KEY, read_only=True) as store:
        place = None
        for number in range(pages):
            job = partial(read_timeline, customer_id=key, kinds=(), text="", before=place)
            page = store.read(job).result()
            began = time.perf_counter()
            view.show_page(page, names, now, is_first=number == 0)
            app.processEvents()
            added.append((time.perf_counter() - began) * 1000)
            bar = view.list.verticalScrollBar()
            bar.setValue(bar.maximum())
            began = time.perf_counter()
            view.list.viewport().repaint()
            painted.append((time.perf_counter() - began) * 1000)
            place = page.next
            if place is None:
                break
    print(json.dumps({"added": added, "painted": painted, "rows": view.model.rowCount()}))
    view.close()
    theme.setParent(None)


if __name__ == "__main__":
    scroll(sys.argv[1], sys.argv[2], int(sys.argv[3]))
