"""A believable store full of invented people; see `make_demo`."""

from __future__ import annotations

from crmdesk.store.demo.callers import DemoNumbers, demo_numbers
from crmdesk.store.demo.history import AGENTS
from crmdesk.store.demo.make import Progress, make_demo

__all__ = ["AGENTS", "DemoNumbers", "Progress", "demo_numbers", "make_demo"]
