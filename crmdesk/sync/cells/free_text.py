"""Notes and other texts of several lines."""

from __future__ import annotations

from crmdesk.domain.text import multi_line

__all__ = ["multi_line"]
