"""Why a step of a ticket was not made."""

from __future__ import annotations

from crmdesk.domain.errors import UserFacingError


def unknown_ticket() -> UserFacingError:
    """It was removed, or never was."""
    return UserFacingError(
        "This ticket is no longer in the store.",
        "Nothing was changed.",
        "Go back to the list of tickets.",
    )


def no_subject() -> UserFacingError:
    """Nobody would know what it is about."""
    return UserFacingError(
        "The ticket needs a subject.", "Nothing was saved.", "Say in a few words what it is about."
    )


def no_text() -> UserFacingError:
    """A comment says nothing."""
    return UserFacingError(
        "There is nothing to save yet.", "The ticket is as it was.", "Write something first."
    )


def nobody() -> UserFacingError:
    """Nobody is told."""
    return UserFacingError(
        "Nobody is named.", "Nothing was changed.", "Say to whom the ticket is escalated."
    )


def is_solved() -> UserFacingError:
    """There is nothing to escalate any more."""
    return UserFacingError(
        "The ticket is solved.", "Nothing was changed.", "Open it again before you escalate it."
    )


def no_change(what: str) -> UserFacingError:
    """It is so already."""
    return UserFacingError(what, "Nothing was changed.", "Look at the ticket again.")
