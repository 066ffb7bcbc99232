"""The label that is suggested for a number."""

from __future__ import annotations

import pytest

from crmdesk.matching.number_kind import usual_label


@pytest.mark.parametrize(
    ("number", "label"),
    [
        ("+493023125777", "work"),
        ("+4917139200001", "mobile"),
        ("+442079460991", "work"),
        ("+12025550123", "work"),  # the plan does not tell
        ("1001", "work"),
        ("", "work"),
    ],
)
def test_label_by_the_numbering_plan(number: str, label: str) -> None:
    assert usual_label(number) == label
