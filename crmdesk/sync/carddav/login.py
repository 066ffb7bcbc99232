"""How a server is logged in to: Digest (RFC 7616) where it is offered, else Basic (RFC 7617).

The server asks first, and what it says besides its challenge is never read: the body of a refusal
can be as long as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from urllib.request import parse_http_list

import httpx

from crmdesk.sync.server import UNCHANGED, ServerError

_CHALLENGES = "www-authenticate"
_SCHEME = re.compile(r"[A-Za-z][\w-]*(\s+[\w-]+\s*=.*)?", re.DOTALL)
"""How a challenge begins: a name alone, or before its first parameter."""

Flow = Generator[httpx.Request, httpx.Response, None]


class Login:
    """Answers challenges.

    Args:
        host: Of the server, for messages.
        user, password: Empty for nobody: then no challenge is answered.
    """

    def __init__(self, host: str, user: str, password: str) -> None:
        self._host = host
        self._login = (user, password)
        self._chosen: httpx.Auth | None = None

    def insist(self) -> bool:
        """Logs in from now on without being asked; False where that is no news.

        Some servers answer everybody, and tell those who are nobody less.
        """
        if self._chosen is not None or not self._login[0]:
            return False
        self._chosen = httpx.BasicAuth(*self._login)
        return True

    def send(self, client: httpx.Client, request: httpx.Request) -> httpx.Response:
        """Sends a request, and again where the server wants a login; the answer is not read yet.

        Raises:
            ServerError: It wants a login of a kind that we do not know.
            httpx.HTTPError: It cannot be reached, or breaks off.
        """
        request.headers.encoding = "utf-8"  # else a Digest of "jörg" cannot be written
        flow = self._flow(request)
        request = next(flow)
        while True:
            response = client.send(request, stream=True, auth=None)
            _set_apart(response)
            try:
                request = flow.send(response)
            except StopIteration:
                return response
            except (KeyError, ValueError, NotImplementedError, httpx.ProtocolError):
                raise self._unknown("Digest of another kind") from None
            finally:
                if response.status_code == httpx.codes.UNAUTHORIZED:
                    response.close()

    def _flow(self, request: httpx.Request) -> Flow:
        if not self._login[0]:
            yield request
            return
        if self._chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            self._chosen = self._choose(response.headers.get_list(_CHALLENGES))
        yield from self._chosen.auth_flow(request)

    def _choose(self, challenges: Sequence[str]) -> httpx.Auth:
        offered = [challenge.partition(" ")[0].lower() for challenge in challenges]
        if "digest" in offered:
            return httpx.DigestAuth(*self._login)
        if "basic" in offered or not offered:
            return httpx.BasicAuth(*self._login)
        kinds = "".join(char for char in ", ".join(offered)[:60] if char.isprintable())
        raise self._unknown(kinds)

    def _unknown(self, kind: str) -> ServerError:
        return ServerError(
            f"{self._host} wants a login that CRMDesk does not have ({kind}).",
            UNCHANGED + " No password was sent.",
            "Where the server has none for programs (Google, Microsoft), "
            "export its contacts as a file and import that.",
        )


def _set_apart(response: httpx.Response) -> None:
    """Gives each challenge a header of its own, as httpx wants them."""
    several = response.headers.get_list(_CHALLENGES)
    apart = [challenge for one in several for challenge in _challenges(one)]
    if apart != several:
        rest = [pair for pair in response.headers.multi_items() if pair[0] != _CHALLENGES]
        response.headers = httpx.Headers([*rest, *((_CHALLENGES, one) for one in apart)])


def _challenges(header: str) -> list[str]:
    found: list[str] = []
    for part in parse_http_list(header):
        if _SCHEME.fullmatch(part) or not found:
            found.append(part)
        else:
            found[-1] += f", {part}"
    return found
