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
from tests.fakes.ami_script import AmiScript, Chan

JANE = "+493023125710"
DID = "+493023125101"
PRESENTATION = "CALLERID(pres)"


def inbound(script: AmiScript, name: str = "PJSIP/sipgate", exten: str = DID) -> Chan:
    return script.new(
        name, "4", number=JANE, caller_name="Jane Doe", context="from-pstn", exten=exten
    )


def phone(script: AmiScript, extension: str, caller: Chan) -> Chan:
    return script.new(
        f"PJSIP/{extension}", "0", caller.linked, number=extension, context="from-internal"
    )


def ringing(script: AmiScript, extension: str = "201") -> tuple[Chan, Chan]:
    caller = inbound(script)
    desk = phone(script, extension, caller)
    script.dial(caller, desk)
    return caller, desk


def answered(script: AmiScript) -> tuple[Chan, Chan]:
    caller, desk = ringing(script)
    script.wait(3)
    script.dial_end(caller, desk, "ANSWER")
    script.bridge("b1", desk, caller)
    return caller, desk


def outcomes(call: Call) -> dict[str, OfferOutcome | None]:
    return {offer.extension: offer.outcome for offer in call.offers}


def test_ring_group_through_local_channels() -> None:
    script = AmiScript()
    caller = inbound(script)
    desks = {}
    for extension in ("200", "201"):
        near, far = script.new_local(f"{extension}@from-internal", caller.linked, exten=extension)
        script.dial(caller, near)
        desk = phone(script, extension, caller)
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
    caller = inbound(script, exten="s")
    script.variables["FROM_DID"] = DID
    script.dial(caller, phone(script, "201", caller))
    assert script.only_call.dialled == DID


def test_a_trunk_named_in_digits_is_a_trunk() -> None:
    script = AmiScript()
    caller = inbound(script, "PJSIP/23125")
    script.dial(caller, phone(script, "201", caller))
    assert script.only_call.direction is Direction.INBOUND


@pytest.mark.parametrize("name", ["SIP/201", "PJSIP/201", "IAX2/201", "SCCP/201"])
def test_phones_of_other_drivers(name: str) -> None:
    script = AmiScript(AsteriskCalls(InternalRanges.parse(("200-299",))))
    caller = inbound(script, "DAHDI/i1/23125710")
    script.dial(caller, script.new(name, "0", caller.linked))
    assert [offer.extension for offer in script.only_call.offers] == ["201"]


def test_endpoint_outside_the_ranges_is_no_phone() -> None:
    script = AmiScript(AsteriskCalls(InternalRanges.parse(("200-299",))))
    caller = inbound(script)
    script.dial(caller, phone(script, "301", caller))
    assert script.only_call.offers == ()


def test_phone_that_rings_before_its_attempt_is_told() -> None:
    script = AmiScript()
    caller = inbound(script)
    desk = phone(script, "201", caller)
    desk.state = "5"
    script.event("Newstate", desk.fields())
    script.dial(caller, desk, rings=False)
    call = script.only_call
    assert call.offers[0].rang_at is not None
    assert [pop.reason for pop in call.pops] == [PopReason.RING]


def test_reject_key_that_sends_busy_is_a_decline() -> None:
    script = AmiScript()
    caller, desk = ringing(script)
    script.dial_end(caller, desk, "BUSY")
    script.hang_up(desk, cause="17", by=desk)
    script.hang_up(caller, cause="17")
    call = script.only_call
    assert (call.outcome, call.ended_by) == (CallOutcome.DECLINED, EndedBy.AGENT)


def test_unreachable_phone() -> None:
    script = AmiScript()
    caller = inbound(script)
    desk = phone(script, "201", caller)
    script.dial(caller, desk, rings=False)
    script.dial_end(caller, desk, "CHANUNAVAIL")
    script.hang_up(desk, caller, cause="20")
    call = script.only_call
    assert call.outcome is CallOutcome.FAILED
    assert outcomes(call) == {"201": OfferOutcome.UNREACHABLE}


def test_number_is_kept_back_until_the_flag_is_final() -> None:
    script = AmiScript()
    script.variables[PRESENTATION] = "allowed_not_screened"
    caller = inbound(script)
    assert script.only_call.caller_raw == ""
    script.variables[PRESENTATION] = "prohib_not_screened"
    script.dial(caller, phone(script, "201", caller))
    assert script.only_call.presentation is Presentation.WITHHELD
    assert JANE not in repr(script.events)


def test_flag_that_comes_late_wipes_what_was_told() -> None:
    script = AmiScript()
    caller, desk = ringing(script)
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
    script.dial(caller, phone(script, "201", caller))
    call = script.only_call
    assert (call.caller_raw, call.caller_name) == ("anonymous", "")
    assert call.is_withheld


def test_phone_goes_up_after_failed_ringing_and_queues_no_voicemail() -> None:
    script = AmiScript()
    caller, desk = ringing(script)
    script.dial_end(caller, desk, "NOANSWER")
    script.hang_up(desk, cause="0")
    caller.state = "6"
    script.event("Newstate", caller.fields())
    script.event("QueueCallerJoin", caller.fields(), Queue="support")
    script.hang_up(caller, by=caller)
    call = script.only_call
    assert (call.outcome, call.queue) == (CallOutcome.MISSED, "support")


def test_click_to_dial_through_a_local_channel() -> None:
    script = AmiScript()
    near, far = script.new_local("201@from-internal", exten="201")
    desk = phone(script, "201", near)
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
    desk = phone(script, "201", trunk)
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


