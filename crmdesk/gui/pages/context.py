"""What a page may use of the desk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.desk.caller import LookUp
from crmdesk.gui.company_plan import PlanBook
from crmdesk.gui.jobs import Jobs
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.memory import Memory
from crmdesk.gui.segments.book import SegmentBook
from crmdesk.matching.numbers import LineRules, line_rules
from crmdesk.settings.model import Settings

if TYPE_CHECKING:
    from crmdesk.store import Store

Dial = Callable[[str, str | None], "Future[None]"]


@dataclass(frozen=True)
class PageContext:
    """The desk as pages see it; everything that takes long gives a Future.

    Attributes:
        settings: What holds now.
        dial: Rings the agent's phone and then a number; line id or None for any line.
        now: The clock, aware UTC.
        jobs: Long work; it goes on when one leaves the page.
        wake_outbox: Tells the outbox that a message waits.
        plan: What the company decided about its data; `plan.changed` tells of another.
        segments: The saved segments, and which a customer belongs to.
    """

    store: Store
    settings: Callable[[], Settings]
    dial: Dial
    now: Callable[[], datetime]
    memory: Memory
    jobs: Jobs
    plan: PlanBook
    segments: SegmentBook
    wake_outbox: Callable[[], object] = lambda: None

    def names(self) -> Names:
        """How lines, people, numbers and choices are called today."""
        return Names(self.settings(), self.plan.lists)

    def rules(self, line_id: str = "") -> LineRules:
        """How numbers of a line are read; of the first line where it is unknown."""
        settings = self.settings()
        line = settings.line(line_id) or next(iter(settings.lines), None)
        return line_rules(line) if line else LineRules()

    def look_ups(self) -> dict[str, LookUp]:
        """How callers of every line are looked up, and under "" those of lines that are gone."""
        settings = self.settings()
        by_line = {line.id: LookUp.of(line, settings) for line in settings.lines}
        gone = next(iter(by_line.values()), LookUp(matching=settings.matching))
        return {"": gone, **by_line}

    def agent(self) -> str:
        """Who sits here, for what is written down."""
        agent = self.settings().agent
        return agent.name or agent.extension
