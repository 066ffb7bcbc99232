"""A call as `crmdesk replay --json`, `listen --json` and `calls --json` print it."""

from __future__ import annotations

from typing import Any

from crmdesk.domain.calls import Call, CallOutcome, Offer, OfferOutcome

_DECIMALS = 2


def call_to_json(call: Call, caller_e164: str | None) -> dict[str, Any]:
    """The object for one call; a call that is still on has the outcome "unknown".

    Args:
        call: The call.
        caller_e164: Its outside number in E.164, None where it is none; not printed where
            the caller withheld it.
    """
    return {
        "direction": call.direction.value,
        "caller": None if call.is_withheld else caller_e164,
        "caller_raw": call.caller_raw,
        "caller_name": call.caller_name,
        "withheld": call.is_withheld,
        "dialled": call.dialled,
        "queue": call.queue,
        "account_id": call.account_id,
        "outcome": (call.outcome or CallOutcome.UNKNOWN).value,
        "answered_by": call.answered_by,
        "ring_seconds": round(call.ring_seconds, _DECIMALS),
        "talk_seconds": round(call.talk_seconds, _DECIMALS),
        "ended_by": call.ended_by.value if call.ended_by else None,
        "offers": [_offer_to_json(offer) for offer in call.offers],
        "transfers": [
            {"kind": moved.kind.value, "from": moved.from_extension, "to": moved.to_extension}
            for moved in call.transfers
        ],
        "pops": [{"extension": pop.extension, "reason": pop.reason.value} for pop in call.pops],
    }


def _offer_to_json(offer: Offer) -> dict[str, Any]:
    return {
        "extension": offer.extension,
        "rang": offer.rang_at is not None,
        "rounds": offer.rounds,
        "outcome": (offer.outcome or OfferOutcome.UNKNOWN).value,
    }
