"""Calls that no recording has: FreePBX's ways, other trunks, restarts, narrow rights."""

from __future__ import annotations

import pytest

from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    OfferOutcome,
    PopReason,
    Presentation,
)
from crmdesk.matching.ranges import InternalRanges
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from tests.fakes.ami_script import DID, JANE, AmiScript

PRESENTATION = "CALLERID(pres)"


def outcomes(call: Call) -> dict[str, OfferOutcome | None]:
    return {offer.extension: offer.outcome for offer in call.offers}


def test_ring_group_through_local_channels() -> None:
    script = AmiScript()
    caller = script.inbound()
    desks = {}
    for extension in ("200", "201"):
        near, far = script.new_local(f"{extension}@from-internal", caller.linked, exten=extension)
        script.dial(caller, near)
        desk = script.phone(extension, caller)
        script.dial(far, desk)
        desks[extension] = (near, far, desk)
    script.wait(4)
    near, far, desk = desks["201"]
    script.dial_end(far, desk, "ANSWER")
    script.bridge("b1", desk, far)
    script.dial_end(caller, near, "ANSWER")
    lost_near, lost_far, lost = desks["200"]
    script.dial_end(caller, lost_near, "CANCEL")
    script.dial_end(lost_far, lost, "CANCEL")
    script.hang_up(lost_near, lost, lost_far, cause="26")
    script.bridge("b2", near, caller)
    script.wait(5)
    script.hang_up(desk, near, far, caller, by=desk)
    call = script.only_call
    assert (call.outcome, call.answered_by) == (CallOutcome.ANSWERED, "201")
    assert outcomes(call) == {"200": OfferOutcome.ELSEWHERE, "201": OfferOutcome.ANSWERED}
    assert (call.ring_seconds, call.talk_seconds) == (4.0, 5.0)
    assert call.ended_by is EndedBy.AGENT


def test_number_dialled_comes_from_a_variable_where_the_trunk_sends_none() -> None:
    script = AmiScript()
    caller = script.inbound(exten="s")
    script.variables["FROM_DID"] = DID
    script.dial(caller, script.phone("201", caller))
    assert script.only_call.dialled == DID


def test_a_trunk_named_in_digits_is_a_trunk() -> None:
    script = AmiScript()
    caller = script.inbound("PJSIP/23125")
    script.dial(caller, script.phone("201", caller))
    assert script.only_call.direction is Direction.INBOUND


@pytest.mark.parametrize("name", ["SIP/201", "PJSIP/201", "IAX2/201", "SCCP/201"])
def test_phones_of_other_drivers(name: str) -> None:
    script = AmiScript(AsteriskCalls(InternalRanges.parse(("200-299",))))
    caller = script.inbound("DAHDI/i1/23125710")
    script.dial(caller, script.new(name, "0", caller.linked))
    assert [offer.extension for offer in script.only_call.offers] == ["201"]


@pytest.mark.parametrize("name", ["PJSIP/201-web", "SIP/desk-201", "PJSIP/201_mobile.2"])
def test_a_device_named_after_its_extension(name: str) -> None:
    script = AmiScript(AsteriskCalls(InternalRanges.parse(("200-299",))))
    caller = script.inbound("PJSIP/telco-1")
    script.dial(caller, script.new(name, "0", caller.linked))
    assert [offer.extension for offer in script.only_call.offers] == ["201"]


def test_a_device_named_after_its_extension_without_ranges() -> None:
    script = AmiScript()
    caller = script.inbound("PJSIP/telco-2")
    script.dial(caller, script.new("PJSIP/201-web", "0", caller.linked, context="from-internal"))
    assert [offer.extension for offer in script.only_call.offers] == ["201"]


@pytest.mark.parametrize("context", ["from-analog", "incoming", "from-sip-external"])
def test_a_line_numbered_like_an_extension_is_a_trunk(context: str) -> None:
    script = AmiScript()
    caller = script.new("DAHDI/12", "4", number=JANE, context=context, exten="s")
    script.dial(caller, script.phone("201", caller))
    assert script.only_call.direction is Direction.INBOUND


def test_endpoint_outside_the_ranges_is_no_phone() -> None:
    script = AmiScript(AsteriskCalls(InternalRanges.parse(("200-299",))))
    caller = script.inbound()
    script.dial(caller, script.phone("301", caller))
    assert script.only_call.offers == ()


def test_phone_that_rings_before_its_attempt_is_told() -> None:
    script = AmiScript()
    caller = script.inbound()
    desk = script.phone("201", caller)
    desk.state = "5"
    script.event("Newstate", desk.fields())
    script.dial(caller, desk, rings=False)
    call = script.only_call
    assert call.offers[0].rang_at is not None
    assert [pop.reason for pop in call.pops] == [PopReason.RING]


def test_reject_key_that_sends_busy_is_a_decline() -> None:
    script = AmiScript()
    caller, desk = script.ringing()
    script.dial_end(caller, desk, "BUSY")
    script.hang_up(desk, cause="17", by=desk)
    script.hang_up(caller, cause="17")
    call = script.only_call
    assert (call.outcome, call.ended_by) == (CallOutcome.DECLINED, EndedBy.AGENT)


