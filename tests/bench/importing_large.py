"""Importing at the size of the targets; see `importing`."""

from __future__ import annotations

from tests.bench.importing import measure
from tests.bench.measuring import Outcome, Scale


def run(scale: Scale) -> Outcome:
    """As many customers as the scale has, once: with a million it is an hour."""
    return measure(scale, scale.customers)
