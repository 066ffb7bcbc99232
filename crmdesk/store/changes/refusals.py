"""Why a change is not made or not taken back, in words."""

from __future__ import annotations

from datetime import date

from crmdesk.domain.errors import UserFacingError


def unknown_change() -> UserFacingError:
    """There is no such change."""
    return UserFacingError(
        "This change is not in the store.",
        "Nothing was taken back.",
        "Choose one from the list of changes, in the settings or by `crmdesk changes`.",
    )


def undone_already() -> UserFacingError:
    """It was taken back before; taking back an undo is not offered."""
    return UserFacingError(
        "This change was taken back already.",
        "Nothing was changed; an undo cannot be undone.",
        "Make the change again if it should hold after all.",
    )


def still_at_it() -> UserFacingError:
    """Another program is making it or taking it back."""
    return UserFacingError(
        "This change is still in progress.",
        "Nothing was taken back.",
        "Wait until it is finished, or stop it where it was started.",
    )


def take_back_first(title: str) -> UserFacingError:
    """A later step builds on it."""
    return UserFacingError(
        f"“{title}” builds on this step.",
        "Nothing was taken back: half of it would stay.",
        "Take that one back first; it is in the list of changes.",
    )


def in_a_merge(title: str) -> UserFacingError:
    """The customer is one of two that are being made one, or split again."""
    return UserFacingError(
        f"“{title}” is still in progress.",
        "Nothing was changed: until it is finished these customers stay as they are.",
        "Wait a moment, then try again.",
    )


def sent_already() -> UserFacingError:
    """A message that is on its way cannot be called back."""
    return UserFacingError(
        "This message was sent, or is being sent.",
        "Nothing was taken back.",
        "Write to the customer again, or call them.",
    )


def another_is_at_it() -> UserFacingError:
    """Two large changes at a time would wait for each other row by row."""
    return UserFacingError(
        "Another large change of this store is in progress.",
        "Nothing was changed.",
        "Wait until it is finished, then try again.",
    )


def unknown_customer() -> UserFacingError:
    """The customer does not exist, or was deleted meanwhile."""
    return UserFacingError(
        "This customer is no longer in the store.",
        "Nothing was changed.",
        "Choose another customer, or make a new one.",
    )


def merged_with_itself() -> UserFacingError:
    """Both sides of a merge are one customer."""
    return UserFacingError(
        "A customer cannot be merged with itself.",
        "Nothing was changed.",
        "Choose another customer for one of the two sides.",
    )


def unknown_call() -> UserFacingError:
    """The call does not exist."""
    return UserFacingError(
        "This call is not in the store.",
        "Nothing was changed.",
        "Open the call log again and choose the call from it.",
    )


def not_their_number(shown: str, name: str) -> UserFacingError:
    """The number is none of the customer's."""
    return UserFacingError(
        f"{shown} is not a number of {name}.",
        "Nothing was changed.",
        "Look at the numbers of this customer, or assign the number first.",
    )


def no_number() -> UserFacingError:
    """There is nothing to assign."""
    return UserFacingError(
        "A number with digits is needed.",
        "Nothing was changed.",
        "Type the number, e.g. +49 30 23125 200.",
    )


def in_the_future(day: date) -> UserFacingError:
    """What will be is not known yet."""
    return UserFacingError(
        f"{day.isoformat()} is in the future.",
        "Nothing was changed: whose number it will be is not known yet.",
        "Choose today or an earlier day.",
    )


def ends_before_it_begins(since: date, until: date) -> UserFacingError:
    """The last day lies before the first."""
    return UserFacingError(
        f"The number is this customer's since {since.isoformat()},"
        f" so it cannot have ended on {until.isoformat()}.",
        "Nothing was changed.",
        "Choose a later day, or remove the number if it never was theirs.",
    )


def theirs_already(shown: str, name: str) -> UserFacingError:
    """The number is the customer's, on the very days."""
    return UserFacingError(
        f"{shown} is a number of {name} already.",
        "Nothing was changed.",
        "Look at the numbers of this customer.",
    )


def nothing_remembered(shown: str) -> UserFacingError:
    """No choice is remembered for the number."""
    return UserFacingError(
        f"No choice is remembered for {shown}.",
        "Nothing was changed.",
        "Choose a customer during a call and tick that it is remembered.",
    )


def ignored_already(text: str) -> UserFacingError:
    """The same entry is there."""
    return UserFacingError(
        f"{text} is on the ignore list already.",
        "Nothing was changed.",
        "Look at the reason it was given there.",
    )


def not_ignored() -> UserFacingError:
    """The entry is not on the list."""
    return UserFacingError(
        "This entry is no longer on the ignore list.",
        "Nothing was changed.",
        "Open the list again.",
    )