def test_unreachable_phone() -> None:
    script = AmiScript()
    caller = script.inbound()
    desk = script.phone("201", caller)
    script.dial(caller, desk, rings=False)
    script.dial_end(caller, desk, "CHANUNAVAIL")
    script.hang_up(desk, caller, cause="20")
    call = script.only_call
    assert call.outcome is CallOutcome.FAILED
    assert outcomes(call) == {"201": OfferOutcome.UNREACHABLE}


def test_number_is_kept_back_until_the_flag_is_final() -> None:
    script = AmiScript()
    script.variables[PRESENTATION] = "allowed_not_screened"
    caller = script.inbound()
    assert script.only_call.caller_raw == ""
    script.variables[PRESENTATION] = "prohib_not_screened"
    script.dial(caller, script.phone("201", caller))
    assert script.only_call.presentation is Presentation.WITHHELD
    assert JANE not in repr(script.events)


def test_flag_that_comes_late_wipes_what_was_told() -> None:
    script = AmiScript()
    caller, desk = script.ringing()
    assert script.only_call.caller_raw == JANE
    script.variables[PRESENTATION] = "prohib_passed_screen"
    script.dial_end(caller, desk, "ANSWER")
    call = script.only_call
    assert (call.caller_raw, call.caller_name) == ("", "")
    assert call.presentation is Presentation.WITHHELD


def test_name_of_a_caller_without_number_is_kept_back() -> None:
    script = AmiScript()
    caller = script.new(
        "PJSIP/sipgate", "4", number="anonymous", caller_name="Jane Doe", context="from-pstn"
    )
    script.dial(caller, script.phone("201", caller))
    call = script.only_call
    assert (call.caller_raw, call.caller_name) == ("anonymous", "")
    assert call.is_withheld


def test_phone_goes_up_after_failed_ringing_and_queues_no_voicemail() -> None:
    script = AmiScript()
    caller, desk = script.ringing()
    script.dial_end(caller, desk, "NOANSWER")
    script.hang_up(desk, cause="0")
    caller.state = "6"
    script.event("Newstate", caller.fields())
    script.event("QueueCallerJoin", caller.fields(), Queue="support")
    script.hang_up(caller, by=caller)
    call = script.only_call
    assert (call.outcome, call.queue) == (CallOutcome.MISSED, "support")


def test_queue_whose_time_is_up_was_not_abandoned() -> None:
    script = AmiScript()
    caller = script.inbound()
    script.event("QueueCallerJoin", caller.fields(), Queue="support")
    desk = script.phone("201", caller)
    script.dial(caller, desk)
    script.dial_end(caller, desk, "NOANSWER")
    script.hang_up(desk, cause="0")
    script.event("QueueCallerAbandon", caller.fields(), Queue="support")
    script.event("QueueCallerLeave", caller.fields(), Queue="support")
    script.hang_up(caller)
    call = script.only_call
    assert (call.outcome, call.ended_by) == (CallOutcome.MISSED, EndedBy.SYSTEM)


def test_number_put_in_place_of_the_callers_is_not_taken() -> None:
    script = AmiScript()
    caller = script.inbound()
    caller.number = "+493023125100"
    script.event("NewCallerid", caller.fields())
    trunk = script.new("PJSIP/sipgate", "0", caller.linked, context="from-pstn")
    script.dial(caller, trunk, "+491713920001@sipgate")
    assert script.only_call.caller_raw == JANE


def test_click_to_dial_through_a_local_channel() -> None:
    script = AmiScript()
    near, far = script.new_local("201@from-internal", exten="201")
    desk = script.phone("201", near)
    script.dial(far, desk)
    assert script.calls == {}
    script.dial_end(far, desk, "ANSWER")
    script.bridge("b1", desk, far)
    trunk = script.new("PJSIP/sipgate", "0", near.linked, context="from-pstn", exten="s")
    script.dial(near, trunk, "+493023125777@sipgate")
    script.wait(2)
    script.dial_end(near, trunk, "ANSWER")
    script.bridge("b2", trunk, near)
    script.wait(5)
    script.hang_up(trunk, near, far, desk, by=trunk)
    call = script.only_call
    assert (call.direction, call.caller_raw) == (Direction.OUTBOUND, "+493023125777")
    assert (call.agent, call.answered_by, call.offers) == ("201", "201", ())
    assert (call.ring_seconds, call.talk_seconds) == (2.0, 5.0)
    assert [(pop.extension, pop.reason) for pop in call.pops] == [("201", PopReason.DIAL)]


