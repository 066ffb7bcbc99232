"""What is known of the outside party: number, name, presentation, account, number dialled.

Number and name are held back until they are known to be allowed: in the first event of the
caller's channel the flag still says "allowed" where the caller withheld the number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import CallDetails
from crmdesk.domain.calls import Direction, Presentation, Verification
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.withheld import is_withheld_word
from crmdesk.telephony.asterisk.channels import dialled_number
from crmdesk.telephony.asterisk.verification import VARIABLE as VERIFICATION_VARIABLE
from crmdesk.telephony.asterisk.verification import verification_of

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.channels import Channel
    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard

PRESENTATION_VARIABLE = "CALLERID(pres)"
DIALLED_VARIABLE = "FROM_DID"


def note_party(
    board: Switchboard, call: LiveCall, party: Channel, message: Message, at: datetime
) -> None:
    """Tells what an event of the party's channel says about the party."""
    variables = message.variables
    if call.direction is Direction.INBOUND:
        _note_verification(board, call, variables, at)
        if not call.revealed:
            _reveal(board, call, party, message.variables, at)
        elif _is_prohibited(variables) and call.presentation is not Presentation.WITHHELD:
            call.presentation = Presentation.WITHHELD
            board.tell(call, CallDetails(call.key, at, presentation=Presentation.WITHHELD))
        if call.dialled is None and variables.get(DIALLED_VARIABLE):
            note_dialled(board, call, variables[DIALLED_VARIABLE], at)
    for name in board.account_variables:
        account = variables.get(name)
        if account and account != call.account_id:
            call.account_id = account
            told = sanitise_external(account)
            board.tell(call, CallDetails(call.key, at, account_id=told))


def note_dialled(board: Switchboard, call: LiveCall, number: str, at: datetime) -> None:
    """Tells the number the caller dialled, where it came to light later."""
    call.dialled = dialled_number(sanitise_external(number))
    if call.dialled is not None:
        board.tell(call, CallDetails(call.key, at, dialled=call.dialled))


def _note_verification(
    board: Switchboard, call: LiveCall, variables: dict[str, str], at: datetime
) -> None:
    """Tells what the dialplan says of the number's signature, each time it says anew."""
    found = verification_of(variables.get(VERIFICATION_VARIABLE, ""))
    if found not in {Verification.UNKNOWN, call.verification}:
        call.verification = found
        board.tell(call, CallDetails(call.key, at, verification=found))


def _is_prohibited(variables: dict[str, str]) -> bool:
    return variables.get(PRESENTATION_VARIABLE, "").startswith("prohib")


def _reveal(
    board: Switchboard, call: LiveCall, party: Channel, variables: dict[str, str], at: datetime
) -> None:
    """Tells who calls, or that they do not want it known.

    Number and name are those the call came with: the dialplan may put the company's own
    number in their place before it sends the call on.
    """
    call.revealed = True
    if party.number and dialled_number(party.number) is None:
        return  # "s": an outside party we called, its call seen only after a transfer
    number = sanitise_external(party.number)
    name = sanitise_external(party.number_name)
    if _is_prohibited(variables):
        number, name, call.presentation = "", "", Presentation.WITHHELD
    elif is_withheld_word(number):
        # The word is no number, but the name may still be one's own.
        name = name if is_withheld_word(name) else ""
        call.presentation = Presentation.WITHHELD
    elif variables.get(PRESENTATION_VARIABLE):
        call.presentation = Presentation.ALLOWED
    board.tell(call, CallDetails(call.key, at, None, number, name, call.presentation))
