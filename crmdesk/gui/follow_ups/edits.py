"""An edited follow-up on its way to the store."""

from __future__ import annotations

from crmdesk.domain.follow_ups import FollowUp
from crmdesk.gui.conflicts.edit import Edit


def edit_follow_up(base: FollowUp, edited: FollowUp, who: str) -> Edit:
    """What was changed of a follow-up.

    Args:
        base: As it was shown.
        edited: As it is to be.
        who: Name or extension of the agent.
    """
    return Edit(base, edited, lambda writer, *both: writer.edit_follow_up(*both, who))