def test_second_trunk_after_the_first_failed_is_the_same_call() -> None:
    script = AmiScript()
    desk = script.new("PJSIP/201", "4", number="201", exten="03023125777")
    first = script.new("PJSIP/one", "0", desk.linked, context="from-pstn", exten="s")
    script.dial(desk, first, rings=False)
    script.dial_end(desk, first, "CHANUNAVAIL")
    script.hang_up(first, cause="20")
    second = script.new("PJSIP/two", "0", desk.linked, context="from-pstn", exten="s")
    script.dial(desk, second)
    script.dial_end(desk, second, "ANSWER")
    script.bridge("b1", second, desk)
    script.wait(4)
    script.hang_up(second, desk, by=second)
    call = script.only_call
    assert (call.outcome, call.talk_seconds) == (CallOutcome.ANSWERED, 4.0)
    assert (call.caller_raw, call.ended_by) == ("03023125777", EndedBy.CALLER)


def test_outside_party_that_is_called_first() -> None:
    script = AmiScript()
    trunk = script.new("PJSIP/sipgate", "0", number="+493023125777", context="from-pstn")
    script.dial(None, trunk)
    script.dial_end(None, trunk, "ANSWER")
    desk = script.phone("201", trunk)
    script.dial(trunk, desk)
    script.dial_end(trunk, desk, "ANSWER")
    script.bridge("b1", desk, trunk)
    script.hang_up(desk, trunk, by=desk)
    call = script.only_call
    assert (call.direction, call.caller_raw) == (Direction.OUTBOUND, "+493023125777")
    assert (call.agent, call.offers) == ("201", ())


def test_call_to_a_phone_that_is_off() -> None:
    script = AmiScript()
    desk = script.new("PJSIP/201", "4", number="201", caller_name="Alice", exten="202")
    script.hang_up(desk, cause="20")
    call = script.only_call
    assert (call.direction, call.dialled) == (Direction.INTERNAL, "202")
    assert call.outcome is CallOutcome.NO_ANSWER


@pytest.mark.parametrize("code", ["*97", "**201", "s", ""])
def test_a_code_is_no_call(code: str) -> None:
    script = AmiScript()
    script.hang_up(script.new("PJSIP/201", "4", number="201", exten=code))
    assert script.calls == {}


def test_listening_to_voicemail_is_no_call() -> None:
    script = AmiScript()
    desk = script.new("PJSIP/201", "4", number="201", exten="500")
    desk.state = "6"
    script.event("Newstate", desk.fields())
    script.hang_up(desk)
    assert script.calls == {}


def test_agent_hears_an_announcement_and_the_caller_gives_up() -> None:
    script = AmiScript()
    caller, desk = script.ringing()
    script.dial_end(caller, desk, "ANSWER")
    script.hang_up(caller, by=caller)
    script.hang_up(desk)
    call = script.only_call
    assert call.outcome is CallOutcome.MISSED
    assert outcomes(call) == {"201": OfferOutcome.CALLER_GONE}


def test_talk_ends_with_the_agent_not_with_the_menu_behind() -> None:
    script = AmiScript()
    caller, desk = script.answered()
    script.wait(7)
    script.unbridge("b1", desk, caller)
    script.hang_up(desk, by=None)
    script.wait(30)
    script.hang_up(caller, by=caller)
    assert script.only_call.talk_seconds == 7.0


def test_account_keyed_in_may_have_another_variable() -> None:
    script = AmiScript(AsteriskCalls(account_variables=("KUNDENNR",)))
    script.variables["KUNDENNR"] = "482913"
    script.ringing()
    assert script.only_call.account_id == "482913"


def test_party_moved_by_a_program_was_transferred() -> None:
    script = AmiScript()
    caller, desk = script.answered()
    script.wait(5)
    script.unbridge("b1", caller, desk)
    script.hang_up(desk)
    caller.exten = "202"
    other = script.phone("202", caller)
    script.dial(caller, other)
    script.wait(2)
    script.dial_end(caller, other, "ANSWER")
    script.bridge("b2", other, caller)
    script.wait(4)
    script.hang_up(other, caller, by=caller)
    call = script.only_call
    (moved,) = call.transfers
    assert (moved.kind, moved.from_extension, moved.to_extension) == ("blind", "201", "202")
    assert [(pop.extension, pop.reason) for pop in call.pops] == [
        ("201", PopReason.RING),
        ("202", PopReason.TRANSFER),
    ]
    assert (call.answered_by, call.talk_seconds) == ("201", 9.0)


def test_dialplan_that_goes_on_after_the_agent_hung_up_transfers_nothing() -> None:
    script = AmiScript()
    caller, desk = script.answered()
    script.wait(5)
    script.event("HangupRequest", desk.fields(), Cause="16")
    script.unbridge("b1", caller, desk)
    script.hang_up(desk)
    script.dial(caller, script.phone("202", caller))
    call = script.only_call
    assert call.transfers == ()
    assert [pop.reason for pop in call.pops] == [PopReason.RING, PopReason.RING]


def test_party_moved_to_a_queue_by_a_program_was_transferred() -> None:
    script = AmiScript()
    caller, desk = script.answered()
    script.unbridge("b1", caller, desk)
    script.hang_up(desk)
    script.event("QueueCallerJoin", {**caller.fields(), "Exten": "600"}, Queue="support")
    (moved,) = script.only_call.transfers
    assert (moved.from_extension, moved.to_extension) == ("201", "600")