def test_empty_list_before_the_pbx_is_ready_ends_nothing() -> None:
    script = AmiScript()
    caller, desk = answered(script)
    script.banner()
    script.event("CoreShowChannelsComplete", ListItems="0")
    assert not script.only_call.is_over
    script.wait(1)
    script.hang_up(desk, caller, by=desk)
    assert script.only_call.outcome is CallOutcome.ANSWERED


def test_empty_list_counts_once_the_pbx_is_ready() -> None:
    script = AmiScript()
    answered(script)
    script.wait(10)
    script.banner()
    script.event("CoreShowChannelsComplete", ListItems="0")
    script.wait(60)
    script.event("FullyBooted", Uptime="300")
    call = script.only_call
    assert (call.outcome, call.ended_by, call.answered_by) == (CallOutcome.UNKNOWN, None, "201")
    assert call.talk_seconds == 0.0  # nothing was heard of it after the answer


def test_calls_of_a_restarted_pbx_are_gone_before_any_list() -> None:
    script = AmiScript()
    answered(script)
    script.wait(60)
    script.translator.connection_lost(script.now)
    script.wait(30)
    script.banner()
    script.event("FullyBooted", Uptime="3")
    call = script.only_call
    assert call.outcome is CallOutcome.UNKNOWN
    assert call.talk_seconds == 60.0


def test_a_channel_name_used_again_tells_the_restart_where_nothing_else_does() -> None:
    script = AmiScript()
    caller, _ = answered(script)
    script.banner()
    again = Chan(caller.name, "1795319999.1", "1795319999.1", "4", JANE, context="from-pstn")
    script.event("Newchannel", again.fields())
    first, second = script.calls.values()
    assert first.outcome is CallOutcome.UNKNOWN
    assert not second.is_over


def test_talk_that_goes_on_over_a_lost_connection_is_offered_once() -> None:
    script = AmiScript()
    caller, desk = answered(script)
    for _ in range(2):
        script.wait(5)
        script.banner()
        script.event("FullyBooted", Uptime="5000")
        for channel, application in ((caller, "Dial"), (desk, "AppDial")):
            script.event(
                "CoreShowChannel",
                channel.fields(),
                Application=application,
                BridgeId="b1",
                Duration="00:00:08",
            )
        script.event("CoreShowChannelsComplete", ListItems="2")
    script.wait(2)
    script.hang_up(desk, caller, by=caller)
    call = script.only_call
    assert [(offer.rounds, offer.outcome) for offer in call.offers] == [(1, OfferOutcome.ANSWERED)]
    assert (call.outcome, call.talk_seconds) == (CallOutcome.ANSWERED, 12.0)


def test_second_empty_list_counts_where_the_pbx_never_says_that_it_is_ready() -> None:
    script = AmiScript()
    answered(script)
    script.wait(4)
    script.translator.connection_lost(script.now)
    script.banner()
    script.event("CoreShowChannelsComplete", ListItems="0")
    script.event("CoreShowChannelsComplete", ListItems="0")
    call = script.only_call
    assert (call.outcome, call.talk_seconds) == (CallOutcome.UNKNOWN, 4.0)


def test_failed_reconnects_do_not_lengthen_a_lost_talk() -> None:
    script = AmiScript()
    answered(script)
    script.wait(4)
    for _ in range(3):
        script.translator.connection_lost(script.now)
        script.wait(60)
        script.banner()
    script.event("FullyBooted", Uptime="10")
    assert script.only_call.talk_seconds == 4.0


def test_phone_that_stopped_ringing_unseen_leaves_the_call_on() -> None:
    script = AmiScript()
    caller, desk = ringing(script)
    script.banner()
    script.event("FullyBooted", Uptime="5000")
    script.event("CoreShowChannel", caller.fields(), Application="Queue", ApplicationData="vip,t")
    script.event("CoreShowChannelsComplete", ListItems="1")
    call = script.only_call
    assert outcomes(call) == {desk.number: OfferOutcome.UNKNOWN}
    assert (call.queue, call.is_over) == ("vip", False)


def test_events_of_a_channel_whose_beginning_was_not_seen() -> None:
    script = AmiScript()
    caller = Chan("PJSIP/sipgate-1", "1.1", "1.1", "4", JANE, "Jane Doe", "from-pstn")
    desk = Chan("PJSIP/201-2", "1.2", "1.1", "5", "201")
    script.event("DialState", caller.fields(), desk.fields("Dest"), DialStatus="RINGING")
    call = script.only_call
    assert (call.direction, call.caller_raw) == (Direction.INBOUND, JANE)
    assert [pop.extension for pop in call.pops] == ["201"]


def test_agent_hears_an_announcement_and_the_caller_gives_up() -> None:
    script = AmiScript()
    caller, desk = ringing(script)
    script.dial_end(caller, desk, "ANSWER")
    script.hang_up(caller, by=caller)
    script.hang_up(desk)
    call = script.only_call
    assert call.outcome is CallOutcome.MISSED
    assert outcomes(call) == {"201": OfferOutcome.CALLER_GONE}


def test_talk_ends_with_the_agent_not_with_the_menu_behind() -> None:
    script = AmiScript()
    caller, desk = answered(script)
    script.wait(7)
    script.unbridge("b1", desk, caller)
    script.hang_up(desk, by=None)
    script.wait(30)
    script.hang_up(caller, by=caller)
    assert script.only_call.talk_seconds == 7.0


def test_account_keyed_in_may_have_another_variable() -> None:
    script = AmiScript(AsteriskCalls(account_variables=("KUNDENNR",)))
    script.variables["KUNDENNR"] = "482913"
    ringing(script)
    assert script.only_call.account_id == "482913"
