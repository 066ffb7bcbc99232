"""What can go wrong between this desk and a phone system, in words and in kind.

The kind decides what the driver does: `LineError` is tried again, `LineRefusedError` waits
for a person, `LocalProtocolError` is a refusal to send something harmful.
"""

from __future__ import annotations

from crmdesk.domain.errors import UserFacingError


class LineError(UserFacingError):
    """The connection did not come about or broke; trying again may help."""


class LineRefusedError(LineError):
    """Login or certificate are wrong: trying again would only lock us out."""


class RemoteProtocolError(LineError):
    """The other side broke the protocol; the connection is dropped and made again."""


class LocalProtocolError(ValueError):
    """We were asked to send something that must not be sent; nothing was sent."""


class DialError(UserFacingError):
    """A click-to-dial did not come about."""
