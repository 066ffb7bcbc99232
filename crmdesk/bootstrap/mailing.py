"""Messages to customers leave from here: the outbox with the account that holds now."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.desk.outreach.mail import Attempt, MailAccount
from crmdesk.desk.outreach.outbox import Outbox

if TYPE_CHECKING:
    from crmdesk.settings.model import MailSettings, Settings
    from crmdesk.settings.secrets import SecretVault
    from crmdesk.store import Store


def account_of(mail: MailSettings, password: str) -> MailAccount | None:
    """The account of settings; None while there is none.

    Without TLS only a server of this computer is asked: a password and a customer's mail would
    be read by everybody on the way.
    """
    if not mail.host or not mail.from_address:
        return None
    if mail.security == "none" and not _is_here(mail.host):
        return None
    return MailAccount(
        mail.host,
        mail.port,
        mail.security,
        mail.username,
        password,
        mail.from_name,
        mail.from_address,
    )


def _is_here(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Mailing:
    """Sends what waits, for as long as the desk is open.

    Args:
        store: Where messages wait.
        settings: What holds now.
        vault: Where the password of the account is; None for nowhere.
        told: Called on the loop after each attempt.
        now: Tells the present moment, aware UTC.
    """

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Settings],
        vault: SecretVault | None,
        told: Callable[[Attempt], object],
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._vault = settings, vault
        self._account: MailAccount | None = None
        self._outbox = Outbox(store, lambda: self._account, now, told)

    async def run(self) -> None:
        """Runs until it is cancelled."""
        await self.look_again()
        await self._outbox.run()

    async def look_again(self) -> None:
        """The settings are others, or a password was kept: takes the account that holds now."""
        mail = self._settings().mail
        password = await asyncio.to_thread(self._password, mail)
        self._account = account_of(mail, password)
        self._outbox.wake()

    def wake(self) -> None:
        """Something was put into the outbox. On the loop only."""
        self._outbox.wake()

    def _password(self, mail: MailSettings) -> str:
        if not mail.secret_ref or self._vault is None:
            return ""
        return self._vault.get(mail.secret_ref) or ""
